"""Why an item of an operation was skipped or failed, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assets.operations import import_words
from assets.types import SkipReason

# Codes of kinds that are no change of images have their words here.
_OTHERS: Mapping[str, str | Promise] = {
    **import_words.WORDS,
    "unexpected": _("Something went wrong with this one."),
}

# Why an operation as a whole ended before it was done.
FAILURES: Mapping[str, str | Promise] = {
    "no_access": _("Whoever ordered this may not enter the project any more."),
    "unexpected": _("Something went wrong on our side. What was done so far can be undone."),
}


def words_of(code: str) -> str:
    """The sentence of an item's reason; empty for one that was done."""
    if code in SkipReason.values:
        return str(SkipReason(code).label)
    return str(_OTHERS.get(code, _OTHERS["unexpected"])) if code else ""


def failure_words_of(code: str) -> str:
    """The sentence of an operation's error; empty without one."""
    return str(FAILURES.get(code, FAILURES["unexpected"])) if code else ""
