"""Comments through the API."""

from __future__ import annotations

import pytest

from accounts.roles import Scope
from assets.models import ImageComment
from tests.assets.builders import make_image
from tests.callers import assert_refused, browser_of, program_of

pytestmark = pytest.mark.django_db


def test_a_comment_from_its_first_word_to_its_return(world) -> None:
    image = make_image(world.pets, world.uma)
    program = program_of(world.uma, world.lantern)
    path = f"/images/{image.uid}/comments/"

    written = program.call("post", path, {"text": "Too warm"})
    assert written.status_code == 201
    assert written.json()["author"]["name"] == "Uma"
    one = f"/comments/{written.json()['id']}/"

    edited = program.call("patch", one, {"text": "Too cold"}).json()
    assert edited["text"] == "Too cold"
    assert edited["edited_at"] is not None

    assert program.call("delete", one).status_code == 204
    assert program.call("get", path).json()["items"] == []
    assert program.call("post", f"{one}restore/").json()["text"] == "Too cold"
    assert [each["text"] for each in program.call("get", path).json()["items"]] == ["Too cold"]


def test_faults_name_the_field_and_change_nothing(world) -> None:
    image = make_image(world.pets, world.uma)
    path = f"/images/{image.uid}/comments/"

    for body in ({}, {"text": "  "}, {"text": 5}, {"text": "x" * 2001}, {"words": "x"}):
        assert browser_of(world.uma).call("post", path, body).status_code == 400

    assert not ImageComment.objects.exists()


def test_strangers_see_nothing_and_others_may_not_change(world) -> None:
    image = make_image(world.pets, world.uma)
    path = f"/images/{image.uid}/comments/"
    written = browser_of(world.uma).call("post", path, {"text": "Mine"}).json()
    one = f"/comments/{written['id']}/"

    assert_refused(browser_of(world.mallory).call("get", path), 404, code="not_found")
    assert_refused(browser_of(world.mallory).call("delete", one), 404, code="not_found")
    assert_refused(browser_of(world.rita).call("delete", one), 403, code="not_permitted")


def test_a_program_needs_the_scope_to_organize(world) -> None:
    image = make_image(world.pets, world.uma)
    reader = program_of(world.uma, world.lantern, Scope.READ)

    assert reader.call("get", f"/images/{image.uid}/comments/").status_code == 200
    answer = reader.call("post", f"/images/{image.uid}/comments/", {"text": "x"})
    assert answer.status_code == 403
