"""What to do with pictures of the trash."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from assets.types import OperationKind


class TrashForm(forms.Form):
    """`what` to do to the pictures that are ticked, or with `all` to everything in the trash."""

    ALLOW: ClassVar[str] = "allow"

    what = forms.ChoiceField(
        choices=[
            (OperationKind.RESTORE.value, OperationKind.RESTORE.label),
            (OperationKind.PURGE.value, OperationKind.PURGE.label),
            (ALLOW, _("Allow deletion")),
        ]
    )
    all = forms.BooleanField(required=False)

    def what_chosen(self) -> str:
        """The word that was chosen; `InvalidInput` without one."""
        if not self.is_valid():
            raise InvalidInput(_("Say what to do with these pictures."), field="what")
        return str(self.cleaned_data["what"])

    @property
    def is_everything(self) -> bool:
        """Whether everything in the trash is meant; what has to be allowed is named one by one."""
        return bool(self.cleaned_data["all"]) and self.cleaned_data["what"] != self.ALLOW
