"""Why a waiting picture does not start, in words: to its maker and to others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from generation.holding import Hold, HoldKind
from generation.quotas import Who, quota_words
from generation.types import JobLane
from generation.wording import FAILURES, UNKNOWN, moment_words, size_words

# A pause that does not end by itself.
UNTIL_DECIDED = "canary_drifted"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it: the maker of the picture or not, at which moment, in which time zone."""

    is_maker: bool
    now: datetime
    time_zone: str

    def when(self, moment: datetime) -> str:
        """A moment in the reader's words, such as `tomorrow at 09:00`."""
        return moment_words(moment, self.time_zone, self.now)


def hold_words(hold: Hold, reader: Reader) -> str:
    """One or two sentences: what the picture waits for, and when that ends if that is known."""
    return _WORDS[hold.kind](hold, reader)


def lane_words(lane: JobLane) -> str:
    """What a picture waits for by the wish of its maker; nothing for one that is wanted at once."""
    match lane:
        case JobLane.INTERACTIVE:
            return ""
        case JobLane.BACKGROUND:
            return gettext("No hurry: it starts when nobody is waiting for a picture of theirs.")
        case JobLane.IDLE:
            return gettext("It starts when the GPU has nothing else to do.")


def _scheduled(hold: Hold, reader: Reader) -> str:
    if hold.until is None:
        return gettext("It starts later.")
    names = {"when": reader.when(hold.until)}
    if reader.is_maker:
        return gettext("It starts %(when)s, as you chose.") % names
    return gettext("It starts %(when)s, as its maker chose.") % names


def _own_running(hold: Hold, reader: Reader) -> str:
    if reader.is_maker:
        sentence = ngettext(
            "It waits for %(count)d picture of yours that already runs.",
            "It waits for %(count)d pictures of yours that already run.",
            hold.count,
        )
    else:
        sentence = ngettext(
            "It waits for %(count)d picture of the same person that already runs.",
            "It waits for %(count)d pictures of the same person that already run.",
            hold.count,
        )
    return sentence % {"count": hold.count}


def _team_running(hold: Hold, _reader: Reader) -> str:
    return ngettext(
        "%(count)d picture of the team already runs, as many as may run at once.",
        "%(count)d pictures of the team already run, as many as may run at once.",
        hold.count,
    ) % {"count": hold.count}


def _people_running(hold: Hold, _reader: Reader) -> str:
    return ngettext(
        "Pictures of %(count)d person already run, as many people as are served at once.",
        "Pictures of %(count)d people already run, as many people as are served at once.",
        hold.count,
    ) % {"count": hold.count}


def _closed(hold: Hold, reader: Reader) -> str:
    if hold.until is None:
        return gettext("Pictures are made in the working hours only, and none are set.")
    return gettext("The working hours begin %(when)s.") % {"when": reader.when(hold.until)}


def _quota(hold: Hold, reader: Reader) -> str:
    exceeded = hold.quota
    if exceeded is None:
        return gettext("A quota is used up.")
    if reader.is_maker or exceeded.quota.who == Who.EVERYBODY:
        return quota_words(exceeded, now=reader.now)
    if exceeded.never_fits:
        return gettext("It is more than a quota of its maker allows.")
    return gettext("A quota of its maker is used up. It starts anew %(when)s.") % {
        "when": reader.when(exceeded.resets_at)
    }


def _model_not_allowed(_hold: Hold, _reader: Reader) -> str:
    return gettext("This model may no longer be used in this project. An admin can allow it again.")


def _paused(hold: Hold, reader: Reader) -> str:
    if not hold.code:
        return gettext("The operator of the site has paused the workers that could make it.")
    if hold.code == UNTIL_DECIDED:
        return str(FAILURES[UNTIL_DECIDED].sentence)
    names = {
        "count": hold.count,
        "cause": FAILURES.get(hold.code, UNKNOWN).sentence,
        "when": reader.when(hold.until) if hold.until else "",
    }
    if hold.until is None:
        sentence = ngettext(
            "The model is being tried again after %(count)d failure: %(cause)s",
            "The model is being tried again after %(count)d failures: %(cause)s",
            hold.count,
        )
    else:
        sentence = ngettext(
            "The model is paused after %(count)d failure and is tried again %(when)s: %(cause)s",
            "The model is paused after %(count)d failures and is tried again %(when)s: %(cause)s",
            hold.count,
        )
    return sentence % names


def _memory(hold: Hold, _reader: Reader) -> str:
    return gettext("It needs a GPU with memory for %(size)s pixels, and memory is short now.") % {
        "size": size_words(hold.count)
    }


def _no_worker(_hold: Hold, _reader: Reader) -> str:
    return gettext("No worker is running that has this model.")


_WORDS: Mapping[HoldKind, Callable[[Hold, Reader], str]] = {
    HoldKind.SCHEDULED: _scheduled,
    HoldKind.OWN_RUNNING: _own_running,
    HoldKind.TEAM_RUNNING: _team_running,
    HoldKind.PEOPLE_RUNNING: _people_running,
    HoldKind.CLOSED: _closed,
    HoldKind.QUOTA: _quota,
    HoldKind.MODEL_NOT_ALLOWED: _model_not_allowed,
    HoldKind.PAUSED: _paused,
    HoldKind.MEMORY: _memory,
    HoldKind.NO_WORKER: _no_worker,
}
