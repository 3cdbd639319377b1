"""The kept counts are what counting would say, whatever is done in whichever order."""

from __future__ import annotations

import random

import pytest

from accounts.access import Access
from accounts.models import Project
from assets.actions.moving import move_images
from assets.actions.tallying import repair_tally
from assets.actions.trashing import purge_images, restore_images, trash_images
from assets.models import DayTally, Image, ProjectTally
from assets.queries.archive_check import faults_of_tallies
from assets.queries.recounting import recount, tally_of
from assets.queries.storage_use import storage_by_person
from tests.assets.builders import make_image
from tests.assets.operations.builders import make_rows
from tests.builders import World, access_of

pytestmark = pytest.mark.django_db

SYSTEM = Access.system("tests")


@pytest.mark.parametrize("seed", range(3))
def test_tallies_stay_exact_through_whatever_happens(world: World, seed: int) -> None:
    chance = random.Random(seed)
    ada = access_of(world.ada)
    projects = [world.pets, world.products]
    make_image(world.pets, world.uma)  # one with renditions, which count as well
    for _step in range(12):
        project, other = chance.sample(projects, 2)
        rows = list(Image.objects.filter(project=project).order_by("pk"))
        some = chance.sample(rows, chance.randint(0, len(rows)))
        match chance.choice(["arrive", "trash", "restore", "move", "purge"]):
            case "arrive":
                make_rows(project, world.uma, chance.randint(1, 4), bytes=chance.randint(1, 9999))
            case "trash":
                trash_images(access=ada, project=project, images=some)
            case "restore":
                restore_images(access=ada, project=project, images=some)
            case "move":
                move_images(access=ada, project=project, target=other, images=some)
            case "purge":
                purge_images(access=ada, project=project, images=some)

    assert list(faults_of_tallies(SYSTEM)) == []
    assert all(tally_of(project) == recount(project) for project in projects)


def test_wrong_counts_are_found_and_set_right(world: World) -> None:
    make_rows(world.pets, world.uma, 2)
    ProjectTally.objects.filter(project=world.pets).update(images=7, trashed_bytes=3)
    DayTally.objects.filter(project=world.pets).update(images=9)

    found = list(faults_of_tallies(SYSTEM, project=world.pets))
    assert len(found) == 2
    repair_tally(access=SYSTEM, project=Project.objects.get(pk=world.pets.pk))

    assert list(faults_of_tallies(SYSTEM)) == []


def test_storage_is_told_by_person_to_those_who_manage_the_project(world: World) -> None:
    make_rows(world.pets, world.uma, 2, bytes=10)
    make_rows(world.pets, world.paul, 1, bytes=50)

    use = storage_by_person(access_of(world.ada), world.pets)

    assert [(each.person, each.images, each.bytes) for each in use] == [
        (world.paul, 1, 50), (world.uma, 2, 20),
    ]  # fmt: skip
