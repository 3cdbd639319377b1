"""Which pictures somebody selected, as a page sends it.

`uid` names pictures, repeated or with commas; or `all=1` means everything that the search `q`
finds, none newer than the picture `up_to` and without those of `without`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.models import Project
from assets.operations.asks import MOST_CHOSEN, Chosen
from assets.queries.images import image_ids

QUERY_LIMIT = 2000


def chosen_from(access: Access, project: Project, data: QueryDict) -> Chosen:
    """Read what was selected; pictures that are not there, or not the person's to see, drop out.

    Raises:
        InvalidInput: what was sent names no pictures, or more than can be named.
    """
    if not data.get("all"):
        return chosen_ids(access, project, data.getlist("uid"))
    return chosen_search(
        access,
        project,
        query=data.get("q", ""),
        up_to=data.get("up_to", ""),
        without=data.getlist("without"),
    )


def chosen_ids(access: Access, project: Project, uids: Iterable[str]) -> Chosen:
    """Pictures by name, in the order in which they were named."""
    return Chosen(ids=_ids(access, project, uids, field="uid"))


def chosen_search(
    access: Access, project: Project, *, query: str, up_to: str, without: Iterable[str]
) -> Chosen:
    """Everything that a search finds. `up_to` is the uid or the id of the newest that was seen."""
    if len(query) > QUERY_LIMIT:
        raise InvalidInput(_("This search is too long."), field="q")
    newest: int | None = None
    if up_to.isascii() and up_to.isdigit() and len(up_to) < 19:
        newest = int(up_to)
    elif up_to:
        found = _ids(access, project, [up_to], field="up_to")
        newest = found[0] if found else None
    return Chosen(
        query=query.replace("\0", " ").strip(),
        up_to=newest,
        without=_ids(access, project, without, field="without"),
    )


def _ids(access: Access, project: Project, uids: Iterable[str], *, field: str) -> tuple[int, ...]:
    names = [name for text in uids for name in text.split(",") if name.strip()]
    if len(names) > MOST_CHOSEN:
        raise InvalidInput(
            _("At most %(most)d pictures can be named one by one. Select everything found instead.")
            % {"most": MOST_CHOSEN},
            field=field,
            code="too_many",
        )
    wanted = [_uid(name, field) for name in names]
    known = image_ids(access, project.pk, wanted)
    return tuple(known[uid] for uid in dict.fromkeys(wanted) if uid in known)


def _uid(text: Any, field: str) -> UUID:
    try:
        return UUID(str(text).strip())
    except ValueError as error:
        raise InvalidInput(_("This is not the name of a picture."), field=field) from error
