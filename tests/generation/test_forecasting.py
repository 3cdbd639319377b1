"""Places in the line are what the scheduler would do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from generation.forecasting import places
from generation.limits import Caps
from generation.scheduling import Account, Candidate, Ledger, Running, RunningJob, in_order

NOW = datetime(2025, 1, 5, 9, 30, tzinfo=UTC)
UMA, RITA, PAUL = 1, 2, 3
PETS = 1


def candidate(job_id: UUID, person: int, project: int, queued_at: datetime, cap: int) -> Candidate:
    return Candidate(
        job_id=job_id,
        organization_id=1,
        person_id=person,
        project_id=project,
        queued_at=queued_at,
        seconds=1.0,
        project_caps=Caps(per_person=cap),
    )


def waiting(*people: int, cap: int = 2) -> list[Candidate]:
    """One waiting job per named person, in the order in which they asked."""
    return [
        candidate(UUID(int=index), person, PETS, NOW + timedelta(seconds=index), cap)
        for index, person in enumerate(people)
    ]


def order(jobs: list[Candidate], **options) -> list[int]:
    """Whose turn it is, one after the other."""
    given_options = {"running": [], "ledger": Ledger(), "workers": 1, "up_to": 100}
    found = places(jobs, **{**given_options, **options})
    by_place = sorted(jobs, key=lambda job: found.get(job.job_id, 999))
    return [job.person_id for job in by_place if job.job_id in found]


def test_people_take_turns_however_many_one_of_them_has_waiting() -> None:
    jobs = waiting(UMA, UMA, UMA, UMA, RITA, PAUL)

    assert order(jobs) == [UMA, RITA, PAUL, UMA, UMA, UMA]


def test_who_was_served_last_comes_last() -> None:
    ledger = Ledger(people={(1, UMA): Account(finish=1.0)})

    assert order(waiting(UMA, RITA), ledger=ledger) == [RITA, UMA]


def test_a_held_person_waits_until_one_of_their_pictures_ends() -> None:
    jobs = waiting(UMA, UMA, RITA, RITA, cap=1)

    assert order(jobs, running=[RunningJob(UMA, PETS, 1)], workers=4) == [RITA, UMA, RITA, UMA]


def test_only_the_wished_number_of_places_is_worked_out() -> None:
    assert len(places(
        waiting(*[UMA] * 50), running=[], ledger=Ledger(), workers=1, up_to=7
    )) == 7  # fmt: skip


people = st.lists(st.integers(1, 5), max_size=25)


@given(asked=people, running=people, cap=st.integers(1, 3), workers=st.integers(1, 4))
def test_everybody_has_one_place_and_the_first_is_the_schedulers_choice(
    asked: list[int], running: list[int], cap: int, workers: int
) -> None:
    jobs = waiting(*asked, cap=cap)
    busy = [RunningJob(person, PETS, 1) for person in running][: workers - 1]

    found = places(jobs, running=busy, ledger=Ledger(), workers=workers, up_to=len(jobs) + 1)

    assert sorted(found.values()) == list(range(1, len(jobs) + 1))
    heads = list({job.person_id: job for job in reversed(jobs)}.values())
    chosen = in_order(heads, running=Running(busy), ledger=Ledger())
    if chosen:
        assert found[chosen[0].job_id] == 1


def test_a_project_of_ones_own_is_a_line_of_its_own() -> None:
    other = candidate(uuid4(), UMA, 2, NOW, 1)

    found = places(
        [other, *waiting(UMA, cap=1)],
        running=[RunningJob(UMA, PETS, 1)],
        ledger=Ledger(),
        workers=3,
        up_to=9,
    )

    assert found[other.job_id] == 1
