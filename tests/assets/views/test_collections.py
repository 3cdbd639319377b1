"""The pages of collections."""

from __future__ import annotations

import pytest

from assets.actions.collecting import collect_images
from assets.actions.collections import create_collection
from assets.actions.searches import save_search
from assets.models import Collection, CollectionItem
from assets.queries import collections as queries
from tests.assets.builders import make_image
from tests.builders import access_of


def create(world, name, parent=None):
    return create_collection(
        access=access_of(world.uma), project=world.pets, name=name, parent=parent
    )


@pytest.fixture
def filled(world):
    """A collection and its three pictures."""
    images = [make_image(world.pets, world.uma, prompt=f"number {n}") for n in range(3)]
    collection = create(world, "秋天")
    collect_images(access=access_of(world.uma), collection=collection, images=images)
    return collection, images


def text_of(answer) -> str:
    return answer.content.decode()


def order_in(collection):
    items = CollectionItem.objects.filter(collection=collection).order_by("position", "pk")
    return list(items.values_list("image_id", flat=True))


def test_the_tree_shows_covers_and_what_fills_itself(world, client_for, filled):
    collection, images = filled
    create(world, "Forest", collection)
    for name, options in (("Pinned", {"is_pinned": True}), ("Loose", {})):
        save_search(
            access=access_of(world.uma),
            project=world.pets,
            name=name,
            query="status:approved",
            **options,
        )

    page = text_of(client_for(world.uma).get(f"/projects/{world.pets.pk}/collections/"))

    assert "秋天" in page
    assert "Forest" in page
    assert f"/images/{images[0].uid}/thumb.webp" in page
    assert "Pinned" in page
    assert "Loose" not in page
    assert "q=is%3Aunused" in page
    assert "q=last%3A100" in page


def test_a_project_without_collections_is_told_how_to_begin(world, client_for):
    page = text_of(client_for(world.uma).get(f"/projects/{world.pets.pk}/collections/"))

    assert "No collections yet" in page
    assert "press C" in page


def test_the_pages_cost_the_same_however_much_lies_in_them(
    world, client_for, filled, django_assert_max_num_queries
):
    collection, images = filled
    client = client_for(world.uma)
    for number in range(8):
        inner = create(world, f"{number}", collection)
        collect_images(access=access_of(world.uma), collection=inner, images=images)

    with django_assert_max_num_queries(9):
        client.get(f"/projects/{world.pets.pk}/collections/")
    with django_assert_max_num_queries(13):
        client.get(f"/collections/{collection.pk}/")


def test_a_collection_is_begun_renamed_and_deleted_and_deletion_is_taken_back(world, client_for):
    client = client_for(world.uma)
    path = f"/projects/{world.pets.pk}/collections/"

    created = client.post(f"{path}new/", {"name": "Autumn"})
    collection = Collection.objects.get()
    assert created["Location"] == f"/collections/{collection.pk}/"
    client.post(f"/collections/{collection.pk}/edit/", {"name": "Fall", "notes": "Golden."})
    assert "Golden." in text_of(client.get(f"/collections/{collection.pk}/"))

    deleted = client.post(f"/collections/{collection.pk}/delete/")
    assert not Collection.objects.exists()
    page = text_of(client.get(deleted["Location"]))
    assert "“Fall” is deleted" in page
    undo = deleted["Location"].partition("undo=")[2]
    assert client_for(world.mallory).post(f"/undo/{undo}/").status_code == 404
    client.post(f"/undo/{undo}/")
    assert Collection.objects.get().name == "Fall"
    assert "is deleted" not in text_of(client.get(deleted["Location"]))


def test_a_name_that_is_taken_is_said_beside_the_field(world, client_for):
    collection = create(world, "Autumn")
    create(world, "Winter")
    client = client_for(world.uma)

    created = client.post(f"/projects/{world.pets.pk}/collections/new/", {"name": "Winter"})
    renamed = client.post(f"/collections/{collection.pk}/edit/", {"name": "Winter"})

    for answer in (created, renamed):
        assert answer.status_code == 422
        assert "a collection of this name here already" in text_of(answer)


