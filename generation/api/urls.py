"""Addresses below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from generation.api import jobs, loras, models, policies, queue, requests, workers

urlpatterns = [
    path(
        "projects/<int:project_id>/requests/",
        requests.ProjectRequestsView.as_view(),
        name="requests",
    ),
    path("requests/<uuid:request_id>/", requests.RequestView.as_view(), name="request"),
    path(
        "requests/<uuid:request_id>/cancel/",
        requests.CancelRequestView.as_view(),
        name="request-cancel",
    ),
    path(
        "requests/<uuid:request_id>/retry/",
        requests.RetryRequestView.as_view(),
        name="request-retry",
    ),
    path(
        "requests/<uuid:request_id>/move/",
        requests.MoveRequestView.as_view(),
        name="request-move",
    ),
    path(
        "requests/<uuid:request_id>/lane/",
        requests.LaneRequestView.as_view(),
        name="request-lane",
    ),
    path(
        "requests/<uuid:request_id>/reschedule/",
        requests.RescheduleRequestView.as_view(),
        name="request-reschedule",
    ),
    path(
        "requests/<uuid:request_id>/priority/",
        requests.PriorityRequestView.as_view(),
        name="request-priority",
    ),
    path("jobs/<uuid:job_id>/", jobs.JobView.as_view(), name="job"),
    path("jobs/<uuid:job_id>/cancel/", jobs.CancelJobView.as_view(), name="job-cancel"),
    path("jobs/<uuid:job_id>/retry/", jobs.RetryJobView.as_view(), name="job-retry"),
    path(
        "projects/<int:project_id>/policy/",
        policies.ProjectPolicyView.as_view(),
        name="project-policy",
    ),
    path(
        "projects/<int:project_id>/usage/",
        policies.ProjectUsageView.as_view(),
        name="project-usage",
    ),
    path(
        "organizations/<slug:slug>/policy/",
        policies.OrganizationPolicyView.as_view(),
        name="organization-policy",
    ),
    path(
        "organizations/<slug:slug>/usage/",
        policies.OrganizationUsageView.as_view(),
        name="organization-usage",
    ),
    path("jobs/<uuid:job_id>/move/", jobs.MoveJobView.as_view(), name="job-move"),
    path("jobs/<uuid:job_id>/lane/", jobs.LaneJobView.as_view(), name="job-lane"),
    path("jobs/<uuid:job_id>/reschedule/", jobs.RescheduleJobView.as_view(), name="job-reschedule"),
    path("jobs/<uuid:job_id>/priority/", jobs.PriorityJobView.as_view(), name="job-priority"),
    path("queue/", queue.QueueView.as_view(), name="queue"),
    path("queue/cancel/", queue.CancelOwnView.as_view(), name="queue-cancel"),
    path("model-versions/", models.ModelVersionsView.as_view(), name="model-versions"),
    path("loras/", loras.LorasView.as_view(), name="loras"),
    path("workers/", workers.WorkersView.as_view(), name="workers"),
    path("workers/<int:slot_id>/pause/", workers.PauseWorkerView.as_view(), name="worker-pause"),
    path("workers/<int:slot_id>/resume/", workers.ResumeWorkerView.as_view(), name="worker-resume"),
    path("workers/<int:slot_id>/drain/", workers.DrainWorkerView.as_view(), name="worker-drain"),
    path("workers/<int:slot_id>/reset/", workers.ResetWorkerView.as_view(), name="worker-reset"),
]
