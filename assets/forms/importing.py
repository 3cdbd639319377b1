"""What the page of an import sends: which files there are, and pieces of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from assets.actions.importing import PIECE_BYTES, Announced

MOST_AT_ONCE = 100
"""Files that are compared, or sent, with one request."""

_MOST_TEXT = 200_000
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a file that arrived with a request."""

    announced: Announced
    offset: int
    data: UploadedFile[Any]


class FilesForm(forms.Form):
    """A list of files as JSON: `[{"name", "size", "modified", "sha256", "offset"}]`."""

    about = forms.CharField(max_length=_MOST_TEXT, strip=False)

    def clean_about(self) -> list[tuple[Announced, int]]:
        """Each file with the offset of its piece."""
        try:
            listed = json.loads(self.cleaned_data["about"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("This is no list of files.")) from error
        if not isinstance(listed, list) or not 0 < len(listed) <= MOST_AT_ONCE:
            raise forms.ValidationError(
                _("Send between one and %(most)d files at once.") % {"most": MOST_AT_ONCE}
            )
        return [_announced(each) for each in listed]


class PiecesForm(FilesForm):
    """The same list, with one piece for each file in `piece`."""

    def clean(self) -> dict[str, Any] | None:
        """The pieces beside the files they belong to."""
        cleaned = super().clean()
        if cleaned is None or "about" not in cleaned:
            return cleaned
        sent: list[UploadedFile[Any]] = self.files.getlist("piece")
        if len(sent) != len(cleaned["about"]):
            raise forms.ValidationError(_("Send one piece for each file."))
        if any((each.size or 0) > PIECE_BYTES for each in sent):
            raise forms.ValidationError(
                _("A piece has at most %(most)d bytes.") % {"most": PIECE_BYTES}
            )
        cleaned["pieces"] = [
            Piece(announced, offset, data)
            for (announced, offset), data in zip(cleaned["about"], sent, strict=True)
        ]
        return cleaned


class WholeFilesForm(forms.Form):
    """Files that the browser sends by itself, where no script runs."""

    def __init__(self, files: MultiValueDict[str, UploadedFile[Any]]) -> None:
        super().__init__({}, files)

    def clean(self) -> dict[str, Any]:
        """The files that have any bytes at all."""
        sent = [each for each in self.files.getlist("files") if each.name]
        if not sent:
            raise forms.ValidationError(_("Choose the files first."))
        return {"sent": sent}


def _announced(each: Any) -> tuple[Announced, int]:
    said: Mapping[str, Any] = each if isinstance(each, dict) else {}
    name, sha256 = said.get("name"), said.get("sha256", "")
    numbers = [said.get("size"), said.get("modified", 0), said.get("offset", 0)]
    if not isinstance(name, str) or not isinstance(sha256, str) or len(name) > 4_000:
        raise forms.ValidationError(_("A file needs a name."))
    if any(type(number) is not int or abs(number) > _LARGEST for number in numbers):
        raise forms.ValidationError(_("A file needs a size in bytes."))
    size, modified, offset = (int(number or 0) for number in numbers)
    return Announced(name=name, size=size, modified_ms=modified, sha256=sha256[:64]), offset
