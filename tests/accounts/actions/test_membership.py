"""Roles given and taken: who may, what happens, and from when on."""

from __future__ import annotations

import json

import pytest
import redis
from django.conf import settings

from accounts.access import Access
from accounts.actions.membership import (
    change_role,
    deactivate_member,
    reactivate_member,
    remove_member,
)
from accounts.actions.tokens import create_token
from accounts.errors import InvalidTransition, NotPermitted, NotVisible
from accounts.grants import disagreements
from accounts.live import channel_of
from accounts.models import AuditEvent, Membership
from accounts.policies import LastAdmin
from accounts.queries.tokens import live_token
from accounts.roles import Permission, Role, Scope
from tests.builders import World, access_of, join, make_person

OPERATOR = Access.system("operator")


def membership_of(person, project=None) -> Membership:
    return Membership.objects.select_related("organization", "project", "user").get(
        user=person, project=project
    )


def test_admin_makes_a_user_a_reviewer(world: World) -> None:
    change_role(
        access=access_of(world.ada), membership=membership_of(world.uma), role=Role.REVIEWER
    )

    assert access_of(world.uma).allows(Permission.REVIEW_IMAGES, world.products.pk)
    assert disagreements() == []


def test_changed_role_is_written_down_with_both_roles(world: World) -> None:
    change_role(
        access=access_of(world.ada), membership=membership_of(world.uma), role=Role.REVIEWER
    )

    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("accounts.member.role_changed", world.ada.pk)
    assert (event.target_label, event.organization_id) == ("Uma", world.lantern.pk)
    assert event.data == {"before": "user", "after": "reviewer", "project": ""}


def test_same_role_again_changes_nothing(world: World) -> None:
    change_role(access=access_of(world.ada), membership=membership_of(world.uma), role=Role.USER)

    assert not AuditEvent.objects.exists()


def test_person_hears_of_their_new_role_after_commit(
    world: World, django_capture_on_commit_callbacks
) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        ear = connection.pubsub()
        ear.subscribe(channel_of(world.uma.pk))
        ear.get_message(timeout=1)
        with django_capture_on_commit_callbacks(execute=True):
            change_role(
                access=access_of(world.ada),
                membership=membership_of(world.uma),
                role=Role.REVIEWER,
            )
        message = ear.get_message(timeout=2)

    assert message is not None
    assert json.loads(message["data"]) == {"type": "access"}


@pytest.mark.parametrize("name", ["uma", "rita", "paul"])
def test_only_admins_change_roles(world: World, name: str) -> None:
    with pytest.raises(NotPermitted):
        change_role(
            access=access_of(getattr(world, name)),
            membership=membership_of(world.ada),
            role=Role.USER,
        )


def test_admin_of_another_organization_learns_nothing(world: World) -> None:
    with pytest.raises(NotVisible):
        change_role(
            access=access_of(world.mallory), membership=membership_of(world.uma), role=Role.ADMIN
        )
    with pytest.raises(NotVisible):
        deactivate_member(
            access=access_of(world.mallory), organization=world.lantern, user=world.uma
        )


def test_nobody_changes_their_own_role(world: World) -> None:
    join(make_person("alice"), world.lantern, Role.ADMIN)

    with pytest.raises(NotPermitted, match="your own role"):
        change_role(
            access=access_of(world.ada), membership=membership_of(world.ada), role=Role.USER
        )


def test_nobody_removes_or_deactivates_themselves(world: World) -> None:
    join(make_person("alice"), world.lantern, Role.ADMIN)
    access = access_of(world.ada)

    with pytest.raises(NotPermitted, match="remove yourself"):
        remove_member(access=access, membership=membership_of(world.ada))
    with pytest.raises(NotPermitted, match="deactivate yourself"):
        deactivate_member(access=access, organization=world.lantern, user=world.ada)


def test_last_admin_stays(world: World) -> None:
    with pytest.raises(LastAdmin):
        change_role(access=OPERATOR, membership=membership_of(world.ada), role=Role.USER)
    with pytest.raises(LastAdmin):
        remove_member(access=OPERATOR, membership=membership_of(world.ada))
    with pytest.raises(LastAdmin):
        deactivate_member(access=OPERATOR, organization=world.lantern, user=world.ada)

    assert access_of(world.ada).allows(Permission.MANAGE_MEMBERS, world.pets.pk)


def test_admin_who_cannot_sign_in_does_not_count_as_another_admin(world: World) -> None:
    alice = make_person("alice", is_active=False)
    join(alice, world.lantern, Role.ADMIN)
    bob = make_person("bob")
    join(bob, world.lantern, Role.ADMIN)
    deactivate_member(access=access_of(world.ada), organization=world.lantern, user=bob)

    with pytest.raises(LastAdmin):
        remove_member(access=OPERATOR, membership=membership_of(world.ada))


