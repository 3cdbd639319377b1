"""Whether rows and files of the archive agree: nothing missing, altered or left over.

Everything is read in pages and one directory at a time, so that memory stays flat however large the
archive is. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from accounts.access import Access
from accounts.models import Project
from assets import storage
from assets.models import Image, ImageRendition, ImportedFile, PendingFile
from assets.queries.imports import received_among
from assets.queries.recounting import day_tallies_of, recount, recount_days, tally_of

READ_AT_ONCE = 500

Keeper = Callable[[Collection[str]], AbstractSet[str]]
_KEEPERS: list[Keeper] = []


class FaultKind(StrEnum):
    """What can be wrong."""

    MISSING = "missing"  # a row names a file that is not there
    ALTERED = "altered"  # its bytes are not those that were archived
    ORPHANED = "orphaned"  # a file that no row names
    WITHOUT_RENDITIONS = "without_renditions"  # an image without its smaller versions
    WRONG_TALLY = "wrong_tally"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong; `image` is the uid of the image that it is about, if it is."""

    kind: FaultKind
    project: int | None = None
    path: str = ""
    image: str = ""
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """What is set, as JSON."""
        return {name: value for name, value in asdict(self).items() if value not in {"", None}}


def keep_also(keeper: Keeper) -> None:
    """Let another app say which of some paths it keeps in the archive."""
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)


def how_many_images(access: Access, project: Project | None = None) -> int:
    """How many rows there are to look at."""
    access.require_system()
    return _images(project).count()


def faults_of_rows(
    access: Access,
    *,
    project: Project | None = None,
    hash_every: int = 1,
    looked_at: Callable[[int], None] = lambda _count: None,
) -> Iterator[Fault]:
    """Rows whose files are missing or not what was archived.

    The bytes of every `hash_every`th original are read and compared with its hash (0: of none); of
    the others only the size is. `looked_at` hears how many images were looked at.
    """
    access.require_system()
    number = 0
    for images in _pages(_images(project)):
        renditions: dict[int, list[ImageRendition]] = {image.pk: [] for image in images}
        for rendition in ImageRendition.objects.filter(image__in=list(renditions)):
            renditions[rendition.image_id].append(rendition)
        kept = {
            file.image_id: file
            for file in ImportedFile.objects.filter(image__in=list(renditions)).exclude(
                kept_path=""
            )
        }
        for image in images:
            hashes = hash_every > 0 and number % hash_every == 0
            number += 1
            yield from _faults_of(image, renditions[image.pk], kept.get(image.pk), hashes=hashes)
        looked_at(len(images))


def faults_of_files(access: Access, *, project: Project | None = None) -> Iterator[Fault]:
    """Files that no row names and nobody has promised."""
    access.require_system()
    folder = f"{project.organization_id}/{project.pk}" if project else ""
    for directory in storage.paths_below(folder):
        for start in range(0, len(directory), READ_AT_ONCE):
            paths = directory[start : start + READ_AT_ONCE]
            for path in sorted(set(paths) - _known(paths)):
                # It may have been deleted for good since the directory was read.
                if _is_still_there(path):
                    yield Fault(
                        kind=FaultKind.ORPHANED, path=path, project=project.pk if project else None
                    )


def faults_of_tallies(access: Access, *, project: Project | None = None) -> Iterator[Fault]:
    """Projects whose kept counts differ from what is there."""
    access.require_system()
    projects = Project.objects.select_related("organization").order_by("pk")
    for each in [project] if project else projects.iterator():
        said, counted = tally_of(each), recount(each)
        if said != counted:
            detail = f"says {asdict(said)}, is {asdict(counted)}"
            yield Fault(kind=FaultKind.WRONG_TALLY, project=each.pk, detail=detail)
        said_days, days = day_tallies_of(each), recount_days(each)
        if said_days != days:
            wrong = sorted(
                day.isoformat()
                for day in said_days.keys() | days.keys()
                if said_days.get(day, 0) != days.get(day, 0)
            )
            detail = f"days {', '.join(wrong[:10])}{' …' if len(wrong) > 10 else ''}"
            yield Fault(kind=FaultKind.WRONG_TALLY, project=each.pk, detail=detail)


