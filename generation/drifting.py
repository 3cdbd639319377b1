"""Whether a model still draws what it drew. Pure: setups and pictures in, words and keys out.

What is drawn and how far apart two pictures are is `engines.canary`'s; where pictures are kept and
what becomes of a model that has drifted is `actions.canaries`'s.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from PIL import Image

from generation.engines.base import EngineSetup, ImageSpec, ModelRef
from generation.engines.canary import TOLERANCE, canary_specs
from generation.engines.families import Z_IMAGE_TURBO, family_of
from generation.types import CanaryOutcome


def specs_for(model: ModelRef) -> tuple[ImageSpec, ...]:
    """The canaries of a model, in the order of their numbers.

    With what its makers recommend, whatever an operator has made the default: another number of
    steps would be another picture. A model of no known family counts as a variant of Z-Image-Turbo.
    """
    family = family_of(model.name) or Z_IMAGE_TURBO
    return canary_specs(model, family.steps, family.cfg)


def weights_key(setup: EngineSetup) -> str:
    """Stands for the weights: models with the same one have to draw the same."""
    return _digest(dict(setup.weight_hashes))


def environment_key(setup: EngineSetup) -> str:
    """Stands for everything that decides about the pixels, weights included."""
    return _digest(
        {
            "engine": [setup.engine, setup.engine_version],
            "libraries": dict(setup.libraries),
            "device": [setup.device_name, setup.driver],
            "how": [setup.dtype, setup.load_mode],
            "weights": dict(setup.weight_hashes),
        }
    )


def versions_of(setup: EngineSetup) -> dict[str, str]:
    """What an upgrade changes, by name: engine, libraries, driver."""
    versions = {setup.engine: setup.engine_version, **setup.libraries}
    return versions | ({"driver": setup.driver} if setup.driver else {})


def pixels_key(picture: Image.Image) -> str:
    """The SHA-256 of the pixels of an RGB picture, its size included."""
    rgb = picture.convert("RGB")
    return hashlib.sha256(f"{rgb.size}".encode() + rgb.tobytes()).hexdigest()


def outcome_of(difference: float | None) -> CanaryOutcome:
    """What a comparison with the reference says; `None` is one that could not be made.

    What cannot be compared counts as drifted: somebody has to look.
    """
    same = difference is not None and difference <= TOLERANCE
    return CanaryOutcome.SAME if same else CanaryOutcome.DRIFTED


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What is of another version, as `torch 2.1 → 2.2`, in the order of the names."""
    names = sorted(before.keys() | after.keys())
    return [
        f"{name} {before.get(name, '–')} → {after.get(name, '–')}"
        for name in names
        if before.get(name) != after.get(name)
    ]


def _digest(facts: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
