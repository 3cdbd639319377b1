"""Searches that somebody keeps."""

from __future__ import annotations

import pytest

from accounts.errors import InvalidInput, LimitExceeded, NotPermitted, NotVisible
from accounts.models import AuditEvent
from assets.actions import searches
from assets.actions.searches import change_search, delete_search, save_search
from assets.models import SavedSearch
from tests.builders import access_of


def save(world, name="Heroes", query="tag:hero", person=None, **options):
    return save_search(
        access=access_of(person or world.uma),
        project=world.pets,
        name=name,
        query=query,
        **options,
    )


def test_ones_own_searches_leave_no_trace_in_the_trail(world):
    search = save(world)
    change_search(access=access_of(world.uma), search=search, name="Best", query="tag:best")
    change_search(access=access_of(world.uma), search=search, is_pinned=True)

    assert SavedSearch.objects.values_list("name", "query", "is_pinned", "is_shared").get() == (
        "Best",
        "tag:best",
        True,
        False,
    )
    delete_search(access=access_of(world.uma), search=search)
    assert not SavedSearch.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="assets.search").exists()


def test_sharing_and_what_happens_to_shared_ones_is_told(world):
    access = access_of(world.uma)
    search = save(world)

    change_search(access=access, search=search, is_shared=True)
    change_search(access=access, search=search, name="Best")
    change_search(access=access, search=search, is_shared=False)
    change_search(access=access, search=search, is_shared=True)
    delete_search(access=access, search=search)

    happened = AuditEvent.objects.filter(action__startswith="assets.search").order_by("pk")
    assert [event.action.rpartition(".")[2] for event in happened] == [
        "shared",
        "changed",
        "unshared",
        "shared",
        "deleted",
    ]


def test_a_name_is_used_once_by_a_person_in_a_project(world):
    save(world)
    save(world, person=world.rita)

    with pytest.raises(InvalidInput) as refusal:
        save(world)
    other = save(world, name="Other")
    with pytest.raises(InvalidInput):
        change_search(access=access_of(world.uma), search=other, name="Heroes")

    assert (refusal.value.field, refusal.value.code) == ("name", "name_taken")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": " "}),
        ("query", {"query": " "}),
        ("query", {"query": "a" * 2001}),
        ("query", {"query": "stauts:approved"}),
    ],
)
def test_what_says_nothing_or_too_much_is_refused(world, field, values):
    with pytest.raises(InvalidInput) as refusal:
        save(world, **values)
    assert refusal.value.field == field


def test_there_is_a_limit(world, monkeypatch):
    monkeypatch.setattr(searches, "SEARCHES_OF_A_PERSON", 1)
    save(world)

    with pytest.raises(LimitExceeded):
        save(world, name="Second")


def test_others_see_nothing_of_a_private_one_and_managers_tidy_shared_ones(world):
    private, shared = save(world), save(world, name="Shared", is_shared=True)

    for search, person, refusal in (
        (private, world.mallory, NotVisible),
        (private, world.rita, NotVisible),
        (private, world.ada, NotVisible),
        (shared, world.mallory, NotVisible),
        (shared, world.rita, NotPermitted),
    ):
        with pytest.raises(refusal):
            change_search(access=access_of(person), search=search, name="Taken")
        with pytest.raises(refusal):
            delete_search(access=access_of(person), search=search)

    delete_search(access=access_of(world.ada), search=shared)
    assert SavedSearch.objects.get() == private
