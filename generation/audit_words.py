"""How the audit trail tells what happens to requests, jobs and policies."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.wording import AuditWords
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
    "generation.policy.changed": AuditWords(
        _("Limits changed"), _("{actor} changed the limits of {target}"), "gauge"
    ),
}
