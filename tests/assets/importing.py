"""Files to import, and imports carried out as the archivist does it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image as Pillow

from accounts.access import Access
from accounts.models import Project, User
from assets.actions.importing import Announced, begin_import, order_import, receive_piece
from assets.models import Intake, Operation, OperationItem
from assets.operations import kinds  # noqa: F401  # makes the kinds known
from assets.operations.running import run_next
from tests.assets.foreign.files import png_with
from tests.builders import access_of

SYSTEM = Access.system("tests")
A1111 = "Steps: 20, Sampler: Euler, CFG scale: 7.5, Seed: {seed}, Size: 32x32, Model: dream_8"


def painted(seed: int, picture_format: str = "PNG", side: int = 32, **options: object) -> bytes:
    """A picture whose pixels are those of no other seed."""
    file = io.BytesIO()
    colour = (seed % 256, seed // 256 % 256, 99)
    Pillow.new("RGB", (side, side), colour).save(file, picture_format, **options)
    return file.getvalue()


def told(seed: int, prompt: str = "一只熊猫") -> bytes:
    """A PNG that says how A1111 made it."""
    return png_with(
        colour=(seed % 256, seed // 256, 7), parameters=f"{prompt}\n{A1111.format(seed=seed)}"
    )


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files, packed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, date_time=(2024, 5, 6, 7, 8, 10))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def send(
    intake: Intake,
    person: User,
    files: Mapping[str, bytes],
    *,
    modified_ms: int = 0,
    piece: int = 8 * 1024 * 1024,
) -> None:
    """Send whole files, in pieces of this many bytes."""
    for name, data in files.items():
        announced = Announced(name=name, size=len(data), modified_ms=modified_ms)
        for offset in range(0, max(len(data), 1), piece):
            receive_piece(
                access=access_of(person),
                intake=intake,
                announced=announced,
                offset=offset,
                data=data[offset : offset + piece],
            )


def ordered(
    project: Project, person: User, files: Mapping[str, bytes], **options: int
) -> Operation:
    """An import of these files that waits for the archivist."""
    intake = begin_import(access=access_of(person), project=project)
    send(intake, person, files, **options)
    return order_import(access=access_of(person), intake=intake)


def carry_out(operation: Operation | None = None) -> Operation | None:
    """Let the archivist do all there is; return the operation as it is afterwards."""
    while run_next(access=SYSTEM):
        pass
    if operation:
        operation.refresh_from_db()
    return operation


def imported(
    project: Project, person: User, files: Mapping[str, bytes], **options: int
) -> Operation:
    """The import of these files, carried out."""
    operation = carry_out(ordered(project, person, files, **options))
    assert operation is not None
    return operation


def outcome(operation: Operation) -> dict[str, str]:
    """What became of each file: its state, or why it was left out."""
    return {
        item.name: item.reason or item.state
        for item in OperationItem.objects.filter(operation=operation)
    }
