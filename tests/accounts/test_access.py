"""The question "may I?", from rows to answers."""

from __future__ import annotations

import pytest

from accounts import grants
from accounts.access import Access
from accounts.errors import NotPermitted, NotVisible
from accounts.models import Membership
from accounts.roles import Permission, Role
from tests.builders import World, access_of, join, make_person, make_project


def test_access_is_built_in_one_query(world: World, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        access_of(world.ada)


def test_user_may_request_but_not_review(world: World) -> None:
    access = access_of(world.uma)

    assert access.allows(Permission.REQUEST_IMAGES, world.pets.pk)
    with pytest.raises(NotPermitted):
        access.require(Permission.REVIEW_IMAGES, world.pets.pk)


def test_stranger_is_told_that_nothing_is_there(world: World) -> None:
    with pytest.raises(NotVisible):
        access_of(world.mallory).require(Permission.VIEW_GALLERY, world.pets.pk)
    with pytest.raises(NotVisible):
        access_of(world.mallory).require_in_organization(
            Permission.MANAGE_MEMBERS, world.lantern.pk
        )


def test_member_of_one_project_sees_only_that_project(world: World) -> None:
    access = access_of(world.paul)

    assert access.projects_with(Permission.VIEW_GALLERY) == [world.pets.pk]
    assert access.allows_in_organization(Permission.VIEW_ORGANIZATION, world.lantern.pk)


def test_new_project_is_open_to_members_of_the_whole_organization(world: World) -> None:
    project = make_project(world.lantern, "Posters")

    assert access_of(world.rita).allows(Permission.REVIEW_IMAGES, project.pk)
    assert not access_of(world.paul).allows(Permission.VIEW_GALLERY, project.pk)


def test_roles_of_two_memberships_add_up(world: World) -> None:
    join(world.uma, world.lantern, Role.REVIEWER, project=world.pets)

    access = access_of(world.uma)

    assert access.allows(Permission.REVIEW_IMAGES, world.pets.pk)
    assert not access.allows(Permission.REVIEW_IMAGES, world.products.pk)


def test_guardian_answers_the_same(world: World) -> None:
    assert world.rita.has_perm("accounts.review_images", world.pets)
    assert not world.uma.has_perm("accounts.review_images", world.pets)


def test_inactive_person_may_do_nothing(world: World) -> None:
    world.ada.is_active = False

    assert access_of(world.ada).projects == {}


def test_ones_own_work_is_ones_own_and_that_of_others_the_admins(world: World) -> None:
    access_of(world.uma).require_work_of(world.uma.pk, world.pets.pk)
    access_of(world.ada).require_work_of(world.uma.pk, world.pets.pk)
    access_of(world.ada).require_to_manage_work(world.pets.pk)
    for person, refusal in ((world.rita, NotPermitted), (world.mallory, NotVisible)):
        with pytest.raises(refusal):
            access_of(person).require_work_of(world.uma.pk, world.pets.pk)
    with pytest.raises(NotPermitted):
        access_of(world.uma).require_to_manage_work(world.pets.pk)


def test_ones_own_work_is_out_of_reach_without_the_permission_to_ask(world: World) -> None:
    reader = access_of(world.uma).limited_to(frozenset({Permission.VIEW_GALLERY}))

    with pytest.raises(NotPermitted):
        reader.require_work_of(world.uma.pk, world.pets.pk)


def test_operators_look_after_the_work_of_the_whole_site_but_their_programs_do_not(
    world: World,
) -> None:
    operator = make_person("olga", is_superuser=True)
    access = access_of(operator)

    access.require_work_of(world.mallory.pk, world.harbour_project.pk)
    access.require_to_manage_work(world.pets.pk)
    with pytest.raises(NotVisible):
        access.limited_to(frozenset(Permission)).require_to_manage_work(world.pets.pk)


def test_system_access_is_never_limited(world: World) -> None:
    Access.system("gpu-worker").require(Permission.REVIEW_IMAGES, world.pets.pk)


def test_disagreement_between_memberships_and_grants_is_found(world: World) -> None:
    assert grants.disagreements() == []

    Membership.objects.filter(user=world.uma).update(role=Role.REVIEWER.value)

    assert grants.disagreements() == [(world.uma.pk, world.lantern.pk)]
