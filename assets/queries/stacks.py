"""Stacks: the images of one request, shown as its newest one."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.access import Access
from assets.models import Image, ImageQuerySet
from assets.queries.searching import Place
from assets.queries.timeline import Paging, Part, rows_at

MOST_IN_STACK = 500


def paging_of_stacks(access: Access, project_id: int) -> Paging:
    """Pages of a project's whole gallery, of each request only its newest image."""
    images = tops(_in_gallery(access, project_id))

    def pages(*, size: int, after: Place | None = None, backwards: bool = False) -> list[Place]:
        found = images.order_by("id" if backwards else "-id")
        if after is not None:
            found = found.filter(id__gt=after.id) if backwards else found.filter(id__lt=after.id)
        return [Place(each) for each in found.values_list("id", flat=True)[:size]]

    return pages


def tops(images: ImageQuerySet) -> ImageQuerySet:
    """Of images of one project's gallery: the newest of each request, and those of none.

    Whether there is a newer one of the request is one step into the index `images_of_a_request`,
    so a page costs as many steps as its stacks have images. The project is compared as a sum,
    because SQLite would else look through the project's newer images instead.
    """
    newer = (
        Image.objects.in_gallery()
        .alias(its_project=F("project_id") + 0)
        .filter(
            request_id=OuterRef("request_id"),
            id__gt=OuterRef("id"),
            its_project=OuterRef("project_id"),
        )
    )
    return images.filter(Q(request_id__isnull=True) | ~Exists(newer))


def sizes_of(access: Access, project_id: int, request_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many images of each request hang in a project's gallery."""
    if not request_ids:
        return {}
    return dict(
        _in_gallery(access, project_id)
        .filter(request_id__in=request_ids)
        .order_by()
        .values_list("request_id")
        .annotate(images=Count("id"))
    )


def stack_of(access: Access, project_id: int, request_id: UUID) -> Part:
    """The images of a request that lie under its newest one."""
    images = _in_gallery(access, project_id).filter(request_id=request_id).order_by("-id")
    ids = images.values_list("id", flat=True)[1:MOST_IN_STACK]
    return Part(rows_at(access, [Place(each) for each in ids]))


def _in_gallery(access: Access, project_id: int) -> ImageQuerySet:
    return Image.objects.visible_to(access).in_gallery().filter(project_id=project_id)
