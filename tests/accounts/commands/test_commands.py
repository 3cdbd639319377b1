"""The operator's commands."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, Organization, User
from accounts.roles import Permission, Role
from tests.builders import World, access_of

PASSWORD = "seven quiet lanterns"


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_new_organization_prints_the_link_that_makes_its_first_admin(db) -> None:
    out = run("create_organization", "Lantern 灯笼", "--slug=lantern", "--admin=Ada@example.com")

    link = re.search(r"/invitations/[\w-]+/", out)
    assert link is not None
    Client().post(link[0], {"name": "Ada", "password": PASSWORD})
    ada = User.objects.get(email="ada@example.com")
    organization = Organization.objects.get(slug="lantern")
    assert access_of(ada).allows_in_organization(Permission.CREATE_PROJECTS, organization.pk)


@pytest.mark.parametrize(
    ("slug", "email"), [("lan tern", "ada@example.com"), ("new", "ada"), ("lantern", "a@b.org")]
)
def test_organization_is_not_created_by_halves(world: World, slug: str, email: str) -> None:
    with pytest.raises(CommandError):
        run("create_organization", "New", f"--slug={slug}", f"--admin={email}")

    assert Organization.objects.count() == 2


def test_check_of_grants_fails_when_something_disagrees(world: World) -> None:
    assert run("sync_grants", "--check").strip() == "All agree."
    Membership.objects.filter(user=world.uma).update(role=Role.REVIEWER.value)

    with pytest.raises(CommandError, match="1 disagree"):
        run("sync_grants", "--check")

    assert not access_of(world.uma).allows(Permission.REVIEW_IMAGES, world.pets.pk)
    assert "1 repaired." in run("sync_grants")
    assert run("sync_grants").strip() == "All agree."


def test_person_is_locked_out_and_let_in_by_address(world: World) -> None:
    run("deactivate_person", "UMA@example.com")
    world.uma.refresh_from_db()
    assert not world.uma.is_active

    run("deactivate_person", "uma@example.com", "--undo")
    world.uma.refresh_from_db()
    assert world.uma.is_active


def test_locking_out_explains_what_is_in_the_way(world: World) -> None:
    with pytest.raises(CommandError, match="Nobody here"):
        run("deactivate_person", "nobody@example.com")
    with pytest.raises(CommandError, match="--even-last-admin"):
        run("deactivate_person", "ada@example.com")

    run("deactivate_person", "ada@example.com", "--even-last-admin")
    world.ada.refresh_from_db()
    assert not world.ada.is_active


def test_operator_is_appointed_and_dismissed_by_address(world: World) -> None:
    assert "now operates the site" in run("set_operator", "ADA@example.com")
    world.ada.refresh_from_db()
    assert access_of(world.ada).operates_site

    with pytest.raises(CommandError, match="already"):
        run("set_operator", "ada@example.com")
    assert "no longer operates" in run("set_operator", "ada@example.com", "--revoke")

    world.ada.refresh_from_db()
    assert not access_of(world.ada).operates_site
    with pytest.raises(CommandError, match="Nobody here"):
        run("set_operator", "nobody@example.com")
