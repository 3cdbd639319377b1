"""`verify_archive` finds what is missing, altered and left over, and deletes nothing."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.access import Access
from accounts.models import Project
from assets import storage
from assets.models import Image, ImageRendition, PendingFile, ProjectTally
from assets.queries.archive_check import faults_of_tallies
from generation.actions.canaries import FOLDER
from generation.models import CanaryRun, ModelVersion
from tests.assets.builders import make_image
from tests.builders import World
from tests.generation.builders import ask_for

pytestmark = pytest.mark.django_db


def verify(*options: str) -> tuple[int, list[dict[str, Any]], dict[str, Any]]:
    """Exit code, faults and summary."""
    out = StringIO()
    code = 0
    try:
        call_command("verify_archive", "--json", *options, stdout=out, stderr=StringIO())
    except SystemExit as end:
        code = int(str(end.code))
    *faults, last = [json.loads(line) for line in out.getvalue().splitlines()]
    return code, faults, last["summary"]


def location() -> Path:
    found = storage.archive_storage()
    assert isinstance(found, FileSystemStorage)
    return Path(found.location)


def test_an_archive_that_is_whole_is_called_so(world: World) -> None:
    make_image(world.pets, world.uma)

    assert verify() == (0, [], {"images": 1, "faults": 0, "repaired": 0})


def test_missing_altered_and_left_over_files_are_found(world: World) -> None:
    missing, altered, short, whole = (make_image(world.pets, world.uma) for _each in range(4))
    (location() / missing.path).unlink()
    data = bytearray((location() / altered.path).read_bytes())
    data[-1] ^= 1
    (location() / altered.path).write_bytes(data)
    thumb = ImageRendition.objects.get(image=short, kind="thumb")
    (location() / thumb.path).write_bytes(b"short")
    orphan = location() / whole.path.replace(whole.sha256, whole.sha256[:2] + "0" * 62)
    orphan.write_bytes(b"nobody's")

    code, faults, summary = verify()

    assert code == 1
    assert sorted((fault["kind"], fault["path"]) for fault in faults) == sorted(
        [
            ("missing", missing.path),
            ("altered", altered.path),
            ("altered", thumb.path),
            ("orphaned", str(orphan.relative_to(location()))),
        ]
    )
    assert summary["faults"] == 4
    assert orphan.exists()


def test_only_as_many_originals_are_read_as_was_said(world: World) -> None:
    """Of two altered originals of the right size, a sample of one reads the first."""
    images = [make_image(world.pets, world.uma) for _each in range(2)]
    for image in images:
        data = bytearray((location() / image.path).read_bytes())
        data[-1] ^= 1
        (location() / image.path).write_bytes(data)

    assert len(verify("--sample", "1")[1]) == 1
    assert len(verify("--sample", "0")[1]) == 0
    assert len(verify()[1]) == 2


def test_what_is_promised_or_kept_by_others_is_no_orphan(world: World) -> None:
    image = make_image(world.pets, world.uma)
    ask_for(world.pets, world.uma)
    canary = storage.original_path(
        organization_id=FOLDER, project_id=1, sha256=storage.sha256_of(b"canary"), extension="png"
    )
    storage.write_once(canary, b"canary")
    CanaryRun.objects.create(
        model_version=ModelVersion.objects.get(), number=0, path=canary, outcome="stored"
    )
    promised = storage.original_path(
        organization_id=world.lantern.pk,
        project_id=world.pets.pk,
        sha256=storage.sha256_of(b"soon"),
        extension="png",
    )
    PendingFile.objects.create(path=promised, owner=image.uid)
    storage.write_once(promised, b"soon")

    assert verify()[0] == 0


def test_one_project_is_checked_alone(world: World) -> None:
    here, there = make_image(world.pets, world.uma), make_image(world.products, world.uma)
    (location() / there.path).unlink()

    assert verify("--project", str(world.pets.pk))[0] == 0
    code, faults, summary = verify("--project", str(world.products.pk))
    assert (code, faults[0]["image"], summary["images"]) == (1, str(there.uid), 1)
    assert here.project != there.project


def test_pictures_that_were_moved_are_no_orphans_where_they_were_made(world: World) -> None:
    image = make_image(world.pets, world.uma)
    Image.objects.filter(pk=image.pk).update(project=world.products)
    verify("--repair-tallies")

    assert verify("--project", str(world.pets.pk))[0] == 0
    assert verify()[0] == 0


def test_wrong_tallies_are_repaired_when_that_is_wanted(world: World) -> None:
    make_image(world.pets, world.uma)
    ProjectTally.objects.update(images=5)

    assert verify()[0] == 1
    code, faults, summary = verify("--repair-tallies")

    assert (code, summary["repaired"], faults[0]["repaired"]) == (0, 1, True)
    assert list(faults_of_tallies(Access.system("tests"))) == []


def test_a_project_that_does_not_exist_is_said(world: World) -> None:
    with pytest.raises(CommandError, match="no project"):
        call_command("verify_archive", "--project", "999999")
    assert Project.objects.exists()


def test_the_summary_can_be_read_by_people(world: World) -> None:
    make_image(world.pets, world.uma)
    out = StringIO()

    call_command("verify_archive", stdout=out)

    assert out.getvalue() == "images: 1  faults: 0  repaired: 0\n"
