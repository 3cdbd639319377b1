"""States of the archive's things, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReviewStatus(TextChoices):
    """Where an image stands between its maker and the reviewers."""

    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Decision(TextChoices):
    """What a reviewer can say about a pending image."""

    APPROVE = "approve", _("Approve")
    REQUEST_CHANGES = "request_changes", _("Ask for changes")
    REJECT = "reject", _("Reject")


OUTCOME_OF: Mapping[Decision, ReviewStatus] = {
    Decision.APPROVE: ReviewStatus.APPROVED,
    Decision.REQUEST_CHANGES: ReviewStatus.CHANGES_REQUESTED,
    Decision.REJECT: ReviewStatus.REJECTED,
}

# A maker may hand in a draft, and hand in again what came back for changes.
SUBMITTABLE = frozenset({ReviewStatus.DRAFT, ReviewStatus.CHANGES_REQUESTED})
DECIDED = frozenset(OUTCOME_OF.values())


class VersionStatus(TextChoices):
    """A template version is edited as a draft and never again once it is published."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class RenditionKind(TextChoices):
    """Files derived from an original, for the screen."""

    THUMB = "thumb", _("Thumbnail")
    PREVIEW = "preview", _("Preview")
