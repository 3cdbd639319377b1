"""The trash of a project, and throwing away one picture."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assets.actions.trashing import trash_image
from assets.models import Image, Operation
from tests.assets.builders import decide, make_image, make_pending
from tests.assets.operations.builders import make_rows, run_all
from tests.builders import World, access_of

pytestmark = pytest.mark.django_db


def trash_url(world: World, name: str = "trash") -> str:
    return reverse(f"assets:{name}", kwargs={"project_id": world.pets.pk})


def one(image: Image, name: str) -> str:
    return reverse(f"assets:{name}", kwargs={"uid": image.uid})


def throw_away(person, *images: Image) -> None:
    for image in images:
        trash_image(access=access_of(person), image=image)


def test_an_empty_trash_says_what_it_is_for(world: World, client_for) -> None:
    page = client_for(world.uma).get(trash_url(world)).content.decode()

    assert "The trash is empty" in page
    assert "for 30 days" in page


def test_people_see_what_they_threw_away_and_admins_see_everything(
    world: World, client_for
) -> None:
    mine, others = make_rows(world.pets, world.uma, 2)
    throw_away(world.uma, mine)
    throw_away(world.ada, others)

    page = client_for(world.uma).get(trash_url(world)).content.decode()
    assert (str(mine.uid) in page, str(others.uid) in page) == (True, False)
    page = client_for(world.ada).get(trash_url(world)).content.decode()
    assert (str(mine.uid) in page, str(others.uid) in page) == (True, True)
    assert client_for(world.mallory).get(trash_url(world)).status_code == 404


def test_a_card_says_when_its_picture_is_deleted(world: World, client_for, settings) -> None:
    [image] = make_rows(world.pets, world.uma, 1)
    throw_away(world.uma, image)
    Image.objects.update(trashed_at=timezone.now().replace(year=2025, month=1, day=5, hour=12))

    page = client_for(world.uma).get(trash_url(world)).content.decode()
    assert "Deleted for good on 02/04/2025" in page

    settings.TRASH_DAYS = 0
    page = client_for(world.uma).get(trash_url(world)).content.decode()
    assert "Kept until somebody lets it go" in page


def test_ticked_pictures_are_restored(world: World, client_for) -> None:
    first, second = make_rows(world.pets, world.uma, 2)
    throw_away(world.uma, first, second)

    client_for(world.uma).post(
        trash_url(world, "trash-change"), {"what": "restore", "uid": str(first.uid)}
    )

    assert list(Image.objects.in_trash()) == [second]


def test_everything_is_restored_or_deleted_at_once(world: World, client_for) -> None:
    images = make_rows(world.pets, world.uma, 3)
    throw_away(world.uma, *images[:2])
    throw_away(world.ada, images[2])
    change = trash_url(world, "trash-change")

    client_for(world.uma).post(change, {"what": "restore", "all": "1"})
    run_all()
    assert list(Image.objects.in_trash()) == [images[2]], "what an admin threw away stays"

    assert client_for(world.uma).post(change, {"what": "purge", "all": "1"}).status_code == 403
    client_for(world.ada).post(change, {"what": "purge", "all": "1"})
    run_all()
    assert Image.objects.count() == 2


def test_approved_pictures_are_listed_and_let_go_one_by_one(world: World, client_for) -> None:
    approved = decide(make_pending(world.pets, world.uma), world.rita)
    throw_away(world.ada, approved)
    client = client_for(world.ada)
    assert 'id="to-allow"' in client.get(trash_url(world)).content.decode()
    change = trash_url(world, "trash-change")

    client.post(change, {"what": "purge", "uid": str(approved.uid)})
    assert Image.objects.exists()
    client.post(change, {"what": "allow", "uid": str(approved.uid)})
    assert 'id="to-allow"' not in client.get(trash_url(world)).content.decode()
    client.post(change, {"what": "purge", "uid": str(approved.uid)})

    assert not Image.objects.exists()


def test_pages_of_the_trash_follow_each_other(world: World, client_for) -> None:
    images = make_rows(world.pets, world.uma, 61)
    now = timezone.now()
    for number, image in enumerate(images):
        image.trashed_at, image.trashed_by = now - timedelta(seconds=number // 2), world.uma
    Image.objects.bulk_update(images, ["trashed_at", "trashed_by"])
    client = client_for(world.uma)

    first = client.get(trash_url(world))
    assert len(first.context["cards"]) == 60
    second = client.get(first.context["next_url"])
    assert len(second.context["cards"]) == 1
    seen = {card.image.pk for card in [*first.context["cards"], *second.context["cards"]]}
    assert len(seen) == 61
    for nonsense in ("x", "_", "2025-01-05_1", f"2025-01-05T00:00:00+00:00_{2**70}"):
        assert client.get(trash_url(world), {"cursor": nonsense}).status_code == 200


def test_one_picture_is_thrown_away_and_taken_back(world: World, client_for) -> None:
    image = make_image(world.pets, world.uma)
    client = client_for(world.uma)

    client.post(one(image, "image-trash"))
    assert Image.objects.in_trash().count() == 1
    assert Operation.objects.get().done == 1

    client.post(one(image, "image-restore"))
    assert not Image.objects.in_trash().exists()


def test_who_may_not_is_told_why(world: World, client_for) -> None:
    image = make_image(world.pets, world.ada)

    answer = client_for(world.uma).post(one(image, "image-trash"))

    assert answer.status_code == 403
    assert "Somebody else made it" in answer.content.decode()
    assert not Operation.objects.exists()


def test_page_and_files_of_a_thrown_away_picture_are_there_for_those_who_may_restore_it(
    world: World, client_for
) -> None:
    image = make_image(world.pets, world.uma)
    throw_away(world.uma, image)
    addresses = [
        one(image, "image"),
        one(image, "file"),
        reverse("assets:rendition", kwargs={"uid": image.uid, "kind": "thumb"}),
    ]

    for address in addresses:
        assert client_for(world.uma).get(address).status_code == 200
        assert client_for(world.ada).get(address).status_code == 200
        assert client_for(world.rita).get(address).status_code == 404


def test_a_thrown_away_picture_hangs_nowhere(world: World, client_for) -> None:
    image = make_pending(world.pets, world.uma)
    throw_away(world.ada, image)
    client = client_for(world.rita)
    places = [
        reverse("assets:gallery", kwargs={"project_id": world.pets.pk}),
        reverse("assets:review-queue", kwargs={"project_id": world.pets.pk}),
        reverse("portal:home"),
        f"/api/v1/projects/{world.pets.pk}/images/",
        f"/api/v1/projects/{world.pets.pk}/review-queue/",
    ]

    for place in places:
        answer = client.get(place)
        assert answer.status_code == 200
        assert str(image.uid) not in answer.content.decode(), place


def test_storage_by_person_is_for_those_who_manage_the_project(world: World, client_for) -> None:
    make_rows(world.pets, world.uma, 2, bytes=2048)
    address = trash_url(world, "storage-people")
    assert (
        "2 pictures, 4.0" in client_for(world.ada).get(trash_url(world, "storage")).content.decode()
    )

    page = client_for(world.ada).get(address).content.decode()
    assert "Uma" in page
    assert "4.0\xa0KB" in page
    assert (
        "<html" not in client_for(world.ada).get(address, HTTP_HX_REQUEST="true").content.decode()
    )
    assert client_for(world.rita).get(address).status_code == 403
    assert client_for(world.mallory).get(address).status_code == 404
