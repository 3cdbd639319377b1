"""The tags of a project: renamed, merged, deleted and brought back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.indexing_many import index_many
from assets.actions.remembering import remember
from assets.models import Image, ImageTag, Tag, Undoable
from assets.policies import tag_named
from assets.types import UndoKind

WRITTEN_AT_ONCE = 1000

NAME_TAKEN = _("There is a tag of this name already. Merge the two instead.")


@transaction.atomic
def rename_tag(*, access: Access, tag: Tag, name: str) -> Tag:
    """Give a tag another name, on all images at once."""
    access.require(Permission.ORGANIZE_IMAGES, tag.project_id)
    before = tag.name
    name, key = tag_named(name)
    if name == before:
        return tag
    try:
        with transaction.atomic():
            renamed = Tag.objects.filter(pk=tag.pk, name=before).update(name=name, key=key)
    except IntegrityError as error:
        raise InvalidInput(NAME_TAKEN, field="name", code="name_taken") from error
    if not renamed:
        raise InvalidTransition(_("Somebody else has just changed this tag."))
    tag.refresh_from_db(fields=["name", "key"])
    index_many(access=access, project=tag.project, image_ids=_images_of([tag.pk]))
    _record(access, "renamed", tag, tag.project, before=before)
    return tag


@transaction.atomic
def merge_tags(*, access: Access, sources: Collection[Tag], into: Tag) -> Undoable:
    """Make one tag of several: every image of one of them has `into` afterwards."""
    access.require(Permission.ORGANIZE_IMAGES, into.project_id)
    source_ids = {tag.pk for tag in sources} - {into.pk}
    if not source_ids or any(tag.project_id != into.project_id for tag in sources):
        raise InvalidInput(_("Choose another tag of this project."), field="into")
    locked = _locked_tags(source_ids | {into.pk})
    if len(locked) != len(source_ids) + 1:
        raise InvalidTransition(_("Somebody else has just changed these tags. Look again."))
    had = set(ImageTag.objects.filter(tag=into).values_list("image_id", flat=True))
    taken = [_remembered(tag) for tag in locked if tag.pk != into.pk]
    image_ids = {use[0] for tag in taken for use in tag["uses"]}
    who = {use[0]: use[1] for tag in taken for use in tag["uses"]}
    ImageTag.objects.bulk_create(
        [
            ImageTag(image_id=image_id, tag=into, added_by_id=who[image_id])
            for image_id in sorted(image_ids - had)
        ],
        batch_size=WRITTEN_AT_ONCE,
        ignore_conflicts=True,
    )
    Tag.objects.filter(pk__in=source_ids).delete()
    index_many(access=access, project=into.project, image_ids=sorted(image_ids))
    names = ", ".join(tag["name"] for tag in taken)
    _record(access, "merged", into, into.project, tags=names[:300], images=len(image_ids))
    return remember(
        access=access,
        project=into.project,
        kind=UndoKind.TAGS_MERGED,
        name=into.name,
        data={"tags": taken, "into": into.pk, "new": sorted(image_ids - had)},
    )


@transaction.atomic
def delete_tag(*, access: Access, tag: Tag) -> Undoable:
    """Take a tag off all images and forget it."""
    access.require(Permission.ORGANIZE_IMAGES, tag.project_id)
    locked = _locked_tags({tag.pk})
    if not locked:
        raise InvalidTransition(_("Somebody else has just changed these tags. Look again."))
    taken = _remembered(locked[0])
    _record(access, "deleted", tag, tag.project, images=len(taken["uses"]))
    Tag.objects.filter(pk=tag.pk).delete()
    index_many(access=access, project=tag.project, image_ids=[use[0] for use in taken["uses"]])
    return remember(
        access=access,
        project=tag.project,
        kind=UndoKind.TAG_DELETED,
        name=taken["name"],
        data={"tags": [taken], "into": None, "new": []},
    )


@transaction.atomic
def delete_unused_tags(*, access: Access, project: Project) -> int:
    """Forget the tags that no image has; how many there were."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    unused = Tag.objects.filter(project=project, image_tags__isnull=True)
    names = list(unused.values_list("name", flat=True))
    if names:
        # The condition is asked again: a tag that was used a moment ago stays.
        Tag.objects.filter(project=project, name__in=names, image_tags__isnull=True).delete()
        _record(access, "unused_deleted", project, project, tags=", ".join(names)[:300])
    return len(names)


@transaction.atomic
def restore_tags(*, access: Access, undoable: Undoable) -> None:
    """Take a merge or a deletion back, as far as the images and the names are still there."""
    access.require(Permission.ORGANIZE_IMAGES, undoable.project_id)
    data = undoable.data
    uses = {tag["key"]: tag["uses"] for tag in data["tags"]}
    image_ids = {use[0] for several in uses.values() for use in several}
    here = set(
        Image.objects.filter(project=undoable.project, pk__in=image_ids)
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    Tag.objects.bulk_create(
        [
            Tag(
                project=undoable.project,
                name=tag["name"],
                key=tag["key"],
                created_by_id=tag["created_by"],
            )
            for tag in data["tags"]
        ],
        ignore_conflicts=True,  # somebody made a tag of this name meanwhile: it takes the uses
    )
    tags = {
        tag.key: tag for tag in Tag.objects.filter(project=undoable.project, key__in=list(uses))
    }
    ImageTag.objects.bulk_create(
        [
            ImageTag(image_id=use[0], tag=tags[key], added_by_id=use[1])
            for key, several in uses.items()
            for use in several
            if use[0] in here
        ],
        batch_size=WRITTEN_AT_ONCE,
        ignore_conflicts=True,
    )
    if data["into"] is not None:
        ImageTag.objects.filter(tag_id=data["into"], image__in=data["new"]).delete()
    index_many(access=access, project=undoable.project, image_ids=sorted(here))
    names = ", ".join(tag["name"] for tag in data["tags"])
    _record(access, "restored", undoable.project, undoable.project, tags=names[:300])


def _locked_tags(tag_ids: Collection[int]) -> list[Tag]:
    return list(Tag.objects.select_for_update().filter(pk__in=tag_ids).order_by("pk"))


def _remembered(tag: Tag) -> dict[str, Any]:
    uses = ImageTag.objects.filter(tag=tag).order_by("image_id")
    return {
        "name": tag.name,
        "key": tag.key,
        "created_by": tag.created_by_id,
        "uses": [list(use) for use in uses.values_list("image_id", "added_by_id")],
    }


def _images_of(tag_ids: Collection[int]) -> list[int]:
    return list(
        ImageTag.objects.filter(tag__in=tag_ids).values_list("image_id", flat=True).distinct()
    )


def _record(
    access: Access, happened: str, target: models.Model, project: Project, **data: Any
) -> None:
    record(
        access,
        f"assets.tag.{happened}",
        target,
        organization_id=project.organization_id,
        project_id=project.pk,
        **data,
    )
