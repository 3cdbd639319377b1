import io
import json
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from PIL import Image as Pillow

from accounts.grants import apply
from accounts.models import Membership
from assets.actions.importing import Announced, begin_import, order_import, receive_piece
from assets.actions.operations import cancel_operation, undo_operation
from assets.models import (
    Image,
    ImageLook,
    ImportedFile,
    IntakeFile,
    Operation,
    OperationItem,
    PendingFile,
    ProjectTally,
)
from assets.operations.running import run_next
from assets.provenance.aigc import pixel_sha256
from assets.provenance.reading import read as read_provenance
from assets.provenance.writing import encode
from assets.queries.archive_check import faults_of_files, faults_of_rows
from assets.storage import read as read_file
from tests.assets.builders import make_image
from tests.assets.foreign.files import png_with
from tests.assets.foreign.test_comfyui import z_image_graph
from tests.assets.foreign.test_swarmui import SAID
from tests.assets.importing import (
    SYSTEM,
    carry_out,
    imported,
    ordered,
    outcome,
    painted,
    told,
    zipped,
)
from tests.assets.provenance.pictures import make_picture, make_provenance
from tests.builders import access_of

pytestmark = pytest.mark.django_db

NOON_2024 = 1_717_243_200_000  # milliseconds: 2024-06-01 12:00 UTC


def archive_files() -> set[str]:
    root = Path(django_settings.STORAGES["archive"]["OPTIONS"]["location"])
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_files_become_pictures_with_what_they_say_of_themselves(world):
    operation = imported(world.pets, world.uma, {"set/1.png": told(41)}, modified_ms=NOON_2024)

    assert (operation.status, operation.done) == ("done", 1)
    image = Image.objects.get()
    assert (image.source, image.created_by, image.project) == ("imported", world.uma, world.pets)
    assert (image.prompt, image.seed, image.steps, image.cfg) == ("一只熊猫", 41, 20, 7.5)
    assert image.model_name == "dream_8"
    assert image.created_at == datetime(2024, 6, 1, 12, tzinfo=UTC)
    assert image.archived_at > image.created_at
    assert image.metadata["origin"]["imported"]["tool"] == "A1111"
    assert image.metadata["who"]["person"]["name"] == "Uma"
    file = image.imported_file
    assert (file.name, file.tool) == ("set/1.png", "A1111")
    assert read_file(file.kept_path) == told(41)
    assert image.renditions.count() == 2
    assert ProjectTally.objects.get(project=world.pets).images == 1
    assert not PendingFile.objects.exists()


def test_what_a_file_does_not_say_stays_unknown(world):
    imported(world.pets, world.uma, {"photo.jpg": painted(3, "JPEG")})

    image = Image.objects.get()
    assert (image.prompt, image.model_name) == ("", "")
    assert (image.seed, image.steps, image.cfg) == (None, None, None)
    found = read_provenance(read_file(image.path))
    assert found.aigc is None
    assert "Iptc4xmpExt:DigitalSourceType" not in found.xmp


