"""Handing many pictures to the reviewers at once, and taking them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.holding import hold, tell_trail
from assets.actions.indexing import index_images
from assets.models import Image
from assets.outcomes import Outcome
from assets.types import SUBMITTABLE, ReviewStatus, SkipReason


@transaction.atomic
def submit_images(*, access: Access, project: Project, images: Iterable[Image]) -> Outcome:
    """Hand in the pictures of one project that the actor made and that can be handed in."""
    access.require(Permission.SUBMIT_IMAGES, project.pk)
    held = hold(project=project, images=images)
    skipped = held.missing
    before: dict[int, dict[str, Any]] = {}
    changed: list[Image] = []
    for image in held.images:
        if image.trashed_at:
            skipped[image.pk] = SkipReason.IN_TRASH
        elif image.created_by_id != access.user_id:
            skipped[image.pk] = SkipReason.NOT_YOURS
        elif image.review_status not in SUBMITTABLE:
            skipped[image.pk] = SkipReason.NOT_SUBMITTABLE
        else:
            before[image.pk] = {"status": image.review_status}
            changed.append(image)
    _set(access, "submitted", project, changed, dict.fromkeys(before, ReviewStatus.PENDING))
    return Outcome(changed=changed, skipped=skipped, before=before)


@transaction.atomic
def withdraw_images(
    *,
    access: Access,
    project: Project,
    images: Iterable[Image],
    as_before: Mapping[int, Mapping[str, Any]],
) -> Outcome:
    """Take pictures back that nobody has decided on; `as_before` says what each of them was."""
    access.require(Permission.SUBMIT_IMAGES, project.pk)
    held = hold(project=project, images=images)
    skipped = held.missing
    statuses: dict[int, ReviewStatus] = {}
    changed: list[Image] = []
    for image in held.images:
        if image.created_by_id != access.user_id:
            skipped[image.pk] = SkipReason.NOT_YOURS
        elif image.trashed_at or image.review_status != ReviewStatus.PENDING:
            skipped[image.pk] = SkipReason.CHANGED_SINCE
        else:
            earlier = as_before.get(image.pk, {}).get("status", ReviewStatus.DRAFT)
            statuses[image.pk] = ReviewStatus(earlier)
            changed.append(image)
    _set(access, "withdrawn", project, changed, statuses)
    return Outcome(changed=changed, skipped=skipped)


def _set(
    access: Access,
    happened: str,
    project: Project,
    images: list[Image],
    statuses: Mapping[int, ReviewStatus],
) -> None:
    if not images:
        return
    for status in sorted(set(statuses.values())):
        ids = [image_id for image_id, each in statuses.items() if each == status]
        Image.objects.filter(pk__in=ids).update(review_status=status)
    for image in images:
        image.review_status = statuses[image.pk]
    index_images(image_ids=[image.pk for image in images])
    tell_trail(access, happened, project, images)
