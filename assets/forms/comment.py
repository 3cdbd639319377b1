"""What somebody writes beside an image."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from assets.policies import COMMENT_LIMIT, comment_text


class CommentForm(forms.Form):
    """The text of a comment."""

    text = forms.CharField(
        label=_("Comment"),
        required=False,  # asked for in words of our own
        max_length=COMMENT_LIMIT * 2,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 2, "maxlength": COMMENT_LIMIT, "placeholder": _("Write a comment")}
        ),
    )

    def clean_text(self) -> str:
        """The text, or a sentence about what is wrong with it."""
        try:
            return comment_text(self.cleaned_data["text"])
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
