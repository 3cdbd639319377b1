"""Plain functions that make what tests need; a test states only what differs."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.access import Access, Actor
from accounts.grants import access_for, apply, apply_to_members
from accounts.models import Membership, Organization, Project, User
from accounts.roles import Role
from generation.limits import HoursRule
from generation.models import OrganizationPolicy


@dataclass(frozen=True)
class World:
    """Two organizations that must not see each other.

    Uma (user), Rita (reviewer) and Ada (admin) belong to Lantern, which has two projects; Paul is a
    user of the project 宠物主题 only. Mallory is the admin of Harbour and has a project of her own.
    """

    lantern: Organization
    pets: Project
    products: Project
    uma: User
    rita: User
    ada: User
    paul: User
    harbour: Organization
    harbour_project: Project
    mallory: User


def make_world() -> World:
    """The people and projects that most tests are about."""
    lantern = Organization.objects.create(name="Lantern 灯笼", slug="lantern")
    harbour = Organization.objects.create(name="Harbour", slug="harbour")
    world = World(
        lantern=lantern,
        pets=Project.objects.create(organization=lantern, name="宠物主题"),
        products=Project.objects.create(organization=lantern, name="Product backgrounds"),
        uma=make_person("uma"),
        rita=make_person("rita"),
        ada=make_person("ada"),
        paul=make_person("paul"),
        harbour=harbour,
        harbour_project=Project.objects.create(organization=harbour, name="Autumn campaign"),
        mallory=make_person("mallory"),
    )
    for organization in (lantern, harbour):
        open_at_all_hours(organization)
    join(world.uma, lantern, Role.USER)
    join(world.rita, lantern, Role.REVIEWER)
    join(world.ada, lantern, Role.ADMIN)
    join(world.paul, lantern, Role.USER, project=world.pets)
    join(world.mallory, harbour, Role.ADMIN)
    return world


def open_at_all_hours(organization: Organization, **columns: object) -> OrganizationPolicy:
    """Let the organization work whenever the tests run, and ask for four pictures at once."""
    said = {
        "hours_rule": HoursRule.ALWAYS,
        "max_images_per_request": 4,
        "max_requests_per_minute": 600,
        **columns,
    }
    policy, _created = OrganizationPolicy.objects.update_or_create(
        organization=organization, defaults=said
    )
    return policy


def make_person(name: str, **fields: object) -> User:
    """A person with the password `correct horse battery`."""
    return User.objects.create_user(
        f"{name}@example.com", "correct horse battery", name=name.capitalize(), **fields
    )


def make_operator() -> User:
    """Olga, who operates the site and belongs to no organization."""
    return make_person("olga", is_superuser=True)


def join(
    user: User, organization: Organization, role: Role, project: Project | None = None
) -> Membership:
    """Make the person a member, guardian's rows included."""
    membership = Membership.objects.create(
        user=user, organization=organization, role=role.value, project=project
    )
    apply(user_id=user.pk, organization_id=organization.pk)
    return membership


def make_project(organization: Organization, name: str) -> Project:
    """One more project, open to the organization's members."""
    project = Project.objects.create(organization=organization, name=name)
    apply_to_members(organization_id=organization.pk)
    return project


def access_of(user: User) -> Access:
    """What the person may do now."""
    return access_for(user, Actor(label=str(user), user_id=user.pk))
