"""The choice of a model, which knows what suits each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext

from generation.input_use import input_use
from generation.limits import Limits
from generation.models import ModelVersion


def description_of(model: ModelVersion) -> str:
    """What the model is good for; what the site itself wrote is translated."""
    return gettext(model.description) if model.description else ""


class ModelSelect(forms.Select):
    """Options that tell the page which steps and CFG suit each model, and what it can do."""

    models: Mapping[str, ModelVersion] = {}
    limits = Limits()

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option, with the model's defaults as data."""
        option = super().create_option(*args, **kwargs)
        model = self.models.get(str(option["value"]))
        if model:
            option["attrs"] |= {
                "data-steps": self.limits.fitting_steps(model.default_steps),
                "data-cfg": f"{model.default_cfg:g}",
                "data-negative": "" if model.is_preview else "needs-cfg",
                "data-engine": model.engine,
                "data-input": input_use(model).value,
                "data-description": description_of(model),
            }
        return option
