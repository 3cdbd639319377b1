"""Addresses of the work: asking for pictures, watching them come, the queue, the limits."""

from django.urls import path

from generation.views import asking, changing, editing, managing, moving, policy, queue, watching

app_name = "generation"

urlpatterns = [
    path("projects/<int:project_id>/generate/", asking.create, name="create"),
    path("projects/<int:project_id>/requests/", watching.requests, name="requests"),
    path("projects/<int:project_id>/requests/totals/", watching.totals, name="totals"),
    path("projects/<int:project_id>/policy/", policy.policy, name="policy"),
    path("requests/<uuid:request_id>/", watching.request_page, name="request"),
    path(
        "requests/<uuid:request_id>/progress/", watching.request_progress, name="request-progress"
    ),
    path("requests/<uuid:request_id>/cancel/", changing.request_cancel, name="request-cancel"),
    path("requests/<uuid:request_id>/retry/", changing.request_retry, name="request-retry"),
    path("requests/<uuid:request_id>/edit/", editing.request_edit, name="request-edit"),
    path("requests/<uuid:request_id>/move/", moving.request_move, name="request-move"),
    path("requests/<uuid:request_id>/start/", moving.request_start, name="request-start"),
    path("queue/", queue.queue, name="queue"),
    path("queue/part/", queue.queue_part, name="queue-part"),
    path("queue/cancel/", queue.queue_cancel, name="queue-cancel"),
    path(
        "organizations/<slug:slug>/queue/", managing.organization_queue, name="organization-queue"
    ),
    path("site/queue/", managing.site_queue, name="site-queue"),
    path("jobs/<uuid:job_id>/cancel/", changing.job_cancel, name="job-cancel"),
    path("jobs/<uuid:job_id>/retry/", changing.job_retry, name="job-retry"),
]
