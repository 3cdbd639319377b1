"""What every answer to a signed-in person carries."""

from __future__ import annotations

import pytest

from tests.builders import World

pytestmark = pytest.mark.django_db


def test_pages_of_a_person_are_for_no_shared_cache(world: World, client_for) -> None:
    assert client_for(world.uma).get("/")["Cache-Control"] == "private"


def test_what_says_how_to_be_kept_keeps_its_word(world: World, client_for) -> None:
    assert (
        "no-store"
        in client_for(world.uma).get(f"/projects/{world.pets.pk}/generate/")["Cache-Control"]
    )
