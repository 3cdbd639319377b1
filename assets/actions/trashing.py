"""The trash: throwing pictures away, taking them out again, and deleting them for good.

A picture in the trash keeps its rows and files and hangs nowhere. Deleting it for good removes the
rows in one transaction that also promises the removal of the files (`PendingFile`), and the files
after it: what dies in between is finished by the next sweep. What was approved or delivered is
deleted for good only after somebody who manages the project has allowed it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.archiving import discard_pending
from assets.actions.holding import hold, tell_trail
from assets.actions.indexing import index_images
from assets.actions.tallying import count_purged, count_restored, count_trashed
from assets.models import Image, ImageRendition, ImportedFile, PendingFile
from assets.outcomes import Outcome
from assets.policies import is_protected, why_not_restored, why_not_taken_away
from assets.queries.searched_facts import with_relatives
from assets.queries.trash import PROTECTED
from assets.types import SkipReason

log = structlog.get_logger(__name__)

PURGED_AT_ONCE = 100


@transaction.atomic
def trash_image(*, access: Access, image: Image) -> Image:
    """Throw one picture away; `NotPermitted` says why not."""
    access.require(Permission.ORGANIZE_IMAGES, image.project_id)
    _raise_if_skipped(trash_images(access=access, project=image.project, images=[image]))
    image.refresh_from_db(fields=["trashed_at", "trashed_by", "purge_allowed_by"])
    return image


@transaction.atomic
def restore_image(*, access: Access, image: Image) -> Image:
    """Take one picture out of the trash; `NotPermitted` says why not."""
    access.require(Permission.ORGANIZE_IMAGES, image.project_id)
    _raise_if_skipped(restore_images(access=access, project=image.project, images=[image]))
    image.refresh_from_db(fields=["trashed_at", "trashed_by", "purge_allowed_by"])
    return image


@transaction.atomic
def trash_images(
    *,
    access: Access,
    project: Project,
    images: Iterable[Image],
    as_before: Mapping[int, Mapping[str, Any]] | None = None,
) -> Outcome:
    """Throw pictures of one project away.

    `as_before` puts back what `restore_images` noted, so that a picture is deleted for good on the
    day it would have been.
    """
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    found = hold(project=project, images=images)
    skipped = found.missing
    before: dict[int, dict[str, Any]] = {}
    changed: list[Image] = []
    now = timezone.now()
    for image in found.images:
        reason = SkipReason.IN_TRASH if image.trashed_at else why_not_taken_away(access, image)
        if reason:
            skipped[image.pk] = reason
            continue
        earlier = (as_before or {}).get(image.pk)
        image.trashed_at = (_moment(earlier["trashed_at"]) if earlier else None) or now
        image.trashed_by_id = earlier["trashed_by"] if earlier else access.user_id
        image.purge_allowed_by_id = earlier["purge_allowed_by"] if earlier else None
        before[image.pk] = {"trashed_at": image.trashed_at.isoformat()}
        changed.append(image)
    if changed:
        Image.objects.bulk_update(
            changed, ["trashed_at", "trashed_by", "purge_allowed_by"], batch_size=200
        )
        count_trashed(images=changed)
        index_images(image_ids=with_relatives([image.pk for image in changed]))
        tell_trail(access, "trashed", project, changed)
    return Outcome(changed=changed, skipped=skipped, before=before)


@transaction.atomic
def restore_images(*, access: Access, project: Project, images: Iterable[Image]) -> Outcome:
    """Take pictures of one project out of the trash; they hang where they hung."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    found = hold(project=project, images=images)
    skipped = found.missing
    before: dict[int, dict[str, Any]] = {}
    changed: list[Image] = []
    for image in found.images:
        reason = (
            SkipReason.NOT_IN_TRASH if image.trashed_at is None else why_not_restored(access, image)
        )
        if reason:
            skipped[image.pk] = reason
            continue
        before[image.pk] = {
            "trashed_at": image.trashed_at.isoformat() if image.trashed_at else None,
            "trashed_by": image.trashed_by_id,
            "purge_allowed_by": image.purge_allowed_by_id,
        }
        changed.append(image)
    if changed:
        ids = [image.pk for image in changed]
        count_restored(images=changed)
        Image.objects.filter(pk__in=ids).update(
            trashed_at=None, trashed_by=None, purge_allowed_by=None
        )
        index_images(image_ids=with_relatives(ids))
        tell_trail(access, "restored", project, changed)
    return Outcome(changed=changed, skipped=skipped, before=before)


