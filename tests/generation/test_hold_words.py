"""Every reason has words, for the maker and for others, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from generation.forecasting import Expected
from generation.hold_words import Reader, hold_words, lane_words
from generation.holding import Hold, HoldKind
from generation.quotas import Exceeded, Period, Quota, Scope, Unit, Who
from generation.types import JobLane
from generation.wording import done_words, span_words, starts_words

NOW = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
MAKER = Reader(is_maker=True, now=NOW, time_zone="UTC")
OTHER = Reader(is_maker=False, now=NOW, time_zone="UTC")
MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Whatever language the test before has left."""
    with translation.override("en"):
        yield


def quota(who: Who, *, asked: float = 1) -> Hold:
    day = Quota(Scope.PROJECT, who, Unit.IMAGES, Period.DAY, 20)
    return Hold(HoldKind.QUOTA, quota=Exceeded(day, 20, asked, TOMORROW))


# For each kind the holds that there are, with what the maker and what others read.
SAID = {
    HoldKind.SCHEDULED: [
        (
            Hold(HoldKind.SCHEDULED, until=TOMORROW),
            "It starts tomorrow at 09:00, as you chose.",
            "It starts tomorrow at 09:00, as its maker chose.",
        ),
    ],
    HoldKind.OWN_RUNNING: [
        (
            Hold(HoldKind.OWN_RUNNING, 2),
            "It waits for 2 pictures of yours that already run.",
            "It waits for 2 pictures of the same person that already run.",
        ),
        (
            Hold(HoldKind.OWN_RUNNING, 1),
            "It waits for 1 picture of yours that already runs.",
            "It waits for 1 picture of the same person that already runs.",
        ),
    ],
    HoldKind.TEAM_RUNNING: [
        (
            Hold(HoldKind.TEAM_RUNNING, 4),
            "4 pictures of the team already run, as many as may run at once.",
            None,
        ),
    ],
    HoldKind.PEOPLE_RUNNING: [
        (
            Hold(HoldKind.PEOPLE_RUNNING, 3),
            "Pictures of 3 people already run, as many people as are served at once.",
            None,
        ),
    ],
    HoldKind.CLOSED: [
        (
            Hold(HoldKind.CLOSED, until=TOMORROW),
            "The working hours begin tomorrow at 09:00.",
            None,
        ),
        (
            Hold(HoldKind.CLOSED),
            "Pictures are made in the working hours only, and none are set.",
            None,
        ),
    ],
    HoldKind.QUOTA: [
        (
            quota(Who.PERSON),
            (
                "You have used 20 of 20 pictures today in this project. It starts anew at 09:00, "
                "in 23\xa0hours."
            ),
            "A quota of its maker is used up. It starts anew tomorrow at 09:00.",
        ),
        (
            quota(Who.EVERYBODY),
            (
                "Everybody together has used 20 of 20 pictures today in this project. It starts "
                "anew at 09:00, in 23\xa0hours."
            ),
            None,
        ),
        (
            quota(Who.PERSON, asked=50),
            (
                "This needs 50 pictures, and one person may have 20 a day in this project. Ask for "
                "fewer, or ask an admin to raise the limit."
            ),
            "It is more than a quota of its maker allows.",
        ),
    ],
    HoldKind.MODEL_NOT_ALLOWED: [
        (
            Hold(HoldKind.MODEL_NOT_ALLOWED),
            "This model may no longer be used in this project. An admin can allow it again.",
            None,
        ),
    ],
    HoldKind.PAUSED: [
        (
            Hold(HoldKind.PAUSED),
            "The operator of the site has paused the workers that could make it.",
            None,
        ),
        (
            Hold(HoldKind.PAUSED, 5, until=NOW + timedelta(minutes=5), code="gpu_fault"),
            (
                "The model is paused after 5 failures and is tried again at 10:05: The GPU failed "
                "while it drew this picture. Its worker is started anew."
            ),
            None,
        ),
        (
            Hold(HoldKind.PAUSED, 6, code="never_heard_of"),
            "The model is being tried again after 6 failures: This picture could not be made.",
            None,
        ),
    ],
    HoldKind.MEMORY: [
        (
            Hold(HoldKind.MEMORY, 1024),
            "It needs a GPU with memory for 1024\xa0×\xa01024 pixels, and memory is short now.",
            None,
        ),
    ],
    HoldKind.NO_WORKER: [
        (Hold(HoldKind.NO_WORKER), "No worker is running that has this model.", None),
    ],
}
CASES = [(hold, own, other) for cases in SAID.values() for hold, own, other in cases]


