"""Marks, tags and places of pictures, as the pages change them."""

from __future__ import annotations

import pytest

from assets.actions.collecting import collect_images
from assets.actions.collections import create_collection
from assets.actions.tagging import tag_images
from assets.models import Collection, CollectionItem, ImageMark, ImageTag, Tag
from tests.assets.builders import make_image
from tests.builders import access_of

SCRIPT = {"HTTP_HX_REQUEST": "true"}


def tags_of(image) -> list[str]:
    return sorted(ImageTag.objects.filter(image=image).values_list("tag__name", flat=True))


def test_several_pictures_are_starred_and_rated_at_once(world, client_for):
    images = [make_image(world.pets, world.uma), make_image(world.products, world.uma)]
    client = client_for(world.uma)
    uids = [str(image.uid) for image in images]

    starred = client.post("/pictures/marks/", {"uid": uids, "starred": "1"}, **SCRIPT).json()
    rated = client.post("/pictures/marks/", {"uid": uids[:1], "rating": "4"}, **SCRIPT).json()

    assert [starred["marks"][uid]["starred"] for uid in uids] == [True, True]
    assert rated["marks"] == {
        uids[0]: {"starred": True, "rating": 4, "mean": 4.0, "count": 1},
    }


def test_without_scripts_a_mark_leads_back_to_the_page(world, client_for):
    image = make_image(world.pets, world.uma)

    answer = client_for(world.uma).post(
        "/pictures/marks/", {"uid": image.uid, "rating": "5", "next": "/projects/1/home/"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/projects/1/home/")
    assert ImageMark.objects.get().rating == 5


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Choose a picture"),
        ({"uid": "nonsense", "starred": "1"}, "not the id"),
        ({"starred": "2"}, "valid choice"),
        ({"rating": "6"}, "less than or equal to 5"),
        ({"rating": ""}, "Say a star"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(world, client_for, sent, says):
    image = make_image(world.pets, world.uma)
    if sent and "uid" not in sent:
        sent = {**sent, "uid": image.uid}

    answer = client_for(world.uma).post("/pictures/marks/", sent, **SCRIPT)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ImageMark.objects.exists()


def test_pictures_of_others_are_not_there(world, client_for):
    image = make_image(world.pets, world.uma)
    mallory = client_for(world.mallory)
    collection = create_collection(
        access=access_of(world.mallory), project=world.harbour_project, name="Loot"
    )

    for path, sent in (
        ("marks", {"starred": "1"}),
        ("tags", {"add": "mine"}),
        ("collect", {"collection": collection.pk}),
    ):
        answer = mallory.post(f"/pictures/{path}/", {"uid": image.uid, **sent}, **SCRIPT)
        assert answer.status_code == 404
    assert mallory.get(f"/images/{image.uid}/organized/").status_code == 404
    assert not ImageMark.objects.exists()
    assert not Tag.objects.exists()
    assert not CollectionItem.objects.exists()


def test_tags_are_put_on_and_taken_off_several_pictures(world, client_for):
    images = [make_image(world.pets, world.uma) for _ in range(2)]
    uids = [str(image.uid) for image in images]
    client = client_for(world.uma)

    answer = client.post("/pictures/tags/", {"uid": uids, "add": "hero， 秋天、"}, **SCRIPT)
    assert answer.json()["sentence"] == "Tagged: hero, 秋天."
    assert [tags_of(image) for image in images] == [["hero", "秋天"]] * 2
    client.post("/pictures/tags/", {"uid": uids[:1], "remove": "HERO"}, **SCRIPT)
    assert [tags_of(image) for image in images] == [["秋天"], ["hero", "秋天"]]


def test_the_answer_tells_what_changed_so_that_it_can_be_taken_back(world, client_for):
    first, second = (make_image(world.pets, world.uma) for _ in range(2))
    uids = [str(first.uid), str(second.uid)]
    client = client_for(world.uma)
    client.post("/pictures/tags/", {"uid": uids[:1], "add": "hero"}, **SCRIPT)

    changed = client.post("/pictures/tags/", {"uid": uids, "add": "hero, dog"}, **SCRIPT).json()

    assert changed["undo"] == [
        {"uids": uids[:1], "remove": "dog"},
        {"uids": uids[1:], "remove": "hero, dog"},
    ]


def test_the_page_of_a_picture_says_what_is_wrong_with_a_tag(world, client_for):
    image = make_image(world.pets, world.uma)
    client = client_for(world.uma)

    wrong = client.post(f"/images/{image.uid}/organized/", {"add": "a" * 61}, **SCRIPT)
    right = client.post(f"/images/{image.uid}/organized/", {"add": "hero"}, **SCRIPT)

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert "at most 60 characters" in wrong.content.decode()
    assert "hero" in client.get(f"/images/{image.uid}/").content.decode()
    assert client.post(f"/images/{image.uid}/organized/", {"remove": "hero"}).status_code == 302
    assert tags_of(image) == []


def test_tags_are_completed_by_their_beginning_however_it_is_written(world, client_for):
    image = make_image(world.pets, world.uma)
    tag_images(
        access=access_of(world.uma),
        project=world.pets,
        images=[image],
        names=["Autumn", "in autumn", "winter"],
    )

    path = f"/projects/{world.pets.pk}/tags/complete/"
    assert client_for(world.uma).get(path, {"text": "ＡＵ"}).json() == {
        "tags": ["Autumn", "in autumn"]
    }
    assert client_for(world.mallory).get(path).status_code == 404


def test_pictures_go_into_a_collection_that_is_there_and_into_a_new_one(world, client_for):
    image = make_image(world.pets, world.uma)
    client = client_for(world.uma)

    new = client.post("/pictures/collect/", {"uid": image.uid, "name": "秋天"}, **SCRIPT).json()
    collection = Collection.objects.get()
    again = client.post(
        "/pictures/collect/", {"uid": image.uid, "collection": collection.pk}, **SCRIPT
    ).json()

    assert (new["added"], new["url"]) == ([str(image.uid)], f"/collections/{collection.pk}/")
    assert again["added"] == []
    assert "秋天" in client.get(f"/images/{image.uid}/").content.decode()


def test_the_choice_of_collections_shows_the_tree(world, client_for):
    access = access_of(world.uma)
    outer = create_collection(access=access, project=world.pets, name="outer")
    create_collection(access=access, project=world.pets, name="inner", parent=outer)
    collect_images(access=access, collection=outer, images=[make_image(world.pets, world.uma)])

    html = (
        client_for(world.uma).get(f"/projects/{world.pets.pk}/collections/choose/").content.decode()
    )

    assert html.index("outer") < html.index("depth-1") < html.index("inner")
