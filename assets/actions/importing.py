"""Receiving files for an import, and ordering it.

Files arrive in pieces, so that a large one needs no large request and an import that broke off can
go on: `compare_files` says what is still missing. Each piece is written down before it is written.
What becomes of the files is the archivist's work (`assets.operations.importing`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput, InvalidTransition, LimitExceeded
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.operations import ENDED, order_operation
from assets.file_names import clean_name, is_zip
from assets.models import ImportedFile, Intake, IntakeFile, Operation
from assets.staging import delete_pieces, write_piece
from assets.types import OperationKind

log = structlog.get_logger("atelier.imports")

PIECE_BYTES = 8 * 1024 * 1024
"""The largest piece of a file that is sent at once."""

MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
_MOST_BYTES = 2**62

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A file that somebody wants to send: its name with folders, its length, what else is known.

    `modified_ms` is when it was changed, in milliseconds since 1970; 0 is unknown. The hash is
    empty where the sender could not compute it.
    """

    name: str
    size: int
    modified_ms: int = 0
    sha256: str = ""


@transaction.atomic
def begin_import(*, access: Access, project: Project) -> Intake:
    """Open an import that files can be sent to."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    if access.user_id is None:
        raise InvalidTransition(_("Only a person can do this."))
    return Intake.objects.create(project=project, created_by_id=access.user_id)


@transaction.atomic
def compare_files(*, access: Access, intake: Intake, files: Sequence[Announced]) -> list[int]:
    """How many bytes of each file need not be sent: what arrived before, or all of it.

    A file that the project has already is noted by its hash, so that the result can name it.

    Raises:
        LimitExceeded: the import would have too many files or bytes.
    """
    access.require(Permission.ORGANIZE_IMAGES, intake.project_id)
    access.require_person(intake.created_by_id)
    _touch(intake)
    hashes = [file.sha256 for file in files if _SHA256.fullmatch(file.sha256)]
    imported = set(
        ImportedFile.objects.filter(project_id=intake.project_id, sha256__in=hashes).values_list(
            "sha256", flat=True
        )
    )
    received = {
        file.sha256: file
        for file in IntakeFile.objects.filter(intake=intake, sha256__in=hashes)
        if file.is_complete
    }
    answers = []
    for announced in files:
        if announced.sha256 in received:
            answers.append(announced.size)
            continue
        file = _row_of(intake, announced)
        if not file.is_complete and (announced.sha256 in imported or _is_too_large(file)):
            file.sha256, file.needs_no_sending = announced.sha256, True
            file.save(update_fields=["sha256", "needs_no_sending"])
        answers.append(file.bytes if file.is_complete else file.received)
    _check_total(intake)
    return answers


def receive_piece(
    *, access: Access, intake: Intake, announced: Announced, offset: int, data: bytes
) -> int:
    """Take one piece of a file; return how many bytes of it are there now.

    A piece that does not begin where the last one ended changes nothing: the answer says where the
    sender has to go on.

    Raises:
        InvalidInput: the piece cannot be one of this file.
        LimitExceeded: the import would have too many files or bytes.
        StorageFull: there is no room.
    """
    access.require(Permission.ORGANIZE_IMAGES, intake.project_id)
    access.require_person(intake.created_by_id)
    if len(data) > PIECE_BYTES or offset < 0 or offset + len(data) > announced.size:
        raise InvalidInput(_("This is not a piece of the file."), field="piece")
    with transaction.atomic():
        _touch(intake)
        file = _row_of(intake, announced)
        if file.is_complete or file.received != offset or not data:
            return file.bytes if file.is_complete else file.received
        if _is_too_large(file):
            raise LimitExceeded(
                _("“%(name)s” is too large: a picture may have %(most)d MB.")
                % {"name": file.name, "most": settings.IMPORT_MAX_FILE_MB}
            )
        _check_total(intake)
        if offset not in file.pieces:
            file.pieces = [*file.pieces, offset]
            file.save(update_fields=["pieces"])
    write_piece(file.uid, offset, data)
    whole = hashlib.sha256(data).hexdigest() if len(data) == announced.size else announced.sha256
    taken = IntakeFile.objects.filter(pk=file.pk, received=offset).update(
        received=F("received") + len(data),
        sha256=whole if _SHA256.fullmatch(whole) else "",
    )
    if taken:
        return offset + len(data)
    received = IntakeFile.objects.filter(pk=file.pk).values_list("received", flat=True).first()
    if received is None:  # thrown away meanwhile, and nobody knows of this piece any more
        delete_pieces(file.uid, [offset])
        raise InvalidTransition(_("This import was thrown away."))
    return received


@transaction.atomic
def order_import(*, access: Access, intake: Intake) -> Operation:
    """Have the archivist take over what has arrived. Nothing can be sent to it any more.

    Raises:
        InvalidTransition: it was ordered already, or nothing has arrived.
    """
    access.require(Permission.ORGANIZE_IMAGES, intake.project_id)
    access.require_person(intake.created_by_id)
    if not IntakeFile.objects.filter(intake=intake).exists():
        raise InvalidTransition(_("Nothing has arrived yet. Add files first."))
    operation = order_operation(
        access=access,
        project=intake.project,
        kind=OperationKind.IMPORT,
        arguments={"intake": intake.pk},
    )
    ordered = Intake.objects.filter(pk=intake.pk, operation__isnull=True).update(
        operation=operation, touched_at=timezone.now()
    )
    if not ordered:
        raise InvalidTransition(_("This import has begun already."))
    intake.operation = operation
    return operation


def discard_import(*, access: Access, intake: Intake) -> None:
    """Throw away what has arrived for an import that nobody ordered.

    Raises:
        InvalidTransition: it was ordered already.
    """
    access.require(Permission.ORGANIZE_IMAGES, intake.project_id)
    access.require_person(intake.created_by_id)
    if Intake.objects.filter(pk=intake.pk, operation__isnull=False).exists():
        raise InvalidTransition(_("This import has begun already."))
    _discard(intake)


def clear_import(*, access: Access, intake: Intake) -> None:
    """Delete the received files of an import that is over; what it did is kept."""
    access.require(Permission.ORGANIZE_IMAGES, intake.project_id)
    _delete_files(intake)


def sweep_imports(*, access: Access, older_than: timedelta) -> int:
    """Delete what nobody went on with for so long, and what ended imports left; return how many."""
    access.require_system()
    abandoned = Intake.objects.filter(
        operation__isnull=True, touched_at__lt=timezone.now() - older_than
    )
    swept = 0
    for intake in abandoned.iterator():
        _discard(intake)
        swept += 1
    left = Intake.objects.filter(operation__status__in=ENDED, files__isnull=False).distinct()
    for intake in left.iterator():
        _delete_files(intake)
        swept += 1
    return swept


def _discard(intake: Intake) -> None:
    _delete_files(intake)
    Intake.objects.filter(pk=intake.pk, operation__isnull=True).delete()


def _delete_files(intake: Intake) -> None:
    """Bytes first, then rows: what dies in between is found again."""
    for file in IntakeFile.objects.filter(intake=intake).iterator():
        delete_pieces(file.uid, file.pieces)
        file.delete()


def _touch(intake: Intake) -> None:
    """Note that something arrives; the row stays locked until the transaction ends."""
    is_open = Intake.objects.filter(pk=intake.pk, operation__isnull=True).update(
        touched_at=timezone.now()
    )
    if not is_open:
        raise InvalidTransition(_("This import has begun already."))


def _row_of(intake: Intake, announced: Announced) -> IntakeFile:
    name = clean_name(announced.name)
    if not name:
        raise InvalidInput(_("A file needs a name."), field="name")
    if not 0 <= announced.size < _MOST_BYTES or abs(announced.modified_ms) >= _MOST_BYTES:
        raise InvalidInput(_("No file is like this."), field="size")
    file, _is_new = IntakeFile.objects.get_or_create(
        intake=intake, name=name, bytes=announced.size, modified_ms=announced.modified_ms
    )
    return file


def _is_too_large(file: IntakeFile) -> bool:
    """A picture has a limit of its own; what holds many has that of the whole import."""
    return not is_zip(file.name) and file.bytes > settings.IMPORT_MAX_FILE_MB * MEGABYTE


def _check_total(intake: Intake) -> None:
    found = IntakeFile.objects.filter(intake=intake).aggregate(
        files=Count("id"), bytes=Sum("bytes", filter=Q(needs_no_sending=False))
    )
    if found["files"] > settings.IMPORT_MAX_FILES:
        raise LimitExceeded(
            _("An import can have %(most)d files. Begin another one for the rest.")
            % {"most": settings.IMPORT_MAX_FILES}
        )
    if (found["bytes"] or 0) > settings.IMPORT_MAX_TOTAL_GB * GIGABYTE:
        raise LimitExceeded(
            _("An import can have %(most)d GB. Begin another one for the rest.")
            % {"most": settings.IMPORT_MAX_TOTAL_GB}
        )
