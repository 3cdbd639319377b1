"""Which of several pictures that look alike should stay. Pure: values in, a choice out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the pictures, as far as it matters. `number` is its id: older ones are smaller."""

    number: int
    is_approved: bool = False
    is_in_review: bool = False
    rating: float = 0.0
    stars: int = 0
    comments: int = 0
    collections: int = 0
    tags: int = 0
    uses: int = 0
    pixels: int = 0
    bytes: int = 0


# In this order: what people decided, what they thought, what they did, then the file itself.
_RULES: Final[Sequence[tuple[str | Promise, Callable[[Candidate], float]]]] = (
    (_("It is approved."), lambda each: each.is_approved),
    (_("It is in review."), lambda each: each.is_in_review),
    (_("It is rated best."), lambda each: each.rating),
    (_("It has the most stars."), lambda each: each.stars),
    (_("It has the most comments."), lambda each: each.comments),
    (_("It is in the most collections."), lambda each: each.collections),
    (_("It was used most."), lambda each: each.uses),
    (_("It has the most tags."), lambda each: each.tags),
    (_("It has the most pixels."), lambda each: each.pixels),
    (_("Its file is the largest."), lambda each: each.bytes),
    (_("It is the oldest."), lambda each: -each.number),
)


def best_of(candidates: Sequence[Candidate]) -> tuple[Candidate, str | Promise]:
    """The one to keep, and the first rule by which it stands out from all others."""
    best = max(candidates, key=lambda each: tuple(rule(each) for _words, rule in _RULES))
    others = [each for each in candidates if each is not best]
    for words, rule in _RULES:
        others = [each for each in others if rule(each) == rule(best)]
        if not others:
            return best, words
    return best, _RULES[-1][0]
