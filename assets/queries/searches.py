"""Searches that somebody kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from assets.models import SavedSearch

NAME_TAKEN = _("You have saved a search of this name already. Choose another one.")


@dataclass(frozen=True, slots=True)
class Searches:
    """The searches that a person sees in a project, by name."""

    mine: Sequence[SavedSearch]
    shared: Sequence[SavedSearch]  # by others

    @property
    def pinned(self) -> list[SavedSearch]:
        """Those that stand beside the collections."""
        return [search for search in (*self.mine, *self.shared) if search.is_pinned]

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not (self.mine or self.shared)


def visible_searches(access: Access) -> QuerySet[SavedSearch]:
    """The person's own searches, and those that others share in their projects."""
    return (
        SavedSearch.objects.visible_to(access)
        .filter(Q(owner_id=access.user_id) | Q(is_shared=True))
        .select_related("owner", "project")
    )


def searches_of(access: Access, project_id: int) -> Searches:
    """The person's own and the shared searches of a project, in one query."""
    searches = visible_searches(access).filter(project_id=project_id).order_by("name", "pk")
    mine = [search for search in searches if search.owner_id == access.user_id]
    return Searches(mine, [each for each in searches if each.owner_id != access.user_id])


def search_for(access: Access, search_id: int) -> SavedSearch:
    """One of one's own or shared searches; `NotVisible` for everybody else."""
    search = (
        SavedSearch.objects.visible_to(access)
        .filter(Q(owner_id=access.user_id) | Q(is_shared=True), pk=search_id)
        .select_related("project__organization", "owner")
        .first()
    )
    if search is None:
        raise NotVisible
    return search


def why_not_search_name(
    access: Access, project_id: int, name: str, *, besides: int | None = None
) -> Promise | None:
    """The sentence that refuses the name of a search, or `None`."""
    taken = SavedSearch.objects.visible_to(access).filter(
        project_id=project_id, owner_id=access.user_id, name=name
    )
    if besides is not None:
        taken = taken.exclude(pk=besides)
    return NAME_TAKEN if taken.exists() else None
