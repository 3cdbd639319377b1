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


class Source(TextChoices):
    """How an image came into the archive."""

    GENERATED = "generated", _("Made here")
    IMPORTED = "imported", _("Imported")


class UseKind(TextChoices):
    """What an image was used for after it was made."""

    RECALL = "recall", _("Its settings were used again")
    INPUT = "input", _("A picture began with it")
    DOWNLOAD = "download", _("Downloaded")
    EXPORT = "export", _("Exported")


REUSES = frozenset({UseKind.RECALL, UseKind.INPUT})


class DuplicateDecision(TextChoices):
    """What was decided about two images that look alike."""

    OPEN = "open", _("To be decided")
    KEPT = "kept", _("Both are kept")
    MERGED = "merged", _("One is kept")


class OperationKind(TextChoices):
    """What can be done to many images at once."""

    TAG = "tag", _("Tag")
    UNTAG = "untag", _("Remove a tag")
    COLLECT = "collect", _("Add to a collection")
    UNCOLLECT = "uncollect", _("Take out of a collection")
    SUBMIT = "submit", _("Submit for review")
    MOVE = "move", _("Move to another project")
    TRASH = "trash", _("Move to the trash")
    RESTORE = "restore", _("Restore from the trash")
    PURGE = "purge", _("Delete for good")
    MERGE = "merge", _("Keep one of near-duplicates")
    EXPORT = "export", _("Export")
    IMPORT = "import", _("Import")
    INDEX = "index", _("Bring the search up to date")


class UndoKind(TextChoices):
    """What was done at once, and can be taken back at once."""

    COLLECTION_DELETED = "collection_deleted", _("Collection deleted")
    TAG_DELETED = "tag_deleted", _("Tag deleted")
    TAGS_MERGED = "tags_merged", _("Tags merged")


# What can be taken back. A deleted file is gone, and what was given away is no change.
UNDOABLE = frozenset(
    {
        OperationKind.TAG,
        OperationKind.UNTAG,
        OperationKind.COLLECT,
        OperationKind.UNCOLLECT,
        OperationKind.SUBMIT,
        OperationKind.MOVE,
        OperationKind.TRASH,
        OperationKind.RESTORE,
        OperationKind.MERGE,
        OperationKind.IMPORT,
    }
)


class OperationStatus(TextChoices):
    """Where an operation stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class ItemState(TextChoices):
    """What became of one item of an operation."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


class SkipReason(TextChoices):
    """Why a picture was left as it is by something that was done to many."""

    GONE = "gone", _("It is not there any more, or not shared with you.")
    MOVED_AWAY = "moved_away", _("It is in another project now.")
    IN_TRASH = "in_trash", _("It lies in the trash.")
    NOT_IN_TRASH = "not_in_trash", _("It does not lie in the trash.")
    NOT_PERMITTED = (
        "not_permitted",
        _("Somebody else made it. Whoever manages the project may do this."),
    )
    ROLE = "role", _("Your role does not allow this.")
    APPROVED = "approved", _("It is approved. Only people who manage the project may do this.")
    IN_REVIEW = "in_review", _("It is in review. Take it back first.")
    NOT_YOURS = "not_yours", _("Only the person who made it can hand it in.")
    NOT_SUBMITTABLE = "not_submittable", _("It is in review or decided on already.")
    NAME_TAKEN = "name_taken", _("The other project has a picture with this archive name.")
    PROTECTED = (
        "protected",
        _("It was approved or downloaded. Whoever manages the project has to allow it first."),
    )
    ALREADY_TAGGED = "already_tagged", _("It has this tag already.")
    NOT_TAGGED = "not_tagged", _("It does not have this tag.")
    ALREADY_COLLECTED = "already_collected", _("It is in the collection already.")
    NOT_COLLECTED = "not_collected", _("It is not in the collection.")
    FULL = "full", _("It, or what it was to be put in, holds no more.")
    TARGET_GONE = "target_gone", _("The tag or the collection is not there any more.")
    CHANGED_SINCE = "changed_since", _("It was changed since, so it stays as it is now.")