def test_collections_are_moved_and_the_answer_is_the_tree(world, client_for):
    a, b = create(world, "a"), create(world, "b")
    client = client_for(world.uma)

    moved = client.post(f"/collections/{a.pk}/move/", {"parent": b.pk}, HTTP_HX_REQUEST="true")

    assert "collection-tree" in text_of(moved)
    assert Collection.objects.get(pk=a.pk).parent == b
    circle = client.post(f"/collections/{b.pk}/move/", {"parent": a.pk}, HTTP_HX_REQUEST="true")
    assert circle.status_code == 422
    foreign = create_collection(
        access=access_of(world.mallory), project=world.harbour_project, name="x"
    )
    client.post(f"/collections/{a.pk}/move/", {"parent": foreign.pk})
    assert Collection.objects.get(pk=a.pk).parent == b


def test_pictures_are_ordered_taken_out_and_made_the_cover(world, client_for, filled):
    collection, (first, second, third) = filled
    client = client_for(world.uma)
    path = f"/collections/{collection.pk}"

    client.post(f"{path}/order/", {"uid": third.uid, "before": first.uid}, HTTP_HX_REQUEST="true")
    assert order_in(collection) == [third.pk, first.pk, second.pk]
    client.post(f"{path}/order/", {"uid": third.uid}, HTTP_HX_REQUEST="true")
    assert order_in(collection) == [first.pk, second.pk, third.pk]
    client.post(f"{path}/cover/", {"uid": second.uid})
    assert Collection.objects.get().cover == second
    client.post(f"{path}/remove/", {"uid": [first.uid, second.uid]}, HTTP_HX_REQUEST="true")
    assert order_in(collection) == [third.pk]


def test_a_long_collection_comes_in_parts_in_both_directions(world, client_for, monkeypatch):
    images = [make_image(world.pets, world.uma) for _ in range(5)]
    collection = create(world, "long")
    access = access_of(world.uma)
    collect_images(access=access, collection=collection, images=images)
    images[2].trashed_at = images[2].created_at
    images[2].save(update_fields=["trashed_at"])

    first = queries.part_of(access, collection, size=2)
    second = queries.part_of(access, collection, size=2, after=first.after)
    back = queries.part_of(access, collection, size=1, before=second.before)

    def ids(part):
        return [row["id"] for row in part.rows]

    assert (ids(first), ids(second)) == (
        [images[0].pk, images[1].pk],
        [images[3].pk, images[4].pk],
    )
    assert (first.before, second.after) == (None, None)
    assert ids(back) == [images[1].pk]
    assert back.before is not None
    part = client_for(world.uma).get(f"/collections/{collection.pk}/part/?after={first.after}")
    assert str(images[3].uid) in text_of(part)
    assert str(images[0].uid) not in text_of(part)


@pytest.mark.parametrize("cursor", ["x", "1", "1-", "-1", "9" * 30 + "-1", "1-2-3"])
def test_a_place_that_is_none_is_the_beginning(world, client_for, filled, cursor):
    collection, images = filled

    answer = client_for(world.uma).get(f"/collections/{collection.pk}/?after={cursor}")

    assert answer.status_code == 200
    assert str(images[0].uid) in text_of(answer)


def test_strangers_find_nothing(world, client_for, filled):
    collection, images = filled
    client = client_for(world.mallory)
    path = f"/collections/{collection.pk}"

    for address in (f"{path}/", f"{path}/part/", f"/projects/{world.pets.pk}/collections/"):
        assert client.get(address).status_code == 404
    for deed in ("edit", "move", "cover", "delete", "remove", "order"):
        sent = {"name": "x", "uid": images[0].uid}
        assert client.post(f"{path}/{deed}/", sent).status_code == 404
    assert order_in(collection) == [image.pk for image in images]
