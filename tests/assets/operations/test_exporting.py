"""Exports: ordered, counted, sent as a zip that is read back, and only to who ordered them."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image as Pillow

from accounts.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from accounts.grants import apply
from accounts.models import Membership
from assets import storage
from assets.exports.options import Contents, ExportOptions, FileFormat, FileOptions
from assets.exports.streaming import zip_of
from assets.handing_out import deliver_export
from assets.models import Image, ImageUse, Operation, OperationItem
from assets.operations import export_orders
from assets.operations.asks import Chosen
from assets.operations.export_orders import order_export
from assets.provenance.reading import read
from assets.queries.exported import Exported, exported
from assets.types import ItemState, OperationStatus, UseKind
from tests.assets.builders import decide, make_image, make_pending
from tests.assets.pictures import painted
from tests.builders import World, access_of

USUAL = ExportOptions(names="{project}_{number}")


def ordered(world: World, images: list[Image], person=None, **options: object) -> Operation:
    return order_export(
        access=access_of(person or world.uma),
        project=world.pets,
        chosen=Chosen(ids=tuple(image.pk for image in images)),
        options=replace(USUAL, **options),
    )


def fetched(operation: Operation, person) -> bytes:
    request: HttpRequest = RequestFactory().get("/")
    response = deliver_export(request, access_of(person), operation)
    return b"".join(response.streaming_content)


def opened(data: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return archive


def listed(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    text = archive.read("manifest.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_zip_holds_the_archived_bytes_under_their_names_and_a_list(world: World) -> None:
    approved = decide(make_pending(world.pets, world.uma, picture=painted(1)), world.rita)
    draft = make_image(world.pets, world.rita, picture=painted(2))
    operation = ordered(world, [draft, approved])
    assert operation.status == OperationStatus.DONE
    archive = opened(fetched(operation, world.uma))
    approved.refresh_from_db()
    assert archive.namelist() == ["宠物主题_0001.png", approved.archive_name, "manifest.csv"]
    assert archive.read(approved.archive_name) == storage.read(approved.path)
    first, second = listed(archive)
    assert (first["file"], first["state"], first["uid"]) == (
        "宠物主题_0001.png",
        "exported",
        str(draft.uid),
    )
    assert second["sha256_of_file"] == second["sha256"] == approved.sha256


@pytest.mark.parametrize(
    ("form", "extension"),
    [(FileFormat.PNG, "png"), (FileFormat.JPEG, "jpg"), (FileFormat.WEBP, "webp")],
)
def test_converted_pictures_keep_labels_and_settings(
    world: World, form: FileFormat, extension: str
) -> None:
    image = make_image(world.pets, world.uma, picture=painted(3, (200, 100)))
    operation = ordered(world, [image], file=FileOptions(format=form, max_side=100, quality=80))
    data = opened(fetched(operation, world.uma)).read(f"宠物主题_0001.{extension}")
    with Pillow.open(io.BytesIO(data)) as picture:
        assert (picture.format.lower(), picture.size) == (form.value, (100, 50))
    found = read(data)
    assert found.aigc["Label"] == "1"
    assert found.aigc["ProduceID"] == str(image.uid)
    assert "Seed: 123456" in found.infotext


def test_what_is_missing_is_named_in_the_list_and_does_not_stop_the_rest(world: World) -> None:
    images = [make_image(world.pets, world.uma, picture=painted(number)) for number in range(4)]
    operation = ordered(world, images, with_json=True)
    storage.delete_quietly(images[0].path)
    Image.objects.filter(pk=images[1].pk).update(trashed_at=timezone.now())
    Image.objects.filter(pk=images[2].pk).update(project=world.harbour_project)
    archive = opened(fetched(operation, world.uma))
    assert archive.namelist() == ["宠物主题_0004.png", "manifest.csv", "manifest.json"]
    states = [row["state"] for row in listed(archive)]
    assert states == ["file_missing", "in_trash", "not_visible", "exported"]
    assert listed(archive)[2]["prompt"] == ""
    assert [row["state"] for row in json.loads(archive.read("manifest.json"))] == states


def test_a_file_that_was_altered_is_sent_and_told(world: World) -> None:
    image = make_image(world.pets, world.uma)
    path = storage.archive_storage().path(image.path)
    with open(path, "r+b") as file:  # noqa: PTH123
        file.seek(40)
        file.write(b"\0\1\2\3")
    archive = opened(fetched(ordered(world, [image]), world.uma))
    assert listed(archive)[0]["state"] == "exported_but_altered"


def test_an_export_is_counted_once_for_each_picture_and_a_fetch_writes_nothing(
    world: World,
) -> None:
    images = [make_image(world.pets, world.rita) for _ in range(2)]
    operation = ordered(world, images)
    fetched(operation, world.uma)
    fetched(operation, world.uma)
    assert ImageUse.objects.filter(kind=UseKind.EXPORT, user=world.uma).count() == 2
    assert list(Image.objects.values_list("download_count", flat=True)) == [1, 1]


def test_a_contact_sheet_takes_nothing_away(world: World) -> None:
    operation = ordered(world, [make_image(world.pets, world.uma)], contents=Contents.SHEET_PNG)
    with Pillow.open(io.BytesIO(fetched(operation, world.uma))) as page:
        assert page.size == (1240, 1754)
    assert not ImageUse.objects.exists()


def test_several_pages_are_a_zip_of_pictures_or_one_document(world: World, monkeypatch) -> None:
    monkeypatch.setattr("assets.handing_out.ON_A_PAGE", 1)
    monkeypatch.setattr("assets.exports.contact_sheet.ON_A_PAGE", 1)
    images = [make_image(world.pets, world.uma) for _ in range(2)]
    pngs = opened(fetched(ordered(world, images, contents=Contents.SHEET_PNG), world.uma))
    assert [name[-7:] for name in pngs.namelist()] == ["_01.png", "_02.png"]
    pdf = fetched(ordered(world, images, contents=Contents.SHEET_PDF), world.uma)
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert b"/Count 2" in pdf


def test_too_many_pictures_do_not_go_on_a_contact_sheet(world: World, monkeypatch) -> None:
    monkeypatch.setattr(export_orders, "MOST_PICTURES", 1)
    images = [make_image(world.pets, world.uma) for _ in range(2)]
    with pytest.raises(InvalidInput) as caught:
        ordered(world, images, contents=Contents.SHEET_PDF)
    assert caught.value.field == "contents"
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"names": "{project}"}, "names"),
        ({"file": FileOptions(format=FileFormat.JPEG, quality=0)}, "quality"),
        ({"file": FileOptions(format=FileFormat.JPEG, max_side=1)}, "max_side"),
        ({"file": FileOptions(format=FileFormat.JPEG, max_side=10**9)}, "max_side"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(
    world: World, options: dict[str, object], field: str
) -> None:
    image = make_image(world.pets, world.uma)
    with pytest.raises(InvalidInput) as caught:
        ordered(world, [image], **options)
    assert caught.value.field == field
    assert not Operation.objects.exists()


def test_only_who_ordered_it_fetches_it(world: World) -> None:
    operation = ordered(world, [make_image(world.pets, world.uma)])
    with pytest.raises(NotPermitted):
        fetched(operation, world.ada)
    with pytest.raises(NotVisible):
        fetched(operation, world.mallory)
    with pytest.raises(NotVisible):
        order_export(
            access=access_of(world.mallory),
            project=world.pets,
            chosen=Chosen(ids=(1,)),
            options=USUAL,
        )


def test_who_has_left_the_project_gets_nothing_more(world: World) -> None:
    images = [make_image(world.pets, world.paul, picture=painted(number)) for number in range(2)]
    operation = ordered(world, images, person=world.paul)
    access = access_of(world.paul)
    Membership.objects.filter(user=world.paul).delete()
    apply(user_id=world.paul.pk, organization_id=world.lantern.pk)
    response = deliver_export(RequestFactory().get("/"), access, operation)
    archive = opened(b"".join(response.streaming_content))
    assert archive.namelist() == ["manifest.csv"]
    assert {row["state"] for row in listed(archive)} == {"not_visible"}


def test_an_export_is_kept_for_a_week(world: World) -> None:
    operation = ordered(world, [make_image(world.pets, world.uma)])
    Operation.objects.update(created_at=timezone.now() - timedelta(days=8))
    operation.refresh_from_db()
    with pytest.raises(InvalidTransition):
        fetched(operation, world.uma)
    Operation.objects.update(created_at=timezone.now(), status=OperationStatus.RUNNING)
    operation.refresh_from_db()
    with pytest.raises(InvalidTransition):
        fetched(operation, world.uma)


def test_memory_stays_flat_however_many_pictures_there_are(world: World) -> None:
    image = make_image(world.pets, world.uma, picture=painted(1, (400, 400)))
    size = image.bytes

    def peak(count: int) -> int:
        pictures = (
            Exported(
                item=OperationItem(position=place, name=f"{place}.png", state=ItemState.DONE),
                image=image,
            )
            for place in range(count)
        )
        tracemalloc.start()
        sent = sum(len(chunk) for chunk in zip_of(pictures, USUAL))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sent > count * size
        return highest

    few, many = peak(10), peak(150)
    # What grows is one line of the table of contents for each picture.
    assert many - few < 150 * 1500
    assert many < 150 * size / 5


def test_pages_of_an_export_take_a_constant_number_of_queries(
    world: World, django_assert_num_queries
) -> None:
    images = [make_image(world.pets, world.uma) for _ in range(6)]
    operation = ordered(world, images)
    access = access_of(world.uma)
    with django_assert_num_queries(6):
        assert len(list(exported(operation, lambda: access))) == 6
