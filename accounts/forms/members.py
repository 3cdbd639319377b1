"""Inviting people and giving them roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from accounts.models.membership import ROLE_LABELS
from accounts.queries.invitations import why_not_invite
from accounts.queries.members import Reach
from accounts.roles import Role


class RoleForm(forms.Form):
    """One of the three roles."""

    role = forms.TypedChoiceField(label=_("Role"), choices=ROLE_LABELS, coerce=Role)


class InviteForm(forms.Form):
    """Whom to invite, as what, and to what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.TypedChoiceField(
        label=_("Role"), choices=ROLE_LABELS, coerce=Role, initial=Role.USER.value
    )
    place = forms.TypedChoiceField(label=_("Access to"), required=False, empty_value=None)

    def __init__(
        self,
        *args: Any,
        reach: Reach,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organization = reach.organization
        self.projects = {project.pk: project for project in reach.projects}
        place = self.fields["place"]
        place.coerce = int  # type: ignore[attr-defined]  # of TypedChoiceField
        place.choices = [  # type: ignore[attr-defined]  # of TypedChoiceField
            *([("", _("Whole organization"))] if reach.everywhere else []),
            *((project.pk, project.name) for project in reach.projects),
        ]
        place.required = not reach.everywhere
        self.fields["email"].widget.attrs.update(autocomplete="off", placeholder="li@example.com")

    @property
    def project(self) -> Project | None:
        """The chosen project; `None` for the whole organization."""
        place: int | None = self.cleaned_data["place"]
        return None if place is None else self.projects[place]

    def clean(self) -> dict[str, Any]:
        """Refuse members beside the address."""
        data = super().clean() or self.cleaned_data
        if "email" in data and "place" in data:
            obstacle = why_not_invite(self.organization, self.project, data["email"])
            if obstacle:
                self.add_error("email", str(obstacle))
        return data
