"""Taking back what was done at once."""

from __future__ import annotations

from django.db import transaction

from accounts.access import Access
from accounts.roles import Permission
from assets.actions.collections import restore_collection
from assets.actions.remembering import take_back
from assets.actions.tags import restore_tags
from assets.models import Undoable
from assets.types import UndoKind


@transaction.atomic
def undo(*, access: Access, undoable: Undoable) -> None:
    """Take it back, once, as far as what it was about is still there."""
    access.require(Permission.ORGANIZE_IMAGES, undoable.project_id)
    take_back(access=access, undoable=undoable)
    match UndoKind(undoable.kind):
        case UndoKind.COLLECTION_DELETED:
            restore_collection(access=access, undoable=undoable)
        case UndoKind.TAG_DELETED | UndoKind.TAGS_MERGED:
            restore_tags(access=access, undoable=undoable)
