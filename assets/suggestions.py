"""What a template version suggests besides its words: size, steps, cfg, an example per variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput

# The bounds of what the form offers; what a project may use is its policy's business.
SIDES = range(256, 4096 + 1, 16)
STEPS = range(1, 100 + 1)
LARGEST_CFG = 30.0
EXAMPLE_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """The `defaults` of a template version. `None` leaves the choice to the model."""

    width: int | None = None
    height: int | None = None
    steps: int | None = None
    cfg: float | None = None
    examples: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What is stored: only what was chosen."""
        pairs = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: value for name, value in pairs if value not in (None, {})}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_json()` back; unknown keys are ignored."""
        names = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in names})

    def for_variables(self, names: tuple[str, ...]) -> Self:
        """The same with examples for these variables only, in this order, empty ones left out."""
        kept = {name: self.examples[name].strip() for name in names if name in self.examples}
        return type(self)(
            width=self.width,
            height=self.height,
            steps=self.steps,
            cfg=self.cfg,
            examples={name: value for name, value in kept.items() if value},
        )

    def check(self) -> Self:
        """The same, or `InvalidInput` on the first value that is out of bounds."""
        for name, side in (("width", self.width), ("height", self.height)):
            if side is not None and side not in SIDES:
                raise InvalidInput(
                    _("Sides are multiples of 16 from 256 to 4096 pixels."), field=name
                )
        if self.steps is not None and self.steps not in STEPS:
            raise InvalidInput(_("Steps run from 1 to 100."), field="steps")
        if self.cfg is not None and not 0 <= self.cfg <= LARGEST_CFG:
            raise InvalidInput(_("CFG runs from 0 to 30."), field="cfg")
        if any(len(example) > EXAMPLE_LIMIT for example in self.examples.values()):
            raise InvalidInput(_("An example may have up to 200 characters."), field="examples")
        return self
