"""Collections themselves: begun, renamed, described, ordered, nested, deleted and brought back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition, LimitExceeded, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.indexing_many import index_many
from assets.actions.remembering import remember
from assets.models import Collection, CollectionItem, Image, Undoable
from assets.policies import name_of_a_collection, text_of_at_most
from assets.types import UndoKind

COLLECTIONS_OF_A_PROJECT = 2000
DEEPEST = 5
NOTES_LIMIT = 2000
WRITTEN_AT_ONCE = 1000

NAME_TAKEN = _("There is a collection of this name here already. Choose another one.")


@transaction.atomic
def create_collection(
    *,
    access: Access,
    project: Project,
    name: str,
    parent: Collection | None = None,
    notes: str = "",
) -> Collection:
    """Begin a collection, as the last one inside its parent."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    person_id = _person(access)
    name = name_of_a_collection(name)
    notes = text_of_at_most(notes, NOTES_LIMIT, field="notes")
    everything = _locked(project)
    if len(everything) >= COLLECTIONS_OF_A_PROJECT:
        raise LimitExceeded(
            _("A project has at most %(most)d collections.") % {"most": COLLECTIONS_OF_A_PROJECT}
        )
    place = _place(everything, parent)
    if _depth_of(everything, place) + 1 > DEEPEST:
        raise _too_deep()
    siblings = [each for each in everything.values() if each.parent_id == place]
    _name_is_free(siblings, name)
    collection = Collection.objects.create(
        project=project,
        parent_id=place,
        name=name,
        notes=notes,
        position=max((each.position for each in siblings), default=-1) + 1,
        created_by_id=person_id,
    )
    _record(access, "created", collection)
    return collection


@transaction.atomic
def edit_collection(
    *, access: Access, collection: Collection, name: str | None = None, notes: str | None = None
) -> Collection:
    """Change what a collection is called or says about itself; `None` leaves it."""
    access.require(Permission.ORGANIZE_IMAGES, collection.project_id)
    changes: dict[str, str] = {}
    if name is not None and name_of_a_collection(name) != collection.name:
        changes["name"] = name_of_a_collection(name)
    if notes is not None:
        notes = text_of_at_most(notes, NOTES_LIMIT, field="notes")
        if notes != collection.notes:
            changes["notes"] = notes
    if not changes:
        return collection
    before = collection.name
    try:
        with transaction.atomic():
            edited = Collection.objects.filter(pk=collection.pk).update(**changes)
    except IntegrityError as error:
        raise InvalidInput(NAME_TAKEN, field="name", code="name_taken") from error
    if not edited:
        raise _gone()
    collection.refresh_from_db(fields=["name", "notes"])
    if "name" in changes:
        index_many(access=access, project=collection.project, image_ids=_images_in([collection.pk]))
        _record(access, "renamed", collection, before=before)
    else:
        _record(access, "described", collection)
    return collection


@transaction.atomic
def set_cover(*, access: Access, collection: Collection, image: Image | None) -> Collection:
    """Choose the picture that stands for a collection; `None` leaves it to the first one."""
    access.require(Permission.ORGANIZE_IMAGES, collection.project_id)
    if image is not None and image.project_id != collection.project_id:
        raise InvalidInput(_("A collection takes pictures of its own project only."), field="cover")
    if not Collection.objects.filter(pk=collection.pk).update(cover=image):
        raise _gone()
    collection.refresh_from_db(fields=["cover"])
    _record(access, "covered", collection)
    return collection


@transaction.atomic
def move_collection(
    *,
    access: Access,
    collection: Collection,
    parent: Collection | None,
    before: Collection | None = None,
) -> Collection:
    """Put a collection into another one, or at the top; before one of those there, or last."""
    access.require(Permission.ORGANIZE_IMAGES, collection.project_id)
    everything = _locked(collection.project)
    if collection.pk not in everything:
        raise _gone()
    place = _place(everything, parent)
    if collection.pk in _way_up(everything, place):
        raise InvalidInput(_("A collection cannot lie inside itself."), field="parent")
    if _depth_of(everything, place) + _height_of(everything, collection.pk) > DEEPEST:
        raise _too_deep()
    siblings = sorted(
        (
            each
            for each in everything.values()
            if each.parent_id == place and each.pk != collection.pk
        ),
        key=_order,
    )
    _name_is_free(siblings, everything[collection.pk].name)
    at = len(siblings)
    if before is not None:
        at = next((n for n, each in enumerate(siblings) if each.pk == before.pk), -1)
        if at < 0:
            raise InvalidTransition(_("These collections have changed meanwhile. Look again."))
    moved = everything[collection.pk]
    moved.parent_id = place
    siblings.insert(at, moved)
    for position, each in enumerate(siblings):
        each.position = position
    Collection.objects.bulk_update(siblings, ["parent", "position"], batch_size=WRITTEN_AT_ONCE)
    collection.refresh_from_db(fields=["parent", "position"])
    _record(access, "moved", collection, inside=str(everything[place]) if place else "")
    return collection


