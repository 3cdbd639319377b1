"""What became of several images that one action was told to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assets.types import SkipReason

if TYPE_CHECKING:
    from assets.models import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Which images were changed, and why the others were not.

    `skipped` and `before` are by the images' ids; `before` is what taking it back has to bring
    back, as JSON.
    """

    changed: Sequence[Image] = ()
    skipped: dict[int, SkipReason] = field(default_factory=dict)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)
