"""How the audit trail tells what happens to requests, jobs and policies."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.wording import AuditWords
from generation.policy_words import change_words, deletion_words

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
