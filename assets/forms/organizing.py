"""What is said about pictures that were chosen one by one: marks, tags, places in a collection."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from assets.models.marks import TAG_LIMIT
from assets.policies import tag_named

MOST_AT_ONCE = 500
"""More are an operation in the background (`assets.operations`)."""

TAGS_AT_ONCE = 20


class PicturesForm(forms.Form):
    """Some pictures: `uid`, as often as needed."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.uids: list[UUID] = []
        self.written = data.getlist("uid")

    def clean(self) -> dict[str, Any]:
        """Read the ids; refuse none, too many, and what is none."""
        if not self.written:
            raise forms.ValidationError(_("Choose a picture first."))
        if len(self.written) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("At most %(most)d pictures at once.") % {"most": MOST_AT_ONCE}
            )
        try:
            self.uids = [UUID(each) for each in self.written]
        except ValueError as error:
            raise forms.ValidationError(_("This is not the id of a picture.")) from error
        return super().clean() or {}


class MarksForm(PicturesForm):
    """A star (`starred` is 1 or 0) or a rating (0 takes it back)."""

    starred = forms.TypedChoiceField(
        choices=[("1", "1"), ("0", "0")],
        coerce=lambda value: value == "1",
        required=False,
        empty_value=None,
    )
    rating = forms.IntegerField(required=False, min_value=0, max_value=5)

    def clean(self) -> dict[str, Any]:
        """Something has to be said."""
        values = super().clean()
        if not self.errors and values.get("starred") is None and values.get("rating") is None:
            raise forms.ValidationError(_("Say a star or a rating."))
        return values


class TagsForm(PicturesForm):
    """Tags to put on and to take off, between commas."""

    add = forms.CharField(required=False, max_length=TAGS_AT_ONCE * (TAG_LIMIT + 2), strip=False)
    remove = forms.CharField(required=False, max_length=TAGS_AT_ONCE * (TAG_LIMIT + 2), strip=False)

    def clean_add(self) -> list[str]:
        """The tags to put on."""
        return tags_in(self.cleaned_data["add"])

    def clean_remove(self) -> list[str]:
        """The tags to take off."""
        return tags_in(self.cleaned_data["remove"])

    def clean(self) -> dict[str, Any]:
        """Something has to be said."""
        values = super().clean()
        if not self.errors and not (values.get("add") or values.get("remove")):
            raise forms.ValidationError(_("Write a tag."))
        return values


def tags_in(text: str) -> list[str]:
    """The tags that a text names, between commas of any kind; each is one that may be."""
    written = [part for part in re.split(r"[,，、\n]", text) if part.strip()]
    if len(written) > TAGS_AT_ONCE:
        raise forms.ValidationError(_("At most %(most)d tags at once.") % {"most": TAGS_AT_ONCE})
    try:
        return [tag_named(part)[0] for part in written]
    except InvalidInput as refusal:
        raise forms.ValidationError(refusal.sentence) from refusal
