"""What an operator says to a worker beyond pressing a button."""

from __future__ import annotations

from django import forms

from generation.models import ModelVersion


class ResetForm(forms.Form):
    """The model whose failures shall be forgotten; none means all."""

    model = forms.ModelChoiceField(queryset=ModelVersion.objects.all(), required=False)
