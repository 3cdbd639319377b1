"""Kept searches on their page and in the gallery's menu."""

from __future__ import annotations

import pytest

from assets.actions.searches import save_search
from assets.models import SavedSearch
from tests.builders import access_of


@pytest.fixture
def path(world):
    return f"/projects/{world.pets.pk}/searches/"


def save(world, person, name, **options):
    return save_search(
        access=access_of(person),
        project=world.pets,
        name=name,
        query=options.pop("query", "rating:>=4"),
        **options,
    )


def test_what_is_searched_is_saved_in_its_canonical_spelling(world, client_for, path):
    client = client_for(world.uma)

    form = client.get(path, {"q": "标签:hero"}).content.decode()
    saved = client.post(path, {"name": "Heroes", "query": "标签:hero"})

    assert "标签:hero" in form
    assert SavedSearch.objects.get().query == "tag:hero"
    assert saved["Location"] == f"/projects/{world.pets.pk}/?q=tag%3Ahero"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": "x", "query": "stauts:approved"}, "status"),
        ({"name": "x", "query": "  "}, "required"),
        ({"name": "Taken", "query": "tag:hero"}, "of this name already"),
        ({"name": " ", "query": "tag:hero"}, "required"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_the_field(world, client_for, path, sent, says):
    save(world, world.uma, "Taken")

    answer = client_for(world.uma).post(path, sent)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert SavedSearch.objects.count() == 1


def test_the_menu_offers_ones_own_and_the_shared_ones_and_to_save(world, client_for, path):
    save(world, world.uma, "My own")
    save(world, world.rita, "Ritas shared", is_shared=True)
    save(world, world.rita, "Ritas private")
    client = client_for(world.uma)

    menu = client.get(f"{path}menu/", {"q": "熊猫"}).content.decode()

    assert "My own" in menu
    assert "Ritas shared" in menu
    assert "Ritas private" not in menu
    assert "Save this search" in menu
    assert "Save this search" not in client.get(f"{path}menu/").content.decode()


def test_a_search_is_changed_pinned_and_deleted(world, client_for, path):
    search = save(world, world.uma, "Best")
    client = client_for(world.uma)

    client.post(f"/searches/{search.pk}/", {"name": "Best of", "query": "rating:5"})
    client.post(f"/searches/{search.pk}/pin/", {"is_pinned": "1"})
    search.refresh_from_db()
    assert (search.name, search.query, search.is_pinned) == ("Best of", "rating:5", True)
    client.post(f"/searches/{search.pk}/delete/")
    assert not SavedSearch.objects.exists()


def test_shared_ones_are_their_owners_and_the_managers_to_change(world, client_for):
    shared = save(world, world.uma, "Shared", is_shared=True)
    private = save(world, world.uma, "Private")
    sent = {"name": "Mine now", "query": "tag:x", "is_shared": "on"}

    assert client_for(world.rita).post(f"/searches/{shared.pk}/", sent).status_code == 403
    assert client_for(world.rita).get(f"/searches/{private.pk}/").status_code == 404
    assert client_for(world.mallory).post(f"/searches/{shared.pk}/delete/").status_code == 404
    assert client_for(world.ada).post(f"/searches/{shared.pk}/", sent).status_code == 302
    assert client_for(world.ada).post(f"/searches/{private.pk}/delete/").status_code == 404
