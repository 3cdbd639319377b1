"""Deciding about images that look alike: keeping one of them, or all.

Whoever keeps one throws the others into the trash. What people did to those goes over to the one
that stays: tags, places in collections, stars and ratings, comments. Approvals do not: they are
bound to the file that was looked at. Taking it back puts everything where it was, except what
somebody has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, Q
from django.utils import timezone

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.holding import hold
from assets.actions.indexing import index_images
from assets.actions.trashing import restore_images, trash_images
from assets.models import (
    CollectionItem,
    Image,
    ImageComment,
    ImageMark,
    ImageTag,
    NearDuplicate,
)
from assets.outcomes import Outcome
from assets.types import DuplicateDecision, SkipReason

_OPEN, _KEPT, _MERGED = DuplicateDecision.OPEN, DuplicateDecision.KEPT, DuplicateDecision.MERGED


@transaction.atomic
def keep_one(*, access: Access, project: Project, kept: Image, others: Iterable[Image]) -> Outcome:
    """Keep one image and throw the others away; what people did to them goes over to it.

    An image that the actor may not throw away stays, with everything that it has.
    """
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    others = [image for image in others if image.pk != kept.pk]
    held = {image.pk: image for image in hold(project=project, images=[kept, *others]).images}
    stays = held.get(kept.pk)
    if stays is None or stays.trashed_at is not None:
        return Outcome(skipped={image.pk: SkipReason.TARGET_GONE for image in others})
    thrown = trash_images(access=access, project=project, images=others)
    before = {
        image.pk: {**thrown.before[image.pk], "kept": kept.pk, **_hand_over(image.pk, kept.pk)}
        for image in thrown.changed
    }
    ids = [image.pk for image in thrown.changed]
    if ids:
        decided = _decide(access, _among([kept.pk, *ids]), was=_OPEN, now=_MERGED)
        for image_id in ids:
            before[image_id]["pairs"] = decided
        _settle([kept.pk, *ids])
        _record(access, "merged", kept, project, others=[str(each.uid) for each in thrown.changed])
    return Outcome(changed=thrown.changed, skipped=thrown.skipped, before=before)


@transaction.atomic
def take_apart(
    *,
    access: Access,
    project: Project,
    images: Sequence[Image],
    before: Mapping[int, Mapping[str, Any]],
) -> Outcome:
    """Take `keep_one` back: the images hang again, with what they had; `before` is what it told."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    back = restore_images(access=access, project=project, images=images)
    touched: set[int] = set()
    for image in back.changed:
        told = before.get(image.pk)
        if told and "kept" in told:
            _hand_back(image.pk, told)
            pairs = NearDuplicate.objects.filter(pk__in=told.get("pairs", []), decision=_MERGED)
            pairs.update(decision=_OPEN, decided_by=None, decided_at=None)
            touched |= {image.pk, told["kept"]}
    _settle(sorted(touched))
    return back


@transaction.atomic
def keep_all(*, access: Access, project: Project, images: Sequence[Image]) -> list[int]:
    """Say that these are no duplicates of each other; return the ids of the pairs, for the undo."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    held = hold(project=project, images=images).images
    ids = [image.pk for image in held]
    decided = _decide(access, _among(ids), was=_OPEN, now=_KEPT)
    if decided:
        index_images(image_ids=ids)
        _record(access, "kept_apart", held[0], project, images=[str(each.uid) for each in held])
    return decided


@transaction.atomic
def ask_again(*, access: Access, project: Project, images: Sequence[Image]) -> None:
    """Take `keep_all` back: these images wait for a decision again."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    held = hold(project=project, images=images).images
    ids = [image.pk for image in held]
    reopened = _among(ids).filter(decision=_KEPT)
    if reopened.update(decision=_OPEN, decided_by=None, decided_at=None):
        index_images(image_ids=ids)
        _record(access, "asked_again", held[0], project, images=[str(each.uid) for each in held])


def _among(ids: Sequence[int]) -> Any:
    return NearDuplicate.objects.filter(first__in=ids, second__in=ids)


def _decide(
    access: Access, pairs: Any, *, was: DuplicateDecision, now: DuplicateDecision
) -> list[int]:
    """Decide pairs; of two people who do so at once, one decides each."""
    waiting = list(
        pairs.filter(decision=was).order_by("pk").select_for_update().values_list("pk", flat=True)
    )
    NearDuplicate.objects.filter(pk__in=waiting, decision=was).update(
        decision=now, decided_by_id=access.user_id, decided_at=timezone.now()
    )
    return waiting


