"""Near-duplicates, similar looks and reuse through the API."""

from __future__ import annotations

import pytest

from accounts.roles import Scope
from assets.actions.using import count_download
from assets.models import Image, NearDuplicate
from tests.assets.builders import make_image
from tests.assets.pictures import painted
from tests.builders import World, access_of
from tests.callers import assert_refused, program_of


@pytest.fixture
def alike(world: World) -> list[Image]:
    """Two pictures of Uma's that look the same."""
    return [make_image(world.pets, world.uma, picture=painted(1)) for _ in range(2)]


def test_similar_images_are_listed(world: World, alike) -> None:
    program = program_of(world.uma, world.lantern, Scope.READ)
    path = f"/images/{alike[0].uid}/similar/"
    items = program.call("get", path).json()["items"]
    assert [each["uid"] for each in items] == [str(alike[1].uid)]
    assert_refused(program.call("get", f"{path}?by=magic"), 404)
    assert_refused(program_of(world.mallory, world.harbour).call("get", path), 404)


def test_reuse_is_told(world: World, alike) -> None:
    count_download(access=access_of(world.uma), image=alike[0])
    path = f"/projects/{world.pets.pk}/reuse/"
    told = program_of(world.uma, world.lantern, Scope.READ).call("get", path).json()
    assert (told["images"], told["reused"], told["share"], told["downloaded"]) == (2, 0, 0.0, 1)
    assert [month["downloads"] for month in told["months"]][-2:] == [0, 1]
    assert_refused(program_of(world.mallory, world.harbour).call("get", path), 404)


def test_groups_are_listed_and_decided(world: World, alike) -> None:
    program = program_of(world.uma, world.lantern)
    path = f"/projects/{world.pets.pk}/duplicates/"
    page = program.call("get", path).json()
    (group,) = page["items"]
    assert (group["why"], page["next"]) == ("It is the oldest.", None)
    assert [each["uid"] for each in group["images"]] == [str(image.uid) for image in alike]
    body = {"images": [str(image.uid) for image in alike], "keep": str(alike[1].uid)}
    assert_refused(program.call("post", f"{path}keep-one/", {"images": body["images"]}), 400)
    kept = program.call("post", f"{path}keep-one/", body)
    assert (kept.status_code, kept.json()["kind"], kept.json()["done"]) == (201, "merge", 1)
    alike[0].refresh_from_db()
    assert alike[0].trashed_at
    assert program.call("get", path).json()["items"] == []
    undone = program.call("post", f"/operations/{kept.json()['uid']}/undo/")
    assert undone.status_code in {200, 201}
    assert program.call("post", f"{path}keep-all/", {"images": body["images"]}).status_code == 204
    assert NearDuplicate.objects.get().decision == "kept"


def test_a_program_that_only_reads_decides_nothing(world: World, alike) -> None:
    program = program_of(world.uma, world.lantern, Scope.READ)
    body = {"images": [str(image.uid) for image in alike], "keep": str(alike[1].uid)}
    for what in ("keep-one", "keep-all"):
        path = f"/projects/{world.pets.pk}/duplicates/{what}/"
        assert_refused(program.call("post", path, body), 403)
    assert NearDuplicate.objects.get().decision == "open"
