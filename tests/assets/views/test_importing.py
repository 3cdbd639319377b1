import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assets.models import Image, Intake, IntakeFile, Operation
from assets.storage import sha256_of
from tests.assets.importing import carry_out, imported, ordered, painted, told, zipped

pytestmark = pytest.mark.django_db

PNG = painted(1)


def begin(client, project):
    return client.post(f"/projects/{project.pk}/import/begin/").json()


def about(*files):
    return json.dumps([{"name": name, "size": size, **more} for name, size, more in files])


def send(client, address, name, data, *, offset=0, size=None):
    return client.post(
        address,
        {
            "about": about((name, len(data) if size is None else size, {"offset": offset})),
            "piece": SimpleUploadedFile("piece", data),
        },
    )


def test_files_are_sent_in_pieces_and_ordered(world, client_for):
    client = client_for(world.uma)
    place = begin(client, world.pets)

    assert send(client, place["pieces"], "a.png", PNG[:40], size=len(PNG)).json() == {
        "received": [40]
    }
    compared = client.post(place["compare"], {"about": about(("a.png", len(PNG), {}))})
    assert compared.json() == {"received": [40]}
    send(client, place["pieces"], "a.png", PNG[40:], offset=40, size=len(PNG))
    page = client.post(place["order"], headers={"Accept": "application/json"}).json()["page"]

    carry_out()
    assert Image.objects.get().imported_file.sha256 == sha256_of(PNG)
    shown = client.get(page)
    assert shown.status_code == 200
    assert str(Image.objects.get().uid) in shown.content.decode()


def test_an_import_that_is_open_is_gone_on_with(world, client_for):
    client = client_for(world.uma)
    first = begin(client, world.pets)
    send(client, first["pieces"], "a.png", PNG)

    assert begin(client, world.pets) == first
    page = client.get(f"/projects/{world.pets.pk}/import/")
    assert "An import broke off" in page.content.decode()
    client.post(first["order"])
    assert begin(client, world.pets) != first


def test_without_scripts_the_page_takes_the_files_itself(world, client_for):
    client = client_for(world.uma)
    files = [
        SimpleUploadedFile("a.png", PNG),
        SimpleUploadedFile("b.zip", zipped({"c.png": told(2)})),
    ]

    answer = client.post(f"/projects/{world.pets.pk}/import/", {"files": files}, follow=True)

    assert "Looking through the files" in answer.content.decode()
    carry_out()
    assert Image.objects.count() == 2


def test_a_form_without_files_says_so(world, client_for):
    answer = client_for(world.uma).post(f"/projects/{world.pets.pk}/import/")

    assert answer.status_code == 422
    assert "Choose the files first." in answer.content.decode()
    assert not Intake.objects.exists()


