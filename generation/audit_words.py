"""How the audit trail tells what happens to requests, jobs and policies."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.wording import AuditWords

WORDS: Mapping[str, AuditWords] = {
    "generation.request.created": AuditWords(
        _("Pictures requested"),
        _("{actor} asked for pictures ({count}): {target}"),
        "sparkles",
    ),
    "generation.request.cancelled": AuditWords(
        _("Request cancelled"), _("{actor} cancelled pictures ({count}): {target}"), "ban"
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
    "generation.lora.registered": AuditWords(
        _("LoRA registered"), _("{actor} registered the LoRA {target}"), "layers"
    ),
    "generation.lora.accepted": AuditWords(
        _("LoRA accepted"), _("{actor} accepted the file of the LoRA {target} as it is"), "layers"
    ),
    "generation.lora.described": AuditWords(
        _("LoRA described"), _("{actor} changed the words of the LoRA {target}"), "pencil"
    ),
    "generation.lora.disabled": AuditWords(
        _("LoRA disabled"), _("{actor} disabled the LoRA {target}"), "ban"
    ),
    "generation.policy.changed": AuditWords(
        _("Limits changed"), _("{actor} changed the limits of {target}"), "gauge"
    ),
}
