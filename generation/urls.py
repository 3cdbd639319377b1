"""Addresses of the work: asking for pictures, watching them come, the limits."""

from django.urls import path

from generation.views import asking, changing, estimating, policy, watching

app_name = "generation"

urlpatterns = [
    path("projects/<int:project_id>/generate/", asking.create, name="create"),
    path("projects/<int:project_id>/estimate/", estimating.estimating, name="estimate"),
    path("projects/<int:project_id>/requests/", watching.requests, name="requests"),
    path("projects/<int:project_id>/requests/totals/", watching.totals, name="totals"),
    path("projects/<int:project_id>/policy/", policy.policy, name="policy"),
    path("projects/<int:project_id>/policy/reset/", policy.policy_reset, name="policy-reset"),
    path(
        "organizations/<slug:slug>/policy/",
        policy.organization_policy,
        name="organization-policy",
    ),
    path(
        "organizations/<slug:slug>/policy/reset/",
        policy.organization_policy_reset,
        name="organization-policy-reset",
    ),
    path("requests/<uuid:request_id>/", watching.request_page, name="request"),
    path(
        "requests/<uuid:request_id>/progress/", watching.request_progress, name="request-progress"
    ),
    path("requests/<uuid:request_id>/cancel/", changing.request_cancel, name="request-cancel"),
    path("jobs/<uuid:job_id>/cancel/", changing.job_cancel, name="job-cancel"),
    path("jobs/<uuid:job_id>/retry/", changing.job_retry, name="job-retry"),
]