def _hand_over(image_id: int, kept_id: int) -> dict[str, Any]:
    """What people did to an image goes over to another; what the undo needs to know."""
    return {
        "tags": _copy_tags(image_id, kept_id),
        "collections": _copy_places(image_id, kept_id),
        "marks": _copy_marks(image_id, kept_id),
        "comments": _move_comments(image_id, kept_id),
    }


def _copy_tags(image_id: int, kept_id: int) -> list[int]:
    has = ImageTag.objects.filter(image_id=kept_id).values("tag_id")
    missing = list(ImageTag.objects.filter(image_id=image_id).exclude(tag_id__in=has))
    ImageTag.objects.bulk_create(
        ImageTag(image_id=kept_id, tag_id=each.tag_id, added_by_id=each.added_by_id)
        for each in missing
    )
    return [each.tag_id for each in missing]


def _copy_places(image_id: int, kept_id: int) -> list[int]:
    has = CollectionItem.objects.filter(image_id=kept_id).values("collection_id")
    missing = list(CollectionItem.objects.filter(image_id=image_id).exclude(collection_id__in=has))
    CollectionItem.objects.bulk_create(
        CollectionItem(
            image_id=kept_id,
            collection_id=each.collection_id,
            position=each.position,
            added_by_id=each.added_by_id,
        )
        for each in missing
    )
    return [each.collection_id for each in missing]


def _copy_marks(image_id: int, kept_id: int) -> list[dict[str, Any]]:
    """A star stays a star; a rating counts where the person has not rated the other one."""
    mine = {mark.user_id: mark for mark in ImageMark.objects.filter(image_id=kept_id)}
    told = []
    for mark in ImageMark.objects.filter(image_id=image_id):
        had = mine.get(mark.user_id)
        was = [had.is_starred, had.rating] if had else None
        starred = mark.is_starred or bool(had and had.is_starred)
        rating = had.rating if had and had.rating is not None else mark.rating
        if was != [starred, rating]:
            ImageMark.objects.update_or_create(
                image_id=kept_id,
                user_id=mark.user_id,
                defaults={"is_starred": starred, "rating": rating},
            )
            told.append({"user": mark.user_id, "was": was, "now": [starred, rating]})
    return told


def _move_comments(image_id: int, kept_id: int) -> list[int]:
    comments = ImageComment.objects.filter(image_id=image_id, removed_at__isnull=True)
    ids = list(comments.values_list("pk", flat=True))
    ImageComment.objects.filter(pk__in=ids).update(image_id=kept_id)
    return ids


def _hand_back(image_id: int, told: Mapping[str, Any]) -> None:
    kept_id = told["kept"]
    ImageTag.objects.filter(image_id=kept_id, tag__in=told["tags"]).delete()
    CollectionItem.objects.filter(image_id=kept_id, collection__in=told["collections"]).delete()
    for mark in reversed(told["marks"]):
        starred, rating = mark["now"]
        unchanged = ImageMark.objects.filter(
            image_id=kept_id, user_id=mark["user"], is_starred=starred, rating=rating
        )
        if mark["was"] is None:
            unchanged.delete()
        else:
            unchanged.update(is_starred=mark["was"][0], rating=mark["was"][1])
    ImageComment.objects.filter(pk__in=told["comments"], image_id=kept_id).update(image_id=image_id)


def _settle(ids: Sequence[int]) -> None:
    """Bring the sums of these images and the index up to date."""
    sums = (
        Image.objects.filter(pk__in=ids)
        .annotate(
            mean=Avg("marks__rating"), voices=Count("marks", filter=Q(marks__rating__isnull=False))
        )
        .order_by("pk")
        .values_list("pk", "mean", "voices")
    )
    comments = dict(
        ImageComment.objects.filter(image__in=ids, removed_at__isnull=True)
        .order_by()
        .values_list("image_id")
        .annotate(number=Count("pk"))
    )
    for pk, mean, voices in sums:
        Image.objects.filter(pk=pk).update(
            rating=mean, rating_count=voices, comment_count=comments.get(pk, 0)
        )
    index_images(image_ids=ids)


def _record(access: Access, happened: str, image: Image, project: Project, **data: Any) -> None:
    record(
        access,
        f"assets.duplicates.{happened}",
        image,
        organization_id=project.organization_id,
        project_id=project.pk,
        **data,
    )
