"""Tags: putting words on images and taking them off; renaming, merging and deleting the words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition, LimitExceeded, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.indexing import index_images
from assets.actions.indexing_many import index_many
from assets.actions.remembering import remember
from assets.models import Image, ImageTag, Tag, Undoable
from assets.policies import tag_named
from assets.types import UndoKind

TAGS_OF_AN_IMAGE = 50
TAGS_OF_A_PROJECT = 5000
WRITTEN_AT_ONCE = 1000

NAME_TAKEN = _("There is a tag of this name already. Merge the two instead.")


@dataclass(frozen=True, slots=True)
class Tagged:
    """What tagging did.

    `added` names for each image that changed the tags that it did not have before; `full` are the
    images that would have had too many and were left as they are.
    """

    added: Mapping[int, tuple[str, ...]]
    full: frozenset[int]


@transaction.atomic
def tag_images(
    *,
    access: Access,
    project: Project,
    images: Collection[Image],
    names: Collection[str],
    by_operation: bool = False,
) -> Tagged:
    """Put the same tags on images of one project; new words become tags of the project.

    `by_operation` leaves the audit row out: the operation has its own, and is made of many calls.
    """
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    _of_the_project(project, images)
    return tag_each(
        access=access,
        project=project,
        names={image.pk: names for image in images},
        by_operation=by_operation,
    )


@transaction.atomic
def tag_each(
    *,
    access: Access,
    project: Project,
    names: Mapping[int, Collection[str]],
    by_operation: bool = False,
) -> Tagged:
    """Put tags of its own on each image, by id; ids of other projects are passed over."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    person_id = _person(access)
    keys, wanted = _by_key(names.values())
    image_ids = _locked(project, names)
    if not wanted or not image_ids:
        return Tagged({}, frozenset())
    tags = _tags(project, person_id, wanted)
    has: dict[int, set[int]] = {image_id: set() for image_id in image_ids}
    for image_id, tag_id in ImageTag.objects.filter(image__in=image_ids).values_list(
        "image_id", "tag_id"
    ):
        has[image_id].add(tag_id)
    rows: list[ImageTag] = []
    added: dict[int, tuple[str, ...]] = {}
    full: set[int] = set()
    for image_id in image_ids:
        asked = {keys[name] for name in names[image_id]}
        new = [tags[key] for key in wanted if key in asked and tags[key].pk not in has[image_id]]
        if len(has[image_id]) + len(new) > TAGS_OF_AN_IMAGE:
            full.add(image_id)
        elif new:
            added[image_id] = tuple(tag.name for tag in new)
            rows += (ImageTag(image_id=image_id, tag=tag, added_by_id=person_id) for tag in new)
    ImageTag.objects.bulk_create(rows, batch_size=WRITTEN_AT_ONCE, ignore_conflicts=True)
    index_images(image_ids=list(added))
    if added and not by_operation:
        _record(access, "added", project, tags=_listed(added.values()), images=len(added))
    return Tagged(added, frozenset(full))


@transaction.atomic
def untag_images(
    *,
    access: Access,
    project: Project,
    images: Collection[Image],
    names: Collection[str],
    by_operation: bool = False,
) -> Mapping[int, tuple[str, ...]]:
    """Take the same tags off images; the tags that each of them had."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    _of_the_project(project, images)
    return untag_each(
        access=access,
        project=project,
        names={image.pk: names for image in images},
        by_operation=by_operation,
    )


@transaction.atomic
def untag_each(
    *,
    access: Access,
    project: Project,
    names: Mapping[int, Collection[str]],
    by_operation: bool = False,
) -> Mapping[int, tuple[str, ...]]:
    """Take tags of its own off each image, by id. A tag stays when no image has it any more."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    keys, wanted = _by_key(names.values())
    asked = {image_id: {keys[name] for name in several} for image_id, several in names.items()}
    found = [
        row
        for row in ImageTag.objects.filter(
            image__in=_locked(project, names), tag__project=project, tag__key__in=wanted
        ).values_list("pk", "image_id", "tag__key", "tag__name")
        if row[2] in asked[row[1]]
    ]
    ImageTag.objects.filter(pk__in=[row[0] for row in found]).delete()
    removed: dict[int, tuple[str, ...]] = {}
    for _pk, image_id, _key, name in found:
        removed[image_id] = (*removed.get(image_id, ()), name)
    index_images(image_ids=list(removed))
    if removed and not by_operation:
        _record(access, "removed", project, tags=_listed(removed.values()), images=len(removed))
    return removed


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
    _record_tag(access, "renamed", tag, before=before)
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
    _record_tag(access, "merged", into, tags=names[:300], images=len(image_ids))
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
    _record_tag(access, "deleted", tag, images=len(taken["uses"]))
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
        _record(access, "unused_deleted", project, tags=", ".join(names)[:300], images=0)
    return len(names)


