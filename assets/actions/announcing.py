"""Telling the people of a project that pictures arrived, so that open walls can hang them."""

from __future__ import annotations

from django.db import transaction

from accounts.live import is_due, tell_all
from accounts.models import Project
from accounts.queries.members import people_at

SECONDS_BETWEEN = 2.0
"""A request brings several pictures and an import thousands: walls look again a while later."""


def announce_arrival(*, project: Project) -> None:
    """Tell everybody in the project, once this transaction is committed."""
    transaction.on_commit(lambda: _tell(project), robust=True)


def _tell(project: Project) -> None:
    if is_due(f"arrived:{project.pk}", SECONDS_BETWEEN):
        people = people_at(project.organization_id, project.pk)
        tell_all(people, {"type": "arrived", "project": project.pk})