@transaction.atomic
def delete_collection(*, access: Access, collection: Collection) -> Undoable:
    """Delete a collection and those inside it. The pictures stay where they are: in the gallery."""
    access.require(Permission.ORGANIZE_IMAGES, collection.project_id)
    project = collection.project
    everything = _locked(project)
    if collection.pk not in everything:
        raise _gone()
    doomed = _with_those_inside(everything, collection.pk)
    places: dict[int, list[list[int]]] = {pk: [] for pk in doomed}
    for collection_id, *place in CollectionItem.objects.filter(collection__in=doomed).values_list(
        "collection_id", "image_id", "position", "added_by_id"
    ):
        places[collection_id].append(place)
    data = {
        "collections": [
            {
                "id": pk,
                "parent": everything[pk].parent_id,
                "name": everything[pk].name,
                "notes": everything[pk].notes,
                "cover": everything[pk].cover_id,
                "position": everything[pk].position,
                "created_by": everything[pk].created_by_id,
                "places": places[pk],
            }
            for pk in doomed  # from the outside to the inside
        ]
    }
    image_ids = {place[0] for several in places.values() for place in several}
    _record(access, "deleted", collection, images=len(image_ids), inside=len(doomed) - 1)
    CollectionItem.objects.filter(collection__in=doomed).delete()
    for pk in reversed(doomed):  # from the inside to the outside: a parent is protected
        Collection.objects.filter(pk=pk).delete()
    index_many(access=access, project=project, image_ids=sorted(image_ids))
    return remember(
        access=access,
        project=project,
        kind=UndoKind.COLLECTION_DELETED,
        name=collection.name,
        data=data,
    )


@transaction.atomic
def restore_collection(*, access: Access, undoable: Undoable) -> None:
    """Bring deleted collections back, under their old addresses, with the pictures that are left.

    Where the collection that they were in is gone, they stand at the top; where their name was
    given away, they get a number.
    """
    access.require(Permission.ORGANIZE_IMAGES, undoable.project_id)
    everything = _locked(undoable.project)
    image_ids: set[int] = set()
    for kept in undoable.data["collections"]:
        place = kept["parent"] if kept["parent"] in everything else None
        taken = {each.name for each in everything.values() if each.parent_id == place}
        present = set(
            Image.objects.filter(
                project=undoable.project_id, pk__in=[row[0] for row in kept["places"]]
            ).values_list("pk", flat=True)
        )
        collection = Collection.objects.create(
            pk=kept["id"],
            project=undoable.project,
            parent_id=place,
            name=_free_name(kept["name"], taken),
            notes=kept["notes"],
            cover_id=kept["cover"] if _is_here(undoable, kept["cover"]) else None,
            position=kept["position"],
            created_by_id=kept["created_by"],
        )
        everything[collection.pk] = collection
        CollectionItem.objects.bulk_create(
            [
                CollectionItem(
                    collection=collection, image_id=image_id, position=position, added_by_id=adder
                )
                for image_id, position, adder in kept["places"]
                if image_id in present
            ],
            batch_size=WRITTEN_AT_ONCE,
        )
        image_ids |= present
        _record(access, "restored", collection)
    index_many(access=access, project=undoable.project, image_ids=sorted(image_ids))


def _locked(project: Project) -> dict[int, Collection]:
    """All collections of a project, by id; nobody else changes their order until the end."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    return Collection.objects.filter(project=project).in_bulk()


def _order(collection: Collection) -> tuple[int, int]:
    return collection.position, collection.pk


def _place(everything: dict[int, Collection], parent: Collection | None) -> int | None:
    if parent is None:
        return None
    if parent.pk not in everything:
        raise InvalidInput(_("Choose another collection of this project."), field="parent")
    return parent.pk


def _way_up(everything: dict[int, Collection], pk: int | None) -> list[int]:
    """A collection and those that it lies in."""
    way: list[int] = []
    while pk is not None and pk not in way:
        way.append(pk)
        pk = everything[pk].parent_id
    return way


def _depth_of(everything: dict[int, Collection], pk: int | None) -> int:
    return len(_way_up(everything, pk))


def _with_those_inside(everything: dict[int, Collection], pk: int) -> list[int]:
    found = [pk]
    for outer in found:
        found += sorted(each.pk for each in everything.values() if each.parent_id == outer)
    return found


def _height_of(everything: dict[int, Collection], pk: int) -> int:
    """How many levels a collection has, itself included."""
    own = _depth_of(everything, pk)
    return max(_depth_of(everything, each) for each in _with_those_inside(everything, pk)) - own + 1


def _name_is_free(siblings: Sequence[Collection], name: str) -> None:
    if any(each.name == name for each in siblings):
        raise InvalidInput(NAME_TAKEN, field="name", code="name_taken")


def _free_name(name: str, taken: Iterable[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        ending = f" ({number})"
        free = f"{name[: 80 - len(ending)]}{ending}"
    return free


def _is_here(undoable: Undoable, image_id: int | None) -> bool:
    return Image.objects.filter(project=undoable.project_id, pk=image_id or 0).exists()


def _images_in(collection_ids: Sequence[int]) -> list[int]:
    return list(
        CollectionItem.objects.filter(collection__in=collection_ids)
        .values_list("image_id", flat=True)
        .distinct()
    )


def _too_deep() -> InvalidInput:
    return InvalidInput(
        _("Collections lie at most %(most)d deep. Choose one further up.") % {"most": DEEPEST},
        field="parent",
    )


def _gone() -> InvalidTransition:
    return InvalidTransition(_("Somebody else has just deleted this collection."))


def _person(access: Access) -> int:
    if access.user_id is None:
        raise NotPermitted(_("Only a person can do this."))
    return access.user_id


def _record(access: Access, happened: str, collection: Collection, **data: Any) -> None:
    record(
        access,
        f"assets.collection.{happened}",
        collection,
        organization_id=collection.project.organization_id,
        project_id=collection.project_id,
        **data,
    )
