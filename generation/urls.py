"""Addresses of the work: asking for pictures, watching them come, the queue, limits, machines."""

from django.urls import path

from generation.views import (
    asking,
    canaries,
    changing,
    editing,
    estimating,
    machines,
    managing,
    model_care,
    moving,
    policy,
    queue,
    shares,
    watching,
)

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
    path(
        "organizations/<slug:slug>/workers/",
        machines.organization_workers,
        name="organization-workers",
    ),
    path(
        "organizations/<slug:slug>/workers/now/",
        machines.organization_workers_now,
        name="organization-workers-now",
    ),
    path("site/workers/", machines.workers, name="workers"),
    path("site/workers/now/", machines.workers_now, name="workers-now"),
    path("site/workers/<int:slot_id>/pause/", machines.slot_pause, name="slot-pause"),
    path("site/workers/<int:slot_id>/resume/", machines.slot_resume, name="slot-resume"),
    path("site/workers/<int:slot_id>/drain/", machines.slot_drain, name="slot-drain"),
    path("site/workers/<int:slot_id>/reset/", machines.slot_reset, name="slot-reset"),
    path("site/workers/<int:slot_id>/forget/", machines.slot_forget, name="slot-forget"),
    path("site/models/", model_care.models, name="site-models"),
    path("site/models/<int:model_id>/", model_care.model, name="site-model"),
    path("site/models/<int:model_id>/enable/", model_care.model_enable, name="model-enable"),
    path("site/models/<int:model_id>/disable/", model_care.model_disable, name="model-disable"),
    path("site/models/<int:model_id>/default/", model_care.model_default, name="model-default"),
    path("site/models/<int:model_id>/retire/", model_care.model_retire, name="model-retire"),
    path("site/loras/", model_care.loras, name="site-loras"),
    path("site/loras/<int:lora_id>/enable/", model_care.lora_enable, name="lora-enable"),
    path("site/loras/<int:lora_id>/disable/", model_care.lora_disable, name="lora-disable"),
    path("site/shares/", shares.shares, name="site-shares"),
    path("site/shares/<int:organization_id>/", shares.share_set, name="share-set"),
    path("site/models/<int:model_id>/canaries/", canaries.canaries, name="canaries"),
    path("site/models/<int:model_id>/canaries/accept/", canaries.accept, name="canaries-accept"),
    path("site/models/<int:model_id>/canaries/reset/", canaries.reset, name="canaries-reset"),
    path(
        "site/models/<int:model_id>/canaries/<int:run_id>/picture/",
        canaries.picture,
        name="canary-picture",
    ),
]
