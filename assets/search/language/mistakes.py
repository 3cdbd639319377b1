"""What could not be understood: where it stands, a sentence, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something that was left out of the query.

    `position` is the place of its first character, counted from 1, or 0 for what does not stand in
    the text; `suggestion` is what could
    stand in place of the `length` characters there, empty when nothing comes to mind. The sentence
    is translated when it is shown.
    """

    position: int
    length: int
    words: str | Promise
    names: tuple[tuple[str, str | int | Promise], ...] = ()
    suggestion: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, and where."""
        said = str(self.words) % {name: str(value) for name, value in self.names}
        if not self.position:
            return said
        return _("Character %(position)d: %(sentence)s") % {
            "position": self.position,
            "sentence": said,
        }

    @property
    def question(self) -> str:
        """What was perhaps meant, as a question; empty when there is no suggestion."""
        if not self.suggestion:
            return ""
        return _("Did you mean %(suggestion)s?") % {"suggestion": self.suggestion}

    def __str__(self) -> str:
        return " ".join(filter(None, [self.sentence, self.question]))


def corrected(text: str, mistake: Mistake) -> str:
    """The text with the suggestion of one mistake in its place."""
    start = mistake.position - 1
    return text[:start] + mistake.suggestion + text[start + mistake.length :]


def closest(written: str, known: Iterable[str]) -> str:
    """The known word that is written most like this one; empty when none is."""
    words: Sequence[str] = list(known)
    # Most Chinese names have two characters, and half of them right is close.
    cutoff = 0.6 if written.isascii() else 0.5
    found = get_close_matches(written.lower(), words, n=1, cutoff=cutoff)
    return found[0] if found else ""
