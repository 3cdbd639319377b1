"""Archive names: what an approved picture is called wherever it goes."""

from __future__ import annotations

import datetime as dt
import unicodedata
import zoneinfo
from pathlib import PurePosixPath

from django.db.models import F
from django.utils import timezone

from accounts.models import Organization, Project
from assets.models import ArchiveSequence, Image

# Most file systems stop at 255 bytes; the rest is room for day, number and extension.
LONGEST_PREFIX_BYTES = 160
LONGEST_PREFIX = 120


def next_archive_name(image: Image) -> str:
    """Take the next `<project>_<YYYYMMDD>_<NNNN>.<extension>` for an image.

    The day is the day the picture was made, by the organization's clock. Call it inside a
    transaction: the row of the sequence stays locked until it ends, so that two approvals cannot
    take one number, and a number goes back when the approval fails. Names that came in with a
    picture of another project are passed over.
    """
    project = image.project
    day = _day_of(image, project.organization)
    ArchiveSequence.objects.bulk_create(
        [ArchiveSequence(project=project, day=day)], ignore_conflicts=True
    )
    sequence = ArchiveSequence.objects.filter(project=project, day=day)
    extension = PurePosixPath(image.path).suffix
    while True:
        sequence.update(last_number=F("last_number") + 1)
        number = sequence.values_list("last_number", flat=True).get()
        name = f"{file_system_name(project)}_{day:%Y%m%d}_{number:04d}{extension}"
        if not Image.objects.filter(project=project, archive_name=name).exists():
            return name


def file_system_name(project: Project) -> str:
    """The project's name as every file system takes it: signs and spaces become `-`."""
    name = unicodedata.normalize("NFC", project.name)
    safe = "".join(character if _is_safe(character) else " " for character in name)
    joined = "-".join(safe.split())[:LONGEST_PREFIX].strip("-")
    while len(joined.encode()) > LONGEST_PREFIX_BYTES:
        joined = joined[:-1].rstrip("-")
    return joined or f"project-{project.pk}"


def _is_safe(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in "-_"
    # Controls, format marks, surrogates and every kind of space are invisible in a file name.
    return unicodedata.category(character)[0] not in "CZ"


def _day_of(image: Image, organization: Organization) -> dt.date:
    try:
        zone = zoneinfo.ZoneInfo(organization.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.localdate(image.created_at)
    return timezone.localdate(image.created_at, zone)
