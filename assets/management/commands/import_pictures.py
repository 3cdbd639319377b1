"""`manage.py import_pictures`: import a folder of this machine, in the name of a person."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.access import Access, Actor
from accounts.errors import DomainError
from accounts.grants import access_for
from accounts.models import User
from accounts.queries.projects import project_for
from assets.actions.importing import (
    PIECE_BYTES,
    Announced,
    begin_import,
    compare_files,
    order_import,
    receive_piece,
)
from assets.models import Intake, Operation
from assets.operations import kinds  # noqa: F401  # makes the kinds known
from assets.operations.reasons import words_of
from assets.queries.imports import open_intake_of, results_of
from assets.storage import StorageError
from assets.types import ItemState

AT_ONCE = 100
LOOK_EVERY_SECONDS = 1.0


class Command(BaseCommand):
    """Take the files of a folder over as if the person had dropped them on the page."""

    help = "Import the pictures of a folder into a project. The archivist carries it out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which project, for whom, which folder."""
        parser.add_argument("directory", type=Path, help="the folder, with those inside it")
        parser.add_argument("--project", required=True, type=int, help="number of the project")
        parser.add_argument("--person", required=True, help="e-mail of who imports")
        parser.add_argument(
            "--no-wait", action="store_true", help="return once everything is handed over"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Hand the files over, then tell what becomes of them. Started again, it goes on."""
        directory: Path = options["directory"]
        if not directory.is_dir():
            raise CommandError(f"{directory} is no directory. Name one that can be read.")
        access = _access_of(options["person"])
        try:
            project = project_for(access, options["project"])
            intake = open_intake_of(access, project) or begin_import(access=access, project=project)
            self._hand_over(access, intake, directory)
            operation = order_import(access=access, intake=intake)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        except StorageError as error:
            raise CommandError(str(error)) from error
        if options["no_wait"]:
            self.stdout.write(f"Handed over. See /imports/{intake.uid}/ for what becomes of it.")
        else:
            self._follow(access, operation)

    def _hand_over(self, access: Access, intake: Intake, directory: Path) -> None:
        files = sorted(path for path in directory.rglob("*") if path.is_file())
        for start in range(0, len(files), AT_ONCE):
            some = files[start : start + AT_ONCE]
            announced = [_announced(path, directory) for path in some]
            received = compare_files(access=access, intake=intake, files=announced)
            for path, file, offset in zip(some, announced, received, strict=True):
                for place, data in _pieces(path, offset, file.size):
                    receive_piece(
                        access=access, intake=intake, announced=file, offset=place, data=data
                    )
            self.stdout.write(f"{min(start + AT_ONCE, len(files))} of {len(files)} handed over")

    def _follow(self, access: Access, operation: Operation) -> None:
        said = ""
        while operation.is_open:
            words = f"{operation.handled} of {operation.total} imported"
            if operation.is_gathered and words != said:
                self.stdout.write(words)
                said = words
            time.sleep(LOOK_EVERY_SECONDS)
            operation.refresh_from_db()
        self._tell(access, operation, [ItemState.FAILED])
        self.stdout.write(
            f"{operation.done} imported, {operation.skipped} were there already, "
            f"{operation.failed} refused."
        )

    def _tell(self, access: Access, operation: Operation, states: list[str]) -> None:
        after: int | None = -1
        while after is not None:
            page = results_of(access, operation, states, after=after)
            for item, _image in page.rows:
                self.stdout.write(f"{item.name}: {words_of(item.reason)}")
            after = page.cursor


def _access_of(email: str) -> Access:
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody has the address {email}. Name somebody with an account.")
    return access_for(person, Actor(label=str(person), user_id=person.pk))


def _announced(path: Path, directory: Path) -> Announced:
    about = path.stat()
    name = path.relative_to(directory.parent).as_posix()
    return Announced(name=name, size=about.st_size, modified_ms=about.st_mtime_ns // 1_000_000)


def _pieces(path: Path, offset: int, size: int) -> Iterator[tuple[int, bytes]]:
    if offset >= size:
        return
    with path.open("rb") as file:
        file.seek(offset)
        while data := file.read(PIECE_BYTES):
            yield offset, data
            offset += len(data)
