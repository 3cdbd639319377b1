"""States of the work, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class JobStatus(TextChoices):
    """Where one picture of a request stands.

    queued -> running -> succeeded | failed | cancelled, and queued -> cancelled. A job whose worker
    was lost or stops goes back from running to queued; so does a failed or cancelled one that is
    tried again. A job with a time to start is scheduled until then: scheduled -> queued |
    cancelled, and back while it still waits.
    """

    SCHEDULED = "scheduled", _("Scheduled")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


FINAL = frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED})
WAITING = frozenset({JobStatus.QUEUED, JobStatus.SCHEDULED})
OPEN = WAITING | {JobStatus.RUNNING}


class JobLane(IntegerChoices):
    """Who waits for the picture: somebody at a screen, nobody in particular, or not even that."""

    INTERACTIVE = 0, _("At once")
    BACKGROUND = 1, _("In the background")
    IDLE = 2, _("When the GPU is idle")


class JobPriority(IntegerChoices):
    """What an admin says about work that waits: it passes that with less, whoever asked."""

    LOW = -1, _("Low")
    NORMAL = 0, _("Normal")
    URGENT = 1, _("Urgent")


class SizeClass(TextChoices):
    """How large a picture is, for those who may know no more about it."""

    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Large")


def size_class(side: int) -> SizeClass:
    """The class of pictures that need as much as a square of this side in pixels."""
    if side > 1024:
        return SizeClass.LARGE
    return SizeClass.MEDIUM if side > 512 else SizeClass.SMALL


class JobPhase(TextChoices):
    """What a running job is doing; the values are those of `engines.base.Phase`."""

    LOADING = "loading", _("Loading the model")
    ENCODING = "encoding", _("Reading the prompt")
    DENOISING = "denoising", _("Drawing")
    DECODING = "decoding", _("Developing")
    SAVING = "saving", _("Saving")


class WorkerState(TextChoices):
    """What an operator lets the workers of one slot do.

    A paused worker finishes its picture and takes no other; its model stays warm. A draining one
    gives the memory of the GPU back as well.
    """

    ACTIVE = "active", _("Working")
    PAUSED = "paused", _("Paused")
    DRAINING = "draining", _("Draining")


class CanaryOutcome(TextChoices):
    """What a canary said about a model: it became the reference, agrees with it, or does not."""

    STORED = "stored", _("Reference")
    SAME = "same", _("As before")
    DRIFTED = "drifted", _("Changed")


class Trouble(TextChoices):
    """What keeps pictures from being made, worst first; the label tells operators."""

    NO_WORKER = "no_worker", _("No worker is running. Pictures wait until one is started.")
    ALL_PAUSED = "all_paused", _("All workers are paused. Pictures wait until one goes on.")
    BREAKER_OPEN = (
        "breaker_open",
        _("A model keeps failing on a worker and is left alone there for a while."),
    )


@dataclass(frozen=True, slots=True)
class LoraChoice:
    """A registered LoRA and how strongly it shall act."""

    lora_id: int
    weight: float = 1.0


class Keep(StrEnum):
    """What of a picture's settings is used again."""

    ALL = "all"
    NO_SEED = "no-seed"
    SEED = "seed"
    PROMPTS = "prompts"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageAsk:
    """What a form or an API call asks for, before anything is checked.

    `seed` None means "surprise me"; several pictures take the seeds `seed, seed + 1, ...`. With a
    template version the prompt is filled from `template_values` and `prompt` is ignored. `ticket`
    is made by the form: asking twice with one ticket is asking once. `start_at` is the earliest
    start. `may_shrink` lets a worker that is short of memory draw the picture smaller.
    `recalled_uid` is the image that settings were taken from, whichever; it is counted as used.
    """

    prompt: str
    negative_prompt: str = ""
    width: int = 1024
    height: int = 1024
    steps: int = 8
    cfg: float = 1.0
    seed: int | None = None
    count: int = 1
    model_version_id: int | None = None
    template_version_id: int | None = None
    template_values: Mapping[str, str] = field(default_factory=dict)
    parent_uid: UUID | None = None
    input_image_uid: UUID | None = None
    strength: float = 1.0
    loras: tuple[LoraChoice, ...] = ()
    lane: JobLane = JobLane.INTERACTIVE
    start_at: datetime | None = None
    may_shrink: bool = False
    recalled_uid: UUID | None = None
    ticket: UUID = field(default_factory=uuid4)