def test_a_picture_of_another_tool_is_labelled_as_passed_on(world):
    imported(world.pets, world.uma, {"a.png": told(1)})

    found = read_provenance(read_file(Image.objects.get().path))
    assert found.xmp["Iptc4xmpExt:DigitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert found.xmp["xmp:CreatorTool"] == "A1111"
    assert found.aigc["Label"] == "1"
    assert found.aigc["ContentProducer"] == ""
    assert found.aigc["PropagateID"] == str(Image.objects.get().uid)


def test_our_own_file_comes_home_with_its_label_and_its_record(world):
    ours = encode(make_picture(), make_provenance(integrity_key=b"k"), "PNG")
    label = read_provenance(ours).aigc

    imported(world.products, world.uma, {"ours.png": ours})

    image = Image.objects.get()
    assert image.created_at == datetime(2025, 1, 5, 9, 30, 0, 250_000, tzinfo=UTC)
    assert image.metadata["words"]["template"]["template"]["name"] == "宠物主题"
    assert image.metadata["engine"]["device"] == "NVIDIA L4"
    assert image.metadata["who"]["project"]["name"] == "Product backgrounds"
    assert image.metadata["verdicts"] == {"moderation": None, "policy": None}
    assert image.metadata["origin"]["parent_image_id"] is None
    assert read_provenance(read_file(image.path)).aigc == label


def test_pictures_arrive_in_the_order_they_were_made(world):
    exif = Pillow.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2021:01:01 08:00:00"
    files = {
        "2.zip": zipped({"in/z.png": painted(2)}),  # 6 May 2024
        "1.jpg": painted(1, "JPEG", exif=exif),
        "9.png": painted(9),
    }

    imported(world.pets, world.uma, files, modified_ms=NOON_2024)

    arrived = list(Image.objects.order_by("id").values_list("imported_file__name", "created_at"))
    assert [name for name, _when in arrived] == ["1.jpg", "2.zip/in/z.png", "9.png"]
    # Times without a zone are those of the organization's clock.
    assert arrived[0][1] == datetime(2021, 1, 1, 0, 0, tzinfo=UTC)
    assert arrived[1][1] == datetime(2024, 5, 5, 23, 8, 10, tzinfo=UTC)


def test_a_zip_is_read_without_its_paths_its_litter_and_its_folders(world):
    data = zipped({
        "../../../etc/passwd.png": painted(1),
        "C:\\temp\\b.png": painted(2),
        "folder/": b"",
        "__MACOSX/._b.png": b"junk",
        "folder/.DS_Store": b"junk",
        "folder/readme.txt": b"hello",
        "folder/inner.zip": zipped({"c.png": painted(3)}),
    })  # fmt: skip
    before = archive_files()

    operation = imported(world.pets, world.uma, {"all.zip": data}, piece=200)

    assert outcome(operation) == {
        "all.zip/etc/passwd.png": "done",
        "all.zip/C:/temp/b.png": "done",
        "all.zip/folder/readme.txt": "not_a_picture",
        "all.zip/folder/inner.zip": "not_a_picture",
    }
    assert all(name.startswith(str(world.lantern.pk)) for name in archive_files() - before)


def test_a_zip_that_calls_itself_a_picture_is_opened_too(world):
    operation = imported(world.pets, world.uma, {"a.png": zipped({"b.png": painted(1)})})

    assert outcome(operation) == {"a.png/b.png": "done"}


def bomb() -> bytes:
    """An entry of 8 MB in a few kilobytes that says it has ten bytes."""
    data = bytearray(zipped({"a.png": b"\0" * 8_000_000}))
    central = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 10)
    return bytes(data)


def many(count: int) -> bytes:
    return zipped({f"{number}.png": b"x" for number in range(count)})


def locked() -> bytes:
    data = bytearray(zipped({"a.png": painted(1)}))
    central = data.rfind(b"PK\x01\x02")
    data[central + 8] |= 1
    return bytes(data)


def endless_directory() -> bytes:
    data = bytearray(zipped({"a.png": painted(1)}))
    struct.pack_into("<I", data, data.rfind(b"PK\x05\x06") + 12, 2**31)
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "reasons"),
    [
        (bomb, {"zip_damaged", "too_many_bytes", "not_a_picture"}),
        (lambda: zipped({"a.png": b"\0" * 8_000_000}), {"too_many_bytes"}),
        (lambda: many(21), {"zip_too_many"}),
        (locked, {"zip_encrypted"}),
        (endless_directory, {"zip_too_many"}),
        (lambda: zipped({"a.png": painted(1)})[:-40], {"zip_damaged"}),
        (lambda: b"PK\x03\x04" + b"\0" * 100, {"zip_damaged"}),
        (lambda: b"", {"zip_damaged"}),
    ],
)
def test_a_zip_that_is_made_to_hurt_is_refused(world, settings, make, reasons):
    settings.IMPORT_MAX_FILE_MB, settings.IMPORT_MAX_FILES = 1, 20

    operation = imported(world.pets, world.uma, {"evil.zip": make()})

    assert operation.status == "done"
    assert set(outcome(operation).values()) <= reasons
    assert operation.failed == 1
    assert not Image.objects.exists()


def test_more_files_than_one_import_has_are_said_to_be_too_many(world, settings):
    files = {"a.zip": zipped({f"{n}.png": painted(n) for n in range(3)}), "b.png": painted(9)}
    operation = ordered(world.pets, world.uma, files)
    settings.IMPORT_MAX_FILES = 3

    carry_out(operation)

    assert outcome(operation)["b.png"] == "too_many_files"
    assert operation.done == 3


