"""Making an API token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import Access
from accounts.actions.tokens import DEFAULT_DAYS, MAX_DAYS
from accounts.models import ApiToken, Organization
from accounts.queries.tokens import why_not_token_name
from accounts.roles import Scope

SCOPE_NAMES = {
    Scope.READ.value: _("Read"),
    Scope.GENERATE.value: _("Generate"),
    Scope.ORGANIZE.value: _("Organize"),
    Scope.REVIEW.value: _("Review"),
    Scope.MANAGE.value: _("Manage"),
}
SCOPE_LABELS = [
    (Scope.READ.value, _("Look at projects, requests and pictures, and download them")),
    (Scope.GENERATE.value, _("Ask for pictures and submit them for review")),
    (Scope.ORGANIZE.value, _("Tag, collect, rate, import and tidy up pictures")),
    (Scope.REVIEW.value, _("Review pictures")),
    (Scope.MANAGE.value, _("Manage projects, members and templates")),
]


class TokenForm(forms.Form):
    """A token's name, its organization, what it may do and for how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=ApiToken._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What will use it, for example “Figma plugin” or “nightly export”."),
    )
    organization = forms.TypedChoiceField(label=_("Organization"), coerce=int)
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("permissions", "May"),  # alone it would be the month
        choices=SCOPE_LABELS,
        initial=[Scope.READ.value],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may do yourself."),
    )
    days = forms.IntegerField(
        label=_("Works for (days)"),
        min_value=1,
        max_value=MAX_DAYS,
        initial=DEFAULT_DAYS,
        help_text=_("At most 365. A token that nobody needs is best revoked at once."),
    )

    def __init__(
        self, *args: Any, access: Access, organizations: list[Organization], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        self.organizations = {organization.pk: organization for organization in organizations}
        choices = [(organization.pk, organization.name) for organization in organizations]
        self.fields["organization"].choices = choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Refuse the name of a token that works."""
        name: str = self.cleaned_data["name"]
        if obstacle := why_not_token_name(self.access, name):
            raise forms.ValidationError(str(obstacle))
        return name

    def clean_scopes(self) -> list[Scope]:
        """The chosen scopes as such."""
        return [Scope(scope) for scope in self.cleaned_data["scopes"]]

    @property
    def chosen_organization(self) -> Organization:
        """The organization that the token is bound to."""
        return self.organizations[self.cleaned_data["organization"]]