def test_admin_of_one_project_does_not_count_as_admin_of_the_organization(world: World) -> None:
    join(world.rita, world.lantern, Role.ADMIN, project=world.pets)

    with pytest.raises(LastAdmin):
        change_role(access=OPERATOR, membership=membership_of(world.ada), role=Role.REVIEWER)


def test_one_of_two_admins_can_go(world: World) -> None:
    alice = make_person("alice")
    join(alice, world.lantern, Role.ADMIN)

    remove_member(access=access_of(alice), membership=membership_of(world.ada))

    assert access_of(world.ada).projects == {}


def test_removed_member_sees_nothing_on_the_next_look(world: World) -> None:
    remove_member(access=access_of(world.ada), membership=membership_of(world.uma))

    access = access_of(world.uma)
    assert (access.projects, access.organizations) == ({}, {})
    assert AuditEvent.objects.get().action == "accounts.member.removed"


def test_removing_one_of_two_memberships_keeps_the_other(world: World) -> None:
    join(world.uma, world.lantern, Role.REVIEWER, project=world.pets)

    remove_member(access=access_of(world.ada), membership=membership_of(world.uma))

    access = access_of(world.uma)
    assert access.projects_with(Permission.REVIEW_IMAGES) == [world.pets.pk]
    assert access.projects_with(Permission.VIEW_GALLERY) == [world.pets.pk]


def test_tokens_end_with_the_last_membership(world: World) -> None:
    _token, secret = create_token(
        access=access_of(world.uma),
        user=world.uma,
        organization=world.lantern,
        name="export",
        scopes=[Scope.READ],
    )

    remove_member(access=access_of(world.ada), membership=membership_of(world.uma))

    assert live_token(secret) is None


def test_membership_that_is_gone_cannot_be_removed_again(world: World) -> None:
    membership = membership_of(world.uma)
    remove_member(access=access_of(world.ada), membership=membership_of(world.uma))

    with pytest.raises(InvalidTransition):
        remove_member(access=access_of(world.ada), membership=membership)


def test_deactivated_member_loses_every_project_and_gets_the_same_back(world: World) -> None:
    join(world.uma, world.lantern, Role.REVIEWER, project=world.pets)
    before = access_of(world.uma)

    deactivate_member(access=access_of(world.ada), organization=world.lantern, user=world.uma)
    assert access_of(world.uma).projects == {}
    assert access_of(world.uma).organizations == {}

    reactivate_member(access=access_of(world.ada), organization=world.lantern, user=world.uma)
    assert access_of(world.uma) == before
    actions = list(AuditEvent.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["accounts.member.deactivated", "accounts.member.reactivated"]


def test_deactivation_in_one_organization_leaves_the_other_alone(world: World) -> None:
    join(world.uma, world.harbour, Role.USER)

    deactivate_member(access=access_of(world.ada), organization=world.lantern, user=world.uma)

    assert access_of(world.uma).projects_with(Permission.VIEW_GALLERY) == [world.harbour_project.pk]


def test_deactivated_member_cannot_be_deactivated_or_given_a_role(world: World) -> None:
    deactivate_member(access=access_of(world.ada), organization=world.lantern, user=world.uma)

    with pytest.raises(InvalidTransition):
        deactivate_member(access=access_of(world.ada), organization=world.lantern, user=world.uma)
    with pytest.raises(InvalidTransition):
        change_role(
            access=access_of(world.ada), membership=membership_of(world.uma), role=Role.ADMIN
        )


def test_admin_of_a_project_manages_the_people_of_that_project_only(world: World) -> None:
    join(world.rita, world.lantern, Role.ADMIN, project=world.pets)
    access = access_of(world.rita)

    change_role(access=access, membership=membership_of(world.paul, world.pets), role=Role.REVIEWER)

    assert access_of(world.paul).allows(Permission.REVIEW_IMAGES, world.pets.pk)
    with pytest.raises(NotPermitted):
        change_role(access=access, membership=membership_of(world.uma), role=Role.REVIEWER)
    with pytest.raises(NotPermitted):
        deactivate_member(access=access, organization=world.lantern, user=world.paul)


def test_admin_of_one_project_does_not_manage_another(world: World) -> None:
    join(world.rita, world.lantern, Role.ADMIN, project=world.pets)
    elsewhere = join(world.paul, world.lantern, Role.USER, project=world.products)

    with pytest.raises(NotPermitted):
        remove_member(access=access_of(world.rita), membership=elsewhere)
