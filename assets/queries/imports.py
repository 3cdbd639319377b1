"""Finding imports, and what became of their files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Project
from assets.models import Image, ImportedFile, Intake, IntakeFile, Operation, OperationItem
from assets.queries.images import StoredFile
from assets.staging import piece_named
from assets.types import ItemState

RECENT = 20
PAGE_SIZE = 60
LARGEST_POSITION = 2**31 - 1

IMPORTED = [ItemState.DONE, ItemState.UNDONE]
"""What became a picture, also when that was taken back."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """How much of an import has been received."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Some files of an import with one outcome. `cursor` begins the next page; `None` at the end.

    For each one the picture that it became or that was there already, if it may be seen.
    """

    rows: Sequence[tuple[OperationItem, Image | None]]
    cursor: int | None


def intake_for(access: Access, uid: UUID) -> Intake:
    """One import with its project, person and operation; `NotVisible` for strangers."""
    found = (
        Intake.objects.visible_to(access)
        .select_related(
            "project__organization", "created_by", "operation__undone_by", "operation__project"
        )
        .filter(uid=uid)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def open_intake_of(access: Access, project: Project) -> Intake | None:
    """The person's import to which files can still be sent; the newest, if there are several."""
    return (
        Intake.objects.visible_to(access)
        .filter(project=project, created_by_id=access.user_id, operation__isnull=True)
        .order_by("-id")
        .first()
    )


def recent_intakes(access: Access, project: Project) -> QuerySet[Intake]:
    """The newest imports of a project that were ordered, with who did and how far they are."""
    return (
        Intake.objects.visible_to(access)
        .filter(project=project, operation__isnull=False)
        .select_related("created_by", "operation")
        .order_by("-id")[:RECENT]
    )


def arrived_in(intake: Intake) -> Arrived:
    """What has been received so far."""
    found = IntakeFile.objects.filter(intake=intake).aggregate(
        files=Count("id"), bytes=Sum("received")
    )
    return Arrived(found["files"], found["bytes"] or 0)


def results_of(
    access: Access, operation: Operation, states: Sequence[str], *, after: int = -1
) -> ResultPage:
    """The files of an import with one outcome, in the order they were taken."""
    items = list(
        OperationItem.objects.filter(
            operation=operation, state__in=states, position__gt=min(after, LARGEST_POSITION)
        ).order_by("position")[: PAGE_SIZE + 1]
    )
    shown, more = items[:PAGE_SIZE], len(items) > PAGE_SIZE
    ids = {item.pk: item.image_id or (item.data or {}).get("image") for item in shown}
    images = Image.objects.visible_to(access).in_bulk([pk for pk in ids.values() if pk])
    return ResultPage(
        rows=[(item, images.get(ids[item.pk])) for item in shown],
        cursor=shown[-1].position if more else None,
    )


def kept_file_of(access: Access, uid: UUID) -> tuple[StoredFile, str]:
    """The file that a picture was imported from, as it came, and its name; `NotVisible` without."""
    found = (
        ImportedFile.objects.visible_to(access)
        .filter(image__uid=uid)
        .exclude(kept_path="")
        .annotate(uid=F("image__uid"))
        .first()
    )
    if found is None:
        raise NotVisible
    stored = StoredFile(path=found.kept_path, etag=found.sha256, size=found.bytes)
    return stored, found.name.rpartition("/")[2]


def received_among(paths: Collection[str]) -> set[str]:
    """Those of the paths where pieces lie that imports still need."""
    named = {path: piece for path in paths if (piece := piece_named(path))}
    wanted = {file for file, _offset in named.values()}
    pieces = dict(IntakeFile.objects.filter(uid__in=wanted).values_list("uid", "pieces"))
    return {path for path, (file, offset) in named.items() if offset in pieces.get(file, [])}
