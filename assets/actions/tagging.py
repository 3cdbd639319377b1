"""Tags on images: putting them on and taking them off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, LimitExceeded, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.indexing import index_images
from assets.models import Image, ImageTag, Tag
from assets.policies import tag_named

TAGS_OF_AN_IMAGE = 50
TAGS_OF_A_PROJECT = 5000
WRITTEN_AT_ONCE = 1000


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
