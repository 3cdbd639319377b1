"""A tag's new name, and the tag that takes its uses."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput
from assets.models import Tag
from assets.policies import tag_named
from assets.queries.tags import tag_called, why_not_tag_name


class TagNameForm(forms.Form):
    """Another name for a tag."""

    name = forms.CharField(label=_("Name"), max_length=400)

    def __init__(self, data: QueryDict | None = None, *, tag: Tag) -> None:
        super().__init__(data, initial={"name": tag.name})
        self._tag = tag

    def clean_name(self) -> str:
        """The name, or a sentence about what is wrong with it."""
        try:
            name, _key = tag_named(self.cleaned_data["name"])
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        obstacle = why_not_tag_name(self._tag.project_id, name, besides=self._tag.pk)
        if obstacle:
            raise forms.ValidationError(str(obstacle))
        return name


class MergeForm(forms.Form):
    """The tag that takes over, by its name; `into` is then the tag itself."""

    into = forms.CharField(label=_("Merge into"), max_length=400)

    def __init__(self, data: QueryDict | None = None, *, access: Access, tag: Tag) -> None:
        super().__init__(data)
        self._access = access
        self._tag = tag

    def clean_into(self) -> Tag:
        """Find it."""
        into = tag_called(self._access, self._tag.project_id, self.cleaned_data["into"])
        if into is None:
            raise forms.ValidationError(_("There is no tag of this name in the project."))
        if into.pk == self._tag.pk:
            raise forms.ValidationError(_("Choose another tag: this is the same one."))
        return into
