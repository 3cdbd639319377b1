"""The work in words: how long, where in the line, what went wrong and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_lazy

from accounts.errors import Sentence
from generation.engines.base import Phase
from generation.forecasting import Expected
from generation.models import GenerationJob
from generation.tiers import Tier
from generation.types import JobLane

# From here on in seconds a span is told in hours, and from there on as a time on the clock.
LONGEST_IN_MINUTES = 90 * 60
LONGEST_IN_HOURS = 20 * 3600


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
    "over_time": Failure(
        gettext_lazy("It took longer than a picture may, twice, so it was given up."),
        gettext_lazy("Try a smaller size or fewer steps, or tell the operator of the site."),
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
    "lora_missing": Failure(
        gettext_lazy("The worker does not have the file of a LoRA, or another one of that name."),
        gettext_lazy("Ask again without this LoRA, or tell the operator of the site."),
    ),
    "lora_unfit": Failure(
        gettext_lazy("A LoRA was made for another model."),
        gettext_lazy("Ask again without this LoRA, or with the model that it was made for."),
    ),
    "input_image_gone": Failure(
        gettext_lazy("The picture to begin with is not in the archive any more."),
        gettext_lazy("Use the settings again and choose another picture."),
    ),
    "input_image_unreadable": Failure(
        gettext_lazy("The archive did not give back the picture to begin with."),
        gettext_lazy("Try again: the seed stays the same."),
    ),
    "canary_drifted": Failure(
        gettext_lazy("The model draws other pictures than it did, so it waits for the operator."),
        gettext_lazy("Choose another model, or tell the operator of the site."),
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


def tier_words(tier: Tier) -> str:
    """What a tier of memory allows; the usual tiers are called in the reader's language."""
    usual = {"high": gettext("high"), "medium": gettext("medium"), "low": gettext("low")}
    return gettext("Tier “%(tier)s”: up to %(side)d × %(side)d") % {
        "tier": usual.get(tier.name, tier.name),
        "side": tier.side,
    }


def size_words(side: int) -> str:
    """A square in pixels, on one line."""
    return f"{side}\u00a0×\u00a0{side}"


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


def span_words(earliest: float, latest: float) -> str:
    """About how long, when it may be anything between two numbers of seconds."""
    if latest < 15:
        return gettext("a few seconds")
    if latest < 60:
        return gettext("less than a minute")
    if latest < LONGEST_IN_MINUTES:
        least, most = _whole(earliest, latest, 60)
        if least == most:
            return gettext("about %(minutes)d min") % {"minutes": most}
        return gettext("about %(least)d–%(most)d min") % {"least": least, "most": most}
    least, most = _whole(earliest, latest, 3600)
    if least == most:
        return gettext("about %(hours)d h") % {"hours": most}
    return gettext("about %(least)d–%(most)d h") % {"least": least, "most": most}


def starts_words(starts: Expected, *, now: datetime, time_zone: str) -> str:
    """When a waiting picture starts, in a sentence without its full stop."""
    kind, words = _when(starts, now, time_zone)
    match kind:
        case _Kind.AT:
            return gettext("Starts %(when)s") % {"when": words}
        case _Kind.NOT_BEFORE:
            return gettext("Starts in %(span)s or later") % {"span": words}
        case _ if starts.latest is not None and starts.latest < 1:
            return gettext("Starts at once")
        case _Kind.WITHIN:
            return gettext("Starts in %(span)s") % {"span": words}


def done_words(done: Expected, *, now: datetime, time_zone: str) -> str:
    """When a waiting picture is done, in a sentence without its full stop."""
    kind, words = _when(done, now, time_zone)
    match kind:
        case _Kind.AT:
            return gettext("Done %(when)s") % {"when": words}
        case _Kind.NOT_BEFORE:
            return gettext("Done in %(span)s or later") % {"span": words}
        case _Kind.WITHIN:
            return gettext("Done in %(span)s") % {"span": words}


def sound_alike(one: Expected, other: Expected, *, now: datetime, time_zone: str) -> bool:
    """Whether two moments are told in the same words, so that one of them is enough."""
    return _when(one, now, time_zone) == _when(other, now, time_zone)


class _Kind(Enum):
    """How a moment is told: as a time on the clock, a span, or the least that it takes."""

    AT = auto()
    WITHIN = auto()
    NOT_BEFORE = auto()


def _when(moment: Expected, now: datetime, time_zone: str) -> tuple[_Kind, str]:
    earliest, likely, latest = moment
    if likely >= LONGEST_IN_HOURS or (earliest >= LONGEST_IN_MINUTES and _sure(moment)):
        # Half a minute more: the words leave the seconds out.
        at = now + timedelta(seconds=likely + 30)
        return _Kind.AT, moment_words(at, time_zone, now)
    if latest is None:
        least = max(likely, 60.0)
        return _Kind.NOT_BEFORE, span_words(least, least)
    return _Kind.WITHIN, span_words(earliest, latest)


def _sure(moment: Expected) -> bool:
    """Whether it is known so well, for how far it is, that a time on the clock says more."""
    latest = moment.likely if moment.latest is None else moment.latest
    return latest - moment.earliest < moment.likely / 10


def _whole(earliest: float, latest: float, unit: float) -> tuple[int, int]:
    """The whole units around a span; one where it is narrow for them."""
    if latest - earliest < 0.7 * unit:
        middle = max(1, round((earliest + latest) / 2 / unit))
        return middle, middle
    return max(1, math.floor(earliest / unit)), math.ceil(latest / unit)
