"""How the audit trail tells what happens to images and prompt templates."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.wording import AuditWords

WORDS: Mapping[str, AuditWords] = {
    "assets.image.submitted": AuditWords(
        _("Image submitted"), _("{actor} submitted {target} for review"), "send"
    ),
    "assets.image.withdrawn": AuditWords(
        _("Image withdrawn"), _("{actor} took {target} back from review"), "undo-2"
    ),
    "assets.image.approved": AuditWords(
        _("Image approved"), _("{actor} approved {target}"), "circle-check"
    ),
    "assets.image.changes_requested": AuditWords(
        _("Changes requested"),
        _("{actor} asked for changes to {target}"),
        "message-square-warning",
    ),
    "assets.image.rejected": AuditWords(
        _("Image rejected"), _("{actor} rejected {target}"), "circle-x"
    ),
    "assets.image.reopened": AuditWords(
        _("Review reopened"), _("{actor} reopened the review of {target}"), "rotate-ccw"
    ),
    "assets.comment.written": AuditWords(
        _("Comment written"), _("{actor} commented on a picture: {target}"), "message-square"
    ),
    "assets.comment.edited": AuditWords(
        _("Comment edited"), _("{actor} edited a comment: {target}"), "pen-line"
    ),
    "assets.comment.removed": AuditWords(
        _("Comment removed"), _("{actor} removed a comment: {target}"), "trash-2"
    ),
    "assets.comment.restored": AuditWords(
        _("Comment restored"), _("{actor} restored a comment: {target}"), "undo-2"
    ),
    "assets.operation.ordered": AuditWords(
        _("Operation ordered"), _("{actor} ordered: {target}"), "list-checks"
    ),
    "assets.operation.cancelled": AuditWords(
        _("Operation cancelled"), _("{actor} stopped: {target}"), "x"
    ),
    "assets.operation.undone": AuditWords(
        _("Operation undone"), _("{actor} took back: {target}"), "undo-2"
    ),
    "assets.template.created": AuditWords(
        _("Template created"), _("{actor} created the template {target}"), "layout-template"
    ),
    "assets.template.draft_saved": AuditWords(
        _("Template draft saved"),
        _("{actor} saved a draft of the template {target}"),
        "layout-template",
    ),
    "assets.template.published": AuditWords(
        _("Template published"),
        _("{actor} published version {version} of the template {target}"),
        "layout-template",
    ),
    "assets.template.renamed": AuditWords(
        _("Template renamed"), _("{actor} renamed the template {target}"), "layout-template"
    ),
    "assets.template.retired": AuditWords(
        _("Template retired"), _("{actor} retired the template {target}"), "archive"
    ),
    "assets.template.restored": AuditWords(
        _("Template restored"), _("{actor} restored the template {target}"), "archive-restore"
    ),
}
