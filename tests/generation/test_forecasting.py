"""Places in the line are what the scheduler would do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from generation.forecasting import places
from generation.scheduling import Candidate, in_order

NOW = datetime(2025, 1, 5, 9, 30, tzinfo=UTC)
UMA, RITA, PAUL = 1, 2, 3
PETS = 1


def waiting(*people: int, cap: int = 2) -> list[Candidate]:
    """One waiting job per named person, in the order in which they asked."""
    return [
        Candidate(UUID(int=index), person, PETS, NOW + timedelta(seconds=index), cap)
        for index, person in enumerate(people)
    ]


def order(jobs: list[Candidate], **options) -> list[int]:
    """Whose turn it is, one after the other."""
    given_options = {"running": [], "last_served": {}, "workers": 1, "now": NOW, "up_to": 100}
    found = places(jobs, **{**given_options, **options})
    by_place = sorted(jobs, key=lambda job: found.get(job.job_id, 999))
    return [job.person_id for job in by_place if job.job_id in found]


def test_people_take_turns_however_many_one_of_them_has_waiting() -> None:
    jobs = waiting(UMA, UMA, UMA, UMA, RITA, PAUL)

    assert order(jobs) == [UMA, RITA, PAUL, UMA, UMA, UMA]


def test_who_was_served_last_comes_last() -> None:
    assert order(waiting(UMA, RITA), last_served={UMA: NOW}) == [RITA, UMA]


def test_who_has_nothing_running_goes_first() -> None:
    assert order(waiting(UMA, RITA), running=[(UMA, PETS)], workers=2) == [RITA, UMA]


def test_a_held_person_waits_until_one_of_their_pictures_ends() -> None:
    jobs = waiting(UMA, UMA, RITA, RITA, cap=1)

    assert order(jobs, running=[(UMA, PETS)], workers=4) == [RITA, UMA, RITA, UMA]


def test_only_the_wished_number_of_places_is_worked_out() -> None:
    assert len(places(
        waiting(*[UMA] * 50), running=[], last_served={}, workers=1, now=NOW, up_to=7
    )) == 7  # fmt: skip


people = st.lists(st.integers(1, 5), max_size=25)


@given(asked=people, running=people, cap=st.integers(1, 3), workers=st.integers(1, 4))
def test_everybody_has_one_place_and_the_first_is_the_schedulers_choice(
    asked: list[int], running: list[int], cap: int, workers: int
) -> None:
    jobs = waiting(*asked, cap=cap)
    busy = [(person, PETS) for person in running][: workers - 1]

    found = places(
        jobs, running=busy, last_served={}, workers=workers, now=NOW, up_to=len(jobs) + 1
    )

    assert sorted(found.values()) == list(range(1, len(jobs) + 1))
    heads = list({job.person_id: job for job in reversed(jobs)}.values())
    counted = {owner: busy.count(owner) for owner in busy}
    chosen = in_order(heads, running=counted, last_served={})
    if chosen:
        assert found[chosen[0].job_id] == 1


def test_a_project_of_ones_own_is_a_line_of_its_own() -> None:
    other = Candidate(uuid4(), UMA, 2, NOW, 1)

    found = places(
        [other, *waiting(UMA, cap=1)],
        running=[(UMA, PETS)],
        last_served={},
        workers=3,
        now=NOW,
        up_to=9,
    )

    assert found[other.job_id] == 1