@pytest.mark.parametrize("kind", HoldKind)
def test_a_new_kind_has_to_be_said_here(kind: HoldKind) -> None:
    assert SAID[kind]


@pytest.mark.parametrize(("hold", "own", "other"), CASES)
def test_the_maker_and_others_read_why_a_picture_waits(
    hold: Hold, own: str, other: str | None
) -> None:
    assert hold_words(hold, MAKER) == own
    assert hold_words(hold, OTHER) == (other or own)


@pytest.mark.parametrize(("hold", "own", "_other"), CASES)
@pytest.mark.parametrize("reader", [MAKER, OTHER])
def test_every_reason_is_said_in_chinese(hold: Hold, own: str, _other: str, reader: Reader) -> None:
    with translation.override("zh-hans"):
        said = hold_words(hold, reader)

    assert re.search("[一-鿿]", said)
    assert not re.search("[A-Za-z]{2,}", said.replace("GPU", ""))
    assert "%(" not in said


@pytest.mark.parametrize("lane", JobLane)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_lane_but_the_first_is_explained(lane: JobLane, language: str) -> None:
    with translation.override(language):
        assert bool(lane_words(lane)) == (lane != JobLane.INTERACTIVE)


@pytest.mark.parametrize(
    ("earliest", "latest", "english", "chinese"),
    [
        (0, 9, "a few seconds", "几秒钟"),
        (20, 55, "less than a minute", "不到一分钟"),
        (20, 100, "about 1–2 min", "约 1–2 分钟"),
        (119, 121, "about 2 min", "约 2 分钟"),
        (125, 179, "about 2–3 min", "约 2–3 分钟"),
        (60, 60, "about 1 min", "约 1 分钟"),
        (45 * MINUTE, 89 * MINUTE, "about 45–89 min", "约 45–89 分钟"),
        (100 * MINUTE, 3.5 * HOUR, "about 1–4 h", "约 1–4 小时"),
        (2 * HOUR, 2 * HOUR, "about 2 h", "约 2 小时"),
    ],
)
def test_spans_are_told_as_roughly_as_they_are_known(
    earliest: float, latest: float, english: str, chinese: str
) -> None:
    assert span_words(earliest, latest) == english
    with translation.override("zh-hans"):
        assert span_words(earliest, latest) == chinese


@pytest.mark.parametrize(
    ("moment", "starts", "done"),
    [
        (Expected(0, 0, 0), "Starts at once", "Done in a few seconds"),
        (Expected(70, 90, 200), "Starts in about 1–4 min", "Done in about 1–4 min"),
        (
            Expected(280, 300, None),
            "Starts in about 5 min or later",
            "Done in about 5 min or later",
        ),
        (
            Expected(23 * HOUR, 23 * HOUR, 23 * HOUR),
            "Starts tomorrow at 09:00",
            "Done tomorrow at 09:00",
        ),
        (Expected(2 * HOUR, 3 * HOUR, 5 * HOUR), "Starts in about 2–5 h", "Done in about 2–5 h"),
        # As sure as a clock: the hours begin in six hours.
        (
            Expected(6 * HOUR - 0.01, 6 * HOUR - 0.01, 6 * HOUR + 20),
            "Starts at 16:00",
            "Done at 16:00",
        ),
    ],
)
def test_moments_are_told_as_a_span_or_by_the_clock(
    moment: Expected, starts: str, done: str
) -> None:
    assert starts_words(moment, now=NOW, time_zone="UTC") == starts
    assert done_words(moment, now=NOW, time_zone="UTC") == done


def test_model_that_waits_for_somebody_names_no_time() -> None:
    forever = datetime(9999, 1, 1, tzinfo=UTC)
    hold = Hold(HoldKind.PAUSED, 0, until=forever, code="canary_drifted")

    for reader in (MAKER, OTHER):
        said = hold_words(hold, reader)
        assert "9999" not in said
        assert "waits for the operator" in said
