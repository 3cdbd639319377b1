"""The page of the audit trail."""

from __future__ import annotations

import re

import pytest

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.actions.membership import change_role, remove_member
from accounts.actions.people import appoint_operator
from accounts.models import AuditEvent, Membership
from accounts.queries.audit import PAGE_SIZE
from accounts.roles import Role
from tests.builders import World, access_of, make_operator

AUDIT = "/organizations/lantern/audit/"


def promote_uma(world: World) -> None:
    change_role(
        access=access_of(world.ada),
        membership=Membership.objects.get(user=world.uma),
        role=Role.REVIEWER,
    )


def many(world: World, count: int) -> None:
    for _number in range(count):
        record(
            access_of(world.ada),
            "accounts.project.created",
            world.pets,
            organization_id=world.lantern.pk,
        )


def test_event_reads_as_a_sentence(world: World, client_for) -> None:
    promote_uma(world)

    page = client_for(world.ada).get(AUDIT).content.decode()

    assert "<b>Ada</b> changed the role of <b>Uma</b> from User to Reviewer" in page


def test_empty_trail_says_so(world: World, client_for) -> None:
    assert "Nothing has happened yet" in client_for(world.ada).get(AUDIT).content.decode()


def test_older_events_come_as_a_fragment(world: World, client_for) -> None:
    many(world, PAGE_SIZE + 3)
    ada = client_for(world.ada)

    page = ada.get(AUDIT).content.decode()
    found = re.search(r'hx-get="([^"]*before=\d+)"', page)
    assert found is not None
    fragment = ada.get(found[1], headers={"HX-Request": "true"}).content.decode()

    assert page.count("timeline-mark") == PAGE_SIZE
    assert fragment.count("timeline-mark") == 3
    assert "<html" not in fragment
    assert "hx-get" not in fragment


def test_page_asks_the_database_the_same_for_many_events(
    world: World, client_for, django_assert_max_num_queries
) -> None:
    many(world, PAGE_SIZE)
    ada = client_for(world.ada)

    with django_assert_max_num_queries(9):
        ada.get(AUDIT)


def test_filters_are_kept_in_the_address_of_older_events(world: World, client_for) -> None:
    many(world, PAGE_SIZE + 1)
    promote_uma(world)

    page = client_for(world.ada).get(AUDIT, {"action": "accounts.project.created"}).content.decode()

    assert "changed the role" not in page.partition('id="trail"')[2]
    assert "action=accounts.project.created" in page.partition('id="trail"')[2]


def test_person_who_left_can_still_be_asked_for(world: World, client_for) -> None:
    record(
        access_of(world.rita),
        "accounts.token.created",
        world.pets,
        organization_id=world.lantern.pk,
    )
    remove_member(access=access_of(world.ada), membership=Membership.objects.get(user=world.rita))

    page = client_for(world.ada).get(AUDIT, {"person": world.rita.pk}).content.decode()

    trail = page.partition('id="trail"')[2]
    assert "<b>Rita</b>" in trail
    assert "removed" not in trail


@pytest.mark.parametrize(
    "query",
    [
        "person=x",
        "person=-1",
        "person=99999999999999999999",
        "action=no.such",
        "before=x",
        "before=0",
        "before=" + "9" * 30,
    ],
)
def test_nonsense_in_the_address_is_as_if_not_asked(world: World, client_for, query: str) -> None:
    promote_uma(world)

    response = client_for(world.ada).get(f"{AUDIT}?{query}")

    assert response.status_code == 200
    assert "changed the role" in response.content.decode()


def test_person_of_another_organization_is_not_named(world: World, client_for) -> None:
    record(
        access_of(world.mallory),
        "accounts.project.created",
        world.harbour_project,
        organization_id=world.harbour.pk,
    )

    page = client_for(world.ada).get(AUDIT, {"person": world.mallory.pk}).content.decode()

    assert "Mallory" not in page
    assert AuditEvent.objects.count() == 1


def test_operators_read_the_trail_of_the_site_page_by_page(world: World, client_for) -> None:
    olga = make_operator()
    browser = client_for(olga)
    assert "Nothing has happened yet" in browser.get("/site/audit/").content.decode()
    appoint_operator(access=Access.system("set_operator"), user=world.uma)
    for _number in range(PAGE_SIZE):
        record(access_of(olga), "generation.model.edited", olga, organization_id=None)

    page = browser.get("/site/audit/").content.decode()
    (older,) = re.findall(r'hx-get="([^"]*before=\d+)"', page)
    fragment = browser.get(older, headers={"HX-Request": "true"}).content.decode()

    assert "<b>set_operator</b> let <b>Uma</b> operate the site" in fragment
    assert "operate the site</p>" not in page
    assert "<html" not in fragment
    assert client_for(world.ada).get("/site/audit/").status_code == 403