def test_nonsense_is_refused_file_by_file_and_says_why(world, settings):
    settings.IMPORT_MAX_FILE_MB = 1
    gif = io.BytesIO()
    Pillow.new("P", (32, 32)).save(gif, "GIF")
    files = {
        "good.png": painted(1),
        "empty.png": b"",
        "page.html": b"<html>",
        "moves.gif": gif.getvalue(),
        "cut.png": painted(5, side=200)[:-40],
        "tiny.png": painted(1, side=8),
        "graph.png": png_with(prompt="[" * 50_000, workflow=json.dumps(z_image_graph())),
    }

    operation = imported(world.pets, world.uma, files)

    assert outcome(operation) == {
        "good.png": "done",
        "empty.png": "not_a_picture",
        "page.html": "not_a_picture",
        "moves.gif": "not_a_picture",
        "cut.png": "damaged",
        "tiny.png": "too_small",
        "graph.png": "done",
    }
    assert (operation.done, operation.failed) == (2, 5)


def test_a_file_that_did_not_arrive_completely_is_named(world):
    access = access_of(world.uma)
    intake = begin_import(access=access, project=world.pets)
    receive_piece(access=access, intake=intake, announced=Announced(name="a.png", size=99),
                  offset=0, data=b"x" * 50)  # fmt: skip

    operation = carry_out(order_import(access=access, intake=intake))

    assert outcome(operation) == {"a.png": "incomplete"}


def test_a_file_is_imported_once(world):
    imported(world.pets, world.uma, {"a.png": painted(1)})
    image = Image.objects.get()

    operation = imported(world.pets, world.rita, {"b.png": painted(1), "c.png": painted(1)})

    assert outcome(operation) == {"b.png": "duplicate", "c.png": "duplicate"}
    assert operation.skipped == 2
    assert {item.data["image"] for item in operation.items.all()} == {image.pk}
    assert Image.objects.count() == 1


def test_the_same_file_twice_in_one_import_is_one_picture(world):
    operation = imported(world.pets, world.uma, {"a.png": painted(1), "z.png": painted(1)})

    assert outcome(operation) == {"a.png": "done", "z.png": "duplicate"}
    assert len(archive_files()) == 4  # picture, two renditions, the file as it came


def test_the_same_pixels_in_another_file_are_one_picture(world):
    there = make_image(world.pets, world.uma)
    picture = Pillow.open(io.BytesIO(read_file(there.path)))
    ImageLook.objects.update_or_create(
        image=there,
        defaults={"project": world.pets, "phash": 0, "band_0": 0, "band_1": 0, "band_2": 0,
                  "band_3": 0, "pixels_sha256": pixel_sha256(picture)},
    )  # fmt: skip
    again = io.BytesIO()
    picture.convert("RGB").save(again, "WEBP", lossless=True)

    operation = imported(
        world.pets,
        world.uma,
        {
            "a.webp": again.getvalue(),
            "b.png": painted(7),
            "c.webp": painted(7, "WEBP", lossless=True),
        },
    )

    assert outcome(operation) == {
        "a.webp": "same_pixels",
        "b.png": "done",
        "c.webp": "same_pixels",
    }
    assert operation.items.get(name="a.webp").data["image"] == there.pk


def test_another_project_may_have_the_same_file(world):
    imported(world.pets, world.uma, {"a.png": painted(1)})

    operation = imported(world.products, world.uma, {"a.png": painted(1)})

    assert outcome(operation) == {"a.png": "done"}


def test_an_import_is_undone_into_the_trash_but_not_what_was_worked_with(world):
    operation = imported(world.pets, world.uma, {"a.png": painted(1), "b.png": painted(2)})
    Image.objects.filter(imported_file__name="b.png").update(review_status="pending")

    undoing = undo_operation(access=access_of(world.uma), operation=operation)
    carry_out(undoing)

    trashed = Image.objects.get(imported_file__name="a.png")
    assert trashed.trashed_by == world.uma
    assert Image.objects.get(imported_file__name="b.png").trashed_at is None
    assert (undoing.done, undoing.skipped) == (1, 1)
    tally = ProjectTally.objects.get(project=world.pets)
    assert (tally.images, tally.trashed_images) == (1, 1)
    again = imported(world.pets, world.uma, {"a.png": painted(1)})
    assert outcome(again) == {"a.png": "duplicate_in_trash"}


