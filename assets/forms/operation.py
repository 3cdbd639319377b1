"""What to do to the pictures that somebody selected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assets.types import OperationKind

KINDS = [
    OperationKind.TAG,
    OperationKind.UNTAG,
    OperationKind.COLLECT,
    OperationKind.UNCOLLECT,
    OperationKind.SUBMIT,
    OperationKind.MOVE,
    OperationKind.TRASH,
    OperationKind.RESTORE,
    OperationKind.PURGE,
]
"""Kinds that change pictures, and are ordered alike; export and import have forms of their own."""

NAMES_LIMIT = 500
LARGEST_ID = 2**63 - 1


class OperationForm(forms.Form):
    """The kind, and the tags, the collection or the project that it needs."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in KINDS],
        error_messages={"invalid_choice": _("This cannot be done to pictures.")},
    )
    tags = forms.CharField(max_length=NAMES_LIMIT, required=False, strip=True)
    collection = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    project = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)

    @property
    def kind_chosen(self) -> OperationKind:
        """The kind, after the form was found valid."""
        return OperationKind(self.cleaned_data["kind"])

    @property
    def arguments(self) -> dict[str, Any]:
        """What the handler checks: only what was said."""
        given = {name: self.cleaned_data.get(name) for name in ("collection", "project")}
        said: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        names = [name.strip() for name in self.cleaned_data.get("tags", "").split(",")]
        if any(names):
            said["tags"] = [name for name in names if name]
        return said

    @property
    def first_error(self) -> tuple[str, str]:
        """The field at fault and the sentence."""
        field, sentences = next(iter(self.errors.items()))
        return field, str(sentences[0])
