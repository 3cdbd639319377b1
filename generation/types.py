"""States of the work, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class JobStatus(TextChoices):
    """Where one picture of a request stands.

    queued -> running -> succeeded | failed | cancelled, and queued -> cancelled. A job whose worker
    was lost or stops goes back from running to queued; so does a failed or cancelled one that is
    tried again.
    """

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


FINAL = frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED})


class JobLane(IntegerChoices):
    """Who waits for the picture: somebody at a screen, or nobody in particular."""

    INTERACTIVE = 0, _("At once")
    BACKGROUND = 1, _("In the background")


class JobPhase(TextChoices):
    """What a running job is doing; the values are those of `engines.base.Phase`."""

    LOADING = "loading", _("Loading the model")
    ENCODING = "encoding", _("Reading the prompt")
    DENOISING = "denoising", _("Drawing")
    DECODING = "decoding", _("Developing")
    SAVING = "saving", _("Saving")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageAsk:
    """What a form or an API call asks for, before anything is checked.

    `seed` None means "surprise me"; several pictures take the seeds `seed, seed + 1, ...`. With a
    template version the prompt is filled from `template_values` and `prompt` is ignored. `ticket`
    is made by the form: asking twice with one ticket is asking once.
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
    lane: JobLane = JobLane.INTERACTIVE
    ticket: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a project may ask of the GPU; the defaults hold where no policy was written."""

    max_side: int = 1024
    max_steps: int = 50
    max_images_per_request: int = 4
    max_running_per_person: int = 2
    max_waiting_per_person: int = 40
