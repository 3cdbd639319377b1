"""What a person may do with pictures that they select."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.access import Access
from accounts.roles import Permission


@dataclass(frozen=True, slots=True)
class SelectionPowers:
    """Which buttons the bar of the selected pictures has; the actions check each picture."""

    may_organize: bool
    may_submit: bool
    may_move: bool
    may_manage: bool


def powers_of(access: Access, project_id: int) -> SelectionPowers:
    """The powers in one project, without asking the database."""
    organizes = access.projects_with(Permission.ORGANIZE_IMAGES)
    return SelectionPowers(
        may_organize=project_id in organizes,
        may_submit=access.allows(Permission.SUBMIT_IMAGES, project_id),
        may_move=len(organizes) > 1,
        may_manage=access.allows(Permission.MANAGE_PROJECT, project_id),
    )
