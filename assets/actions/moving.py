"""Moving pictures to another project of their organization.

What goes along: files (where they are: a path is an address, not a place), record, reviews,
comments, stars, ratings, uses and the archive name, because a name that was given once stays. Tags
go along by name; one that the other project does not know is made there. The collections of the
project that is left are left as well, and so are its pairs of near-duplicates. The record keeps
telling in which project the picture was made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.dateparse import parse_datetime

from accounts.access import Access
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.holding import hold, tell_trail
from assets.actions.indexing import index_images
from assets.actions.tallying import count_arrived, count_left
from assets.models import (
    Collection,
    CollectionItem,
    Image,
    ImageLook,
    ImageTag,
    ImportedFile,
    NearDuplicate,
    Tag,
)
from assets.outcomes import Outcome
from assets.policies import require_other_project, why_not_taken_away
from assets.queries.searched_facts import with_relatives
from assets.types import SkipReason


@transaction.atomic
def move_images(
    *,
    access: Access,
    project: Project,
    target: Project,
    images: Iterable[Image],
    as_before: Mapping[int, Mapping[str, Any]] | None = None,
) -> Outcome:
    """Move pictures of `project` to `target`.

    Both have to belong to one organization; the actor may tidy up in both, and may take each
    picture away from where it is. A picture whose archive name is taken in the other project is
    left where it is. `as_before` puts pictures back into the collections that they left when they
    were moved the other way.
    """
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    access.require(Permission.ORGANIZE_IMAGES, target.pk)
    require_other_project(project=project, target=target)
    held = hold(project=project, images=images)
    skipped = held.missing
    taken = _taken_names(target, held.images)
    changed: list[Image] = []
    for image in held.images:
        reason = (
            SkipReason.IN_TRASH if image.trashed_at else why_not_taken_away(access, image)
        ) or (SkipReason.NAME_TAKEN if image.archive_name in taken else None)
        if reason:
            skipped[image.pk] = reason
            continue
        changed.append(image)
    before: dict[int, dict[str, Any]] = {}
    if changed:
        before = _leave_collections(changed)
        touched = with_relatives([image.pk for image in changed])  # pairs end with the move
        _move(access, target, changed)
        if as_before:
            _return_to_collections(target, changed, as_before)
        index_images(image_ids=touched)
        tell_trail(access, "moved", project, changed, to=str(target), to_id=target.pk)
    return Outcome(changed=changed, skipped=skipped, before=before)


def _taken_names(target: Project, images: Sequence[Image]) -> set[str | None]:
    names = [image.archive_name for image in images if image.archive_name]
    return set(
        Image.objects.filter(project=target, archive_name__in=names).values_list(
            "archive_name", flat=True
        )
    )


def _move(access: Access, target: Project, images: Sequence[Image]) -> None:
    ids = [image.pk for image in images]
    count_left(images=images)
    Image.objects.filter(pk__in=ids).update(project=target)
    for image in images:
        image.project = target
    count_arrived(images=images)
    _take_tags_along(access, target, ids)
    ImageLook.objects.filter(image__in=ids).update(project=target)
    pairs = NearDuplicate.objects.filter(Q(first__in=ids) | Q(second__in=ids))
    pairs.exclude(first__project=F("second__project")).delete()
    pairs.update(project=target)
    # Of two files that are the same, the one that was imported there counts.
    files = ImportedFile.objects.filter(image__in=ids)
    there = ImportedFile.objects.filter(project=target, sha256__in=files.values("sha256"))
    files.exclude(sha256__in=list(there.values_list("sha256", flat=True))).update(project=target)


def _take_tags_along(access: Access, target: Project, ids: Sequence[int]) -> None:
    uses = list(ImageTag.objects.filter(image__in=ids).select_related("tag"))
    elsewhere = {use.tag.key: use.tag for use in uses if use.tag.project_id != target.pk}
    if not elsewhere:
        return
    Tag.objects.bulk_create(
        [
            Tag(
                project=target,
                key=key,
                name=tag.name,
                created_by_id=access.user_id or tag.created_by_id,
            )
            for key, tag in sorted(elsewhere.items())
        ],
        ignore_conflicts=True,
    )
    same = dict(Tag.objects.filter(project=target, key__in=elsewhere).values_list("key", "pk"))
    for use in uses:
        use.tag_id = same.get(use.tag.key, use.tag_id)
    ImageTag.objects.bulk_update(uses, ["tag"], batch_size=200)


def _leave_collections(images: Sequence[Image]) -> dict[int, dict[str, Any]]:
    """Take the images out of every collection and off every cover; return where they were."""
    ids = [image.pk for image in images]
    places: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    items = CollectionItem.objects.filter(image__in=ids)
    for item in items:
        places[item.image_id].append(
            {
                "collection": item.collection_id,
                "position": item.position,
                "added_by": item.added_by_id,
                "added_at": item.added_at.isoformat(),
            }
        )
    items.delete()
    covers = Collection.objects.filter(cover__in=ids)
    covered: defaultdict[int, list[int]] = defaultdict(list)
    for collection_id, image_id in covers.values_list("pk", "cover_id"):
        if image_id is not None:
            covered[image_id].append(collection_id)
    covers.update(cover=None)
    return {
        image.pk: {
            "project": image.project_id,
            "places": places.get(image.pk, []),
            "covers": covered.get(image.pk, []),
        }
        for image in images
    }


def _return_to_collections(
    target: Project,
    images: Sequence[Image],
    as_before: Mapping[int, Mapping[str, Any]],
) -> None:
    there = set(Collection.objects.filter(project=target).values_list("pk", flat=True))
    items = [
        CollectionItem(
            collection_id=place["collection"],
            image=image,
            position=place["position"],
            added_by_id=place["added_by"],
        )
        for image in images
        for place in as_before.get(image.pk, {}).get("places", [])
        if place["collection"] in there
    ]
    CollectionItem.objects.bulk_create(items, ignore_conflicts=True)
    for image in images:
        earlier = as_before.get(image.pk, {})
        for place in earlier.get("places", []):
            CollectionItem.objects.filter(collection=place["collection"], image=image).update(
                added_at=parse_datetime(place["added_at"])
            )
        Collection.objects.filter(
            project=target, pk__in=earlier.get("covers", []), cover__isnull=True
        ).update(cover=image)