def test_what_was_received_is_deleted_once_it_is_taken_over(world):
    imported(world.pets, world.uma, {"a.png": painted(1), "b.txt": b"x"})

    assert not any("incoming" in name for name in archive_files())
    assert not IntakeFile.objects.exists()


def test_an_import_that_is_stopped_keeps_what_it_did_and_goes_on_later(world):
    operation = ordered(world.pets, world.uma, {f"{n}.png": painted(n) for n in range(10)})
    run_next(access=SYSTEM, stopping=lambda: True)

    operation.refresh_from_db()
    assert (operation.claim, operation.done) == (None, 4)
    carry_out(operation)
    assert (operation.status, operation.done, operation.total) == ("done", 10, 10)
    assert Image.objects.count() == 10


def test_a_cancelled_import_keeps_what_it_did_and_leaves_no_file_behind(world):
    operation = ordered(world.pets, world.uma, {f"{n}.png": painted(n) for n in range(6)})

    def stopping():
        # Cancelled in the middle: after the first chunk, when the second is about to begin.
        cancel_operation(access=access_of(world.uma), operation=operation)
        return False

    run_next(access=SYSTEM, stopping=stopping)

    operation.refresh_from_db()
    assert (operation.status, operation.done) == ("cancelled", 4)
    assert not PendingFile.objects.exists()
    pictures = [name for name in archive_files() if "incoming" not in name]
    assert len(pictures) == 4 * 4


def test_who_loses_the_permission_imports_nothing_more(world):
    operation = ordered(world.pets, world.paul, {f"{n}.png": painted(n) for n in range(6)})
    run_next(access=SYSTEM, stopping=lambda: True)
    Membership.objects.filter(user=world.paul).delete()
    apply(user_id=world.paul.pk, organization_id=world.lantern.pk)

    carry_out(operation)

    assert operation.status == "failed"
    assert Image.objects.count() == 4


def test_huge_seeds_and_long_names_fit_the_columns(world):
    said = {"sui_image_params": {**SAID["sui_image_params"], "model": "m" * 300}}
    imported(world.pets, world.uma, {"x" * 300 + ".png": png_with(parameters=said)})

    image = Image.objects.get()
    assert image.seed is None
    assert image.metadata["picture"]["seed"] == 2**64 - 1
    assert len(image.model_name) == 80
    assert len(ImportedFile.objects.get().name) == 255


def test_files_are_not_kept_when_the_site_does_not_want_it(world, settings):
    settings.IMPORT_KEEP_ORIGINALS = False
    imported(world.pets, world.uma, {"a.png": painted(1)})

    assert ImportedFile.objects.get().kept_path == ""
    assert len(archive_files()) == 3


def test_a_file_with_anything_behind_its_end_is_not_kept(world):
    imported(world.pets, world.uma, {"a.png": painted(1) + b"<script>"})

    assert ImportedFile.objects.get().kept_path == ""


def test_the_archive_holds_exactly_what_the_rows_say(world):
    imported(world.pets, world.uma, {"a.zip": zipped({f"{n}.png": painted(n) for n in range(5)})})

    rows = set(Image.objects.values_list("path", flat=True))
    rows |= set(ImportedFile.objects.values_list("kept_path", flat=True))
    rows |= {
        rendition.path for image in Image.objects.all() for rendition in image.renditions.all()
    }
    assert archive_files() == rows
    assert Operation.objects.get().status == "done"
    assert OperationItem.objects.filter(state="done").count() == 5


def test_the_check_of_the_archive_knows_kept_and_received_files(world):
    imported(world.pets, world.uma, {"a.png": painted(1)})
    waiting = ordered(world.pets, world.uma, {"b.png": painted(2)}, piece=30)

    assert list(faults_of_rows(SYSTEM, hash_every=1)) == []
    assert list(faults_of_files(SYSTEM)) == []

    IntakeFile.objects.filter(intake__operation=waiting).delete()
    kept = Path(django_settings.STORAGES["archive"]["OPTIONS"]["location"])
    kept /= ImportedFile.objects.get().kept_path
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert [fault.kind for fault in faults_of_rows(SYSTEM, hash_every=1)] == ["altered"]
    assert {fault.path.partition("/")[0] for fault in faults_of_files(SYSTEM)} == {"incoming"}
