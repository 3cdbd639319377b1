"""What a model does with a given picture."""

from __future__ import annotations

from enum import StrEnum

from generation.engines.families import takes_edit_image
from generation.models import ModelVersion


class InputUse(StrEnum):
    """What becomes of an input image."""

    NOTHING = ""
    BEGINS = "begins"  # the model begins with it instead of noise; a strength says how far it goes
    EDITS = "edits"  # the model changes it as the prompt says; there is no strength


def input_use(model: ModelVersion | None) -> InputUse:
    """What the model does with an input image; without a model nothing."""
    if model is None or not model.takes_input_image:
        return InputUse.NOTHING
    return InputUse.EDITS if takes_edit_image(model.name) else InputUse.BEGINS
