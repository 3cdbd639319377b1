"""The page of a project's tags."""

from __future__ import annotations

import pytest

from assets.actions.tagging import tag_images
from assets.models import ImageTag, Tag
from tests.assets.builders import make_image
from tests.builders import access_of


@pytest.fixture
def tagged(world):
    """Two pictures: hero twice, dog once, and a tag without use."""
    images = [make_image(world.pets, world.uma) for _ in range(2)]
    access = access_of(world.uma)
    tag_images(access=access, project=world.pets, images=images, names=["hero"])
    tag_images(access=access, project=world.pets, images=images[:1], names=["dog", "unused"])
    ImageTag.objects.filter(tag__name="unused").delete()
    return {tag.name: tag for tag in Tag.objects.all()}


@pytest.fixture
def path(world):
    return f"/projects/{world.pets.pk}/tags/"


def test_the_most_used_come_first_and_lead_to_their_pictures(world, client_for, tagged, path):
    page = client_for(world.uma).get(path).content.decode()

    assert page.index(">hero<") < page.index(">dog<") < page.index(">unused<")
    assert "q=tag%3Ahero" in page
    assert "2 pictures" in page


def test_tags_are_found_by_a_part_of_their_name(world, client_for, tagged, path):
    client = client_for(world.uma)

    found = client.get(path, {"text": "ERO"}).content.decode()
    nothing = client.get(path, {"text": "cat"}).content.decode()

    assert ">hero<" in found
    assert ">dog<" not in found
    assert "No tag has this in its name" in nothing


def test_a_tag_is_renamed_or_told_why_not(world, client_for, tagged, path):
    client = client_for(world.uma)

    renamed = client.post(f"/tags/{tagged['dog'].pk}/rename/", {"name": "Hund"})
    taken = client.post(f"/tags/{tagged['dog'].pk}/rename/", {"name": "HERO"})

    assert renamed["Location"] == path
    assert taken.status_code == 422
    assert "Merge the two instead" in taken.content.decode()
    assert Tag.objects.get(pk=tagged["dog"].pk).name == "Hund"


def test_a_merge_can_be_taken_back_from_the_page_after_it(world, client_for, tagged, path):
    client = client_for(world.uma)

    unknown = client.post(f"/tags/{tagged['dog'].pk}/merge/", {"into": "nobody"})
    merged = client.post(f"/tags/{tagged['dog'].pk}/merge/", {"into": "Hero"})

    assert unknown.status_code == 422
    assert not Tag.objects.filter(name="dog").exists()
    assert "The tags are one now" in client.get(merged["Location"]).content.decode()
    client.post(f"/undo/{merged['Location'].partition('undo=')[2]}/")
    assert ImageTag.objects.filter(tag__name="dog").count() == 1


def test_tags_without_use_are_deleted_at_once(world, client_for, tagged, path):
    client_for(world.uma).post(f"{path}tidy/")

    assert sorted(Tag.objects.values_list("name", flat=True)) == ["dog", "hero"]


def test_strangers_find_nothing(world, client_for, tagged, path):
    client = client_for(world.mallory)

    assert client.get(path).status_code == 404
    for deed in ("rename", "merge", "delete"):
        sent = {"name": "x", "into": "hero"}
        assert client.post(f"/tags/{tagged['dog'].pk}/{deed}/", sent).status_code == 404
    assert client.post(f"{path}tidy/").status_code == 404
    assert Tag.objects.count() == 3
