"""Inviting by link: the secret, its life, and who it makes a member."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.access import Access, Actor
from accounts.actions.invitations import (
    accept_invitation,
    invite_member,
    join_by_invitation,
    revoke_invitation,
)
from accounts.actions.membership import change_role, deactivate_member
from accounts.errors import (
    DomainError,
    InvalidInput,
    InvalidTransition,
    NotPermitted,
    NotVisible,
)
from accounts.models import AuditEvent, Invitation, Membership, User
from accounts.queries.invitations import invitation_by, open_invitations_of
from accounts.queries.members import reach_of
from accounts.roles import Permission, Role
from tests.builders import World, access_of, join, make_person
from tests.concurrency import at_once

STRANGER = Access(actor=Actor(label="anonymous", ip="192.0.2.7"))
PASSWORD = "seven quiet lanterns"


def invite(world: World, email: str = "li@example.com", role: Role = Role.USER, **more):
    by = more.pop("by", world.ada)
    return invite_member(
        access=access_of(by), organization=world.lantern, email=email, role=role, **more
    )


def open_to_ada(world: World) -> list[Invitation]:
    access = access_of(world.ada)
    return open_invitations_of(access, reach_of(access, world.lantern))


def join_as_li(secret: str) -> User:
    return join_by_invitation(access=STRANGER, secret=secret, name="李雷", password=PASSWORD)


def test_only_the_hash_of_the_secret_is_stored(world: World) -> None:
    invitation, secret = invite(world)

    assert len(secret) >= 43  # 256 bits
    assert secret not in str(vars(Invitation.objects.get()))
    assert invitation_by(secret) == invitation


def test_invitation_is_written_down_without_its_secret(world: World) -> None:
    _invitation, secret = invite(world)

    event = AuditEvent.objects.get()
    assert (event.action, event.target_label) == ("accounts.invitation.created", "li@example.com")
    assert event.data == {"role": "user", "project": ""}
    assert secret not in str(event.data)


def test_new_person_joins_with_name_and_password(world: World) -> None:
    _invitation, secret = invite(world, role=Role.REVIEWER)

    li = join_as_li(secret)

    assert (li.email, li.name) == ("li@example.com", "李雷")
    assert li.check_password(PASSWORD)
    assert access_of(li).allows(Permission.REVIEW_IMAGES, world.products.pk)


def test_acceptance_is_written_down_as_the_new_persons_deed(world: World) -> None:
    _invitation, secret = invite(world)

    li = join_as_li(secret)

    event = AuditEvent.objects.get(action="accounts.invitation.accepted")
    assert (event.actor_id, event.actor_label, event.ip) == (li.pk, "李雷", "192.0.2.7")


def test_invitation_to_one_project_opens_that_project_only(world: World) -> None:
    _invitation, secret = invite(world, project=world.pets)

    access = access_of(join_as_li(secret))

    assert access.projects_with(Permission.VIEW_GALLERY) == [world.pets.pk]


def test_link_works_once(world: World) -> None:
    _invitation, secret = invite(world)
    join_as_li(secret)

    with pytest.raises(NotVisible):
        join_as_li(secret)
    assert invitation_by(secret) is None


def test_link_ends_after_seven_days(world: World) -> None:
    invitation, secret = invite(world)
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=7)

    Invitation.objects.update(expires_at=timezone.now())

    with pytest.raises(NotVisible):
        join_as_li(secret)


def test_revoked_link_is_useless(world: World) -> None:
    invitation, secret = invite(world)

    revoke_invitation(access=access_of(world.ada), invitation=invitation)

    assert invitation_by(secret) is None
    assert AuditEvent.objects.filter(action="accounts.invitation.revoked").count() == 1
    with pytest.raises(InvalidTransition):
        revoke_invitation(access=access_of(world.ada), invitation=invitation)


def test_newer_link_replaces_the_older_one(world: World) -> None:
    _first, old = invite(world)
    second, new = invite(world, email="Li@Example.com", role=Role.REVIEWER)

    assert invitation_by(old) is None
    assert invitation_by(new) == second
    assert open_to_ada(world) == [second]


def test_invitations_to_two_places_stand_beside_each_other(world: World) -> None:
    _first, whole = invite(world)
    _second, pets = invite(world, project=world.pets, role=Role.REVIEWER)

    assert invitation_by(whole) is not None
    assert invitation_by(pets) is not None


def test_invitation_ends_with_its_inviters_right_to_invite(world: World) -> None:
    alice = make_person("alice")
    membership = join(alice, world.lantern, Role.ADMIN)
    _invitation, secret = invite(world, by=alice, role=Role.ADMIN)

    change_role(access=access_of(world.ada), membership=membership, role=Role.USER)

    assert invitation_by(secret) is None
    assert open_to_ada(world) == []


def test_invitation_ends_when_its_inviter_is_locked_out(world: World) -> None:
    _invitation, secret = invite(world)

    User.objects.filter(pk=world.ada.pk).update(is_active=False)

    assert invitation_by(secret) is None


def test_invitation_of_the_operator_needs_no_inviter(world: World) -> None:
    _invitation, secret = invite_member(
        access=Access.system("operator"),
        organization=world.lantern,
        email="li@example.com",
        role=Role.ADMIN,
    )

    assert access_of(join_as_li(secret)).allows(Permission.MANAGE_MEMBERS, world.pets.pk)


def test_person_with_an_account_accepts_in_their_own_name(world: World) -> None:
    _invitation, secret = invite(world, email="mallory@example.com")

    accept_invitation(access=access_of(world.mallory), user=world.mallory, secret=secret)

    access = access_of(world.mallory)
    assert access.allows(Permission.VIEW_GALLERY, world.pets.pk)
    assert access.allows(Permission.MANAGE_MEMBERS, world.harbour_project.pk)


def test_somebody_else_cannot_accept(world: World) -> None:
    _invitation, secret = invite(world)

    with pytest.raises(NotPermitted, match="another address"):
        accept_invitation(access=access_of(world.mallory), user=world.mallory, secret=secret)
    with pytest.raises(NotVisible):
        accept_invitation(access=access_of(world.uma), user=world.mallory, secret=secret)


def test_link_makes_no_second_account_for_an_address(world: World) -> None:
    _invitation, secret = invite(world, email="mallory@example.com")

    with pytest.raises(NotPermitted, match="account already"):
        join_as_li(secret)


def test_member_is_not_invited_twice_to_the_same_place(world: World) -> None:
    with pytest.raises(InvalidInput, match="member already") as refusal:
        invite(world, email="UMA@example.com")
    assert refusal.value.field == "email"

    invite(world, email="uma@example.com", project=world.pets, role=Role.REVIEWER)


def test_deactivated_member_does_not_come_back_by_invitation(world: World) -> None:
    _invitation, secret = invite(
        world, email="uma@example.com", project=world.pets, role=Role.REVIEWER
    )
    deactivate_member(access=access_of(world.ada), organization=world.lantern, user=world.uma)

    with pytest.raises(InvalidInput, match="deactivated"):
        invite(world, email="uma@example.com", project=world.products)
    with pytest.raises(NotPermitted, match="deactivated"):
        accept_invitation(access=access_of(world.uma), user=world.uma, secret=secret)


def test_role_that_was_given_in_the_meantime_is_kept(world: World) -> None:
    _invitation, secret = invite(world, email="mallory@example.com")
    join(world.mallory, world.lantern, Role.REVIEWER)

    accept_invitation(access=access_of(world.mallory), user=world.mallory, secret=secret)

    assert Membership.objects.get(user=world.mallory, organization=world.lantern).role == "reviewer"


def test_only_admins_invite(world: World) -> None:
    with pytest.raises(NotPermitted):
        invite(world, by=world.rita)
    with pytest.raises(NotVisible):
        invite(world, by=world.mallory)


def test_admin_of_a_project_invites_to_that_project_only(world: World) -> None:
    join(world.paul, world.lantern, Role.ADMIN, project=world.products)

    invite(world, by=world.paul, project=world.products)

    with pytest.raises(NotPermitted):
        invite(world, by=world.paul)
    with pytest.raises(NotPermitted):
        invite(world, by=world.paul, project=world.pets)


def test_nobody_is_invited_to_a_project_of_another_organization(world: World) -> None:
    join(world.ada, world.harbour, Role.ADMIN)

    with pytest.raises(NotVisible):
        invite(world, project=world.harbour_project)


def test_link_is_mailed_to_the_invited_after_commit(
    world: World, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _invitation, secret = invite(world, project=world.pets)

    (letter,) = mail.outbox
    assert letter.to == ["li@example.com"]
    assert f"/invitations/{secret}/" in letter.body
    assert "宠物主题" in letter.body
    assert letter.subject == "Ada invites you to Lantern 灯笼 on Atelier"


def test_mail_server_that_is_down_does_not_matter(
    world: World, settings, django_capture_on_commit_callbacks
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with django_capture_on_commit_callbacks(execute=True):
        invitation, secret = invite(world)

    assert invitation_by(secret) == invitation


def test_secret_is_not_printed_to_the_console(
    world: World, settings, capsys, django_capture_on_commit_callbacks
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    with django_capture_on_commit_callbacks(execute=True):
        _invitation, secret = invite(world)

    captured = capsys.readouterr()
    assert secret not in captured.out + captured.err


@pytest.mark.django_db(transaction=True)
def test_form_sent_twice_at_one_moment_makes_one_person(world: World) -> None:
    _invitation, secret = invite(world)

    made = at_once(
        4,
        lambda _number: join_by_invitation(
            access=STRANGER, secret=secret, name="Li", password=PASSWORD
        ),
        refusal=DomainError,
    )

    assert len([person for person in made if person]) == 1
