import os
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assets.models import Image, Intake, IntakeFile
from tests.assets.importing import carry_out, painted, told
from tests.builders import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "old pictures"
    (place / "2021").mkdir(parents=True)
    (place / "2021" / "a.png").write_bytes(told(1))
    (place / "b.jpg").write_bytes(painted(2, "JPEG"))
    (place / "notes.txt").write_text("hello")
    os.utime(place / "2021" / "a.png", (1_600_000_000, 1_600_000_000))
    return place


def run(folder, world, *words, person="uma@example.com"):
    call_command("import_pictures", str(folder), "--project", str(world.pets.pk), "--person",
                 person, *words)  # fmt: skip


def test_a_folder_is_handed_over_to_the_archivist(world, folder, capsys):
    run(folder, world, "--no-wait")
    carry_out()

    assert "Handed over" in capsys.readouterr().out
    names = list(Image.objects.order_by("id").values_list("imported_file__name", flat=True))
    assert names == ["old pictures/2021/a.png", "old pictures/b.jpg"]
    first = Image.objects.earliest("id")
    assert (first.created_by, first.prompt) == (world.uma, "一只熊猫")
    assert first.created_at.timestamp() == 1_600_000_000


def test_started_again_it_imports_only_what_is_new(world, folder):
    run(folder, world, "--no-wait")
    carry_out()
    (folder / "c.png").write_bytes(painted(9))
    run(folder, world, "--no-wait")
    carry_out()

    assert Image.objects.count() == 3
    assert not IntakeFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_tells_what_became_of_the_files(world: World, folder, capsys):
    archivist = threading.Timer(0.2, carry_out_here)
    archivist.start()
    run(folder, world)
    archivist.join()

    said = capsys.readouterr().out
    assert "old pictures/notes.txt: This is no PNG, JPEG or WebP." in said
    assert "2 imported, 0 were there already, 1 refused." in said


def carry_out_here():
    carry_out()
    connection.close()


@pytest.mark.parametrize(
    ("person", "sentence"),
    [("nobody@example.com", "Nobody has the address"), ("mallory@example.com", "nothing here")],
)
def test_a_person_who_may_not_is_named(world, folder, person, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(folder, world, person=person)
    assert not Intake.objects.exists()


def test_a_folder_that_is_none_is_refused(world, tmp_path):
    with pytest.raises(CommandError, match="is no directory"):
        run(tmp_path / "nowhere", world)


def test_an_empty_folder_is_refused(world, tmp_path):
    with pytest.raises(CommandError, match="Nothing has arrived yet"):
        run(tmp_path, world)
