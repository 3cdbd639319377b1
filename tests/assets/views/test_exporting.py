"""Downloading and exporting through pages."""

from __future__ import annotations

import io
import zipfile

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient
from django.urls import reverse
from PIL import Image as Pillow

from assets.actions.trashing import trash_image
from assets.models import Image, ImageUse, Operation
from assets.types import OperationKind, UseKind
from tests.assets.builders import decide, make_image, make_pending
from tests.assets.pictures import painted
from tests.builders import World, access_of


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def export_url(world: World) -> str:
    return reverse("assets:export", args=[world.pets.pk])


class TestOneFile:
    """The download menu of a picture."""

    @pytest.mark.parametrize(
        ("said", "kind", "size"),
        [
            ({"format": "original"}, "PNG", (96, 64)),
            ({}, "PNG", (96, 64)),
            ({"format": "jpeg", "quality": "80", "max_side": "48"}, "JPEG", (48, 32)),
            ({"format": "webp", "max_side": ""}, "WEBP", (96, 64)),
            ({"format": "png", "max_side": "2048"}, "PNG", (96, 64)),
        ],
    )
    def test_it_comes_in_the_form_that_was_chosen_and_is_counted(
        self, world, client_for, said, kind, size
    ) -> None:
        image = make_image(world.pets, world.uma, picture=painted(1))
        response = client_for(world.paul).post(reverse("assets:download", args=[image.uid]), said)
        assert response.status_code == 200
        with Pillow.open(io.BytesIO(body(response))) as picture:
            assert (picture.format, picture.size) == (kind, size)
        assert "attachment" in response["Content-Disposition"]
        assert ImageUse.objects.get().kind == UseKind.DOWNLOAD
        image.refresh_from_db()
        assert image.download_count == 1

    def test_an_approved_picture_is_saved_under_its_archive_name(self, world, client_for) -> None:
        image = decide(make_pending(world.pets, world.uma), world.rita)
        address = reverse("assets:download", args=[image.uid])
        response = client_for(world.uma).post(address, {"format": "jpeg"})
        image.refresh_from_db()
        assert response.headers["Content-Disposition"].endswith("_0001.jpg")

    def test_a_plain_get_shows_the_file_and_counts_nothing(self, world, client_for) -> None:
        image = make_image(world.pets, world.uma)
        client = client_for(world.uma)
        shown = client.get(reverse("assets:file", args=[image.uid]), {"download": "1"})
        assert shown.status_code == 200
        assert client.get(reverse("assets:download", args=[image.uid])).status_code == 405
        assert not ImageUse.objects.exists()

    @pytest.mark.parametrize("said", [{"format": "gif"}, {"max_side": "1"}, {"quality": "101"}])
    def test_what_is_not_offered_is_refused_and_not_counted(self, world, client_for, said) -> None:
        image = make_image(world.pets, world.uma)
        address = reverse("assets:download", args=[image.uid])
        assert client_for(world.uma).post(address, said).status_code == 422
        assert not ImageUse.objects.exists()

    def test_a_file_that_is_missing_is_not_counted(self, world, client_for) -> None:
        image = make_image(world.pets, world.uma)
        Image.objects.filter(pk=image.pk).update(path=f"{'9' * 2}/1/aa/{'a' * 64}.png")
        address = reverse("assets:download", args=[image.uid])
        for form in ("original", "jpeg"):
            assert client_for(world.uma).post(address, {"format": form}).status_code == 404
        assert not ImageUse.objects.exists()

    def test_strangers_find_nothing(self, world, client_for) -> None:
        image = make_image(world.pets, world.uma)
        address = reverse("assets:download", args=[image.uid])
        assert client_for(world.mallory).post(address).status_code == 404


