"""Collections themselves: their names, their tree, and their way back from deletion."""

from __future__ import annotations

import pytest

from accounts.errors import (
    InvalidInput,
    InvalidTransition,
    LimitExceeded,
    NotPermitted,
    NotVisible,
)
from accounts.models import AuditEvent
from accounts.roles import SCOPE_PERMISSIONS, Scope
from assets.actions import collections
from assets.actions.collecting import collect_images
from assets.actions.collections import (
    create_collection,
    delete_collection,
    edit_collection,
    move_collection,
    set_cover,
)
from assets.actions.undoing import undo
from assets.models import Collection, CollectionItem, Image
from tests.assets.builders import make_image
from tests.builders import access_of
from tests.concurrency import at_once


def create(world, name, parent=None, **options):
    return create_collection(
        access=access_of(world.uma), project=world.pets, name=name, parent=parent, **options
    )


def move(world, collection, parent, before=None):
    move_collection(
        access=access_of(world.uma), collection=collection, parent=parent, before=before
    )


def tree(project, parent=None):
    """Names in their order, each with what lies in it."""
    inside = Collection.objects.filter(project=project, parent=parent).order_by("position", "pk")
    return {each.name: tree(project, each) for each in inside}


def test_collections_are_begun_one_after_the_other_and_in_one_another(world):
    autumn = create(world, " 秋天 ", notes="For the campaign.")
    create(world, "Winter")
    create(world, "Forest", autumn)

    assert tree(world.pets) == {"秋天": {"Forest": {}}, "Winter": {}}
    assert list(tree(world.pets)) == ["秋天", "Winter"]
    assert AuditEvent.objects.filter(action="assets.collection.created").count() == 3


def test_a_name_occurs_once_in_one_place(world):
    autumn = create(world, "Autumn")
    create(world, "Autumn", autumn)

    for parent in (None, autumn):
        with pytest.raises(InvalidInput) as refusal:
            create(world, "Autumn", parent)
        assert (refusal.value.field, refusal.value.code) == ("name", "name_taken")


@pytest.mark.parametrize("name", ["", " \n ", "a" * 81])
def test_names_that_are_none_are_refused(world, name):
    with pytest.raises(InvalidInput) as refusal:
        create(world, name)
    assert refusal.value.field == "name"


def test_the_tree_has_a_depth_and_a_project_a_number_of_them(world, monkeypatch):
    monkeypatch.setattr(collections, "COLLECTIONS_OF_A_PROJECT", 6)
    place = None
    for number in range(5):
        place = create(world, f"{number}", place)
    with pytest.raises(InvalidInput) as refusal:
        create(world, "too deep", place)
    assert refusal.value.field == "parent"

    create(world, "the sixth")
    with pytest.raises(LimitExceeded):
        create(world, "the seventh")


def test_notes_and_names_change(world):
    autumn = create(world, "Autumn")
    access = access_of(world.uma)

    edit_collection(access=access, collection=autumn, name="Fall", notes="Golden light.")
    edit_collection(access=access, collection=autumn, notes="Golden light, no people.")

    assert Collection.objects.values_list("name", "notes").get() == (
        "Fall",
        "Golden light, no people.",
    )
    with pytest.raises(InvalidInput):
        edit_collection(access=access, collection=autumn, notes="a" * 2001)
    create(world, "Winter")
    with pytest.raises(InvalidInput):
        edit_collection(access=access, collection=autumn, name="Winter")


def test_a_cover_is_a_picture_of_the_project(world):
    autumn = create(world, "Autumn")
    access = access_of(world.uma)
    image = make_image(world.pets, world.uma)

    set_cover(access=access, collection=autumn, image=image)
    assert Collection.objects.get().cover == image
    with pytest.raises(InvalidInput):
        set_cover(access=access, collection=autumn, image=make_image(world.products, world.uma))
    set_cover(access=access, collection=autumn, image=None)
    assert Collection.objects.get().cover is None


