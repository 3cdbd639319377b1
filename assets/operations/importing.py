"""Importing: what was received becomes pictures of the project, in the order they were made.

First every file is looked at for the moment it was made, then chunk by chunk: read, hardened,
compared with what is there, written into the archive, and only then, in one transaction, given its
rows. A file whose hash or whose pixels the project has already is left out and names the picture.
"""

from __future__ import annotations

import uuid
import zoneinfo
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image as Pillow

from accounts.access import Access
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.archiving import (
    KeptFile,
    NewPicture,
    WrittenPicture,
    forget_picture,
    keep_picture,
    write_picture,
)
from assets.actions.importing import MEGABYTE, clear_import
from assets.actions.trashing import trash_images
from assets.foreign.carried import carried_by
from assets.foreign.plain import believable
from assets.foreign.reading import read_record
from assets.hardening import FORMATS, PILLOW_RAISES, Limits, PictureRefused, harden
from assets.models import (
    Image,
    ImageLook,
    ImportedFile,
    Intake,
    IntakeFile,
    Operation,
    OperationItem,
)
from assets.operations import import_words as words
from assets.operations.base import done, register, skip
from assets.operations.imported import snapshot_of
from assets.operations.incoming import ZIP_RAISES, Incoming, Unpacker, Unreadable
from assets.provenance.aigc import pixel_sha256
from assets.storage import EXTENSIONS, FileMissing, StorageError, StorageFull, sha256_of
from assets.types import ItemState, OperationKind, SkipReason, Source

log = structlog.get_logger("atelier.imports")

BEAT_EVERY = 50
"""Files that are looked at between two signs of life while an import is gathered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A picture whose files are written, and what its rows still need."""

    written: WrittenPicture
    sha256: str
    pixels: str
    size: int
    tool: str


@dataclass(frozen=True, slots=True)
class _Left:
    """Why a file is left out; for a duplicate with the picture that is there."""

    reason: str
    image_id: int | None = None


