"""Narrowing down the work of others, and what is done to what was selected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from generation.actions.changing_several import Change, Deed
from generation.queries.managed_queue import MOST_OPEN, PAGE_SIZE, Wish
from generation.types import JobLane, JobPriority, JobStatus
from generation.wording import LANES

MOST_AT_ONCE = max(PAGE_SIZE, MOST_OPEN)
LANE_NAMES = [(lane.name.lower(), words) for lane, words in LANES.items()]
PRIORITY_NAMES = [(priority.name.lower(), priority.label) for priority in reversed(JobPriority)]


class WorkFilter(forms.Form):
    """Whose work, where and in which state; anything unknown is as if not asked."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Not finished")), *JobStatus.choices],
    )
    person = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int, empty_value=None)
    project = forms.TypedChoiceField(
        label=_("Project"), required=False, coerce=int, empty_value=None
    )
    lane = forms.ChoiceField(
        label=_("Lane"), required=False, choices=[("", _("Every lane")), *LANE_NAMES]
    )
    cursor = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, people: Iterable[User], projects: Iterable[Project], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("person", _("Everybody"), people)
        self._offer("project", _("Every project"), projects)

    def wish(self) -> Wish:
        """What to look for; empty where the address says nothing sensible."""
        self.full_clean()
        said = self.cleaned_data
        status, lane = said.get("status"), said.get("lane")
        return Wish(
            status=JobStatus(status) if status else None,
            person_id=said.get("person"),
            project_id=said.get("project"),
            lane=JobLane[lane.upper()] if lane else None,
        )

    def _offer(
        self, name: str, everything: Any, things: Iterable[User] | Iterable[Project]
    ) -> None:
        choices = [("", everything), *((each.pk, str(each)) for each in things)]
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class SeveralForm(forms.Form):
    """Which pictures, and what shall become of them."""

    do = forms.ChoiceField(choices=[(deed.value, deed.value) for deed in Deed])
    lane = forms.ChoiceField(label=_("Lane"), required=False, choices=LANE_NAMES)
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=PRIORITY_NAMES)

    def __init__(self, *args: Any, jobs: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._said = list(jobs)[:MOST_AT_ONCE]

    @property
    def jobs(self) -> list[UUID]:
        """The pictures that were selected; what is no id is none."""
        found = []
        for text in self._said:
            try:
                found.append(UUID(text))
            except ValueError:
                continue
        return found

    def to_change(self) -> Change:
        """The valid form as a change."""
        lane, priority = self.cleaned_data["lane"], self.cleaned_data["priority"]
        return Change(
            deed=Deed(self.cleaned_data["do"]),
            lane=JobLane[lane.upper()] if lane else JobLane.INTERACTIVE,
            priority=JobPriority[priority.upper()] if priority else JobPriority.NORMAL,
        )
