"""What has to be said before something is done to the selected pictures."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import Project
from assets.queries.operations import collections_to_choose, projects_to_move_to, tags_to_suggest
from assets.types import OperationKind


def question_of(access: Access, project: Project, kind: str) -> dict[str, Any] | None:
    """The context of `assets/_operation_ask.html`; `None` for a kind that needs no words."""
    match kind:
        case OperationKind.TAG:
            return {
                "kind": OperationKind.TAG,
                "title": _("Tag the selected pictures"),
                "label": _("Tags"),
                "field": "tags",
                "suggestions": tags_to_suggest(access, project.pk),
                "confirm": _("Tag"),
            }
        case OperationKind.UNTAG:
            names = tags_to_suggest(access, project.pk)
            return {
                "kind": OperationKind.UNTAG,
                "title": _("Remove a tag from the selected pictures"),
                "label": _("Tag"),
                "field": "tags",
                "choices": [(name, name) for name in names],
                "confirm": _("Remove"),
                "empty": "" if names else _("This project has no tags yet."),
            }
        case OperationKind.COLLECT | OperationKind.UNCOLLECT:
            choices = collections_to_choose(access, project.pk)
            adds = kind == OperationKind.COLLECT
            return {
                "kind": OperationKind(kind),
                "title": _("Put the selected pictures into a collection")
                if adds
                else _("Take the selected pictures out of a collection"),
                "label": _("Collection"),
                "field": "collection",
                "choices": choices,
                "confirm": _("Put in") if adds else _("Take out"),
                "empty": "" if choices else _("This project has no collections yet."),
            }
        case OperationKind.MOVE:
            projects = projects_to_move_to(access, project)
            return {
                "kind": OperationKind.MOVE,
                "title": _("Move the selected pictures to another project"),
                "text": _(
                    "Reviews, comments, stars and archive names go along, tags too. They leave the"
                    " collections of this project."
                ),
                "label": _("Project"),
                "field": "project",
                "choices": projects,
                "confirm": _("Move"),
                "empty": ""
                if projects
                else _("There is no other project of this organization where you may do this."),
            }
        case _:
            return None
