"""Who am I?"""

from __future__ import annotations

from accounts.roles import Scope
from tests.callers import browser_of, program_of


def test_a_person_sees_their_organizations_and_permissions(world) -> None:
    me = browser_of(world.paul).call("get", "/me/").json()

    assert me["email"] == "paul@example.com"
    assert me["token"] is None
    assert [(each["slug"], each["permissions"]) for each in me["organizations"]] == [
        ("lantern", ["view_organization"])
    ]
    assert [(each["name"], each["permissions"]) for each in me["projects"]] == [
        (
            "宠物主题",
            ["organize_images", "request_images", "submit_images", "view_gallery"],
        )
    ]


def test_a_program_sees_what_its_token_leaves_of_that(world) -> None:
    me = program_of(world.ada, world.lantern, Scope.READ, Scope.REVIEW).call("get", "/me/").json()

    assert me["token"]["scopes"] == ["read", "review"]
    assert me["token"]["organization"] == "lantern"
    assert "secret_hash" not in me["token"]
    assert me["projects"][0]["permissions"] == ["review_images", "view_gallery"]
