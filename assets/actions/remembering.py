"""Keeping what is needed to take something back, for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidTransition, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.models import Undoable
from assets.types import UndoKind

UNDOABLE_FOR = timedelta(days=30)


def remember(
    *, access: Access, project: Project, kind: UndoKind, name: str, data: dict[str, Any]
) -> Undoable:
    """Keep it. What is too old to be taken back is forgotten at the same time."""
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    if access.user_id is None:
        raise NotPermitted(_("Only a person can do this."))
    Undoable.objects.filter(project=project, created_at__lt=timezone.now() - UNDOABLE_FOR).delete()
    return Undoable.objects.create(
        project=project, created_by_id=access.user_id, kind=kind, name=name[:160], data=data
    )


def take_back(*, access: Access, undoable: Undoable) -> None:
    """Mark it as taken back; the second of two people is told that it was done."""
    access.require(Permission.ORGANIZE_IMAGES, undoable.project_id)
    taken = Undoable.objects.filter(
        pk=undoable.pk,
        undone_at__isnull=True,
        created_at__gte=timezone.now() - UNDOABLE_FOR,
    ).update(undone_at=timezone.now(), data={})
    if not taken:
        raise InvalidTransition(_("This was undone already, or it is too long ago."))
