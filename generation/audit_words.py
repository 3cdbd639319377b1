"""How the audit trail tells what happens to requests, jobs, policies, workers and models."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.wording import AuditWords
from generation.policy_words import change_words, deletion_words
from generation.types import JobLane, JobPriority

WORDS: Mapping[str, AuditWords] = {
    "generation.request.created": AuditWords(
        _("Pictures requested"),
        _("{actor} asked for pictures ({count}): {target}"),
        "sparkles",
    ),
    "generation.request.cancelled": AuditWords(
        _("Request cancelled"), _("{actor} cancelled pictures ({count}): {target}"), "ban"
    ),
    "generation.request.edited": AuditWords(
        _("Request edited"), _("{actor} edited a request that waits: {target}"), "pencil"
    ),
    "generation.request.moved": AuditWords(
        _("Pictures moved in the line"),
        _("{actor} changed the place of {target} in its maker's line"),
        "chevrons-up-down",
    ),
    "generation.request.lane_changed": AuditWords(
        _("Lane changed"),
        _("{actor} moved {target} to the lane “{lane}” (pictures: {count})"),
        "layers",
        {lane.name.lower(): lane.label for lane in JobLane},
    ),
    "generation.request.prioritized": AuditWords(
        _("Priority changed"),
        _("{actor} gave {target} the priority {priority} (pictures: {count})"),
        "zap",
        {priority.name.lower(): priority.label for priority in JobPriority},
    ),
    "generation.request.rescheduled": AuditWords(
        _("Start changed"), _("{actor} changed when {target} starts"), "clock"
    ),
    "generation.work.cancelled": AuditWords(
        _("Own work cancelled"),
        _("{actor} cancelled all of their unfinished pictures in {target} ({count})"),
        "ban",
    ),
    "generation.job.cancelled": AuditWords(
        _("Picture cancelled"), _("{actor} cancelled a picture of {target}"), "ban"
    ),
    "generation.job.retried": AuditWords(
        _("Picture tried again"), _("{actor} tried a picture of {target} again"), "repeat"
    ),
    "generation.share.changed": AuditWords(
        _("Share of the GPU changed"),
        _("{actor} gave {target} the weight {weight} in the share of the GPU"),
        "gauge",
    ),
    "generation.canary.accepted": AuditWords(
        _("Canaries accepted"),
        _("{actor} accepted what the model {target} draws now"),
        "badge-check",
    ),
    "generation.canary.reset": AuditWords(
        _("Canaries forgotten"),
        _("{actor} let {target} draw new canaries"),
        "rotate-ccw",
    ),
    "generation.lora.accepted": AuditWords(
        _("LoRA accepted"), _("{actor} accepted the file of the LoRA {target} as it is"), "layers"
    ),
    "generation.lora.described": AuditWords(
        _("LoRA described"), _("{actor} changed the words of the LoRA {target}"), "pencil"
    ),
    "generation.worker_slot.paused": AuditWords(
        _("Worker paused"), _("{actor} paused the worker {target}"), "pause"
    ),
    "generation.worker_slot.resumed": AuditWords(
        _("Worker resumed"), _("{actor} let the worker {target} go on"), "play"
    ),
    "generation.worker_slot.drained": AuditWords(
        _("Worker drained"),
        _("{actor} let the worker {target} give back the memory of its GPU"),
        "pause",
    ),
    "generation.worker_slot.breakers_reset": AuditWords(
        _("Failures forgotten"),
        _("{actor} let the worker {target} try again with {models}"),
        "rotate-ccw",
    ),
    "generation.worker_slot.forgotten": AuditWords(
        _("Worker taken off the list"), _("{actor} took the worker {target} off the list"), "server"
    ),
    "generation.model.enabled": AuditWords(
        _("Model enabled"), _("{actor} let people choose the model {target}"), "cpu"
    ),
    "generation.model.disabled": AuditWords(
        _("Model disabled"), _("{actor} took the model {target} out of the form"), "cpu"
    ),
    "generation.model.retired": AuditWords(
        _("Model retired"), _("{actor} retired the model {target}"), "archive"
    ),
    "generation.model.made_default": AuditWords(
        _("Default model chosen"), _("{actor} made {target} the default model"), "cpu"
    ),
    "generation.model.edited": AuditWords(
        _("Model edited"), _("{actor} changed the settings of the model {target}"), "cpu"
    ),
    "generation.lora.registered": AuditWords(
        _("LoRA registered"), _("{actor} registered the LoRA {target} from {path}"), "layers"
    ),
    "generation.lora.enabled": AuditWords(
        _("LoRA enabled"), _("{actor} let people choose the LoRA {target}"), "layers"
    ),
    "generation.lora.disabled": AuditWords(
        _("LoRA disabled"), _("{actor} took the LoRA {target} out of the form"), "layers"
    ),
    "generation.policy.changed": AuditWords(
        _("Limits changed"),
        _("{actor} changed the limits of {target}"),
        "gauge",
        details=change_words,
    ),
    "generation.work.deleted": AuditWords(
        _("Old requests deleted"),
        _("{actor} deleted finished requests ({count}) of {target} that were kept long enough"),
        "trash-2",
        details=deletion_words,
    ),
}
