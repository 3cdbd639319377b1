"""Taking images away through the API."""

from __future__ import annotations

import io
import zipfile

import pytest

from accounts.roles import Scope
from assets.models import ImageUse, Operation
from tests.assets.builders import make_image
from tests.assets.pictures import painted
from tests.builders import World
from tests.callers import assert_refused, browser_of, program_of


def test_a_download_in_another_form_is_counted(world: World) -> None:
    image = make_image(world.pets, world.uma, picture=painted(1))
    program = program_of(world.uma, world.lantern, Scope.READ)
    path = f"/images/{image.uid}/download/"
    response = program.call("post", path, {"format": "webp", "max_side": 32})
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert ImageUse.objects.count() == 1
    assert_refused(program.call("post", path, {"format": "gif"}), 400, field="format")
    assert ImageUse.objects.count() == 1
    stranger = program_of(world.mallory, world.harbour)
    assert_refused(stranger.call("post", path, {}), 404)


def test_an_export_is_ordered_looked_at_and_fetched(world: World) -> None:
    images = [make_image(world.pets, world.uma, picture=painted(n)) for n in range(2)]
    program = program_of(world.uma, world.lantern, Scope.READ)
    body = {"images": [str(image.uid) for image in images], "with_json": True}
    made = program.call("post", f"/projects/{world.pets.pk}/exports/", body)
    assert made.status_code == 201, made.content
    export = made.json()
    assert (export["status"], export["done"]) == ("done", 2)
    path = f"/exports/{export['uid']}/"
    assert program.call("get", path).json()["file_url"].endswith(f"{path}file/")
    fetched = program.call("get", f"{path}file/")
    names = zipfile.ZipFile(io.BytesIO(b"".join(fetched.streaming_content))).namelist()
    assert names[2:] == ["manifest.csv", "manifest.json"]
    assert_refused(browser_of(world.ada).call("get", f"{path}file/"), 403)
    assert_refused(browser_of(world.mallory).call("get", path), 404)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "images"),
        ({"images": [], "search": ""}, "images"),
        ({"search": "", "names": "{project}"}, "names"),
        ({"search": "", "quality": 0}, "quality"),
        ({"search": "", "contents": "all"}, "contents"),
    ],
)
def test_what_cannot_be_exported_is_refused_by_field(world: World, body, field: str) -> None:
    make_image(world.pets, world.uma)
    program = program_of(world.uma, world.lantern)
    response = program.call("post", f"/projects/{world.pets.pk}/exports/", body)
    assert_refused(response, response.status_code, field=field)
    assert response.status_code in {400, 422}
    assert not Operation.objects.exists()
