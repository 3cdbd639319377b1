"""Marks, tags, collections and kept searches through the API."""

from __future__ import annotations

import pytest

from accounts.roles import Scope
from assets.models import Collection, ImageMark, SavedSearch, Tag
from tests.assets.builders import make_image
from tests.callers import assert_refused, browser_of, program_of


@pytest.fixture(params=["token", "session"])
def uma(request, world):
    """Uma, through a program or her browser."""
    if request.param == "token":
        return program_of(world.uma, world.lantern)
    return browser_of(world.uma)


def test_an_image_is_starred_and_rated(world, uma) -> None:
    image = make_image(world.pets, world.uma)
    path = f"/images/{image.uid}/marks/"

    assert uma.call("get", path).json() == {
        "starred": False,
        "rating": 0,
        "mean_rating": None,
        "rating_count": 0,
    }
    changed = uma.call("patch", path, {"starred": True, "rating": 4}).json()

    assert changed == {"starred": True, "rating": 4, "mean_rating": 4.0, "rating_count": 1}
    assert_refused(uma.call("patch", path, {"rating": 6}), 400, field="rating")
    assert_refused(uma.call("patch", path, {"stars": 1}), 400, field="stars")


def test_tags_go_through_their_whole_life(world, uma) -> None:
    image = make_image(world.pets, world.uma)
    tags = f"/images/{image.uid}/tags/"

    assert uma.call("post", tags, {"add": ["Hero", "dog"]}).json() == {"tags": ["Hero", "dog"]}
    assert uma.call("post", tags, {"remove": ["DOG"], "add": ["dogs"]}).json() == {
        "tags": ["Hero", "dogs"]
    }
    assert_refused(uma.call("post", tags, {"add": ["a,b"]}), 400, field="name")
    listed = uma.call("get", f"/projects/{world.pets.pk}/tags/").json()["items"]
    assert [(tag["name"], tag["uses"]) for tag in listed] == [("dogs", 1), ("Hero", 1), ("dog", 0)]

    hero, dogs = (Tag.objects.get(name=name) for name in ("Hero", "dogs"))
    renamed = uma.call("patch", f"/tags/{hero.pk}/", {"name": "Star"}).json()
    assert renamed["name"] == "Star"
    merged = uma.call("post", f"/tags/{dogs.pk}/merge/", {"into": hero.pk}).json()
    assert uma.call("get", tags).json() == {"tags": ["Star"]}
    assert uma.call("post", f"/undo/{merged['undo']}/").status_code == 204
    assert set(uma.call("get", tags).json()["tags"]) == {"Star", "dogs"}
    assert_refused(uma.call("post", f"/undo/{merged['undo']}/"), 409)
    tidied = uma.call("post", f"/projects/{world.pets.pk}/tags/tidy/").json()
    assert tidied == {"deleted": 1}
    assert uma.call("delete", f"/tags/{hero.pk}/").status_code == 200


def test_a_collection_is_begun_filled_ordered_and_brought_back(world, uma) -> None:
    images = [make_image(world.pets, world.uma) for _ in range(3)]
    uids = [str(image.uid) for image in images]

    created = uma.call("post", f"/projects/{world.pets.pk}/collections/", {"name": "秋天"})
    assert created.status_code == 201
    path = created["Location"].removeprefix("/api/v1")
    assert uma.call("post", f"{path}images/", {"images": uids}).json() == {"changed": 3}
    order = {"images": uids[2:], "before": uids[0]}
    assert uma.call("post", f"{path}images/order/", order).status_code == 204

    first = uma.call("get", f"{path}images/?limit=2").json()
    rest = uma.call("get", first["next"].partition("/api/v1")[2]).json()
    assert [each["uid"] for each in first["items"] + rest["items"]] == [uids[2], *uids[:2]]
    assert rest["next"] is None
    changed = uma.call("patch", path, {"notes": "Golden.", "cover": uids[1]}).json()
    assert (changed["notes"], changed["cover"], changed["image_count"]) == ("Golden.", uids[1], 3)
    removed = uma.call("post", f"{path}images/remove/", {"images": uids[:1]}).json()
    assert removed == {"changed": 1}

    undo = uma.call("delete", path).json()["undo"]
    assert_refused(uma.call("get", path), 404)
    uma.call("post", f"/undo/{undo}/")
    assert uma.call("get", path).json()["image_count"] == 2


def test_collections_are_nested_and_wrong_places_are_named(world, uma) -> None:
    address = f"/projects/{world.pets.pk}/collections/"
    outer = uma.call("post", address, {"name": "outer"}).json()["id"]
    inner = uma.call("post", address, {"name": "inner", "parent": outer}).json()

    assert inner["parent"] == outer
    assert_refused(
        uma.call("post", f"/collections/{outer}/move/", {"parent": inner["id"]}),
        400,
        field="parent",
    )
    assert_refused(
        uma.call("post", f"/collections/{outer}/move/", {"parent": 999999}), 400, field="parent"
    )
    moved = uma.call("post", f"/collections/{inner['id']}/move/", {"parent": None}).json()
    assert moved["parent"] is None
    assert len(uma.call("get", address).json()["items"]) == 2


def test_searches_are_kept_in_their_canonical_spelling(world, uma) -> None:
    address = f"/projects/{world.pets.pk}/searches/"

    created = uma.call("post", address, {"name": "Best", "query": "rating:>=4  标签:hero"})
    assert created.status_code == 201
    assert created.json()["query"] == "rating:>=4 tag:hero"
    assert_refused(
        uma.call("post", address, {"name": "Typo", "query": "stauts:x"}), 400, field="query"
    )
    path = created["Location"].removeprefix("/api/v1")
    assert uma.call("patch", path, {"is_shared": True}).json()["is_shared"] is True
    assert len(program_of(world.rita, world.lantern).call("get", address).json()["items"]) == 1
    assert uma.call("delete", path).status_code == 204
    assert not SavedSearch.objects.exists()


def test_programs_need_the_scope_and_strangers_find_nothing(world) -> None:
    image = make_image(world.pets, world.uma)
    browser_of(world.uma).call("post", f"/images/{image.uid}/tags/", {"add": ["x"]})
    browser_of(world.uma).call("post", f"/projects/{world.pets.pk}/collections/", {"name": "x"})
    tag, collection = Tag.objects.get(), Collection.objects.get()
    writes = [
        ("patch", f"/images/{image.uid}/marks/", {"starred": True}),
        ("post", f"/images/{image.uid}/tags/", {"add": ["y"]}),
        ("patch", f"/tags/{tag.pk}/", {"name": "y"}),
        ("delete", f"/collections/{collection.pk}/", None),
        ("post", f"/projects/{world.pets.pk}/searches/", {"name": "x", "query": "tag:x"}),
    ]
    reader = program_of(world.uma, world.lantern, Scope.READ)
    mallory = program_of(world.mallory, world.harbour)

    for method, path, body in writes:
        assert_refused(reader.call(method, path, body), 403, code="scope_missing")
        assert_refused(mallory.call(method, path, body), 404)
    assert not ImageMark.objects.exists()
    assert Tag.objects.get().name == "x"
