"""What each kind of operation does to images, what it leaves alone, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from accounts.actions.membership import remove_member
from accounts.errors import InvalidInput, NotPermitted, NotVisible
from accounts.models import AuditEvent, User
from accounts.roles import Role
from assets.actions.collections import create_collection
from assets.actions.naming import next_archive_name
from assets.models import (
    ArchiveSequence,
    Collection,
    CollectionItem,
    Image,
    ImageMark,
    ImageTag,
    Operation,
    Tag,
)
from assets.operations.asks import Chosen
from assets.operations.ordering import begin, take_back
from assets.types import OperationKind, OperationStatus, ReviewStatus
from tests.assets.operations.builders import make_rows, states
from tests.builders import World, access_of, join, make_person, make_project

pytestmark = pytest.mark.django_db

DONE = ("done", "")


def do(person: User, kind: OperationKind, images: Iterable[Image], **arguments: Any) -> Operation:
    """What a page does when somebody presses the button."""
    images = list(images)
    return begin(
        access=access_of(person),
        project=images[0].project,
        kind=kind,
        chosen=Chosen(ids=tuple(image.pk for image in images)),
        arguments=arguments,
    )


def fresh(image: Image) -> Image:
    return Image.objects.get(pk=image.pk)


def skipped(reason: str) -> tuple[str, str]:
    return ("skipped", reason)


# --- Trash ----------------------------------------------------------------------------------


def test_makers_throw_away_what_they_made_but_not_what_was_approved_or_is_in_review(
    world: World,
) -> None:
    [draft] = make_rows(world.pets, world.uma, 1)
    [pending] = make_rows(world.pets, world.uma, 1, review_status=ReviewStatus.PENDING)
    [approved] = make_rows(
        world.pets, world.uma, 1, review_status=ReviewStatus.APPROVED, archive_name="a.png"
    )
    [others] = make_rows(world.pets, world.ada, 1)

    operation = do(world.uma, OperationKind.TRASH, [draft, pending, approved, others])

    assert states(operation) == [
        DONE, skipped("in_review"), skipped("approved"), skipped("not_permitted"),
    ]  # fmt: skip
    assert fresh(draft).trashed_by == world.uma
    assert fresh(approved).trashed_at is None


def test_whoever_manages_the_project_throws_everything_away(world: World) -> None:
    [approved] = make_rows(
        world.pets, world.uma, 1, review_status=ReviewStatus.APPROVED, archive_name="a.png"
    )
    [pending] = make_rows(world.pets, world.uma, 1, review_status=ReviewStatus.PENDING)

    operation = do(world.ada, OperationKind.TRASH, [approved, pending])

    assert states(operation) == [DONE, DONE]
    event = AuditEvent.objects.get(action="assets.images.trashed")
    assert event.data["images"] == [str(approved.uid), str(pending.uid)]


def test_a_maker_does_not_restore_what_an_admin_threw_away(world: World) -> None:
    images = make_rows(world.pets, world.uma, 2)
    do(world.ada, OperationKind.TRASH, images[:1])
    do(world.uma, OperationKind.TRASH, images[1:])

    operation = do(world.uma, OperationKind.RESTORE, images)

    assert states(operation) == [skipped("gone"), DONE]
    assert fresh(images[0]).trashed_at is not None


def test_undoing_a_restore_keeps_the_day_on_which_it_is_deleted(world: World) -> None:
    [image] = make_rows(world.pets, world.uma, 1)
    do(world.uma, OperationKind.TRASH, [image])
    before = fresh(image)
    restored = do(world.ada, OperationKind.RESTORE, [before])

    take_back(access=access_of(world.ada), operation=restored)

    after = fresh(image)
    assert (after.trashed_at, after.trashed_by) == (before.trashed_at, world.uma)


def test_only_whoever_manages_the_project_deletes_for_good(world: World) -> None:
    [image] = make_rows(world.pets, world.uma, 1)
    do(world.uma, OperationKind.TRASH, [image])

    with pytest.raises(NotPermitted):
        do(world.uma, OperationKind.PURGE, [image])

    assert states(do(world.ada, OperationKind.PURGE, [image])) == [DONE]
    assert not Image.objects.filter(pk=image.pk).exists()


def test_what_is_deleted_for_good_cannot_be_undone(world: World) -> None:
    [image] = make_rows(world.pets, world.uma, 1)
    do(world.ada, OperationKind.TRASH, [image])
    operation = do(world.ada, OperationKind.PURGE, [image])

    with pytest.raises(Exception, match="cannot be undone"):
        take_back(access=access_of(world.ada), operation=operation)


# --- Submitting -----------------------------------------------------------------------------


def test_makers_submit_their_own_drafts_and_take_back_what_nobody_has_decided_on(
    world: World,
) -> None:
    draft, decided = make_rows(world.pets, world.uma, 2)
    [returned] = make_rows(world.pets, world.uma, 1, review_status=ReviewStatus.CHANGES_REQUESTED)
    [others] = make_rows(world.pets, world.ada, 1)
    [rejected] = make_rows(world.pets, world.uma, 1, review_status=ReviewStatus.REJECTED)

    operation = do(world.uma, OperationKind.SUBMIT, [draft, decided, returned, others, rejected])
    assert states(operation) == [
        DONE, DONE, DONE, skipped("not_yours"), skipped("not_submittable"),
    ]  # fmt: skip
    Image.objects.filter(pk=decided.pk).update(review_status=ReviewStatus.REJECTED)

    undoing = take_back(access=access_of(world.uma), operation=operation)

    assert (undoing.done, undoing.skipped) == (2, 1)
    statuses = [fresh(image).review_status for image in (draft, decided, returned)]
    assert statuses == ["draft", "rejected", "changes_requested"]


# --- Tags and collections -------------------------------------------------------------------


def test_tags_are_added_where_they_were_missing_and_undo_leaves_the_older_ones(
    world: World,
) -> None:
    images = make_rows(world.pets, world.uma, 3)
    do(world.uma, OperationKind.TAG, images[:1], tags=["hero"])

    operation = do(world.uma, OperationKind.TAG, images, tags=["hero"])
    assert states(operation) == [skipped("already_tagged"), DONE, DONE]
    assert ImageTag.objects.filter(tag__name="hero").count() == 3

    take_back(access=access_of(world.uma), operation=operation)
    assert list(ImageTag.objects.values_list("image_id", flat=True)) == [images[0].pk]


def test_taking_a_tag_off_is_undone_with_the_tag_again(world: World) -> None:
    images = make_rows(world.pets, world.uma, 2)
    do(world.uma, OperationKind.TAG, images[:1], tags=["hero", "春天"])

    operation = do(world.uma, OperationKind.UNTAG, images, tags=["hero"])
    assert states(operation) == [DONE, skipped("not_tagged")]
    take_back(access=access_of(world.uma), operation=operation)

    assert set(ImageTag.objects.values_list("tag__name", flat=True)) == {"hero", "春天"}


@pytest.mark.parametrize("tags", [[], ["a,b"], ["   "], ["x" * 61], ["a"] * 21])
def test_tags_that_cannot_be_are_refused_before_anything_is_ordered(
    world: World, tags: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        do(world.uma, OperationKind.TAG, make_rows(world.pets, world.uma, 1), tags=tags)

    assert refusal.value.field == "tags"
    assert not Operation.objects.exists()


def test_collecting_keeps_the_order_of_the_selection(world: World) -> None:
    images = make_rows(world.pets, world.uma, 3)
    collection = create_collection(access=access_of(world.uma), project=world.pets, name="Spring")

    operation = do(
        world.uma,
        OperationKind.COLLECT,
        [images[2], images[0], images[1]],
        collection=collection.pk,
    )

    places = CollectionItem.objects.filter(collection=collection).order_by("position")
    assert [place.image_id for place in places] == [images[2].pk, images[0].pk, images[1].pk]
    assert operation.arguments["name"] == "Spring"
    take_back(access=access_of(world.uma), operation=operation)
    assert not CollectionItem.objects.exists()


def test_what_was_taken_out_of_a_collection_comes_back_to_its_place(world: World) -> None:
    images = make_rows(world.pets, world.uma, 3)
    collection = create_collection(access=access_of(world.uma), project=world.pets, name="Spring")
    do(world.uma, OperationKind.COLLECT, images, collection=collection.pk)

    operation = do(world.uma, OperationKind.UNCOLLECT, images[1:2], collection=collection.pk)
    take_back(access=access_of(world.uma), operation=operation)

    places = CollectionItem.objects.filter(collection=collection).order_by("position")
    assert [place.image_id for place in places] == [image.pk for image in images]


def test_a_collection_that_is_deleted_meanwhile_is_a_reason_and_no_fault(world: World) -> None:
    images = make_rows(world.pets, world.uma, 1)
    collection = create_collection(access=access_of(world.uma), project=world.pets, name="Spring")
    operation = do(world.uma, OperationKind.COLLECT, images, collection=collection.pk)
    Collection.objects.filter(pk=collection.pk).delete()

    undoing = take_back(access=access_of(world.uma), operation=operation)

    assert undoing.status == OperationStatus.DONE
    assert states(undoing) == [skipped("target_gone")]


def test_a_collection_of_another_project_is_refused(world: World) -> None:
    images = make_rows(world.pets, world.uma, 1)
    elsewhere = create_collection(
        access=access_of(world.uma), project=world.products, name="Spring"
    )

    with pytest.raises(InvalidInput):
        do(world.uma, OperationKind.COLLECT, images, collection=elsewhere.pk)


# --- Moving ---------------------------------------------------------------------------------


def test_a_picture_moves_with_everything_that_is_its_own(world: World) -> None:
    [image] = make_rows(world.pets, world.uma, 1, archive_name="pets_20250105_0001.png")
    uma = access_of(world.uma)
    collection = create_collection(access=uma, project=world.pets, name="Spring")
    do(world.uma, OperationKind.TAG, [image], tags=["hero"])
    do(world.uma, OperationKind.COLLECT, [image], collection=collection.pk)
    Collection.objects.filter(pk=collection.pk).update(cover=image)
    ImageMark.objects.create(image=image, user=world.rita, is_starred=True)

    operation = do(world.uma, OperationKind.MOVE, [image], project=world.products.pk)

    moved = fresh(image)
    assert states(operation) == [DONE]
    assert moved.project == world.products
    assert (moved.path, moved.archive_name) == (image.path, "pets_20250105_0001.png")
    assert [use.tag.project for use in ImageTag.objects.filter(image=image)] == [world.products]
    assert ImageMark.objects.filter(image=image).count() == 1
    assert not CollectionItem.objects.filter(image=image).exists()
    collection.refresh_from_db()
    assert collection.cover is None

    take_back(access=uma, operation=operation)

    assert fresh(image).project == world.pets
    assert [use.tag.project for use in ImageTag.objects.filter(image=image)] == [world.pets]
    assert CollectionItem.objects.get(image=image).collection == collection
    collection.refresh_from_db()
    assert collection.cover == image


def test_tags_of_the_same_name_become_one_when_a_picture_moves(world: World) -> None:
    [here] = make_rows(world.pets, world.uma, 1)
    [there] = make_rows(world.products, world.uma, 1)
    do(world.uma, OperationKind.TAG, [here], tags=["Hero"])
    do(world.uma, OperationKind.TAG, [there], tags=["hero"])

    do(world.uma, OperationKind.MOVE, [here], project=world.products.pk)

    assert Tag.objects.filter(project=world.products).count() == 1


def test_an_archive_name_that_is_taken_there_keeps_the_picture_here(world: World) -> None:
    [image] = make_rows(world.pets, world.uma, 1, archive_name="same.png")
    make_rows(world.products, world.uma, 1, archive_name="same.png")

    operation = do(world.ada, OperationKind.MOVE, [image], project=world.products.pk)

    assert states(operation) == [skipped("name_taken")]
    assert fresh(image).project == world.pets


def test_a_name_that_came_with_a_picture_is_not_given_again(world: World) -> None:

    [image] = make_rows(world.pets, world.uma, 1)
    make_rows(world.pets, world.uma, 1, archive_name="宠物主题_20250105_0001.png")

    assert next_archive_name(image) == "宠物主题_20250105_0002.png"
    assert ArchiveSequence.objects.get().last_number == 2


def test_pictures_stay_inside_their_organization(world: World) -> None:
    join(world.uma, world.harbour, Role.USER)
    images = make_rows(world.pets, world.uma, 1)

    with pytest.raises(InvalidInput, match="one organization"):
        do(world.uma, OperationKind.MOVE, images, project=world.harbour_project.pk)
    with pytest.raises(InvalidInput, match="already"):
        do(world.uma, OperationKind.MOVE, images, project=world.pets.pk)


def test_moving_needs_both_projects(world: World) -> None:
    """Paul belongs to one project only."""
    images = make_rows(world.pets, world.paul, 1)

    with pytest.raises(NotVisible):
        do(world.paul, OperationKind.MOVE, images, project=world.products.pk)


def test_who_loses_the_other_project_meanwhile_moves_nothing_there(world: World) -> None:
    mover = make_person("noor")
    join(mover, world.lantern, Role.USER, project=world.pets)
    there = join(mover, world.lantern, Role.USER, project=world.products)
    images = make_rows(world.pets, mover, 1)
    operation = do(mover, OperationKind.MOVE, images, project=world.products.pk)
    assert states(operation) == [DONE]

    remove_member(access=access_of(world.ada), membership=there)

    undoing = take_back(access=access_of(mover), operation=operation)

    # What is in a project that one may not enter is gone for whoever asks.
    assert states(undoing) == [skipped("gone")]


def test_a_third_project_is_not_confused_with_the_first(world: World) -> None:
    third = make_project(world.lantern, "Third")
    [image] = make_rows(world.pets, world.uma, 1)
    operation = do(world.uma, OperationKind.MOVE, [image], project=world.products.pk)
    do(world.uma, OperationKind.MOVE, [fresh(image)], project=third.pk)

    undoing = take_back(access=access_of(world.uma), operation=operation)

    assert states(undoing) == [skipped("changed_since")]
    assert fresh(image).project == third
