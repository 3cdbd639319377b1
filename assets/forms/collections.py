"""Collections as people describe them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput
from assets.forms.organizing import PicturesForm
from assets.models import Collection
from assets.policies import name_of_a_collection
from assets.queries.collections import collections_of, why_not_collection_name

NOTES_LIMIT = 2000


class CollectionForm(forms.Form):
    """A collection's name and notes; for a new one also the collection that it begins in."""

    name = forms.CharField(label=_("Name"), max_length=400)
    notes = forms.CharField(
        label=_("Notes"),
        max_length=NOTES_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it is for. Everybody in the project sees it."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        project_id: int,
        parent: Collection | None = None,
        collection: Collection | None = None,
    ) -> None:
        initial = {"name": collection.name, "notes": collection.notes} if collection else {}
        super().__init__(data, initial=initial)
        self._project_id = project_id
        self._collection = collection
        self._parent_id = collection.parent_id if collection else parent.pk if parent else None

    def clean_name(self) -> str:
        """The name, or a sentence about what is wrong with it."""
        try:
            name = name_of_a_collection(self.cleaned_data["name"])
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        obstacle = why_not_collection_name(
            self._project_id,
            self._parent_id,
            name,
            besides=self._collection.pk if self._collection else None,
        )
        if obstacle:
            raise forms.ValidationError(str(obstacle))
        return name


class PlaceForm(forms.Form):
    """Where a collection goes: into `parent` (else the top), before `before` (else last)."""

    parent = forms.ModelChoiceField(Collection.objects.none(), required=False)
    before = forms.ModelChoiceField(Collection.objects.none(), required=False)

    def __init__(self, data: QueryDict, *, access: Access, project_id: int) -> None:
        super().__init__(data)
        everything = collections_of(access, project_id)
        for name in ("parent", "before"):
            self.fields[name].queryset = everything  # type: ignore[attr-defined]


class OrderForm(PicturesForm):
    """Pictures of a collection, and the one before which they go (nothing: the end)."""

    before = forms.UUIDField(required=False)


class ChosenCollectionForm(PicturesForm):
    """Pictures, and the collection they go into: one that is there, or a new one by name."""

    collection = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    name = forms.CharField(required=False, max_length=400)

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        values = super().clean()
        if not self.errors and not (values.get("collection") or values.get("name")):
            raise forms.ValidationError(_("Choose a collection, or name a new one."))
        return values
