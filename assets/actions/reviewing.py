"""From draft to decision: submit, withdraw, review, reopen.

Every step is one conditional UPDATE on the status it starts from, so that of two people who act
at the same moment one wins and the other is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts import live
from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition
from accounts.roles import Permission
from assets import storage
from assets.actions.indexing import index_images
from assets.actions.naming import next_archive_name
from assets.models import Image, Review
from assets.policies import comment_for, four_eyes, only_the_maker
from assets.types import DECIDED, OUTCOME_OF, SUBMITTABLE, Decision, ReviewStatus

log = structlog.get_logger(__name__)


@transaction.atomic
def submit_image(*, access: Access, image: Image) -> Image:
    """Hand a draft, or what came back for changes, to the reviewers."""
    access.require(Permission.SUBMIT_IMAGES, image.project_id)
    only_the_maker(access, image.created_by_id)
    _move(image, SUBMITTABLE, ReviewStatus.PENDING)
    _record(access, "submitted", image)
    return image


@transaction.atomic
def withdraw_image(*, access: Access, image: Image) -> Image:
    """Take a picture back before anybody has decided; it is a draft again."""
    access.require(Permission.SUBMIT_IMAGES, image.project_id)
    only_the_maker(access, image.created_by_id)
    _move(image, [ReviewStatus.PENDING], ReviewStatus.DRAFT)
    _record(access, "withdrawn", image)
    return image


@transaction.atomic
def review_image(
    *, access: Access, image: Image, decision: Decision, sha256: str, comment: str = ""
) -> Review:
    """Decide on a pending picture; the second decision loses with `InvalidTransition`.

    `sha256` is the hash of the picture that the reviewer looked at. It must be this image's, and
    the file in the archive must still have it: a decision is about bytes, not about a row.
    """
    access.require(Permission.REVIEW_IMAGES, image.project_id)
    reviewer_id = four_eyes(access, image.created_by_id)
    comment = comment_for(decision, comment)
    _require_same_bytes(image, sha256)
    outcome = OUTCOME_OF[decision]
    changes: dict[str, Any] = {}
    if outcome == ReviewStatus.APPROVED and image.archive_name is None:
        # A name that was given once stays, also when this row was read before it was given.
        changes["archive_name"] = Coalesce("archive_name", Value(next_archive_name(image)))
    _move(image, [ReviewStatus.PENDING], outcome, **changes)
    review = Review.objects.create(
        image=image,
        reviewer_id=reviewer_id,
        decision=decision,
        comment=comment,
        sha256=image.sha256,
    )
    _record(access, outcome.value, image, sha256=image.sha256, comment=comment)
    _tell_maker(image)
    return review


@transaction.atomic
def reopen_image(*, access: Access, image: Image) -> Image:
    """Put a decided picture back into the queue. Its history and its archive name stay."""
    access.require(Permission.REVIEW_IMAGES, image.project_id)
    four_eyes(access, image.created_by_id)
    _move(image, DECIDED, ReviewStatus.PENDING)
    _record(access, "reopened", image)
    _tell_maker(image)
    return image


def _move(
    image: Image, before: Iterable[ReviewStatus], after: ReviewStatus, **changes: Any
) -> None:
    in_gallery = Image.objects.in_gallery().filter(pk=image.pk, review_status__in=list(before))
    moved = in_gallery.update(review_status=after, **changes)
    if not moved:
        raise InvalidTransition(
            _("Somebody was faster: this picture has changed in the meantime. Look at it again.")
        )
    image.refresh_from_db(fields=["review_status", *changes])
    index_images(image_ids=[image.pk])


def _require_same_bytes(image: Image, sha256: str) -> None:
    if sha256 != image.sha256:
        raise InvalidTransition(
            _("This is not the picture that you looked at. Reload the page and look again.")
        )
    try:
        found = storage.sha256_of(storage.read(image.path))
    except storage.FileMissing:
        found = ""
    if found != image.sha256:
        log.error("archive.damaged", image=str(image.uid), path=image.path, found=found)
        raise InvalidTransition(
            _(
                "The file of this picture is missing or damaged, so it cannot be decided on. Tell"
                " the people who run this site."
            ),
            code="file_damaged",
        )


def _record(access: Access, happened: str, image: Image, **data: Any) -> None:
    record(
        access,
        f"assets.image.{happened}",
        image,
        organization_id=image.project.organization_id,
        project_id=image.project_id,
        **data,
    )


def _tell_maker(image: Image) -> None:
    news = {"type": "review", "image": str(image.uid), "status": image.review_status}
    transaction.on_commit(lambda: live.tell(image.created_by_id, news))
