"""A real archivist, killed while it imports: nothing is lost, doubled or left behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from assets.actions.archiving import sweep_pending
from assets.models import Image, ImageRendition, ImportedFile, Operation, PendingFile
from assets.operations.running import LOST_AFTER
from tests.assets.importing import SYSTEM, carry_out, ordered, painted, zipped
from tests.builders import World
from tests.generation.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_killed_archivist_loses_and_repeats_nothing(world: World) -> None:
    files = {f"{number:02}.png": painted(number, side=300) for number in range(14)}
    operation = ordered(world.pets, world.uma, {"all.zip": zipped(files)})

    with running("archivist") as archivist:
        wait_for(Image.objects.exists, seconds=60, what="the first pictures of the import")
        archivist.kill()
        archivist.wait()
    operation.refresh_from_db()
    assert 0 < operation.done < 14
    Operation.objects.update(beat_at=timezone.now() - 2 * LOST_AFTER)
    carry_out(operation)
    PendingFile.objects.update(created_at=timezone.now() - timedelta(hours=2))
    sweep_pending(access=SYSTEM, older_than=timedelta(hours=1))

    assert (operation.status, operation.done, operation.failed) == ("done", 14, 0)
    names = set(ImportedFile.objects.values_list("name", flat=True))
    assert names == {f"all.zip/{name}" for name in files}
    assert Image.objects.count() == 14
    rows = {
        *Image.objects.values_list("path", flat=True),
        *ImageRendition.objects.values_list("path", flat=True),
        *ImportedFile.objects.values_list("kept_path", flat=True),
    }
    root = Path(settings.STORAGES["archive"]["OPTIONS"]["location"])
    on_disk = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert on_disk == rows
