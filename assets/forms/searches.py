"""A search as people keep it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput
from assets.models import SavedSearch
from assets.policies import canonical_query, name_of_a_collection
from assets.queries.searches import why_not_search_name

QUERY_LIMIT = 4000  # a longer one than can be read is told so in words


class SearchForm(forms.Form):
    """The name and the query of a saved search, who sees it, and whether it is pinned."""

    name = forms.CharField(label=_("Name"), max_length=400)
    query = forms.CharField(label=_("Search"), max_length=QUERY_LIMIT)
    is_shared = forms.BooleanField(label=_("Everybody in the project sees it"), required=False)
    is_pinned = forms.BooleanField(label=_("Pin it beside the collections"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        access: Access,
        project_id: int,
        search: SavedSearch | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        if search is not None:
            initial = {
                "name": search.name,
                "query": search.query,
                "is_shared": search.is_shared,
                "is_pinned": search.is_pinned,
            }
        super().__init__(data, initial=initial)
        self._access = access
        self._project_id = project_id
        self._search = search

    def clean_name(self) -> str:
        """The name, or a sentence about what is wrong with it."""
        try:
            name = name_of_a_collection(self.cleaned_data["name"])
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        # A manager who changes somebody else's shared search may run into a name of the owner's;
        # the action says so.
        besides = self._search.pk if self._search else None
        obstacle = why_not_search_name(self._access, self._project_id, name, besides=besides)
        if obstacle:
            raise forms.ValidationError(str(obstacle))
        return name

    def clean_query(self) -> str:
        """The search in its canonical spelling; a mistake in it is said, not dropped."""
        try:
            return canonical_query(self.cleaned_data["query"])
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
