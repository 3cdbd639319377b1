"""What can still be taken back."""

from __future__ import annotations

from uuid import UUID

from accounts.access import Access
from accounts.errors import NotVisible
from assets.models import Undoable


def undoable_for(access: Access, uid: UUID) -> Undoable:
    """One thing that was done at once; `NotVisible` for strangers."""
    undoable = (
        Undoable.objects.visible_to(access)
        .select_related("project__organization")
        .filter(uid=uid)
        .first()
    )
    if undoable is None:
        raise NotVisible
    return undoable