@pytest.mark.parametrize(
    "written",
    ["", "[", "{}", "[]", "[7]", "[" * 5_000, json.dumps([{"name": "a"}]),
     json.dumps([{"name": "a", "size": True}]), json.dumps([{"name": "a", "size": 1e300}]),
     json.dumps([{"name": "a", "size": 10**30}]), json.dumps([{"name": 5, "size": 1}]),
     json.dumps([{"name": "a", "size": 1, "sha256": []}]),
     json.dumps([{"name": "a", "size": 1}] * 101)],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(world, client_for, written):
    client = client_for(world.uma)
    place = begin(client, world.pets)

    for address in (place["compare"], place["pieces"]):
        answer = client.post(address, {"about": written})
        assert answer.status_code == 422
        assert answer.json()["sentence"]
    assert not IntakeFile.objects.exists()


def test_pieces_and_files_have_to_fit_each_other(world, client_for):
    client = client_for(world.uma)
    place = begin(client, world.pets)

    assert client.post(place["pieces"], {"about": about(("a.png", 5, {}))}).status_code == 422
    assert send(client, place["pieces"], "a.png", b"12345", offset=3).status_code == 422


def test_the_result_tells_of_each_file(world, client_for):
    imported(world.pets, world.uma, {"there.png": PNG})
    there = Image.objects.get()
    files = {"new.png": told(5), "again.png": PNG, "<b>page</b>.html": b"<html>"}
    operation = imported(world.pets, world.uma, files)
    page = f"/imports/{operation.intake.uid}/"
    client = client_for(world.rita)

    shown = client.get(page).content.decode()
    assert "Imported" in shown
    assert str(Image.objects.latest("id").uid) in shown
    already = client.get(f"{page}?show=there").content.decode()
    assert "again.png" in already
    assert "This file was imported before." in already
    assert f"/images/{there.uid}/" in already
    refused = client.get(f"{page}?show=refused").content.decode()
    assert "&lt;b&gt;page&lt;" in refused
    assert "This is no PNG, JPEG or WebP." in refused


def test_the_part_that_changes_asks_again_until_it_is_over(world, client_for):
    operation = ordered(world.pets, world.uma, {"a.png": PNG})
    client, page = client_for(world.uma), f"/imports/{operation.intake.uid}/"

    waiting = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in waiting
    assert 'hx-trigger="every 2s"' in waiting
    carry_out()
    assert "hx-trigger" not in client.get(page, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize("query", ["?after=1", "?after=x", "?after=999999999999", "?show=nothing"])
def test_odd_addresses_of_the_result_are_answered(world, client_for, query):
    operation = imported(world.pets, world.uma, {"a.png": PNG})

    assert client_for(world.uma).get(f"/imports/{operation.intake.uid}/{query}").status_code == 200


def test_many_results_come_in_pages_of_few_queries(
    world, client_for, django_assert_max_num_queries
):
    data = zipped({f"{number:03}.txt": b"%d" % number for number in range(70)})
    operation = imported(world.pets, world.uma, {"a.zip": data})
    client, page = client_for(world.uma), f"/imports/{operation.intake.uid}/"
    client.get(page)

    with django_assert_max_num_queries(16):
        first = client.get(f"{page}?show=refused").content.decode()
    assert "a.zip/059.txt" in first
    assert "a.zip/060.txt" not in first
    second = client.get(f"{page}?show=refused&after=59").content.decode()
    assert "a.zip/060.txt" in second
    assert "Show more" not in second


def test_an_import_is_undone_on_its_page(world, client_for):
    operation = imported(world.pets, world.uma, {"a.png": PNG})
    client, page = client_for(world.uma), f"/imports/{operation.intake.uid}/"

    answer = client.post(f"{page}undo/", follow=True)
    carry_out()

    assert answer.status_code == 200
    assert Image.objects.get().trashed_at
    assert "This import was undone" in client.get(page).content.decode()


def test_the_import_of_somebody_else_is_undone_by_who_manages_the_project(world, client_for):
    operation = imported(world.pets, world.uma, {"a.png": PNG})
    page = f"/imports/{operation.intake.uid}/"

    assert f"{page}undo/" not in client_for(world.rita).get(page).content.decode()
    assert client_for(world.rita).post(f"{page}undo/").status_code == 403
    assert f"{page}undo/" in client_for(world.ada).get(page).content.decode()


def test_a_picture_that_does_not_tell_is_still_called_something(world, client_for):
    imported(world.pets, world.uma, {"a.png": PNG})

    page = client_for(world.uma).get(f"/images/{Image.objects.get().uid}/").content.decode()

    assert "Imported picture" in page
    assert "says nothing of how it was made" in page
    assert "not recorded" in page
    assert "The file as it was imported" in page


def test_an_import_is_stopped_on_its_page(world, client_for):
    operation = ordered(world.pets, world.uma, {"a.png": PNG})

    answer = client_for(world.uma).post(f"/imports/{operation.intake.uid}/stop/", follow=True)

    assert "The import was stopped" in answer.content.decode()
    assert Operation.objects.get().status == "cancelled"


def test_what_broke_off_is_thrown_away_on_the_page(world, client_for):
    client = client_for(world.uma)
    place = begin(client, world.pets)
    send(client, place["pieces"], "a.png", PNG)

    client.post(place["order"].replace("order", "discard"))

    assert not Intake.objects.exists()


def test_the_file_is_given_back_as_it_came(world, client_for):
    imported(world.pets, world.uma, {"set/说明.jpg": painted(3, "JPEG")})
    image = Image.objects.get()

    answer = client_for(world.rita).get(f"/images/{image.uid}/source/")

    assert b"".join(answer.streaming_content) == painted(3, "JPEG")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client_for(world.mallory).get(f"/images/{image.uid}/source/").status_code == 404


def test_a_picture_whose_file_was_not_kept_has_none(world, client_for):
    imported(world.pets, world.uma, {"a.png": PNG + b"more"})

    assert (
        client_for(world.uma).get(f"/images/{Image.objects.get().uid}/source/").status_code == 404
    )


def test_others_neither_see_nor_send(world, client_for):
    place = begin(client_for(world.uma), world.pets)
    page = place["order"].replace("order/", "")
    stranger = client_for(world.mallory)

    assert stranger.post(f"/projects/{world.pets.pk}/import/begin/").status_code == 404
    assert stranger.get(f"/projects/{world.pets.pk}/import/").status_code == 404
    assert stranger.get(page).status_code == 404
    assert send(stranger, place["pieces"], "a.png", PNG).status_code == 404
    assert send(client_for(world.ada), place["pieces"], "a.png", PNG).status_code == 404
    assert not IntakeFile.objects.exists()


def test_the_gallery_offers_the_import(world, client_for):
    page = client_for(world.uma).get(f"/projects/{world.pets.pk}/").content.decode()

    assert f"/projects/{world.pets.pk}/import/" in page
    assert "<import-drop" in page
