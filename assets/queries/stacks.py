"""Stacks: the images of one request, shown as its newest one."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from accounts.access import Access
from assets.models import Image, ImageQuerySet
from assets.queries.timeline import CARD_FIELDS, Part

MOST_IN_STACK = 500


def tops(images: ImageQuerySet) -> ImageQuerySet:
    """Of images of one project's gallery: the newest of each request, and those of none.

    The question "is there a newer one of this request" is answered by one step into the index
    `images_of_a_request`, so a page costs as many steps as its stacks have images.
    """
    newer = Image.objects.in_gallery().filter(
        request_id=OuterRef("request_id"), project_id=OuterRef("project_id"), id__gt=OuterRef("id")
    )
    return images.filter(Q(request_id__isnull=True) | ~Exists(newer))


def sizes_of(access: Access, project_id: int, request_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many images of each request hang in a project's gallery."""
    return dict(
        _in_gallery(access, project_id)
        .filter(request_id__in=request_ids)
        .order_by()
        .values_list("request_id")
        .annotate(images=Count("id"))
    )


def stack_of(access: Access, project_id: int, request_id: UUID) -> Part:
    """The images of a request that lie under its newest one."""
    images = _in_gallery(access, project_id).filter(request_id=request_id)
    return Part(list(images.order_by("-id").values(*CARD_FIELDS)[1:MOST_IN_STACK]))


def _in_gallery(access: Access, project_id: int) -> ImageQuerySet:
    return Image.objects.visible_to(access).in_gallery().filter(project_id=project_id)