def test_collections_change_their_order_and_their_place(world):
    a, b, c = (create(world, name) for name in "abc")

    move(world, c, None, before=a)
    assert list(tree(world.pets)) == ["c", "a", "b"]
    move(world, c, None)
    assert list(tree(world.pets)) == ["a", "b", "c"]
    move(world, a, b)
    move(world, c, b, before=a)
    assert tree(world.pets) == {"b": {"c": {}, "a": {}}}
    assert list(tree(world.pets, b)) == ["c", "a"]
    move(world, a, None, before=b)
    assert list(tree(world.pets)) == ["a", "b"]


def test_no_collection_lies_in_itself_or_too_deep(world):
    outer = create(world, "outer")
    inner = create(world, "inner", outer)

    for place in (outer, inner):
        with pytest.raises(InvalidInput):
            move(world, outer, place)
    place = None
    for number in range(4):
        place = create(world, f"{number}", place)
    with pytest.raises(InvalidInput):
        move(world, outer, place)
    move(world, inner, place)
    create(world, "inner", outer)
    with pytest.raises(InvalidInput) as refusal:
        move(world, inner, outer)
    assert refusal.value.code == "name_taken"


def test_a_deleted_collection_comes_back_with_everything_under_its_address(world):
    images = [make_image(world.pets, world.uma) for _ in range(3)]
    access = access_of(world.uma)
    outer = create(world, "outer", notes="Notes.")
    inner = create(world, "inner", outer)
    collect_images(access=access, collection=outer, images=images[:2])
    collect_images(access=access_of(world.rita), collection=inner, images=images[1:])
    set_cover(access=access, collection=outer, image=images[2])

    undoable = delete_collection(access=access, collection=outer)
    assert not Collection.objects.exists()
    assert Image.objects.count() == 3
    images[0].delete()
    undo(access=access, undoable=undoable)

    assert tree(world.pets) == {"outer": {"inner": {}}}
    again = Collection.objects.get(pk=outer.pk)
    assert (again.notes, again.cover) == ("Notes.", images[2])
    assert set(CollectionItem.objects.values_list("collection_id", "image_id", "added_by_id")) == {
        (outer.pk, images[1].pk, world.uma.pk),
        (inner.pk, images[1].pk, world.rita.pk),
        (inner.pk, images[2].pk, world.rita.pk),
    }
    with pytest.raises(InvalidTransition):
        undo(access=access, undoable=undoable)


def test_what_comes_back_gives_way_to_what_took_its_place(world):
    outer = create(world, "outer")
    inner = create(world, "inner", outer)
    access = access_of(world.uma)
    undoable = delete_collection(access=access, collection=inner)
    delete_collection(access=access, collection=outer)
    create(world, "inner")

    undo(access=access, undoable=undoable)

    assert set(tree(world.pets)) == {"inner", "inner (2)"}


def test_strangers_and_tokens_without_the_scope_change_nothing(world):
    autumn = create(world, "Autumn")
    undoable = delete_collection(access=access_of(world.uma), collection=create(world, "x"))
    reader = access_of(world.uma).limited_to(SCOPE_PERMISSIONS[Scope.READ])

    for access, refusal in ((access_of(world.mallory), NotVisible), (reader, NotPermitted)):
        with pytest.raises(refusal):
            create_collection(access=access, project=world.pets, name="Winter")
        with pytest.raises(refusal):
            edit_collection(access=access, collection=autumn, name="Winter")
        with pytest.raises(refusal):
            set_cover(access=access, collection=autumn, image=None)
        with pytest.raises(refusal):
            move_collection(access=access, collection=autumn, parent=None)
        with pytest.raises(refusal):
            delete_collection(access=access, collection=autumn)
        with pytest.raises(refusal):
            undo(access=access, undoable=undoable)

    assert tree(world.pets) == {"Autumn": {}}


@pytest.mark.django_db(transaction=True)
def test_two_who_nest_collections_at_once_make_no_circle(world):
    a, b = create(world, "a"), create(world, "b")

    at_once(
        2,
        lambda number: move(world, *((a, b) if number else (b, a))),
        refusal=InvalidInput,
    )

    assert len(tree(world.pets)) == 1
