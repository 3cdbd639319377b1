"""Forecasts are what the scheduler would do, and say how far they may be off."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.forecasting import Asked, Forecast, forecast
from generation.limits import Limits
from generation.pacing import Spread
from generation.quotas import Period, Quota, Scope, Unit, Use, Who
from generation.scene import Occupied, Scene, Server, WaitingLine
from generation.scheduling import Account, Ledger, Running, RunningJob, in_order, with_affinity
from generation.types import JobLane
from generation.working_hours import Window, WorkingHours
from tests.generation.scenes import (
    ALL_KINDS,
    NOW,
    OPEN,
    PAUL,
    PETS,
    RITA,
    UMA,
    gates_of,
    lines_of,
    scene,
    varying,
    waiting,
)

OF_UMA = RunningJob(UMA, PETS, 1)


def order(found: dict[UUID, Forecast]) -> list[int]:
    """The numbers of the jobs, the first to start at the front."""
    return [job_id.int for job_id in sorted(found, key=lambda each: found[each].number)]


def starts(found: dict[UUID, Forecast]) -> dict[int, float]:
    """When each job starts, by its number."""
    return {job_id.int: each.starts.likely for job_id, each in found.items()}


def foresee(setting: Scene, **options: object) -> dict[UUID, Forecast]:
    return forecast(setting, **{"up_to": 100, **options})  # type: ignore[arg-type]


def exactly(seconds: float) -> Spread:
    return Spread(seconds, seconds, seconds)


def test_one_worker_makes_one_picture_after_the_other() -> None:
    found = foresee(scene(waiting(1), waiting(2, takes=5), waiting(3, takes=7)))

    assert starts(found) == {1: 0, 2: 10, 3: 15}
    assert found[UUID(int=3)].done.likely == 22


def test_people_take_turns_however_many_one_of_them_has_waiting() -> None:
    jobs = [waiting(number) for number in range(1, 5)]

    found = foresee(scene(*jobs, waiting(5, person=RITA), waiting(6, person=PAUL)))

    assert order(found) == [1, 5, 6, 2, 3, 4]


def test_who_was_served_last_comes_last() -> None:
    ledger = Ledger(people={(1, UMA): Account(finish=1.0)})

    found = foresee(scene(waiting(1), waiting(2, person=RITA), ledger=ledger))

    assert order(found) == [2, 1]


def test_a_held_person_waits_until_one_of_their_pictures_ends() -> None:
    jobs = [waiting(1, cap=1), waiting(2, person=RITA, cap=1)]

    found = foresee(
        scene(*jobs, workers=3, running=[Occupied(OF_UMA, exactly(4.0), 0)]),
    )

    assert starts(found) == {1: 4, 2: 0}


def test_a_job_waits_for_the_worker_that_can_do_it() -> None:
    small = Server(demands=frozenset({1}), resident=1)
    large = Server(demands=frozenset({1, 2}), resident=1)
    setting = scene(
        waiting(1),
        waiting(2, person=RITA),
        servers=[small, large],
        running=[Occupied(RunningJob(PAUL, PETS, 1), exactly(30.0), 1)],
    )
    setting = replace(
        setting,
        lines=[
            WaitingLine(demand_id=2, jobs=[waiting(1)]),
            WaitingLine(demand_id=1, jobs=[waiting(2, person=RITA)]),
        ],
    )

    assert starts(foresee(setting)) == {1: 30, 2: 0}


def test_what_nobody_can_do_is_not_foreseen() -> None:
    setting = scene(waiting(1), servers=[Server(demands=frozenset({7}))])

    assert foresee(setting) == {}


def test_a_model_that_is_paused_starts_when_the_pause_is_over() -> None:
    server = Server(demands=ALL_KINDS, resident=1, paused={1: 300.0})

    assert starts(foresee(scene(waiting(1), servers=[server]))) == {1: 300}


def test_a_change_of_models_takes_its_time() -> None:
    found = foresee(scene(waiting(1, model_id=2)))

    assert found[UUID(int=1)].done.likely == 20  # ten to load, while nothing was measured


def test_a_job_with_a_time_to_start_waits_for_it_and_blocks_nobody() -> None:
    lines = [
        WaitingLine(demand_id=1, jobs=[waiting(1)], not_before=600.0),
        WaitingLine(demand_id=1, jobs=[waiting(2)]),
    ]

    assert starts(foresee(replace(scene(), lines=lines))) == {1: 600, 2: 0}


def test_background_work_starts_last_and_may_start_later_still() -> None:
    background = waiting(1, lane=JobLane.BACKGROUND)

    found = foresee(scene(background, waiting(2, person=RITA), waiting(3, person=RITA)))

    assert order(found) == [2, 3, 1]
    assert found[UUID(int=1)].starts.latest is None
    assert found[UUID(int=3)].starts.latest is not None


def test_jobs_that_nobody_read_take_their_turn() -> None:
    lines = [
        WaitingLine(demand_id=1, jobs=[waiting(1), waiting(2)], unread=3),
        WaitingLine(demand_id=1, jobs=[waiting(9, person=RITA, takes=30)]),
    ]
    setting = replace(scene(ledger=Ledger(people={(1, RITA): Account(finish=45)})), lines=lines)

    found = foresee(setting)

    assert starts(found) == {1: 0, 2: 10, 9: 50}
    assert found[UUID(int=9)].number == 6


def test_only_the_wished_number_of_starts_is_played() -> None:
    jobs = [waiting(number) for number in range(1, 51)]

    assert len(foresee(scene(*jobs), up_to=7)) == 7
    assert len(foresee(scene(*jobs), wanted={UUID(int=3)})) == 3


OFFICE = WorkingHours("UTC", dict.fromkeys(range(5), (Window(time(9), time(18)),)))
EVENING = WorkingHours("UTC", dict.fromkeys(range(7), (Window(time(20), time(21)),)))


def test_nothing_starts_before_the_working_hours_begin() -> None:
    closed = replace(OPEN, limits=Limits(hours=(EVENING,)))

    found = foresee(scene(waiting(1), waiting(2), gates=gates_of(closed)))

    opening = 10.5 * 3600
    assert starts(found) == {1: opening, 2: opening + 10}
    assert found[UUID(int=1)].starts == (opening, opening, opening)  # a clock is certain
    assert found[UUID(int=2)].starts.earliest >= opening


def test_what_does_not_start_before_they_end_starts_the_next_time() -> None:
    office = replace(OPEN, limits=Limits(hours=(OFFICE,)))
    hour = 3600.0
    jobs = [waiting(number, takes=5 * hour) for number in (1, 2, 3)]

    found = foresee(scene(*jobs, gates=gates_of(office)))

    # The second one starts within the hours and may end outside of them.
    assert starts(found) == {1: 0, 2: 5 * hour, 3: 23.5 * hour}


def test_hours_that_never_open_let_nothing_start() -> None:
    never = WorkingHours("UTC", {})
    shut = replace(OPEN, limits=Limits(hours=(never,)))

    assert foresee(scene(waiting(1), gates=gates_of(shut))) == {}


def test_a_quota_that_the_play_uses_up_pushes_the_rest_to_its_reset() -> None:
    quota = Quota(Scope.PROJECT, Who.PERSON, Unit.IMAGES, Period.DAY, 3)
    rules = replace(OPEN, quotas=(quota,))
    gates = gates_of(rules, {(1, PETS, UMA): {quota: Use(used=1)}})

    found = foresee(scene(*[waiting(number) for number in range(1, 7)], gates=gates))

    midnight = 14.5 * 3600
    assert list(starts(found).values()) == [
        0, 10, midnight, midnight + 10, midnight + 20, midnight + 24 * 3600
    ]  # fmt: skip


def test_a_quota_of_everybody_is_counted_once_for_all() -> None:
    quota = Quota(Scope.PROJECT, Who.EVERYBODY, Unit.GPU_SECONDS, Period.DAY, 25)
    gates = gates_of(replace(OPEN, quotas=(quota,)))

    found = foresee(
        scene(waiting(1), waiting(2, person=RITA), waiting(3, person=PAUL), gates=gates)
    )

    assert starts(found) == {1: 0, 2: 10, 3: 14.5 * 3600}


def test_a_model_that_may_not_be_used_is_not_foreseen() -> None:
    rules = replace(OPEN, limits=Limits(allowed_models=frozenset({2})))

    assert foresee(scene(waiting(1), gates=gates_of(rules))) == {}


def test_who_asked_lately_is_expected_to_ask_again_and_go_ahead() -> None:
    """Rita asks for one picture every 40 seconds; Uma has a long line."""
    jobs = [waiting(number) for number in range(1, 21)]
    asked = [Asked(float(ago), 1, waiting(1000 + ago, person=RITA)) for ago in range(20, 120, 40)]

    calm = foresee(scene(*jobs))
    busy = foresee(scene(*jobs), asked=asked, window=120.0)

    last = UUID(int=20)
    assert calm[last].starts.likely == 190
    assert busy[last].number == calm[last].number == 20
    assert busy[last].starts.earliest < 190
    assert busy[last].starts.likely >= 240
    assert busy.keys() == calm.keys()


def test_the_range_widens_with_the_distance() -> None:
    jobs = [varying(waiting(number)) for number in range(1, 30)]

    found = foresee(scene(*jobs))

    widths = [each.starts.latest - each.starts.earliest for each in found.values()]
    assert widths[0] == 0
    assert all(near < far for near, far in pairwise(widths))


people = st.integers(1, 4)
jobs_in_order = st.lists(
    st.tuples(
        people,
        st.integers(1, 2),  # project
        st.integers(1, 3),  # model
        st.floats(0.5, 60),
        st.sampled_from(JobLane),
    ),
    min_size=1,
    max_size=18,
).map(
    lambda rows: [
        waiting(
            number,
            person=person,
            project_id=project,
            model_id=model,
            takes=seconds,
            lane=lane,
            cap=2,
        )
        for number, (person, project, model, seconds, lane) in enumerate(rows, start=1)
    ]
)
ledgers = st.dictionaries(
    st.tuples(st.just(1), people), st.builds(Account, st.floats(0, 300)), max_size=4
).map(lambda accounts: Ledger(people=accounts))
running = st.lists(st.tuples(people, st.floats(0, 90)), max_size=3)


def occupied(rows: list[tuple[int, float]]) -> list[Occupied]:
    return [
        Occupied(RunningJob(person, PETS, 1), exactly(left), number)
        for number, (person, left) in enumerate(rows)
    ]


@given(jobs_in_order, ledgers, running, st.integers(0, 2), st.sampled_from([None, 1, 2]))
def test_the_first_place_is_what_the_claim_would_pick(jobs, ledger, busy, idle, resident) -> None:
    """As `queries.waiting.turn_of` decides, for a worker that is free."""
    servers = [Server(demands=ALL_KINDS, resident=resident)] * (len(busy) + idle)
    setting = scene(*jobs, ledger=ledger, servers=servers, running=occupied(busy))
    before = copy.deepcopy(ledger)

    found = foresee(setting)

    assert ledger == before
    heads = [line.jobs[0].candidate for line in setting.lines]
    now = in_order(heads, running=Running(each.job for each in setting.running), ledger=ledger)
    if idle and now:
        chosen = with_affinity(now, resident=resident, passed_over=0.0)[0]
        assert found[chosen.job_id].number == 1
        assert found[chosen.job_id].starts == (0, 0, 0 if chosen.lane == 0 else None)


@given(jobs_in_order, ledgers, running, st.integers(1, 3))
def test_everybody_has_one_place_and_every_range_holds_its_point(jobs, ledger, busy, idle) -> None:
    setting = scene(
        *map(varying, jobs), ledger=ledger, workers=len(busy) + idle, running=occupied(busy)
    )

    found = foresee(setting)

    assert sorted(each.number for each in found.values()) == list(range(1, len(jobs) + 1))
    for each in found.values():
        for moment in (each.starts, each.done):
            assert 0 <= moment.earliest <= moment.likely
            assert moment.latest is None or moment.likely <= moment.latest
        assert each.starts.likely < each.done.likely


@given(jobs_in_order, st.integers(1, 3))
def test_nobody_is_ever_over_their_cap(jobs, workers) -> None:
    found = foresee(scene(*jobs, workers=workers))

    by_id = {job.candidate.job_id: job.candidate for job in jobs}
    for one in found:
        begun = found[one].starts.likely
        together = [
            other
            for other in found
            if found[other].starts.likely <= begun < found[other].done.likely
            and by_id[other].person_id == by_id[one].person_id
            and by_id[other].project_id == by_id[one].project_id
        ]
        assert len(together) <= 2


@given(jobs_in_order, st.integers(0, 20 * 3600), st.sampled_from([OFFICE, EVENING]))
def test_nothing_ever_starts_while_its_project_is_closed(jobs, shift, hours) -> None:
    rules = replace(OPEN, limits=Limits(hours=(hours,)))
    setting = scene(*jobs, gates=gates_of(rules), running=[Occupied(OF_UMA, exactly(shift), 0)])

    found = foresee(setting)

    assert len(found) == len(jobs)
    for each in found.values():
        at = NOW + timedelta(seconds=each.starts.likely + 0.001)
        assert hours.is_open(at)
        opening = hours.next_opening(NOW)
        assert opening is None or each.starts.earliest >= (opening - NOW).total_seconds()


@given(st.lists(st.tuples(people, st.floats(0.5, 60)), min_size=2, max_size=15), st.data())
def test_who_takes_back_their_last_picture_delays_nobody_else(rows, data) -> None:
    """For one worker and one model; a picture that is taken back from the middle of a line lets a
    larger one move up, which nothing can promise about."""
    jobs = [
        waiting(number, person=person, takes=seconds)
        for number, (person, seconds) in enumerate(rows, start=1)
    ]
    person = data.draw(st.sampled_from(sorted({person for person, _seconds in rows})))
    last = max(job.candidate.job_id.int for job in jobs if job.candidate.person_id == person)

    before = foresee(scene(*jobs))
    after = foresee(scene(*[job for job in jobs if job.candidate.job_id.int != last]))

    for job_id, each in after.items():
        assert each.starts.likely <= before[job_id].starts.likely + 1e-6


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_newcomer_is_told_to_start_after_one_running_picture_at_most(workers: int) -> None:
    """200 waiting pictures of somebody else do not matter."""
    crowd = WaitingLine(demand_id=1, jobs=[waiting(1)], unread=199)
    busy = [Occupied(OF_UMA, exactly(7.0), number) for number in range(workers)]
    ledger = Ledger(people={(1, UMA): Account(finish=500.0)}, clock=400.0)
    lines = [crowd, *lines_of([waiting(300, person=RITA)])]
    setting = replace(scene(workers=workers, running=busy, ledger=ledger), lines=lines)

    assert starts(foresee(setting))[300] == 7
