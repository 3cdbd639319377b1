"""The members page as an admin uses it."""

from __future__ import annotations

import json
import re

from django.urls import reverse

from accounts.models import Invitation, Membership
from accounts.queries.invitations import invitation_by
from accounts.roles import Role
from tests.builders import World, join, make_person

MEMBERS = "/organizations/lantern/members/"
HTMX = {"HX-Request": "true"}


def role_url(person) -> str:
    membership = Membership.objects.get(user=person)
    return f"{MEMBERS}{membership.pk}/role/"


def test_members_are_listed_with_what_may_be_done(world: World, client_for) -> None:
    page = client_for(world.ada).get(MEMBERS).content.decode()

    for name in ("Uma", "Rita", "Paul", "Ada"):
        assert name in page
    assert "Mallory" not in page
    assert role_url(world.uma) in page
    assert role_url(world.ada) not in page  # nobody changes their own role
    assert "the only one" in page


def test_admin_of_a_project_sees_the_people_of_that_project_only(world: World, client_for) -> None:
    petra = make_person("petra")
    join(petra, world.lantern, Role.ADMIN, project=world.pets)

    page = client_for(petra).get(MEMBERS).content.decode()

    assert "paul@example.com" in page
    assert "uma@example.com" not in page
    assert "Product backgrounds" not in page.partition("<main")[2]
    assert "/deactivate/" not in page


def test_members_page_asks_the_database_the_same_for_many_members(
    world: World, client_for, django_assert_max_num_queries
) -> None:
    for number in range(20):
        join(make_person(f"person{number}"), world.lantern, Role.USER)

    ada = client_for(world.ada)

    with django_assert_max_num_queries(11):
        ada.get(MEMBERS)


def test_role_change_goes_back_to_the_list_and_says_so(world: World, client_for) -> None:
    response = client_for(world.ada).post(role_url(world.uma), {"role": "reviewer"}, follow=True)

    assert response.redirect_chain == [(MEMBERS, 302)]
    assert "Uma is now Reviewer." in response.content.decode()


def test_role_change_with_htmx_brings_the_new_list_and_a_toast(world: World, client_for) -> None:
    response = client_for(world.ada).post(role_url(world.uma), {"role": "admin"}, headers={**HTMX})

    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    assert "the only one" not in response.content.decode()  # there are two admins now
    toast = json.loads(response["HX-Trigger"])["atelier:toast"]
    assert toast == {"text": "Uma is now Admin.", "level": "success"}


def test_unknown_role_is_refused(world: World, client_for) -> None:
    assert client_for(world.ada).post(role_url(world.uma), {"role": "king"}).status_code == 422
    assert Membership.objects.get(user=world.uma).role == "user"


def test_changed_role_acts_on_the_next_request_of_an_open_session(world: World, client_for) -> None:
    uma, ada = client_for(world.uma), client_for(world.ada)
    assert uma.get(MEMBERS).status_code == 403

    ada.post(role_url(world.uma), {"role": "admin"})
    assert uma.get(MEMBERS).status_code == 200

    ada.post(role_url(world.uma), {"role": "user"})
    assert uma.get(MEMBERS).status_code == 403


def test_deactivated_person_stays_signed_in_and_finds_nothing(world: World, client_for) -> None:
    uma, ada = client_for(world.uma), client_for(world.ada)
    settings = reverse("accounts:project-settings", kwargs={"project_id": world.pets.pk})
    assert uma.get(settings).status_code == 403  # she sees the project

    ada.post(f"/organizations/lantern/people/{world.uma.pk}/deactivate/")
    assert uma.get(settings).status_code == 404
    assert "You are not a member of any project" in uma.get("/profile/").content.decode()

    ada.post(f"/organizations/lantern/people/{world.uma.pk}/reactivate/")
    assert uma.get(settings).status_code == 403


def test_removed_person_finds_nothing_on_the_next_request(world: World, client_for) -> None:
    uma, ada = client_for(world.uma), client_for(world.ada)
    membership = Membership.objects.get(user=world.uma)

    ada.post(f"{MEMBERS}{membership.pk}/remove/")

    assert uma.get(MEMBERS).status_code == 404
    assert not Membership.objects.filter(user=world.uma).exists()


def test_invitation_shows_its_link_once(world: World, client_for) -> None:
    ada = client_for(world.ada)

    response = ada.post(f"{MEMBERS}invite/", {"email": "li@example.com", "role": "reviewer"})

    assert response.status_code == 201
    assert "no-store" in response["Cache-Control"]
    found = re.search(r"http://testserver/invitations/([\w-]+)/", response.content.decode())
    assert found is not None
    assert invitation_by(found[1]) == Invitation.objects.get(role="reviewer", project=None)
    page = ada.get(MEMBERS).content.decode()
    assert "li@example.com" in page
    assert found[1] not in page


def test_invitation_to_one_project(world: World, client_for) -> None:
    client_for(world.ada).post(
        f"{MEMBERS}invite/", {"email": "li@example.com", "role": "user", "place": world.pets.pk}
    )

    assert Invitation.objects.get().project == world.pets


def test_invitation_form_comes_back_with_what_is_wrong(world: World, client_for) -> None:
    ada = client_for(world.ada)

    nonsense = ada.post(f"{MEMBERS}invite/", {"email": "li", "role": "user"})
    member = ada.post(f"{MEMBERS}invite/", {"email": "uma@example.com", "role": "user"})
    foreign = ada.post(
        f"{MEMBERS}invite/",
        {"email": "li@example.com", "role": "user", "place": world.harbour_project.pk},
    )

    assert [answer.status_code for answer in (nonsense, member, foreign)] == [422] * 3
    assert "is a member already" in member.content.decode()
    assert not Invitation.objects.exists()


def test_inviter_is_not_told_whether_an_address_has_an_account(world: World, client_for) -> None:
    ada = client_for(world.ada)

    known = ada.post(f"{MEMBERS}invite/", {"email": "mallory@example.com", "role": "user"})
    unknown = ada.post(f"{MEMBERS}invite/", {"email": "nobody@example.com", "role": "user"})

    def plain(response) -> str:
        text = response.content.decode().partition('id="link-title"')[2].partition("</section>")[0]
        return re.sub(r"invitations/[\w-]+|mallory@|nobody@", "", text)

    assert plain(known) == plain(unknown) != ""


def test_admin_of_a_project_cannot_invite_to_the_whole_organization(
    world: World, client_for
) -> None:
    petra = make_person("petra")
    join(petra, world.lantern, Role.ADMIN, project=world.pets)

    refused = client_for(petra).post(
        f"{MEMBERS}invite/", {"email": "li@example.com", "role": "user", "place": ""}
    )
    allowed = client_for(petra).post(
        f"{MEMBERS}invite/", {"email": "li@example.com", "role": "user", "place": world.pets.pk}
    )

    assert (refused.status_code, allowed.status_code) == (422, 201)


def test_revoked_invitation_leaves_the_list(world: World, client_for) -> None:
    ada = client_for(world.ada)
    ada.post(f"{MEMBERS}invite/", {"email": "li@example.com", "role": "user"})
    invitation = Invitation.objects.get()

    response = ada.post(f"{MEMBERS}invitations/{invitation.pk}/revoke/", follow=True)

    assert "The invitation of li@example.com no longer works." in response.content.decode()
    assert not Invitation.objects.open().exists()


def test_language_switch_on_the_page_with_the_link_leads_back_to_the_list(
    world: World, client_for
) -> None:
    assert client_for(world.ada).get(f"{MEMBERS}invite/")["Location"] == MEMBERS