class Importing:
    """The kind of operation that takes received files over."""

    kind = OperationKind.IMPORT
    chunk = 4
    can_undo = True

    def __init__(self) -> None:
        self._results: dict[int, _Ready | _Left] = {}
        self._unpacker: tuple[int, Unpacker] | None = None

    def gather(self, access: Access, operation: Operation) -> Iterator[OperationItem]:
        """One item for each file, those inside zips included, the oldest picture first."""
        access.require(Permission.ORGANIZE_IMAGES, operation.project_id)
        unpacker = self._unpacker_of(operation)
        now = timezone.now()
        found: list[tuple[datetime, str, OperationItem]] = []
        for file in IntakeFile.objects.filter(intake=_intake_of(operation)).order_by("id"):
            for incoming in unpacker.files_in(file):
                if len(found) % BEAT_EVERY == 0:
                    _beat(operation)
                over = len(found) >= settings.IMPORT_MAX_FILES
                reason = incoming.reason or ("too_many_files" if over else "")
                made_at = None if reason else _made_at(unpacker, incoming, now)
                data = {
                    "file": file.pk,
                    "entry": incoming.entry,
                    "made_at": made_at.isoformat() if made_at else None,
                    **({"reason": reason} if reason else {}),
                }
                found.append(
                    (made_at or now, incoming.name, OperationItem(name=incoming.name, data=data))
                )
                if over:
                    break  # one line says it for all that follow
        found.sort(key=lambda each: each[:2])
        for _moment, _name, item in found:
            yield item

    @contextmanager
    def prepared(
        self, access: Access, operation: Operation, items: Sequence[OperationItem]
    ) -> Iterator[None]:
        """Read, check and write the files of a chunk; take back what does not get its rows."""
        self._results = {}
        try:
            if access.allows(Permission.ORGANIZE_IMAGES, operation.project_id):
                files = IntakeFile.objects.in_bulk([(item.data or {})["file"] for item in items])
                for item in items:
                    self._results[item.pk] = self._prepare(access, operation, item, files)
            yield
        except BaseException:
            self._forget(access, operation)
            raise
        finally:
            self._results = {}

    def perform(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Give the pictures that are ready their rows, and note why the others are not."""
        pixels: dict[str, int] = {}
        for item in items:
            result = self._results.get(item.pk) or _Left(SkipReason.ROLE)
            if isinstance(result, _Ready):
                # Another file of this chunk, or another import, may have been faster.
                there = _there(operation.project_id, result.sha256, result.pixels, pixels)
                if there is None:
                    there = self._keep(access, operation, item, result)
                if there is None:
                    pixels[result.pixels] = item.image_id or 0
                    continue
                forget_picture(access=access, project=operation.project, written=result.written)
                result = there
            _leave(item, result)

    def undo(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Move the imported pictures to the trash, except what somebody has worked with since."""
        if not access.allows(Permission.ORGANIZE_IMAGES, operation.project_id):
            for item in items:
                skip(item, SkipReason.ROLE)
            return
        images = [item.image for item in items if item.image is not None]
        outcome = trash_images(access=access, project=operation.project, images=images)
        for item in items:
            reason = outcome.skipped.get(item.image_id or 0)
            if item.image is None or reason:
                skip(item, reason or SkipReason.GONE)
            else:
                item.state = ItemState.UNDONE

    def finish(self, access: Access, operation: Operation) -> None:
        """Delete what was received."""
        self._close()
        intake = _intake_of(operation)
        if intake and access.allows(Permission.ORGANIZE_IMAGES, intake.project_id):
            clear_import(access=access, intake=intake)

    def _prepare(
        self,
        access: Access,
        operation: Operation,
        item: OperationItem,
        files: dict[int, IntakeFile],
    ) -> _Ready | _Left:
        said: dict[str, Any] = item.data or {}
        file = files.get(said["file"])
        if said.get("reason") or file is None:
            return _Left(said.get("reason") or "lost")
        if file.needs_no_sending:
            return _there(operation.project_id, file.sha256) or _Left("too_many_bytes")
        try:
            data = self._unpacker_of(operation).read(file, said["entry"])
            return self._write(access, operation, item, data)
        except (Unreadable, PictureRefused) as error:
            return _Left(str(error.reason))
        except StorageFull:
            return _Left("archive_full")
        except StorageError as error:
            log.warning("import.unwritten", name=item.name, reason=str(error))
            return _Left("unwritten")

    def _write(
        self, access: Access, operation: Operation, item: OperationItem, data: bytes
    ) -> _Ready | _Left:
        project = operation.project
        sha256 = sha256_of(data)
        if there := _there(project.pk, sha256):
            return there
        hardened = harden(data, limits(), _zone_of(project))
        pixels = pixel_sha256(hardened.picture)
        if there := _there(project.pk, sha256, pixels):
            return there
        record = read_record(hardened.carried)
        made_at = (item.data or {}).get("made_at")
        snapshot = snapshot_of(
            project=project,
            person=operation.created_by,
            hardened=hardened,
            record=record,
            name=item.name,
            sha256=sha256,
            made_at=datetime.fromisoformat(made_at) if made_at else operation.created_at,
        )
        keeps = settings.IMPORT_KEEP_ORIGINALS and hardened.keeps_original
        new = NewPicture(
            uid=uuid.uuid4(),
            owner=uuid.uuid4(),
            picture=hardened.picture,
            snapshot=snapshot,
            created_by_id=operation.created_by_id,
            source=Source.IMPORTED,
            kept=KeptFile(data=data, extension=EXTENSIONS[hardened.format]) if keeps else None,
        )
        return _Ready(
            written=write_picture(access=access, project=project, new=new),
            sha256=sha256,
            pixels=pixels,
            size=len(data),
            tool=record.tool if record else "",
        )

    def _keep(
        self, access: Access, operation: Operation, item: OperationItem, ready: _Ready
    ) -> _Left | None:
        """The rows of a picture; or which one another import gave its rows at the same moment."""
        try:
            with transaction.atomic():
                image = keep_picture(
                    access=access, project=operation.project, written=ready.written
                )
                ImportedFile.objects.create(
                    image=image,
                    project_id=operation.project_id,
                    sha256=ready.sha256,
                    name=item.name,
                    bytes=ready.size,
                    tool=ready.tool[:40],
                    kept_path=ready.written.kept_path,
                )
        except IntegrityError:
            there = _there(operation.project_id, ready.sha256)
            if there is None:
                raise
            return there
        item.image = image
        OperationItem.objects.filter(pk=item.pk).update(image=image)
        done(item)
        return None

    def _forget(self, access: Access, operation: Operation) -> None:
        for result in self._results.values():
            if isinstance(result, _Ready):
                forget_picture(access=access, project=operation.project, written=result.written)

    def _unpacker_of(self, operation: Operation) -> Unpacker:
        if self._unpacker is None or self._unpacker[0] != operation.pk:
            self._close()
            unpacker = Unpacker(
                most_bytes=limits().most_bytes,
                most_files=settings.IMPORT_MAX_FILES,
                zone=_zone_of(operation.project),
            )
            self._unpacker = (operation.pk, unpacker)
        return self._unpacker[1]

    def _close(self) -> None:
        if self._unpacker:
            self._unpacker[1].close()
            self._unpacker = None


def limits() -> Limits:
    """What the settings let one file have."""
    return Limits(
        most_bytes=settings.IMPORT_MAX_FILE_MB * MEGABYTE,
        most_pixels=settings.IMPORT_MAX_MEGAPIXELS * 1_000_000,
    )


def _intake_of(operation: Operation) -> Intake | None:
    return Intake.objects.filter(operation=operation).select_related("project").first()


def _zone_of(project: Project) -> tzinfo:
    """Times without a zone are those of the organization's clock."""
    try:
        return zoneinfo.ZoneInfo(project.organization.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def _beat(operation: Operation) -> None:
    Operation.objects.filter(pk=operation.pk, claim=operation.claim).update(beat_at=timezone.now())


def _made_at(unpacker: Unpacker, incoming: Incoming, now: datetime) -> datetime | None:
    """When a picture was made: what its file says, else when the file was changed."""
    said = None
    if not incoming.file.needs_no_sending:
        try:
            with (
                unpacker.open(incoming.file, incoming.entry) as opened,
                Pillow.open(opened, formats=FORMATS) as picture,
            ):
                carried = carried_by(picture, unpacker.zone)
            record = read_record(carried)
            said = (record.made_at if record else None) or carried.taken_at
        except (
            Unreadable,
            FileMissing,
            Pillow.DecompressionBombError,
            *PILLOW_RAISES,
            *ZIP_RAISES,
        ):
            said = None  # when its turn comes, it is said why
    return believable(said, now) or believable(incoming.modified_at, now)


def _there(
    project_id: int, sha256: str, pixels: str = "", chunk: dict[str, int] | None = None
) -> _Left | None:
    """The picture of the project that this file, or these pixels, is already."""
    image_id = (
        ImportedFile.objects.filter(project_id=project_id, sha256=sha256)
        .values_list("image_id", flat=True)
        .first()
    )
    reason = words.DUPLICATE
    if image_id is None and pixels:
        reason = words.SAME_PIXELS
        image_id = (chunk or {}).get(pixels) or (
            ImageLook.objects.filter(project_id=project_id, pixels_sha256=pixels)
            .order_by("image_id")
            .values_list("image_id", flat=True)
            .first()
        )
    if image_id is None:
        return None
    in_trash = Image.objects.filter(pk=image_id, trashed_at__isnull=False).exists()
    return _Left(words.IN_TRASH if in_trash else reason, image_id)


def _leave(item: OperationItem, left: _Left) -> None:
    """Note why a file did not become a picture: a duplicate is skipped, anything else failed."""
    skip(item, left.reason)
    if left.reason not in words.DUPLICATES:
        item.state = ItemState.FAILED
    item.data = {**(item.data or {}), "image": left.image_id}


HANDLER = register(Importing())
