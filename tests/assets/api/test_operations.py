"""Doing something to many images by program."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from accounts.roles import Scope
from assets.models import Image, ImageTag, Operation
from tests.assets.operations.builders import make_rows, run_all
from tests.builders import World
from tests.callers import assert_refused, program_of

pytestmark = pytest.mark.django_db


def path(world: World) -> str:
    return f"/projects/{world.pets.pk}/operations/"


def test_a_program_tags_trashes_and_undoes(world: World) -> None:
    images = make_rows(world.pets, world.uma, 2)
    program = program_of(world.uma, world.lantern, Scope.READ, Scope.ORGANIZE)
    named = [str(image.uid) for image in images]

    tagged = program.call("post", path(world), {"kind": "tag", "images": named, "tags": ["hero"]})
    assert (tagged.status_code, tagged.json()["done"]) == (201, 2)
    trashed = program.call("post", path(world), {"kind": "trash", "images": named}).json()
    undone = program.call("post", f"/operations/{trashed['uid']}/undo/")

    assert undone.status_code == 201
    assert undone.json()["undoes"] == trashed["uid"]
    assert not Image.objects.in_trash().exists()
    assert ImageTag.objects.count() == 2


def test_what_a_search_finds_is_done_in_the_background(world: World) -> None:
    make_rows(world.pets, world.uma, 60, prompt="红色围巾")
    make_rows(world.pets, world.uma, 1, prompt="else")
    program = program_of(world.uma, world.lantern)

    ordered = program.call("post", path(world), {"kind": "trash", "search": "红色围巾"}).json()
    assert ordered["status"] == "waiting"
    run_all()

    shown = program.call("get", f"/operations/{ordered['uid']}/").json()
    assert (shown["status"], shown["total"], shown["done"]) == ("done", 60, 60)
    assert Image.objects.in_gallery().count() == 1


def test_reasons_are_told_with_their_numbers(world: World) -> None:
    images = make_rows(world.pets, world.ada, 2)
    program = program_of(world.uma, world.lantern)

    answer = program.call(
        "post", path(world), {"kind": "trash", "images": [str(image.uid) for image in images]}
    ).json()

    assert (answer["done"], answer["skipped"]) == (0, 2)
    [reason] = answer["reasons"]
    assert (reason["code"], reason["count"]) == ("not_permitted", 2)
    assert reason["sentence"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "trash"}, "images"),
        ({"kind": "trash", "images": [], "search": ""}, "images"),
        ({"kind": "trash", "images": []}, "uid"),
        ({"kind": "export", "search": ""}, "kind"),
        ({"kind": "tag", "search": ""}, "tags"),
        ({"kind": "trash", "search": "by:"}, "q"),
        ({"kind": "trash", "search": "", "upto": 1}, "upto"),
        ({"kind": "collect", "search": "", "collection": 999}, "collection"),
        ({"kind": "trash", "images": ["x"]}, "images.0"),
    ],
)
def test_what_cannot_be_ordered_is_refused(world: World, body: dict[str, Any], field: str) -> None:
    make_rows(world.pets, world.uma, 1)

    answer = program_of(world.uma, world.lantern).call("post", path(world), body)

    assert_refused(answer, 400, field=field)
    assert not Operation.objects.exists()


def test_scopes_and_strangers(world: World) -> None:
    [image] = make_rows(world.pets, world.uma, 1)
    body = {"kind": "trash", "images": [str(image.uid)]}

    reader = program_of(world.uma, world.lantern, Scope.READ, Scope.GENERATE)
    assert_refused(reader.call("post", path(world), body), 403, code="scope_missing")
    organizer = program_of(world.uma, world.lantern, Scope.READ, Scope.ORGANIZE, name="b")
    submit = organizer.call("post", path(world), {**body, "kind": "submit"})
    assert_refused(submit, 403)
    stranger = program_of(world.mallory, world.harbour)
    assert_refused(stranger.call("post", path(world), body), 404)
    operation = organizer.call("post", path(world), body).json()["uid"]
    assert_refused(stranger.call("get", f"/operations/{operation}/"), 404)
    assert_refused(stranger.call("post", f"/operations/{operation}/undo/"), 404)
    assert_refused(stranger.call("get", f"/operations/{uuid4()}/"), 404)


def test_people_list_their_own_and_admins_everybodys(world: World) -> None:
    [image] = make_rows(world.pets, world.uma, 1)
    program = program_of(world.uma, world.lantern)
    program.call("post", path(world), {"kind": "trash", "images": [str(image.uid)]})

    def listed(person: Any) -> int:
        answer = program_of(person, world.lantern, name="list").call("get", path(world))
        return len(answer.json()["items"])

    assert [listed(person) for person in (world.uma, world.rita, world.ada)] == [1, 0, 1]


def test_one_image_is_thrown_away_and_restored(world: World) -> None:
    [image] = make_rows(world.pets, world.uma, 1)
    program = program_of(world.uma, world.lantern)

    assert program.call("post", f"/images/{image.uid}/trash/").status_code == 200
    assert Image.objects.in_trash().exists()
    assert program.call("post", f"/images/{image.uid}/restore/").status_code == 200
    others = program_of(world.rita, world.lantern, name="b")
    assert_refused(others.call("post", f"/images/{image.uid}/trash/"), 403, code="not_permitted")
