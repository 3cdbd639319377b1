"""Describing a project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from accounts.queries.projects import why_not_project_name


class ProjectForm(forms.Form):
    """A project's name and description."""

    name = forms.CharField(label=_("Name"), max_length=Project.NAME_LIMIT)
    description = forms.CharField(
        label=_("Description"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the pictures are for. Everybody in the project sees it."),
    )

    def __init__(
        self, *args: Any, organization_id: int, project: Project | None = None, **kwargs: Any
    ) -> None:
        if project is not None:
            kwargs.setdefault("initial", {"name": project.name, "description": project.description})
        super().__init__(*args, **kwargs)
        self.organization_id = organization_id
        self.project = project

    def clean_name(self) -> str:
        """Refuse a name that another project of the organization has."""
        name: str = self.cleaned_data["name"]
        obstacle = why_not_project_name(
            self.organization_id, name, besides=self.project.pk if self.project else None
        )
        if obstacle:
            raise forms.ValidationError(str(obstacle))
        return name
