"""A reviewer's decision, and where it was made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from assets.models import Review
from assets.policies import comment_for
from assets.types import Decision

QUEUE = "queue"


class ReviewForm(forms.Form):
    """Decision and comment on the picture with this hash; `place` says which page to go on with."""

    decision = forms.ChoiceField(choices=Decision.choices)
    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    place = forms.CharField(max_length=10, required=False, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment for the maker"),
        max_length=Review.COMMENT_LIMIT,
        required=False,
        widget=forms.Textarea(
            attrs={
                "rows": 2,
                # Only approving goes without: its button skips the browser's check.
                "required": True,
                # Escape leaves the field, so that a single key can decide again.
                "data-key": "words",
                "placeholder": _("Needed when the picture goes back."),
            }
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a comment where the decision needs one."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "decision" in cleaned and "comment" in cleaned:
            try:
                comment_for(Decision(cleaned["decision"]), cleaned["comment"])
            except InvalidInput as refusal:
                self.add_error(refusal.field, refusal.sentence)
        return cleaned

    @property
    def in_queue(self) -> bool:
        """Whether the decision was made in the queue, and not on the picture's own page."""
        return self.data.get("place") == QUEUE
