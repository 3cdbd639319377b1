"""What the chooser of the start makes of what is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from generation.forms.start_choice import Clock, StartChoice, start_of
from generation.limits import Limits
from generation.types import JobLane
from generation.working_hours import OFFICE_HOURS, WorkingHours

ANY_TIME = Clock(Limits(), "Asia/Shanghai")
MONDAY = datetime(2026, 1, 5, 4, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is Monday noon in Shanghai, and English is spoken."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    with translation.override("en"):
        yield


def form(clock: Clock = ANY_TIME, **sent: str) -> StartChoice:
    made = StartChoice(sent)
    made.offer_start(clock)
    return made


@pytest.mark.parametrize(
    ("sent", "lane"),
    [
        ({}, JobLane.INTERACTIVE),
        ({"start": "now"}, JobLane.INTERACTIVE),
        ({"start": "background"}, JobLane.BACKGROUND),
        ({"start": "idle"}, JobLane.IDLE),
    ],
)
def test_lanes_start_as_soon_as_it_is_their_turn(sent: dict[str, str], lane: JobLane) -> None:
    chosen = form(**sent, start_at="whatever was typed before")

    assert chosen.is_valid(), chosen.errors
    assert (chosen.lane, chosen.cleaned_data["start_at"]) == (lane, None)


def test_a_time_is_one_of_the_organization() -> None:
    chosen = form(start="at", start_at="2026-01-06T19:30")

    assert chosen.is_valid(), chosen.errors
    assert chosen.cleaned_data["start_at"] == datetime(2026, 1, 6, 11, 30, tzinfo=UTC)


def test_tonight_is_the_evening_of_the_organization() -> None:
    chosen = form(start="tonight")

    assert chosen.is_valid()
    assert chosen.cleaned_data["start_at"] == datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Choose a day and a time."),
        ("tomorrow", "Choose a day and a time."),
        ("2026-13-01T10:00", "Choose a day and a time."),
        ("0001-01-01T00:00", "Choose a day and a time."),
        ("2026-01-05T11:58", "This time has passed."),
        ("2026-02-04T12:01", "within the next 30 days"),
        ("9999-12-31T23:59", "within the next 30 days"),
    ],
)
def test_a_time_that_cannot_be_says_so_at_the_field(typed: str, sentence: str) -> None:
    chosen = form(start="at", start_at=typed)

    assert not chosen.is_valid()
    assert sentence in str(chosen.errors["start_at"])


def test_what_nobody_offers_is_refused() -> None:
    assert "start" in form(start="yesterday").errors


def test_the_page_says_when_tonight_is() -> None:
    office = Clock(Limits(hours=(OFFICE_HOURS("Asia/Shanghai"),)), "Asia/Shanghai")

    assert dict(form().start_hints())["tonight"] == "Starts at 20:00."
    assert "tomorrow at 09:00" in dict(form(office).start_hints())["tonight"]
    assert dict(form(office).start_hints())["now"] == ""


def test_the_page_says_that_at_once_has_to_wait_for_the_working_hours() -> None:
    tuesdays = WorkingHours("Asia/Shanghai", {1: OFFICE_HOURS("Asia/Shanghai").windows[1]})
    closed = Clock(Limits(hours=(tuesdays,)), "Asia/Shanghai")

    assert "tomorrow at 09:00" in dict(form(closed).start_hints())["now"]


def test_the_input_shows_the_time_that_was_chosen() -> None:
    moment = MONDAY + timedelta(hours=7)
    made = StartChoice(initial=start_of(JobLane.INTERACTIVE, moment))
    made.offer_start(ANY_TIME)

    assert 'value="2026-01-05T19:00"' in str(made["start_at"])
    assert 'max="2026-02-04T12:00"' in str(made["start_at"])
    assert start_of(JobLane.IDLE, None) == {"start": "idle"}
