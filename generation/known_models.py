"""The models that this site knows by itself, and which of them the configured engines can serve.

Looks at the names of files, imports no engine and reads no weights: commands, checks and web
processes may ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop

from generation.engines.base import ModelRef, ModelUnavailable
from generation.engines.families import FAMILIES, Family
from generation.engines.model_files import directory_of, find_model
from generation.engines.weight_files import roots_of

EngineSettings = Mapping[str, Mapping[str, Any]]

PREVIEW = "preview"

# Written down in English, where an operator can change them; pages translate those that nobody did.
DESCRIPTIONS: Mapping[str, str] = {
    "Z-Image-Turbo": gettext_noop("Fast: a picture takes 8 steps."),
    "Z-Image": gettext_noop(
        "More varied, and reads the negative prompt; a picture takes 50 steps."
    ),
    "Z-Image-Omni-Base": gettext_noop("Draws, and changes a picture as the prompt says; 40 steps."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """A model and what suits it, as `actions.models.register_model` takes it."""

    name: str
    revision: str
    engine: str
    licence: str = ""
    description: str = ""
    default_steps: int = 8
    default_cfg: float = 1.0
    size_multiple: int = 16
    takes_input_image: bool = True
    is_preview: bool = False


def models_here(engines: EngineSettings) -> list[KnownModel]:
    """What the engines of these settings can serve here, the best default first."""
    found = [_known(family) for family in FAMILIES if is_here(family.name, family.engine, engines)]
    if PREVIEW in engines:
        found.append(KnownModel(name="Preview", revision="1", engine=PREVIEW, is_preview=True))
    return found


def is_here(name: str, engine: str, engines: EngineSettings) -> bool:
    """Whether the engine is configured and, if it reads weights, all files of the model are there.

    An engine reads weights when its options name a `model_root`.
    """
    return engine in engines and _why_not(name, engines[engine]) is None


def incomplete_models(roots: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    """The known models that have a folder below the roots but not all their files: name, reason."""
    for family in FAMILIES:
        if directory_of(roots, family.name) is not None:
            reason = _missing(family.name, roots)
            if reason is not None:
                yield family.name, reason


def _why_not(name: str, engine: Mapping[str, Any]) -> str | None:
    root = engine.get("OPTIONS", {}).get("model_root")
    return None if root is None else _missing(name, roots_of(root))


def _missing(name: str, roots: tuple[Path, ...]) -> str | None:
    """What is missing of a model, in English and with paths; `None` when nothing is."""
    try:
        find_model(roots, ModelRef(name, ""))
    except ModelUnavailable as error:
        return f"{error.message} ({error.detail})"
    except OSError as error:
        return str(error)
    return None


def _known(family: Family) -> KnownModel:
    return KnownModel(
        name=family.name,
        revision=family.repository,
        engine=family.engine,
        licence=family.licence,
        description=DESCRIPTIONS[family.name],
        default_steps=family.steps,
        default_cfg=family.cfg,
        size_multiple=family.size_multiple,
        takes_input_image=family.takes_input_image,
    )
