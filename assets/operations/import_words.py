"""Why a file of an import is no picture of the project: codes, and the words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assets.hardening import SHORTEST_SIDE, Refusal

DUPLICATE = "duplicate"
SAME_PIXELS = "same_pixels"
IN_TRASH = "duplicate_in_trash"

DUPLICATES: Final = frozenset({DUPLICATE, SAME_PIXELS, IN_TRASH})
"""The picture is there already: nothing was lost."""

WORDS: Final[Mapping[str, str | Promise]] = {
    DUPLICATE: _("This file was imported before."),
    SAME_PIXELS: _("The same picture is there already, in another file."),
    IN_TRASH: _("This picture is there already: it lies in the trash."),
    Refusal.TOO_MANY_BYTES: _("The file is too large."),
    Refusal.NOT_A_PICTURE: _("This is no PNG, JPEG or WebP."),
    Refusal.DAMAGED: _("The picture is damaged and cannot be read to its end."),
    Refusal.TOO_SMALL: _("The picture is smaller than %(least)d pixels.")
    % {"least": SHORTEST_SIDE},
    Refusal.TOO_LARGE: _("The picture has too many pixels."),
    Refusal.ANIMATED: _("The picture moves. Only pictures that stand still are imported."),
    "incomplete": _("The file did not arrive completely. Send it again."),
    "lost": _("The file that was received is gone. Send it again."),
    "zip_damaged": _("The zip is damaged here, or packed in a way that cannot be read."),
    "zip_encrypted": _("The zip has a password. Unpack it first."),
    "zip_too_many": _("The zip holds more files than one import can have."),
    "too_many_files": _("One import can have only so many files. Import the rest by itself."),
    "archive_full": _("The archive has no room left. Free some space, then import this again."),
    "unwritten": _("The archive could not keep the picture. Import it again later."),
}
