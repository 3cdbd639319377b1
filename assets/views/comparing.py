"""Two to four pictures beside each other, and what makes them different."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from assets.forms.compare import FEWEST, MOST, uids_in
from assets.models import Image
from assets.queries.images import images_to_compare
from assets.types import RenditionKind
from assets.views.cards import image_url, rendition_url
from assets.views.differences import compared
from assets.views.facts import facts_of


@dataclass(frozen=True, slots=True)
class Side:
    """One of the pictures: its files, and the addresses that change its place."""

    image: Image
    letter: str
    url: str
    preview: str
    thumb: str
    original: str
    without_url: str
    earlier_url: str


@require_GET
def compare(request: PortalRequest, project_id: int) -> HttpResponse:
    """The pictures that the address names; all of one organization, each visible to the person."""
    project = project_for(request.access, project_id)
    request.project = project
    uids = uids_in(request.GET)
    images = images_to_compare(request.access, project, uids[:MOST])
    address = reverse("assets:compare", kwargs={"project_id": project_id})
    everything = request.GET.get("show") == "all"
    context: dict[str, object] = {
        "project": project,
        "gallery_url": reverse("assets:gallery", kwargs={"project_id": project_id}),
        "sides": [_side(address, images, at, everything=everything) for at in range(len(images))],
        "is_enough": len(images) >= FEWEST,
        "is_pair": len(images) == FEWEST,
        "has_more": len(uids) > MOST,
        "everything": everything,
        "differences_url": _at(address, images),
        "everything_url": _at(address, images, everything=True),
        "groups": compared([facts_of(each.metadata) for each in images], everything=everything)
        if len(images) >= FEWEST
        else [],
    }
    return render(request, "assets/compare.html", context)


def compare_url(project_id: int, uids: Sequence[UUID]) -> str:
    """The address of a comparison."""
    address = reverse("assets:compare", kwargs={"project_id": project_id})
    return f"{address}?{urlencode([('id', uid) for uid in uids])}"


def _side(address: str, images: Sequence[Image], at: int, *, everything: bool) -> Side:
    image = images[at]
    others = [each for each in images if each is not image]
    earlier = [*others[: at - 1], image, *others[at - 1 :]] if at else []
    return Side(
        image=image,
        letter="ABCD"[at],
        url=image_url(image),
        preview=rendition_url(image, RenditionKind.PREVIEW),
        thumb=rendition_url(image, RenditionKind.THUMB),
        original=reverse("assets:file", kwargs={"uid": image.uid}),
        without_url=_at(address, others, everything=everything) if len(images) > FEWEST else "",
        earlier_url=_at(address, earlier, everything=everything) if at else "",
    )


def _at(address: str, images: Sequence[Image], *, everything: bool = False) -> str:
    query = [("id", str(each.uid)) for each in images]
    if everything:
        query.append(("show", "all"))
    return f"{address}?{urlencode(query)}"
