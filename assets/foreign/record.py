"""What one foreign file says of how it was made, whichever tool wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assets.snapshot import Lora, MetadataSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRecord:
    """The fields of `assets.snapshot` that a file of another tool can know; `None`: not said.

    `tool` names the program that wrote the record. `asked_width` and `asked_height` are what was
    asked for; what the picture is, its pixels say. `strength` runs from 0 (unchanged) to 1 (all
    new) and is only there when the picture began with another one. `model_hash` is the SHA-256 of
    the model's file in lower case, or its first ten digits or more. `snapshot` is the whole record
    of a file that Atelier itself wrote; anybody can write one, so its keys prove nothing.
    """

    tool: str
    tool_version: str | None = None
    prompt: str | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    steps: int | None = None
    cfg: float | None = None
    sigma_shift: float | None = None
    sampler: str | None = None
    schedule: str | None = None
    asked_width: int | None = None
    asked_height: int | None = None
    strength: float | None = None
    model_name: str | None = None
    model_hash: str | None = None
    loras: tuple[Lora, ...] = ()
    made_at: datetime | None = None
    snapshot: MetadataSnapshot | None = None