def _images(project: Project | None) -> QuerySet[Image]:
    images = Image.objects.all()
    return images.filter(project=project) if project else images


def _pages(images: QuerySet[Image]) -> Iterator[list[Image]]:
    shown = images.only("uid", "project_id", "path", "sha256", "bytes").order_by("pk")
    page = list(shown[:READ_AT_ONCE])
    while page:
        yield page
        page = list(shown.filter(pk__gt=page[-1].pk)[:READ_AT_ONCE])


def _faults_of(
    image: Image, renditions: Sequence[ImageRendition], kept: ImportedFile | None, *, hashes: bool
) -> Iterator[Fault]:

    def fault(path: str, wrong: tuple[FaultKind, str]) -> Fault:
        return Fault(
            kind=wrong[0],
            project=image.project_id,
            path=path,
            image=str(image.uid),
            detail=wrong[1],
        )

    wrong = _wrong_original(image, hashes=hashes)
    if wrong is not None and _still_says(image):
        yield fault(image.path, wrong)
    if not renditions and _still_says(image):
        yield fault(image.path, (FaultKind.WITHOUT_RENDITIONS, ""))
    for rendition in renditions:
        wrong = _wrong_size(rendition.path, rendition.bytes)
        if wrong is not None and _still_says(image):
            yield fault(rendition.path, wrong)
    if kept is not None:
        wrong = _wrong_kept(kept, hashes=hashes)
        if wrong is not None and _still_says(image):
            yield fault(kept.kept_path, wrong)


def _wrong_original(image: Image, *, hashes: bool) -> tuple[FaultKind, str] | None:
    wrong = _wrong_size(image.path, image.bytes)
    if wrong is None and hashes and storage.hash_of(image.path) != image.sha256:
        return FaultKind.ALTERED, "other bytes"
    return wrong


def _wrong_size(path: str, size: int | None) -> tuple[FaultKind, str] | None:
    try:
        found = storage.size_of(path)
    except storage.PathRefused:
        return FaultKind.MISSING, "not a path of the archive"
    except storage.FileMissing:
        return FaultKind.MISSING, ""
    if size is not None and found != size:
        return FaultKind.ALTERED, f"{found} bytes instead of {size}"
    return None


def _wrong_kept(kept: ImportedFile, *, hashes: bool) -> tuple[FaultKind, str] | None:
    """A file that was kept as it came is called after its picture; its row has its own hash."""
    wrong = _wrong_size(kept.kept_path, kept.bytes)
    if wrong is None and hashes and storage.hash_of(kept.kept_path) != kept.sha256:
        return FaultKind.ALTERED, "other bytes"
    return wrong


def _still_says(image: Image) -> bool:
    """Whether the row is still there: it may have been deleted for good while it was looked at."""
    return Image.objects.filter(pk=image.pk, path=image.path).exists()


def _known(paths: Collection[str]) -> set[str]:
    known = {
        *Image.objects.filter(path__in=paths).values_list("path", flat=True),
        *ImageRendition.objects.filter(path__in=paths).values_list("path", flat=True),
        *ImportedFile.objects.filter(kept_path__in=paths).values_list("kept_path", flat=True),
    }
    known |= received_among(paths)
    for keeper in _KEEPERS:
        known |= keeper(paths)
    # Promises last: what was redeemed since has its row by now, and was read above or is asked.
    left = [path for path in paths if path not in known]
    known |= set(PendingFile.objects.filter(path__in=left).values_list("path", flat=True))
    known |= set(Image.objects.filter(path__in=left).values_list("path", flat=True))
    known |= set(ImageRendition.objects.filter(path__in=left).values_list("path", flat=True))
    return known


def _is_still_there(path: str) -> bool:
    return bool(storage.archive_storage().exists(path))
