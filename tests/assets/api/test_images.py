"""Images through the API: lists, records, files."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from accounts.roles import Scope
from assets.types import ReviewStatus
from tests.assets.builders import GOLDEN_RETRIEVER, make_image, make_pending
from tests.callers import assert_refused, browser_of, program_of


@pytest.fixture(params=["token", "session"])
def uma(request, world):
    """Uma, through a program or her browser."""
    if request.param == "token":
        return program_of(world.uma, world.lantern)
    return browser_of(world.uma)


def listed(caller, world, query: str = "") -> list[str]:
    page = caller.call("get", f"/projects/{world.pets.pk}/images/?{query}")
    assert page.status_code == 200, page.content
    return [each["prompt"] for each in page.json()["items"]]


def test_the_gallery_is_listed_newest_first(world, uma) -> None:
    make_image(world.pets, world.uma, prompt="older")
    make_image(world.products, world.uma, prompt="elsewhere")
    make_image(world.pets, world.paul, prompt="newer")

    assert listed(uma, world) == ["newer", "older"]


def test_the_filters_of_the_page_work_together(world, uma) -> None:
    make_image(world.pets, world.uma, prompt="a cat on grass")
    make_image(world.pets, world.uma, prompt="a dog on grass", model="Z-Image-Base")
    make_pending(world.pets, world.paul, prompt="a dog in snow")

    assert listed(uma, world, "text=grass+dog") == ["a dog on grass"]
    assert listed(uma, world, "status=pending") == ["a dog in snow"]
    assert listed(uma, world, f"person={world.uma.pk}&text=cat") == ["a cat on grass"]
    assert listed(uma, world, "model=Z-Image-Base") == ["a dog on grass"]
    assert listed(uma, world, "text=&status=draft&model=nothing") == []
    assert listed(uma, world, "q=grass+-cat") == ["a dog on grass"]
    assert listed(uma, world, "q=dog+status:draft,pending&text=snow") == ["a dog in snow"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=splendid", "status"),
        ("status=", "status"),
        ("person=uma", "person"),
        ("cursor=x", "cursor"),
        ("text=" + "x" * 201, "text"),
        ("text=%00", "text"),
        ("statuss=draft", "statuss"),
        ("q=cat+status:splendid", "q"),
        ("q=" + "x" * 1001, "q"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(world, uma, query, field) -> None:
    response = uma.call("get", f"/projects/{world.pets.pk}/images/?{query}")

    assert_refused(response, 400, field=field)


def test_every_mistake_of_a_query_is_told_with_its_place(world, uma) -> None:
    response = uma.call("get", f"/projects/{world.pets.pk}/images/?q=+cat+stauts:draft+steps:x")

    sentences = [each["sentence"] for each in response.json()["errors"]]
    assert [each.split(":")[0] for each in sentences] == ["Character 6", "Character 19"]
    assert "status:draft" in sentences[0]


def test_pages_follow_each_other_and_keep_the_filter(world, uma) -> None:
    for number in range(5):
        make_image(world.pets, world.uma, prompt=f"panda {number}")
    make_image(world.pets, world.uma, prompt="a cat")

    seen, address = [], f"/api/v1/projects/{world.pets.pk}/images/?text=panda&limit=2"
    while address:
        page = uma.get(address).json()
        seen += [each["prompt"] for each in page["items"]]
        make_image(world.pets, world.uma, prompt="panda that arrived meanwhile")
        address = page["next"]

    assert seen == [f"panda {number}" for number in (4, 3, 2, 1, 0)]


def test_the_number_of_queries_does_not_grow_with_the_gallery(
    world, django_assert_max_num_queries
) -> None:
    for _ in range(8):
        make_image(world.pets, world.uma)
    uma = browser_of(world.uma)

    with django_assert_max_num_queries(6):  # session, person, access, project, ids, images
        assert len(listed(uma, world)) == 8


def test_a_record_says_how_the_picture_came_to_be(world, uma) -> None:
    image = make_image(world.pets, world.uma)

    record = uma.call("get", f"/images/{image.uid}/").json()

    assert record["uid"] == str(image.uid)
    assert record["prompt"] == GOLDEN_RETRIEVER
    assert record["created_by"] == {"id": world.uma.pk, "name": "Uma"}
    assert (record["review_status"], record["archive_name"]) == ("draft", None)
    assert record["metadata"] == image.metadata


@pytest.mark.parametrize("link", ["file_url", "preview_url", "thumb_url"])
def test_the_files_of_a_record_can_be_downloaded(world, uma, link: str) -> None:
    image = make_image(world.pets, world.uma)
    address = uma.call("get", f"/images/{image.uid}/").json()[link]

    response = uma.get(address)

    content = b"".join(response.streaming_content)
    assert response.status_code == 200
    assert int(response["Content-Length"]) == len(content)
    assert response["Cache-Control"].startswith("private")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    unchanged = uma.get(address, headers={"If-None-Match": response["ETag"]})
    assert unchanged.status_code == 304


def test_the_original_is_the_archived_bytes_under_its_name(world, uma) -> None:
    image = make_image(world.pets, world.uma, archive_name="宠物主题_20250105_0001.png")

    response = uma.call("get", f"/images/{image.uid}/file/?download=true", Accept="image/png")

    assert hashlib.sha256(b"".join(response.streaming_content)).hexdigest() == image.sha256
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%AE%A0")


def test_a_stranger_finds_none_of_it(world) -> None:
    image = make_image(world.pets, world.uma)

    for mallory in (browser_of(world.mallory), program_of(world.mallory, world.harbour)):
        for path in (
            f"/projects/{world.pets.pk}/images/",
            f"/images/{image.uid}/",
            f"/images/{image.uid}/file/",
            f"/images/{image.uid}/thumb.webp",
            f"/images/{image.uid}/reviews/",
        ):
            assert_refused(mallory.call("get", path), 404, code="not_found")


def test_what_does_not_exist_is_not_there(world, uma) -> None:
    image = make_image(world.pets, world.uma)

    assert_refused(uma.call("get", f"/images/{uuid.uuid4()}/"), 404)
    assert_refused(uma.call("get", f"/images/{image.uid}/huge.webp"), 404)
    assert_refused(uma.call("get", f"/projects/{10**15}/images/"), 404)


def test_reading_needs_the_scope(world) -> None:
    image = make_image(world.pets, world.uma)
    program = program_of(world.uma, world.lantern, Scope.GENERATE, Scope.REVIEW, Scope.MANAGE)

    for path in (f"/images/{image.uid}/", f"/images/{image.uid}/file/"):
        assert_refused(program.call("get", path), 403, code="scope_missing")


def test_links_lead_to_the_api_again(world, uma) -> None:
    image = make_image(world.pets, world.uma, review_status=ReviewStatus.DRAFT)
    record = uma.call("get", f"/images/{image.uid}/").json()

    assert record["file_url"] == f"http://testserver/api/v1/images/{image.uid}/file/"


def test_times_are_universal(world, uma) -> None:
    image = make_image(world.pets, world.uma)

    assert uma.call("get", f"/images/{image.uid}/").json()["created_at"] == "2025-01-05T09:30:00Z"


def test_a_download_is_asked_for_with_true(world, uma) -> None:
    image = make_image(world.pets, world.uma)

    response = uma.call("get", f"/images/{image.uid}/file/?download=perhaps")

    assert_refused(response, 400, field="download")
