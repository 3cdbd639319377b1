"""Operations are carried out completely, once, and by one process at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.actions.membership import change_role
from accounts.models import AuditEvent, Membership, User
from accounts.roles import Role, Scope
from assets.actions.operations import cancel_operation, undo_operation
from assets.models import Image, Operation, OperationItem
from assets.operations import running
from assets.operations.base import handler_of
from assets.operations.running import LOST_AFTER, run_next
from assets.types import OperationKind, OperationStatus
from tests.assets.operations.builders import SYSTEM, make_rows, order, run_all, states
from tests.builders import World, access_of
from tests.callers import program_of

pytestmark = pytest.mark.django_db

TRASH = OperationKind.TRASH
DONE = ("done", "")


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler_of(TRASH), "chunk", 2)


def five(world: World) -> list[Image]:
    return make_rows(world.pets, world.uma, 5)


def trashed(images: Sequence[Image]) -> list[bool]:
    rows = Image.objects.in_bulk([image.pk for image in images])
    return [rows[image.pk].trashed_at is not None for image in images]


def one_chunk() -> None:
    """Be an archivist that is told to stop after its first chunk."""
    run_next(access=SYSTEM, stopping=lambda: True)


@pytest.mark.usefixtures("chunks_of_two")
def test_every_image_is_changed_in_the_order_in_which_it_was_chosen(world: World) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, reversed(images))

    run_all()

    operation.refresh_from_db()
    assert trashed(images) == [True] * 5
    assert operation.status == OperationStatus.DONE
    assert (operation.total, operation.done, operation.skipped) == (5, 5, 0)
    items = OperationItem.objects.filter(operation=operation).order_by("position")
    assert [item.image_id for item in items] == [image.pk for image in reversed(images)]


@pytest.mark.usefixtures("chunks_of_two")
def test_an_archivist_that_stops_leaves_the_rest_to_the_next_one(world: World) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, images)

    one_chunk()
    operation.refresh_from_db()
    assert trashed(images) == [True, True, False, False, False]
    assert operation.is_open
    assert operation.handled == 2

    run_all()
    operation.refresh_from_db()
    assert trashed(images) == [True] * 5
    assert operation.done == 5


@pytest.mark.usefixtures("chunks_of_two")
def test_what_a_dead_archivist_held_is_taken_over_once_it_was_silent_for_long(
    world: World,
) -> None:
    operation = order(world.uma, world.pets, TRASH, five(world))
    one_chunk()
    held = Operation.objects.filter(pk=operation.pk)
    held.update(claim=uuid4(), beat_at=timezone.now())

    assert not run_next(access=SYSTEM)

    held.update(beat_at=timezone.now() - LOST_AFTER - timedelta(seconds=1))
    run_all()
    operation.refresh_from_db()
    assert (operation.status, operation.done) == (OperationStatus.DONE, 5)


@pytest.mark.usefixtures("chunks_of_two")
def test_an_archivist_that_was_believed_dead_changes_nothing_when_it_wakes(world: World) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, images)
    sleeper = Operation.objects.select_related("project__organization", "created_by").get(
        pk=operation.pk
    )
    assert running.claim(sleeper)
    Operation.objects.filter(pk=operation.pk).update(
        beat_at=timezone.now() - LOST_AFTER - timedelta(seconds=1)
    )
    one_chunk()  # another one takes over and does two

    running.carry_out(sleeper)

    operation.refresh_from_db()
    assert trashed(images) == [True, True, False, False, False]
    assert operation.status == OperationStatus.RUNNING
    assert OperationItem.objects.filter(operation=operation).count() == 5


def test_an_operation_is_claimed_by_one_of_two(world: World) -> None:
    operation = order(world.uma, world.pets, TRASH, five(world))
    again = Operation.objects.get(pk=operation.pk)

    assert running.claim(operation)
    assert not running.claim(again)


def test_one_that_died_while_gathering_begins_anew(world: World) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, images)
    OperationItem.objects.create(operation=operation, position=0, image=images[4])

    run_all()

    assert states(operation) == [DONE] * 5


@pytest.mark.usefixtures("chunks_of_two")
def test_a_small_operation_does_not_wait_behind_a_large_one(world: World) -> None:
    large = order(world.uma, world.pets, TRASH, five(world))
    small = order(world.ada, world.products, TRASH, make_rows(world.products, world.ada, 1))

    for _turn in range(2):
        run_next(access=SYSTEM, turn_seconds=0)

    large.refresh_from_db()
    small.refresh_from_db()
    assert (large.status, large.done) == (OperationStatus.RUNNING, 2)
    assert small.status == OperationStatus.DONE


@pytest.mark.usefixtures("chunks_of_two")
def test_an_operation_that_is_cancelled_keeps_what_was_done(world: World) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, images)
    one_chunk()

    cancel_operation(access=access_of(world.uma), operation=operation)
    run_all()

    operation.refresh_from_db()
    assert operation.status == OperationStatus.CANCELLED
    assert trashed(images) == [True, True, False, False, False]


@pytest.mark.usefixtures("chunks_of_two")
def test_what_was_done_before_it_was_cancelled_can_be_undone(world: World) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, images)
    one_chunk()
    cancel_operation(access=access_of(world.uma), operation=operation)
    run_all()
    operation.refresh_from_db()

    undoing = undo_operation(access=access_of(world.uma), operation=operation)
    run_all()

    undoing.refresh_from_db()
    assert trashed(images) == [False] * 5
    assert (undoing.status, undoing.total, undoing.done) == (OperationStatus.DONE, 2, 2)


def test_undo_leaves_alone_what_was_changed_since(world: World) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, images)
    run_all()
    later = timezone.now() + timedelta(seconds=5)
    Image.objects.filter(pk=images[0].pk).update(trashed_at=None)
    Image.objects.filter(pk=images[1].pk).update(trashed_at=later)
    operation.refresh_from_db()

    undoing = undo_operation(access=access_of(world.uma), operation=operation)
    run_all()

    undoing.refresh_from_db()
    assert trashed(images) == [False, True, False, False, False]
    assert (undoing.done, undoing.skipped) == (3, 2)
    assert states(undoing)[-2:] == [("skipped", "changed_since"), ("skipped", "not_in_trash")]
    assert [state for state, _reason in states(operation)] == ["done", "done"] + ["undone"] * 3


@pytest.mark.usefixtures("chunks_of_two")
def test_whoever_is_locked_out_meanwhile_changes_nothing_more(world: World) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, images)
    one_chunk()

    User.objects.filter(pk=world.uma.pk).update(is_active=False)
    run_all()

    operation.refresh_from_db()
    assert (operation.status, operation.error) == (OperationStatus.FAILED, "no_access")
    assert trashed(images) == [True, True, False, False, False]


@pytest.mark.usefixtures("chunks_of_two")
def test_a_role_that_is_lowered_meanwhile_counts_from_the_next_chunk_on(world: World) -> None:
    images = five(world)
    operation = order(world.ada, world.pets, TRASH, images)
    one_chunk()
    Membership.objects.create(user=world.mallory, organization=world.lantern, role=Role.ADMIN.value)

    change_role(access=SYSTEM, membership=Membership.objects.get(user=world.ada), role=Role.USER)
    run_all()

    operation.refresh_from_db()
    assert operation.status == OperationStatus.DONE
    assert states(operation) == [DONE] * 2 + [("skipped", "not_permitted")] * 3
    assert trashed(images) == [True, True, False, False, False]


def test_a_token_can_do_no_more_in_the_background_than_it_could_when_it_asked(
    world: World,
) -> None:
    """Ada manages the project, but this token of hers was not made for managing."""
    [image] = make_rows(world.pets, world.ada, 1)
    [others] = make_rows(world.pets, world.uma, 1)
    program = program_of(world.ada, world.lantern, Scope.READ, Scope.ORGANIZE)

    answer = program.call(
        "post",
        f"/projects/{world.pets.pk}/operations/",
        {"kind": "trash", "images": [str(image.uid), str(others.uid)]},
    )

    assert answer.status_code == 201, answer.content
    assert trashed([image, others]) == [True, False]
    event = AuditEvent.objects.get(action="assets.image.trashed")
    assert event.token_prefix


def test_an_image_that_is_gone_or_moved_away_is_skipped(world: World) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, images)
    one = handler_of(TRASH)
    running.claim(operation)
    running._gather(operation, one)
    Image.objects.filter(pk=images[0].pk).update(project=world.products)
    Image.objects.filter(pk=images[1].pk).update(project=world.harbour_project)
    Image.objects.filter(pk=images[2].pk).delete()
    running._hand_back(operation)

    run_all()

    assert states(operation) == [
        ("skipped", "moved_away"), ("skipped", "gone"), ("skipped", "gone"), DONE, DONE,
    ]  # fmt: skip


def test_a_fault_of_ours_ends_the_operation_and_not_the_archivist(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_args: object) -> None:
        raise ZeroDivisionError

    operation = order(world.uma, world.pets, TRASH, five(world))
    monkeypatch.setattr(handler_of(TRASH), "change", stumble)

    run_all()

    operation.refresh_from_db()
    assert (operation.status, operation.error) == (OperationStatus.FAILED, "unexpected")


def test_a_database_that_goes_away_costs_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = five(world)
    operation = order(world.uma, world.pets, TRASH, images)
    with monkeypatch.context() as away:
        away.setattr(handler_of(TRASH), "change", _away)
        with pytest.raises(OperationalError):
            run_next(access=SYSTEM)
    operation.refresh_from_db()
    assert operation.is_open

    run_all()

    operation.refresh_from_db()
    assert (operation.status, operation.done) == (OperationStatus.DONE, 5)


def test_only_processes_of_the_site_carry_operations_out(world: World) -> None:
    with pytest.raises(Exception, match="operator"):
        run_next(access=access_of(world.ada))


def _away(*_args: object) -> None:
    raise OperationalError("the server closed the connection unexpectedly")
