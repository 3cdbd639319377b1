"""What the buttons beside waiting work say."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from accounts.models import Project
from generation.moves import Move

LARGEST_ID = 2**63 - 1


class PicturesForm(forms.Form):
    """One picture of the request, or all that wait."""

    job = forms.UUIDField(required=False)

    @property
    def only(self) -> list[UUID] | None:
        """The picture as actions take it."""
        job = self.cleaned_data["job"]
        return [job] if job else None


class MoveForm(PicturesForm):
    """Where to."""

    to = forms.ChoiceField(choices=[(move.value, move.value) for move in Move])


class CancelForm(forms.Form):
    """Everything of one's own in one project, or everywhere."""

    project = forms.IntegerField(
        label=_("Where"), required=False, min_value=1, max_value=LARGEST_ID
    )

    def offer(self, projects: Iterable[Project]) -> None:
        """Let one of these be chosen, or all of them."""
        choices = [("", _("In all projects")), *((each.pk, str(each)) for each in projects)]
        self.fields["project"].widget = forms.Select(choices=choices)


def said(form: forms.Form) -> None:
    """Pass when the form is as the page has made it; what is not came from elsewhere."""
    if not form.is_valid():
        raise InvalidInput(field=next(iter(form.errors)))