@transaction.atomic
def allow_purge(*, access: Access, project: Project, images: Iterable[Image]) -> Outcome:
    """Allow that approved or delivered pictures of the trash are deleted for good.

    This is the second step that an admin takes knowingly; without it they stay in the trash.
    """
    access.require(Permission.MANAGE_PROJECT, project.pk)
    if access.user_id is None:
        raise NotPermitted(_("Only a person can allow this."))
    found = hold(project=project, images=images)
    skipped = found.missing
    changed = []
    for image in found.images:
        if image.trashed_at is None:
            skipped[image.pk] = SkipReason.NOT_IN_TRASH
        elif is_protected(image) and image.purge_allowed_by_id is None:
            changed.append(image)
    if changed:
        Image.objects.filter(pk__in=[image.pk for image in changed]).update(
            purge_allowed_by=access.user_id
        )
        tell_trail(access, "purge_allowed", project, changed)
    return Outcome(changed=changed, skipped=skipped)


@transaction.atomic
def purge_images(*, access: Access, project: Project, images: Iterable[Image]) -> Outcome:
    """Delete pictures of the trash for good: rows and files, never one without the other.

    Their reviews, comments, marks, tags and places in collections go with them. Pictures made from
    them stay and keep what their own record says about them; requests that wait to begin with one
    fail with a sentence. The audit trail keeps name and hash.
    """
    access.require(Permission.MANAGE_PROJECT, project.pk)
    found = hold(project=project, images=images)
    skipped = found.missing
    changed: list[Image] = []
    for image in found.images:
        if image.trashed_at is None:
            skipped[image.pk] = SkipReason.NOT_IN_TRASH
        elif is_protected(image) and image.purge_allowed_by_id is None:
            skipped[image.pk] = SkipReason.PROTECTED
        else:
            changed.append(image)
    if changed:
        _purge(access, project, changed)
    return Outcome(changed=changed, skipped=skipped)


def purge_expired(*, access: Access, most: int = PURGED_AT_ONCE) -> int:
    """Delete what has lain in the trash for too long, at most so many; return how many.

    To be called again and again. `ATELIER_TRASH_DAYS` says how long; with 0 nothing is deleted.
    """
    access.require_system()
    if not settings.TRASH_DAYS:
        return 0
    cutoff = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    projects = Project.objects.filter(tally__trashed_images__gt=0).select_related("organization")
    purged = 0
    for project in projects.order_by("pk"):
        due = (
            Image.objects.in_trash()
            .filter(project=project, trashed_at__lt=cutoff)
            .exclude(PROTECTED, purge_allowed_by__isnull=True)
            .order_by("trashed_at")
            .only("pk")
        )
        images = list(due[: most - purged])
        if images:
            outcome = purge_images(access=access, project=project, images=images)
            purged += len(outcome.changed)
        if purged >= most:
            break
    return purged


def _purge(access: Access, project: Project, images: Sequence[Image]) -> None:
    ids = [image.pk for image in images]
    kept = ImportedFile.objects.filter(image__in=ids).exclude(kept_path="")
    paths = {
        *(image.path for image in images),
        *ImageRendition.objects.filter(image__in=ids).values_list("path", flat=True),
        *kept.values_list("kept_path", flat=True),
    }
    owner = uuid4()
    PendingFile.objects.bulk_create(PendingFile(path=path, owner=owner) for path in sorted(paths))
    count_purged(images=images)
    tell_trail(access, "purged", project, images, in_full=True)
    touched = with_relatives(ids)
    Image.objects.filter(pk__in=ids).delete()
    index_images(image_ids=touched)
    # A file that another row still names is left alone there.
    transaction.on_commit(lambda: _discard(owner))


def _discard(owner: Any) -> None:
    discard_pending(access=Access.system("archive"), owner=owner)


def _moment(text: Any) -> dt.datetime | None:
    return parse_datetime(text) if isinstance(text, str) else None


def _raise_if_skipped(outcome: Outcome) -> None:
    for reason in outcome.skipped.values():
        raise NotPermitted(reason.label, code=reason.value)
