"""Beginning a project and describing it."""

from __future__ import annotations

import pytest

from accounts.actions.invitations import accept_invitation, invite_member
from accounts.actions.projects import create_project, rename_project
from accounts.errors import InvalidInput, NotPermitted, NotVisible
from accounts.grants import disagreements
from accounts.models import AuditEvent, Project
from accounts.roles import Permission, Role
from tests.builders import World, access_of, join, make_person
from tests.concurrency import at_once


def test_new_project_is_open_to_the_whole_organization_at_once(world: World) -> None:
    project = create_project(
        access=access_of(world.ada), organization=world.lantern, name=" Posters ", description="A1"
    )

    assert (project.name, project.description) == ("Posters", "A1")
    assert access_of(world.uma).allows(Permission.REQUEST_IMAGES, project.pk)
    assert access_of(world.ada).allows(Permission.MANAGE_PROJECT, project.pk)
    assert not access_of(world.paul).allows(Permission.VIEW_GALLERY, project.pk)
    assert disagreements() == []


@pytest.mark.django_db(transaction=True)
def test_who_joins_while_a_project_is_added_can_enter_it(world: World) -> None:
    people = [make_person(f"newcomer{number}") for number in range(4)]
    admin = access_of(world.ada)
    links = [
        invite_member(access=admin, organization=world.lantern, email=person.email, role=Role.USER)[
            1
        ]
        for person in people
    ]

    def add_or_join(number: int) -> None:
        if number % 2:
            create_project(access=admin, organization=world.lantern, name=f"Posters {number}")
        else:
            person = people[number // 2]
            accept_invitation(access=access_of(person), user=person, secret=links[number // 2])

    at_once(8, add_or_join)

    assert disagreements() == []


def test_new_project_is_written_down(world: World) -> None:
    project = create_project(
        access=access_of(world.ada), organization=world.lantern, name="Posters"
    )

    event = AuditEvent.objects.get()
    assert (event.action, event.project_id) == ("accounts.project.created", project.pk)


def test_only_admins_of_the_organization_begin_projects(world: World) -> None:
    join(world.rita, world.lantern, Role.ADMIN, project=world.pets)

    for person, refusal in (
        (world.uma, NotPermitted),
        (world.rita, NotPermitted),
        (world.mallory, NotVisible),
    ):
        with pytest.raises(refusal):
            create_project(access=access_of(person), organization=world.lantern, name="Posters")


def test_two_projects_of_one_organization_have_different_names(world: World) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create_project(access=access_of(world.ada), organization=world.lantern, name="宠物主题 ")

    assert refusal.value.field == "name"
    create_project(access=access_of(world.mallory), organization=world.harbour, name="宠物主题")


@pytest.mark.django_db(transaction=True)
def test_of_two_projects_begun_at_one_moment_one_gets_the_name(world: World) -> None:
    admin = access_of(world.ada)

    begun = at_once(
        4,
        lambda _number: create_project(access=admin, organization=world.lantern, name="Posters"),
        refusal=InvalidInput,
    )

    assert len([project for project in begun if project]) == 1


def test_name_taken_since_it_was_asked_for_is_refused(world: World, monkeypatch) -> None:
    monkeypatch.setattr(
        "accounts.actions.projects.why_not_project_name", lambda *_args, **_options: None
    )

    with pytest.raises(InvalidInput) as refusal:
        rename_project(
            access=access_of(world.ada),
            project=world.pets,
            name=world.products.name,
            description="",
        )

    assert refusal.value.field == "name"


def test_project_is_renamed_by_its_admin(world: World) -> None:
    join(world.rita, world.lantern, Role.ADMIN, project=world.pets)

    rename_project(
        access=access_of(world.rita), project=world.pets, name="宠物", description="小猫小狗"
    )

    world.pets.refresh_from_db()
    assert (world.pets.name, world.pets.description) == ("宠物", "小猫小狗")
    event = AuditEvent.objects.get()
    assert (event.action, event.data) == (
        "accounts.project.renamed",
        {"before": "宠物主题", "after": "宠物"},
    )


def test_saving_a_project_as_it_is_leaves_no_trace(world: World) -> None:
    rename_project(access=access_of(world.ada), project=world.pets, name="宠物主题", description="")

    assert not AuditEvent.objects.exists()


def test_project_keeps_its_own_name_when_described(world: World) -> None:
    rename_project(
        access=access_of(world.ada), project=world.pets, name="宠物主题", description="猫"
    )

    assert AuditEvent.objects.get().action == "accounts.project.described"


def test_project_cannot_take_the_name_of_another(world: World) -> None:
    with pytest.raises(InvalidInput):
        rename_project(
            access=access_of(world.ada),
            project=world.pets,
            name="Product backgrounds",
            description="",
        )

    assert Project.objects.get(pk=world.pets.pk).name == "宠物主题"


def test_user_cannot_rename_a_project(world: World) -> None:
    with pytest.raises(NotPermitted):
        rename_project(access=access_of(world.uma), project=world.pets, name="x", description="")
