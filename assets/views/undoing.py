"""Taking back what was done at once."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import NotVisible
from accounts.http import PortalRequest
from accounts.views.answering import done
from assets.actions.undoing import undo
from assets.models import Undoable
from assets.queries.undoables import undoable_for
from assets.types import UndoKind

PAGES = {
    UndoKind.COLLECTION_DELETED: "assets:collections",
    UndoKind.TAG_DELETED: "assets:tags",
    UndoKind.TAGS_MERGED: "assets:tags",
}


@require_POST
def take_back(request: PortalRequest, undo_id: UUID) -> HttpResponse:
    """Undo it, and go to the page where it was done."""
    undoable = undoable_for(request.access, undo_id)
    undo(access=request.access, undoable=undoable)
    page = reverse(PAGES[UndoKind(undoable.kind)], kwargs={"project_id": undoable.project_id})
    return done(request, _("It is undone."), page)


def to_undo(request: PortalRequest) -> Undoable | None:
    """What the page before has just done (`undo` in the address), if it can be taken back."""
    try:
        undoable = undoable_for(request.access, UUID(request.GET.get("undo", "")))
    except (ValueError, NotVisible):
        return None  # a link that was kept too long: the page is shown without the offer
    return undoable if undoable.undone_at is None else None
