"""What the operator decides about people and organizations, and people about themselves."""

from __future__ import annotations

import pytest

from accounts.access import Access
from accounts.actions.granting import repair_grants
from accounts.actions.organizations import create_organization
from accounts.actions.people import (
    appoint_operator,
    deactivate_person,
    dismiss_operator,
    reactivate_person,
)
from accounts.actions.preferences import rename_person, set_language, set_theme
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from accounts.grants import disagreements
from accounts.models import AuditEvent, Membership, Organization
from accounts.policies import LastAdmin
from accounts.roles import Permission, Role
from tests.builders import World, access_of, join

OPERATOR = Access.system("operator")


def test_locked_out_person_may_do_nothing_until_let_in_again(world: World) -> None:
    before = access_of(world.uma)

    deactivate_person(access=OPERATOR, user=world.uma)
    world.uma.refresh_from_db()
    assert access_of(world.uma).projects == {}

    reactivate_person(access=OPERATOR, user=world.uma)
    world.uma.refresh_from_db()
    assert access_of(world.uma) == before


def test_every_organization_finds_the_lock_in_its_own_trail(world: World) -> None:
    join(world.uma, world.harbour, Role.USER)

    deactivate_person(access=OPERATOR, user=world.uma)

    events = AuditEvent.objects.filter(action="accounts.person.deactivated")
    assert {event.organization_id for event in events} == {world.lantern.pk, world.harbour.pk}


def test_last_admin_is_locked_out_only_on_purpose(world: World) -> None:
    with pytest.raises(LastAdmin):
        deactivate_person(access=OPERATOR, user=world.ada)

    deactivate_person(access=OPERATOR, user=world.ada, even_last_admin=True)

    world.ada.refresh_from_db()
    assert not world.ada.is_active


def test_nobody_is_locked_out_twice(world: World) -> None:
    deactivate_person(access=OPERATOR, user=world.uma)

    with pytest.raises(InvalidTransition):
        deactivate_person(access=OPERATOR, user=world.uma)


def test_site_wide_deeds_are_the_operators_alone(world: World) -> None:
    access = access_of(world.ada)

    with pytest.raises(NotPermitted):
        deactivate_person(access=access, user=world.uma)
    with pytest.raises(NotPermitted):
        create_organization(access=access, name="Eve's", slug="eves")
    with pytest.raises(NotPermitted):
        repair_grants(access=access)


def test_short_name_of_an_organization_is_its_own(world: World) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create_organization(access=OPERATOR, name="Lantern", slug="lantern")

    assert refusal.value.field == "slug"
    assert Organization.objects.filter(slug="lantern").count() == 1


def test_repair_makes_grants_say_what_the_memberships_say(world: World) -> None:
    Membership.objects.filter(user=world.uma).update(role=Role.REVIEWER.value)

    assert repair_grants(access=OPERATOR) == [(world.uma.pk, world.lantern.pk)]

    assert disagreements() == []
    assert access_of(world.uma).allows(Permission.REVIEW_IMAGES, world.pets.pk)
    assert AuditEvent.objects.get().action == "accounts.grants.repaired"


def test_new_name_is_written_down_where_the_person_belongs(world: World) -> None:
    rename_person(access=access_of(world.uma), user=world.uma, name=" Uma Lindqvist ")

    world.uma.refresh_from_db()
    assert world.uma.name == "Uma Lindqvist"
    event = AuditEvent.objects.get()
    assert (event.organization_id, event.data) == (
        world.lantern.pk,
        {"before": "Uma", "after": "Uma Lindqvist"},
    )


def test_nobody_decides_for_somebody_else(world: World) -> None:
    access = access_of(world.ada)

    with pytest.raises(NotVisible):
        rename_person(access=access, user=world.uma, name="Eve")
    with pytest.raises(NotVisible):
        set_language(access=access, user=world.uma, language="en")
    with pytest.raises(NotVisible):
        set_theme(access=access, user=world.uma, theme="dark")


def test_operator_looks_after_the_site_and_gets_no_role_by_it(world: World) -> None:
    appoint_operator(access=OPERATOR, user=world.uma)
    world.uma.refresh_from_db()
    access = access_of(world.uma)
    access.require_operator()
    assert not access.allows_in_organization(Permission.MANAGE_MEMBERS, world.lantern.pk)
    assert not access.allows(Permission.VIEW_GALLERY, world.harbour_project.pk)

    dismiss_operator(access=OPERATOR, user=world.uma)
    world.uma.refresh_from_db()
    with pytest.raises(NotPermitted):
        access_of(world.uma).require_operator()


def test_trail_of_the_site_and_of_the_persons_organizations_tell_of_operators(world: World) -> None:
    appoint_operator(access=OPERATOR, user=world.uma)

    events = AuditEvent.objects.filter(action="accounts.person.appointed")
    assert {event.organization_id for event in events} == {world.lantern.pk, None}


def test_nobody_is_appointed_twice_or_dismissed_from_nothing(world: World) -> None:
    with pytest.raises(InvalidTransition):
        dismiss_operator(access=OPERATOR, user=world.uma)
    appoint_operator(access=OPERATOR, user=world.uma)
    with pytest.raises(InvalidTransition):
        appoint_operator(access=OPERATOR, user=world.uma)


def test_operators_cannot_make_operators(world: World) -> None:
    appoint_operator(access=OPERATOR, user=world.ada)
    world.ada.refresh_from_db()

    with pytest.raises(NotPermitted):
        appoint_operator(access=access_of(world.ada), user=world.uma)
    with pytest.raises(NotPermitted):
        dismiss_operator(access=access_of(world.ada), user=world.ada)
