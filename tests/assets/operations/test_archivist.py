"""A real archivist that is killed in the middle loses nothing and does nothing twice."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.access import Access
from assets.models import Image, Operation, OperationItem
from assets.operations.running import LOST_AFTER
from assets.queries.archive_check import faults_of_tallies
from assets.types import ItemState, OperationKind, OperationStatus
from tests.assets.operations.builders import make_rows, order
from tests.builders import make_world
from tests.generation.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 3000


def test_an_archivist_that_is_killed_is_followed_by_one_that_ends_its_work() -> None:
    world = make_world()
    images = make_rows(world.pets, world.uma, MANY)
    operation = order(world.uma, world.pets, OperationKind.TRASH, images)
    row = Operation.objects.filter(pk=operation.pk)

    with running("archivist") as archivist:
        wait_for(lambda: row.get().done > 0, seconds=60, what="the first chunk")
        archivist.kill()
        archivist.wait()
    done_before = row.get().done
    assert 0 < done_before < MANY, "it was to be killed in the middle"
    assert Image.objects.in_trash().count() == done_before
    row.update(beat_at=timezone.now() - 2 * LOST_AFTER)  # a minute passes

    with running("archivist"):
        wait_for(
            lambda: row.get().status == OperationStatus.DONE, seconds=120, what="the end of it"
        )

    assert (row.get().total, row.get().done) == (MANY, MANY)
    assert Image.objects.in_trash().count() == MANY
    assert OperationItem.objects.filter(operation=operation).count() == MANY
    assert not OperationItem.objects.exclude(state=ItemState.DONE).exists()
    assert list(faults_of_tallies(Access.system("tests"))) == []
