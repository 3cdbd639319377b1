"""Where an image comes from, what was made of it, and what it was used for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from accounts.access import Access
from assets.models import Image, ImageQuerySet, ImageUse, TemplateVersion

MOST_SHOWN = 8
MOST_USES = 5


@dataclass(frozen=True, slots=True)
class Relatives:
    """Some images that are related in one way; `has_more` when there are others."""

    images: Sequence[Image] = ()
    has_more: bool = False

    def __bool__(self) -> bool:
        return bool(self.images)


@dataclass(frozen=True, slots=True)
class Lineage:
    """The family of an image, as far as the person may see it.

    `version` is the template version its prompt was filled from, `siblings` are the others of the
    same request, `parent` lent its settings, `input_image` is the picture that it began with,
    `children` were made from it. `uses` are the latest, whatever their kind.
    """

    version: TemplateVersion | None
    siblings: Relatives
    parent: Image | None
    input_image: Image | None
    children: Relatives
    uses: Sequence[ImageUse]

    def __bool__(self) -> bool:
        origin = self.version or self.siblings or self.parent or self.input_image
        return bool(origin or self.children or self.uses)


def lineage_of(access: Access, image: Image) -> Lineage:
    """The family of an image, in a constant number of queries."""
    parent, begun_with = _origins(access, image)
    return Lineage(
        version=_version(access, image),
        siblings=_siblings(access, image),
        parent=parent,
        input_image=begun_with,
        children=_some(_others(access).filter(parent_id=image.pk).order_by("-id")),
        uses=list(
            ImageUse.objects.visible_to(access)
            .filter(image_id=image.pk)
            .select_related("user")
            .order_by("-id")[:MOST_USES]
        ),
    )


def _version(access: Access, image: Image) -> TemplateVersion | None:
    if image.template_version_id is None:
        return None
    versions = TemplateVersion.objects.visible_to(access).select_related("template")
    return versions.filter(pk=image.template_version_id).first()


def _siblings(access: Access, image: Image) -> Relatives:
    if image.request_id is None:
        return Relatives()
    others = _others(access).filter(request_id=image.request_id).exclude(pk=image.pk)
    return _some(others.order_by("id"))


def _origins(access: Access, image: Image) -> tuple[Image | None, Image | None]:
    """The image whose settings were taken, and the one that it began with if that is another."""
    input_uid = _input_uid(image)
    wanted = Q(pk=image.parent_id) if image.parent_id else Q()
    if input_uid:
        wanted |= Q(uid=input_uid)
    if not wanted:
        return None, None
    found = list(_others(access).filter(wanted))
    begun_with = next((each for each in found if each.uid == input_uid), None)
    parent = next((each for each in found if each.pk == image.parent_id), None)
    return (None if parent == begun_with else parent), begun_with


def _input_uid(image: Image) -> UUID | None:
    """The image of the archive that the record names as the beginning."""
    recorded = (image.metadata.get("origin") or {}).get("input_image") or {}
    if recorded.get("uploaded"):
        return None
    try:
        return UUID(str(recorded.get("id")))
    except ValueError:
        return None


def _others(access: Access) -> ImageQuerySet:
    images = Image.objects.visible_to(access).in_gallery()
    return images.only("uid", "prompt", "width", "height", "review_status", "parent_id")


def _some(images: ImageQuerySet) -> Relatives:
    found = list(images[: MOST_SHOWN + 1])
    return Relatives(images=found[:MOST_SHOWN], has_more=len(found) > MOST_SHOWN)
