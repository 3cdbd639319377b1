"""Finding one image, its history and its files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Project
from assets.models import Image, Review


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the archive and what a browser has to know about it. `etag` is unquoted."""

    path: str
    etag: str
    size: int

    @property
    def extension(self) -> str:
        """The end of the file's name, without the dot."""
        return self.path.rpartition(".")[2]

    @property
    def content_type(self) -> str:
        """The media type of the file."""
        return CONTENT_TYPES[self.extension]


CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


def image_for(access: Access, uid: UUID) -> Image:
    """One image with its project, organization and maker; `NotVisible` for strangers.

    One in the trash is there for those who may take it out again.
    """
    image = (
        Image.objects.shown_to(access)
        .select_related("project__organization", "created_by")
        .filter(uid=uid)
        .first()
    )
    if image is None:
        raise NotVisible
    return image


def images_named(access: Access, uids: Sequence[UUID]) -> list[Image]:
    """These images, in this order, without their snapshots; those that are gone are left out.

    `NotVisible` when none is left, so that strangers learn nothing.
    """
    found = (
        Image.objects.visible_to(access)
        .in_gallery()
        .select_related("project__organization")
        .defer("metadata")
        .in_bulk(list(uids), field_name="uid")
    )
    if not found:
        raise NotVisible
    return [found[uid] for uid in dict.fromkeys(uids) if uid in found]


def reviews_of(access: Access, image: Image) -> QuerySet[Review]:
    """The decisions on an image, newest first, with who decided."""
    return (
        Review.objects.visible_to(access)
        .filter(image=image)
        .select_related("reviewer")
        .order_by("-id")
    )


def original_of(image: Image) -> StoredFile:
    """The file of an image that was found."""
    return StoredFile(path=image.path, etag=image.sha256, size=image.bytes)


def rendition_for(access: Access, uid: UUID, kind: str) -> StoredFile:
    """A smaller file of an image, in one query; `NotVisible` for strangers or without one."""
    found = (
        Image.objects.shown_to(access)
        .filter(uid=uid, renditions__kind=kind)
        .values_list("sha256", F("renditions__path"), F("renditions__bytes"))
        .first()
    )
    if found is None:
        raise NotVisible
    sha256, path, size = found
    return StoredFile(path=path, etag=f"{sha256}-{kind}", size=size)


def images_to_compare(access: Access, project: Project, uids: Sequence[UUID]) -> list[Image]:
    """Images of the project's organization, in the order of `uids`.

    `NotVisible` when one of them is not there, or not for this person.
    """
    found = {
        image.uid: image
        for image in Image.objects.visible_to(access)
        .filter(uid__in=uids, project__organization_id=project.organization_id)
        .select_related("project", "created_by")
    }
    if len(found) != len(uids):
        raise NotVisible
    return [found[uid] for uid in uids]


def image_ids(access: Access, project_id: int, uids: Collection[UUID]) -> dict[UUID, int]:
    """The ids of a project's images by their public names; unknown names are left out."""
    images = Image.objects.shown_to(access).filter(project_id=project_id, uid__in=list(uids))
    return dict(images.values_list("uid", "pk"))