class TestMany:
    """From the selection to the zip."""

    def test_a_selection_is_asked_about_then_ordered_then_fetched(self, world, client_for) -> None:
        images = [make_image(world.pets, world.uma, picture=painted(n)) for n in range(3)]
        chosen = {"uid": ",".join(str(image.uid) for image in images[:2])}
        uma = client_for(world.uma)
        asked = uma.post(export_url(world), chosen)
        assert asked.status_code == 200
        assert "Export 2 pictures" in asked.content.decode()
        assert chosen["uid"] in asked.content.decode()
        assert not Operation.objects.exists()
        said = {**chosen, "contents": "pictures", "format": "jpeg", "quality": "90", "names": ""}
        ordered = uma.post(export_url(world), said, follow=True)
        operation = Operation.objects.get()
        fetch = reverse("assets:export-file", args=[operation.uid])
        assert fetch in ordered.content.decode()
        response = uma.get(fetch)
        assert response["Content-Type"] == "application/zip"
        assert response["Cache-Control"] == "private, no-store"
        names = zipfile.ZipFile(io.BytesIO(body(response))).namelist()
        assert [name.rpartition(".")[2] for name in names] == ["jpg", "jpg", "csv"]

    def test_everything_that_a_search_finds_is_exported(self, world, client_for) -> None:
        make_image(world.pets, world.uma, prompt="a red fox")
        make_image(world.pets, world.uma, prompt="a blue fox")
        uma = client_for(world.uma)
        asked = uma.get(export_url(world), {"all": "1", "q": "red"})
        assert "Export 1 picture" in asked.content.decode()
        said = {"all": "1", "q": "red", "contents": "sheet_pdf", "format": "original"}
        assert uma.post(export_url(world), said).status_code == 302
        assert Operation.objects.get().done == 1

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"names": "{project}"}, "{id} or {number}"),
            ({"quality": "0"}, "greater than or equal to 1"),
            ({"max_side": "99999999"}, "less than or equal to"),
            ({"contents": "everything"}, "Select a valid choice"),
        ],
    )
    def test_a_mistake_is_said_beside_its_field(self, world, client_for, said, words) -> None:
        image = make_image(world.pets, world.uma)
        sent = {"uid": str(image.uid), "contents": "pictures", "format": "original", **said}
        response = client_for(world.uma).post(export_url(world), sent)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert not Operation.objects.exists()

    def test_nothing_selected_is_refused_with_a_sentence(self, world, client_for) -> None:
        response = client_for(world.uma).get(export_url(world))
        assert response.status_code == 422
        assert "No picture is selected" in response.content.decode()

    def test_only_the_person_who_ordered_it_fetches_it(self, world, client_for) -> None:
        image = make_image(world.pets, world.uma)
        said = {"uid": str(image.uid), "contents": "pictures", "format": "original"}
        client_for(world.uma).post(export_url(world), said)
        fetch = reverse("assets:export-file", args=[Operation.objects.get().uid])
        assert client_for(world.ada).get(fetch).status_code == 403
        assert client_for(world.mallory).get(fetch).status_code == 404
        assert client_for(world.mallory).get(export_url(world)).status_code == 404

    def test_another_kind_of_operation_is_no_export(self, world, client_for) -> None:
        image = make_image(world.pets, world.uma)
        trash_image(access=access_of(world.uma), image=image)
        operation = Operation.objects.create(
            project=world.pets, created_by=world.uma, kind=OperationKind.TAG
        )
        fetch = reverse("assets:export-file", args=[operation.uid])
        assert client_for(world.uma).get(fetch).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_async_server_sends_it_piece_by_piece_from_a_thread(world) -> None:
    image = make_image(world.pets, world.uma, picture=painted(1))
    backend = "allauth.account.auth_backends.AuthenticationBackend"

    async def fetched() -> list[bytes]:
        client = AsyncClient()
        await client.aforce_login(world.uma, backend=backend)
        said = {"uid": str(image.uid), "contents": "pictures", "format": "original"}
        await client.post(export_url(world), said)
        operation = await Operation.objects.aget()
        response = await client.get(reverse("assets:export-file", args=[operation.uid]))
        assert response.is_async
        return [chunk async for chunk in response.streaming_content]

    archive = zipfile.ZipFile(io.BytesIO(b"".join(async_to_sync(fetched)())))
    assert archive.testzip() is None
    assert len(archive.namelist()) == 2
