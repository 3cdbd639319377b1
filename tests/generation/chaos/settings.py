"""Settings of the processes: an engine that misbehaves, a disk that fills, a clock that jumps."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from tests.generation.process_settings import *  # noqa: F403
from tests.generation.process_settings import GENERATION_ENGINES, STORAGES

CHAOS_DIR = Path(os.environ["CHAOS_DIR"])
GENERATION_ENGINES["preview"] = {
    "ENGINE": "tests.generation.chaos.engine.ChaosEngine",
    "OPTIONS": {"seed": int(os.environ["CHAOS_SEED"])},
}
_options = {**STORAGES["archive"]["OPTIONS"], "marker": CHAOS_DIR / "disk-full"}
_disk = {"BACKEND": "tests.generation.chaos.storage.SmallDisk", "OPTIONS": _options}
STORAGES = {**STORAGES, "default": _disk, "archive": _disk}

_true_now = timezone.now


def _jumping_now() -> datetime:
    """The time as a machine has it whose clock is off by what the file says, in seconds."""
    try:
        return _true_now() + timedelta(seconds=float((CHAOS_DIR / "clock").read_text()))
    except (FileNotFoundError, ValueError):
        return _true_now()


timezone.now = _jumping_now
