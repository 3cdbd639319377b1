"""Pictures like one picture."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.http import PortalRequest
from assets.queries.images import image_for
from assets.queries.similar import finders, similar_to
from assets.types import RenditionKind
from assets.views.cards import cards_of, image_url, rendition_url


@require_GET
def similar(request: PortalRequest, uid: UUID) -> HttpResponse:
    """What looks like a picture, nearest first; `by` chooses among several ideas of it."""
    image = image_for(request.access, uid)
    request.project = image.project
    by = request.GET.get("by", "")
    found = similar_to(request.access, image, finder=by)
    address = reverse("assets:similar", args=[uid])
    current = by or next(iter(finders()))
    context = {
        "image": image,
        "image_url": image_url(image),
        "thumb": rendition_url(image, RenditionKind.THUMB),
        "cards": cards_of(found),
        "finders": [
            {"label": each.label, "url": f"{address}?by={name}", "current": name == current}
            for name, each in finders().items()
        ],
    }
    return render(request, "assets/similar.html", context)
