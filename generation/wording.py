"""The work in words: how long, where in the line, what went wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.errors import Sentence
from generation.engines.base import Phase
from generation.models import GenerationJob
from generation.types import JobLane


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, and what the reader can do."""

    sentence: Sentence
    advice: Sentence


LANES: Mapping[JobLane, Sentence] = {
    JobLane.INTERACTIVE: gettext_lazy("At once"),
    JobLane.BACKGROUND: gettext_lazy("No hurry"),
    JobLane.IDLE: gettext_lazy("When the GPU is idle"),
}

_ASK_OPERATOR = gettext_lazy("If it happens again, tell the operator of the site.")

FAILURES: Mapping[str, Failure] = {
    "out_of_memory": Failure(
        gettext_lazy("The GPU ran out of memory."),
        gettext_lazy("Try a smaller size, or try again when less is running."),
    ),
    "model_unavailable": Failure(
        gettext_lazy("The model could not be loaded."),
        gettext_lazy("Choose another model, or tell the operator of the site."),
    ),
    "weights_invalid": Failure(
        gettext_lazy("The model's files are incomplete or damaged."),
        gettext_lazy("The operator of the site has to install the model again."),
    ),
    "device_unavailable": Failure(
        gettext_lazy("The GPU did not answer."),
        gettext_lazy("Try again in a few minutes; if it stays so, tell the operator of the site."),
    ),
    "gpu_fault": Failure(
        gettext_lazy("The GPU failed while it drew this picture. Its worker is started anew."),
        gettext_lazy("Try again in a minute."),
    ),
    "worker_lost": Failure(
        gettext_lazy("The worker stopped several times while it made this picture."),
        gettext_lazy("Try a smaller size, or tell the operator of the site."),
    ),
    "archive_full": Failure(
        gettext_lazy("The archive is full, so the picture could not be kept."),
        gettext_lazy("Ask the operator to make room, then try again: the seed stays the same."),
    ),
    "archive_failed": Failure(
        gettext_lazy("The archive could not keep the picture."),
        gettext_lazy("Try again: the seed stays the same."),
    ),
    "spec_rejected": Failure(
        gettext_lazy("The model does not take these settings."),
        gettext_lazy("Use the settings again and change the size, the steps or the words."),
    ),
    "engine_failure": Failure(gettext_lazy("The model failed on this picture."), _ASK_OPERATOR),
    "internal": Failure(
        gettext_lazy("Something unexpected went wrong while the picture was made."), _ASK_OPERATOR
    ),
    "access_revoked": Failure(
        gettext_lazy("The maker lost their permission in this project while it waited."),
        gettext_lazy("An admin of the organization can give it back."),
    ),
}
UNKNOWN = Failure(gettext_lazy("This picture could not be made."), _ASK_OPERATOR)


def failure_of(job: GenerationJob) -> Failure | None:
    """Why the job made no picture, or `None` when there is nothing to explain."""
    return FAILURES.get(job.error_code, UNKNOWN) if job.error_code else None


def progress_words(job: GenerationJob) -> str:
    """What a running job is doing, in the words that the page writes when the next news come."""
    if job.phase == Phase.DENOISING:
        return gettext("Step %(step)d of %(steps)d") % {"step": job.step, "steps": job.steps}
    words = {
        Phase.LOADING.value: gettext("Loading the model"),
        Phase.ENCODING.value: gettext("Reading the prompt"),
        Phase.DECODING.value: gettext("Developing the picture"),
        Phase.SAVING.value: gettext("Saving"),
    }
    return words.get(job.phase) or gettext("Starting")


def place_words(number: int | None) -> str:
    """Where in the line."""
    if number is None:
        return gettext("Waiting")
    if number == 1:
        return gettext("Next in line")
    return gettext("Number %(number)d in line") % {"number": number}


def held_words(running: int, *, own: bool) -> str:
    """Why a job waits although a worker may be free: its maker's limit in this project."""
    if own:
        sentence = ngettext(
            "It waits for %(count)d picture of yours that already runs.",
            "It waits for %(count)d pictures of yours that already run.",
            running,
        )
    else:
        sentence = ngettext(
            "It waits for %(count)d picture of the same person that already runs.",
            "It waits for %(count)d pictures of the same person that already run.",
            running,
        )
    return sentence % {"count": running}


def lane_label(lane: int) -> str:
    """The lane in a word, where it is worth one: not for what is wanted at once."""
    return "" if lane == JobLane.INTERACTIVE else str(LANES[JobLane(lane)])


def ago_words(moment: datetime) -> str:
    """How long ago."""
    if timezone.now() - moment < timedelta(minutes=1):
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": timesince(moment, depth=1)}


def moment_words(moment: datetime, time_zone: str, now: datetime) -> str:
    """When, as short as it is clear: the time today, else the day and the time."""
    zone = ZoneInfo(time_zone)
    there, here = moment.astimezone(zone), now.astimezone(zone)
    days = (there.date() - here.date()).days
    names = {"time": date_format(there, "H:i"), "day": date_format(there, "D")}
    if days == 0:
        return gettext("at %(time)s") % names
    if days == 1:
        return gettext("tomorrow at %(time)s") % names
    if days < 7:
        return gettext("%(day)s at %(time)s") % names
    return gettext("%(date)s at %(time)s") % {
        **names,
        "date": date_format(there, "SHORT_DATE_FORMAT"),
    }


def scheduled_words(moment: datetime, time_zone: str, now: datetime) -> str:
    """That a picture starts at the time that was chosen for it."""
    return gettext("Starts %(when)s") % {"when": moment_words(moment, time_zone, now)}


def duration_words(seconds: float | None) -> str:
    """About how long; empty when nobody knows."""
    if seconds is None:
        return ""
    if seconds < 15:
        return gettext("a few seconds")
    if seconds < 50:
        return gettext("less than a minute")
    minutes = round(seconds / 60)
    if minutes < 90:
        return gettext("about %(minutes)d min") % {"minutes": max(minutes, 1)}
    return gettext("about %(hours)d h") % {"hours": round(minutes / 60)}