@transaction.atomic
def restore_tags(*, access: Access, undoable: Undoable) -> None:
    """Take a merge or a deletion back, as far as the images and the names are still there."""
    access.require(Permission.ORGANIZE_IMAGES, undoable.project_id)
    data = undoable.data
    uses = {tag["key"]: tag["uses"] for tag in data["tags"]}
    image_ids = {use[0] for several in uses.values() for use in several}
    here = set(_locked(undoable.project, image_ids))
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
    _record(access, "restored", undoable.project, tags=", ".join(t["name"] for t in data["tags"]))


def _tags(project: Project, person_id: int, wanted: Mapping[str, str]) -> dict[str, Tag]:
    """The project's tags of these keys; those that are missing are made."""
    tags = {tag.key: tag for tag in Tag.objects.filter(project=project, key__in=list(wanted))}
    missing = [key for key in wanted if key not in tags]
    if not missing:
        return tags
    if Tag.objects.filter(project=project).count() + len(missing) > TAGS_OF_A_PROJECT:
        raise LimitExceeded(
            _("This project has %(most)d tags, and cannot have more. Delete those without use.")
            % {"most": TAGS_OF_A_PROJECT},
            field="names",
        )
    Tag.objects.bulk_create(
        [
            Tag(project=project, name=wanted[key], key=key, created_by_id=person_id)
            for key in missing
        ],
        ignore_conflicts=True,  # somebody else may have made it at this moment
    )
    return {tag.key: tag for tag in Tag.objects.filter(project=project, key__in=list(wanted))}


def _by_key(several: Iterable[Collection[str]]) -> tuple[dict[str, str], dict[str, str]]:
    """The key of each name, and by key the name as a tag would be called."""
    keys: dict[str, str] = {}
    wanted: dict[str, str] = {}
    for name in dict.fromkeys(chain.from_iterable(several)):
        tidied, keys[name] = tag_named(name)
        wanted.setdefault(keys[name], tidied)
    if len(wanted) > TAGS_OF_A_PROJECT:
        raise InvalidInput(_("These are too many tags."), field="names")
    return keys, wanted


def _locked(project: Project, image_ids: Iterable[int]) -> list[int]:
    """Those of the images that are the project's, kept from changing until the end."""
    return list(
        Image.objects.filter(project=project, pk__in=list(image_ids))
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


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


def _of_the_project(project: Project, images: Collection[Image]) -> None:
    if any(image.project_id != project.pk for image in images):
        raise InvalidInput(_("All pictures have to be of one project."), field="images")


def _person(access: Access) -> int:
    if access.user_id is None:
        raise NotPermitted(_("Only a person can do this."))
    return access.user_id


def _listed(several: Iterable[Collection[str]]) -> str:
    return ", ".join(sorted({name for names in several for name in names}))[:300]


def _record(access: Access, happened: str, project: Project, **data: Any) -> None:
    record(
        access,
        f"assets.tags.{happened}",
        project,
        organization_id=project.organization_id,
        project_id=project.pk,
        **data,
    )


def _record_tag(access: Access, happened: str, tag: Tag, **data: Any) -> None:
    record(
        access,
        f"assets.tag.{happened}",
        tag,
        organization_id=tag.project.organization_id,
        project_id=tag.project_id,
        **data,
    )
