"""In which form pictures are handed out, as people choose it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from assets.exports.naming import LONGEST_PATTERN, PLACEHOLDERS, USUAL_PATTERN, check_pattern
from assets.exports.options import (
    LARGEST_SIDE,
    SMALLEST_SIDE,
    USUAL_QUALITY,
    Contents,
    ExportOptions,
    FileFormat,
    FileOptions,
)

FORMATS = [
    (FileFormat.ORIGINAL.value, _("As archived")),
    (FileFormat.PNG.value, "PNG"),
    (FileFormat.JPEG.value, "JPEG"),
    (FileFormat.WEBP.value, "WebP"),
]
CONTENTS = [
    (Contents.PICTURES.value, _("The pictures, in a zip")),
    (Contents.SHEET_PDF.value, _("A contact sheet, PDF")),
    (Contents.SHEET_PNG.value, _("A contact sheet, PNG")),
]


class DownloadForm(forms.Form):
    """The form of one file. What is not said is as it was archived."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=FORMATS,
        required=False,
        initial=FileFormat.ORIGINAL.value,
        error_messages={"invalid_choice": _("This format is not offered.")},
    )
    max_side = forms.IntegerField(
        label=_("Longest side"),
        min_value=SMALLEST_SIDE,
        max_value=LARGEST_SIDE,
        required=False,
        help_text=_("In pixels. Larger pictures are made smaller; none is made larger."),
    )
    quality = forms.IntegerField(
        label=_("Quality"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("From 1 to 100, for JPEG and WebP."),
    )

    @property
    def options(self) -> FileOptions:
        """What was chosen, after the form was found valid."""
        said = self.cleaned_data
        return FileOptions(
            format=FileFormat(said["format"] or FileFormat.ORIGINAL),
            max_side=said["max_side"],
            quality=said["quality"] or USUAL_QUALITY,
        )

    @property
    def first_error(self) -> tuple[str, str]:
        """The field at fault and the sentence."""
        field, sentences = next(iter(self.errors.items()))
        return field, str(sentences[0])


class ExportForm(DownloadForm):
    """What an export holds, and what its files are called."""

    contents = forms.ChoiceField(
        label=_("What you get"),
        choices=CONTENTS,
        initial=Contents.PICTURES.value,
        widget=forms.RadioSelect,
    )
    names = forms.CharField(
        label=_("Names of pictures without an archive name"),
        max_length=LONGEST_PATTERN,
        required=False,
    )
    with_json = forms.BooleanField(
        label=_("Add the list as JSON too, with the whole record of each picture"), required=False
    )

    field_order = ["contents", "format", "max_side", "quality", "names", "with_json"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quality"].initial = USUAL_QUALITY
        self.fields["names"].initial = USUAL_PATTERN
        names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        self.fields["names"].help_text = gettext("You can use: %(names)s.") % {"names": names}

    def clean_names(self) -> str:
        """The pattern, checked."""
        try:
            return check_pattern(self.cleaned_data["names"])
        except InvalidInput as error:
            raise forms.ValidationError(str(error.sentence)) from error

    @property
    def export(self) -> ExportOptions:
        """What was ordered, after the form was found valid."""
        said = self.cleaned_data
        return ExportOptions(
            contents=Contents(said["contents"]),
            file=self.options,
            names=said["names"],
            with_json=said["with_json"],
        )
