"""Reading the audit trail."""

from __future__ import annotations

import pytest

from accounts.actions.auditing import record
from accounts.errors import NotPermitted, NotVisible
from accounts.models import AuditEvent
from accounts.queries.audit import site_trail, trail_of
from accounts.roles import Role
from tests.builders import World, access_of, join, make_operator


def happen(world: World, times: int, person=None, project=None, organization=None) -> None:
    access = access_of(person or world.ada)
    organization = organization or world.lantern
    for number in range(times):
        record(
            access,
            "accounts.project.renamed",
            project or world.pets,
            organization_id=organization.pk,
            project_id=project.pk if project else None,
            before=str(number),
        )


def said(page) -> list[str]:
    return [event.data["before"] for event in page.events]


def test_newest_comes_first_and_pages_stay_put_while_new_events_arrive(world: World) -> None:
    happen(world, 5)
    access = access_of(world.ada)
    first = trail_of(access, world.lantern, size=2)
    happen(world, 3)

    second = trail_of(access, world.lantern, size=2, before=first.before)
    third = trail_of(access, world.lantern, size=2, before=second.before)

    assert [said(first), said(second), said(third)] == [["4", "3"], ["2", "1"], ["0"]]
    assert third.before is None


def test_full_last_page_promises_no_other(world: World) -> None:
    happen(world, 2)

    assert trail_of(access_of(world.ada), world.lantern, size=2).before is None


def test_trail_is_narrowed_by_person_and_action(world: World) -> None:
    happen(world, 1)
    happen(world, 2, person=world.rita)
    access = access_of(world.ada)

    assert len(trail_of(access, world.lantern, person_id=world.rita.pk).events) == 2
    assert len(trail_of(access, world.lantern, action="accounts.project.renamed").events) == 3
    assert trail_of(access, world.lantern, action="accounts.member.removed").events == []


def test_trail_of_another_organization_is_not_there(world: World) -> None:
    happen(
        world, 1, person=world.mallory, project=world.harbour_project, organization=world.harbour
    )

    assert trail_of(access_of(world.ada), world.lantern).events == []
    with pytest.raises(NotVisible):
        trail_of(access_of(world.ada), world.harbour)
    with pytest.raises(NotPermitted):
        trail_of(access_of(world.rita), world.lantern)


def test_admin_of_a_project_reads_the_trail_of_that_project_only(world: World) -> None:
    join(world.rita, world.lantern, Role.ADMIN, project=world.pets)
    happen(world, 1, project=world.pets)
    happen(world, 1, project=world.products)
    happen(world, 1)

    events = trail_of(access_of(world.rita), world.lantern).events

    assert [event.project for event in events] == [world.pets]


def test_events_are_never_changed_or_deleted(world: World) -> None:
    happen(world, 1)
    event = AuditEvent.objects.get()

    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


def test_trail_of_the_site_holds_what_belongs_to_no_organization(world: World) -> None:
    happen(world, 2)
    olga = make_operator()
    for number in range(3):
        record(access_of(olga), "a.b.c", olga, organization_id=None, before=str(number))
    access = access_of(olga)

    first = site_trail(access, size=2)
    rest = site_trail(access, size=2, before=first.before)

    assert [said(first), said(rest), rest.before] == [["2", "1"], ["0"], None]
    assert trail_of(access_of(world.ada), world.lantern, action="a.b.c").events == []


def test_trail_of_the_site_is_for_operators(world: World) -> None:
    for person in (world.ada, world.mallory):
        with pytest.raises(NotPermitted):
            site_trail(access_of(person))
