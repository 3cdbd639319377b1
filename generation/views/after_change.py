"""What a page shows after something was done to a request: the part that it came from."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import PortalRequest
from generation.queries.requests import request_for
from generation.views.queue_rows import queue_page
from generation.views.showing import card_of

QUEUE = "queue"


def shown_after(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """What became of the request: its moving part, or that of the queue, for a page that shows it.

    Without scripts it is the whole page. Forms of the queue say `at=queue`.
    """
    if request.POST.get("at") == QUEUE:
        return queue_after(request)
    if not request.htmx:
        return redirect("generation:request", request_id=request_id)
    card = card_of(request.access, request_for(request.access, request_id))
    return render(request, "generation/_progress.html", {"card": card})


def queue_after(request: PortalRequest) -> HttpResponse:
    """The queue as it is now."""
    if not request.htmx:
        return redirect("generation:queue")
    return render(request, "generation/_queue.html", {"queue": queue_page(request.access)})
