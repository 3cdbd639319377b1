"""Which pictures are compared, as the address says."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import QueryDict

from accounts.errors import NotVisible

FEWEST: Final = 2
MOST: Final = 4


def uids_in(params: QueryDict) -> list[UUID]:
    """The pictures named by `id`, each once, in their order; `NotVisible` for what names none."""
    uids: dict[UUID, None] = {}
    for text in params.getlist("id"):
        try:
            uids[UUID(text)] = None
        except ValueError as error:
            raise NotVisible from error
    return list(uids)
