"""Who is next: the rule and its bound, as properties."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from generation.holding import Hold, HoldKind
from generation.limits import Caps
from generation.scheduling import (
    AFFINITY_SECONDS,
    Account,
    Candidate,
    Ledger,
    Running,
    RunningJob,
    in_order,
    passed_over_after,
    with_affinity,
)
from generation.types import JobLane

START = datetime(2026, 1, 1, tzinfo=UTC)


def candidate(
    number: int = 1, *, person: int = 1, waited: float = 0, **options: object
) -> Candidate:
    cap = options.pop("cap", 2)
    values: dict[str, object] = {
        "project_caps": Caps(per_person=cap),  # type: ignore[arg-type]
        "job_id": UUID(int=number),
        "organization_id": 1,
        "person_id": person,
        "project_id": 1,
        "queued_at": START - timedelta(seconds=waited),
        "seconds": 1.0,
    }
    return Candidate(**{**values, **options})  # type: ignore[arg-type]


def next_of(*candidates: Candidate, running=None, ledger: Ledger | None = None):
    order = in_order(candidates, running=running or Running(), ledger=ledger or Ledger())
    return order[0] if order else None


def serve(waiting: list[Candidate], ledger: Ledger) -> Candidate:
    """Start the next of everybody's jobs on an idle worker."""
    chosen = in_order(waiting, running=Running(), ledger=ledger)[0]
    ledger.charge(chosen)
    return chosen


def test_among_equals_the_longest_waiting_is_next() -> None:
    late, early = candidate(1, person=1), candidate(2, person=2, waited=9)

    assert next_of(late, early) == early


def test_nobody_exceeds_the_cap_of_the_project() -> None:
    capped, other = candidate(1), candidate(2, project_id=2)

    assert next_of(capped, running=Running.of({RunningJob(1, 1, 1): 2})) is None
    assert next_of(capped, other, running=Running.of({RunningJob(1, 1, 1): 2})) == other


def test_background_waits_for_everything_that_could_start() -> None:
    background = candidate(1, person=1, waited=999, lane=JobLane.BACKGROUND)
    interactive = candidate(2, person=2)

    assert next_of(background, interactive) == interactive
    assert (
        next_of(background, interactive, running=Running.of({RunningJob(2, 1, 1): 2})) == background
    )


def test_priority_takes_nothing_from_another_organization() -> None:
    ledger = Ledger(clock=5.0)
    ledger.organization(1).finish = 9.0
    urgent = candidate(1, person=1, organization_id=1, priority=1)
    other = candidate(2, person=2, organization_id=2)

    assert next_of(urgent, other, ledger=ledger) == other


def test_low_priority_gives_way_inside_the_organization() -> None:
    low, later = candidate(1, person=1, waited=999, priority=-1), candidate(2, person=2)

    assert next_of(low, later) == later


def test_of_ones_own_jobs_the_first_in_the_line_is_next() -> None:
    late = candidate(1, person=1, project_id=2, position=5, waited=999)
    first = candidate(2, person=1, position=3)

    assert next_of(late, first) == first


def test_priority_passes_what_has_none() -> None:
    early, urgent = candidate(1, person=1, waited=999), candidate(2, person=2, priority=1)

    assert next_of(early, urgent) == urgent


def test_large_pictures_take_as_much_of_the_gpu_as_small_ones() -> None:
    small, large = candidate(1, person=1, seconds=1.0), candidate(2, person=2, seconds=4.0)
    ledger, used = Ledger(), Counter[int]()

    for _ in range(100):
        chosen = serve([small, large], ledger)
        used[chosen.person_id] += int(chosen.seconds)

    assert abs(used[1] - used[2]) <= 4


def test_weights_divide_the_gpu() -> None:
    ledger = Ledger(people={(1, 1): Account(weight=3.0)})
    served = Counter(
        serve([candidate(1, person=1), candidate(2, person=2)], ledger).person_id
        for _ in range(400)
    )

    assert 295 <= served[1] <= 305


def test_organizations_share_before_their_people_do() -> None:
    crowd = [candidate(person, person=person, organization_id=1) for person in range(1, 10)]
    alone = candidate(20, person=20, organization_id=2)
    ledger = Ledger()

    served = Counter(serve([*crowd, alone], ledger).organization_id for _ in range(100))

    assert served == {1: 50, 2: 50}


def test_nobody_saves_up_time_by_not_using_it() -> None:
    ledger = Ledger()
    for _ in range(50):
        serve([candidate(1, person=1)], ledger)

    back = [candidate(1, person=1), candidate(2, person=2)]
    served = Counter(serve(back, ledger).person_id for _ in range(20))

    assert abs(served[1] - served[2]) <= 2


def test_estimate_that_was_wrong_is_put_right() -> None:
    ledger = Ledger()
    short, other = candidate(1, person=1, seconds=10.0), candidate(2, person=2, seconds=1.0)
    ledger.charge(short)
    ledger.correct(1, 1, seconds=-9.5)

    served = [serve([short, other], ledger).person_id for _ in range(2)]

    assert served == [2, 1]


people = st.integers(1, 5)
candidates = st.lists(
    st.builds(
        candidate,
        st.integers(1, 10**6),
        person=people,
        organization_id=st.integers(1, 2),
        project_id=st.integers(1, 3),
        waited=st.integers(0, 1000),
        seconds=st.floats(0.1, 100),
        lane=st.sampled_from(JobLane),
        priority=st.integers(0, 1),
        cap=st.integers(1, 3),
    ),
    unique_by=lambda each: each.job_id,
)
counts = st.dictionaries(
    st.builds(RunningJob, people, st.integers(1, 3), st.integers(1, 2)), st.integers(0, 4)
).map(Running.of)
accounts = st.builds(Account, st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.1, 10))
ledgers = st.builds(
    Ledger,
    st.floats(0, 1e6),
    st.dictionaries(st.integers(1, 2), accounts),
    st.dictionaries(st.tuples(st.integers(1, 2), people), accounts),
)


@given(candidates, counts, ledgers)
def test_order_keeps_only_those_below_their_cap(waiting, running, ledger) -> None:
    for each in in_order(waiting, running=running, ledger=ledger):
        assert running.hold(each) is None


@given(candidates, counts, ledgers)
def test_somebody_is_next_whenever_somebody_may_start(waiting, running, ledger) -> None:
    may_start = any(running.hold(each) is None for each in waiting)

    assert bool(in_order(waiting, running=running, ledger=ledger)) == may_start


@given(candidates, counts, ledgers)
def test_order_does_not_depend_on_how_the_database_lists_them(waiting, running, ledger) -> None:
    there = in_order(waiting, running=running, ledger=copy.deepcopy(ledger))
    back = in_order(list(reversed(waiting)), running=running, ledger=copy.deepcopy(ledger))

    assert there == back


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=6), st.integers(1, 60))
def test_who_had_nothing_so_far_is_the_next_to_start(sizes, turns) -> None:
    """The bound: whatever those have waiting who were served before, the newcomer is next."""
    ledger = Ledger()
    hogs = [
        candidate(1000 + person, person=person, waited=500, seconds=seconds)
        for person, seconds in enumerate(sizes, start=2)
    ]
    for _ in range(len(hogs) + turns):
        serve(hogs, ledger)

    newcomer = candidate(1, person=1, seconds=50.0)

    assert in_order([*hogs, newcomer], running=Running(), ledger=ledger)[0] == newcomer


@given(
    st.lists(st.floats(0.5, 20), min_size=2, max_size=5),
    st.integers(50, 200),
)
def test_two_who_always_wait_differ_by_no_more_than_their_largest_jobs(sizes, turns) -> None:
    """The bound of start-time fair queuing, for one worker and equal weights."""
    ledger = Ledger()
    waiting = [
        candidate(number, person=number, seconds=seconds)
        for number, seconds in enumerate(sizes, start=1)
    ]
    used: Counter[int] = Counter()
    service: dict[int, float] = dict.fromkeys(range(1, len(sizes) + 1), 0.0)
    for _ in range(turns):
        chosen = serve(waiting, ledger)
        used[chosen.person_id] += 1
        service[chosen.person_id] += chosen.seconds

    for one in waiting:
        for other in waiting:
            difference = abs(service[one.person_id] - service[other.person_id])
            assert difference <= one.seconds + other.seconds + 1e-6


def test_caps_count_people_and_pictures_in_their_scope() -> None:
    caps = Caps(per_person=3, everybody=4, people=2)
    asks = [candidate(n, person=n, cap=None, organization_caps=caps) for n in (1, 2, 3)]
    two_people = Running.of({RunningJob(1, 1, 1): 1, RunningJob(2, 7, 1): 1})
    full = Running.of({RunningJob(1, 1, 1): 2, RunningJob(2, 7, 1): 2})

    assert [two_people.hold(each) for each in asks[:2]] == [None, None]
    assert two_people.hold(asks[2]) == Hold(HoldKind.PEOPLE_RUNNING, 2)
    assert full.hold(asks[0]) == Hold(HoldKind.TEAM_RUNNING, 4)


@given(st.lists(st.builds(RunningJob, people, st.integers(1, 2), st.integers(1, 2)), max_size=12))
def test_running_forgets_what_has_ended(jobs) -> None:
    running = Running(jobs)
    for job in jobs:
        running.remove(job)
    caps = Caps(per_person=1, everybody=1, people=1)

    assert running.hold(candidate(project_caps=caps, organization_caps=caps)) is None


def test_worker_serves_its_model_first_but_only_for_a_while() -> None:
    other = candidate(1, person=1, waited=9, model_id=2)
    own = candidate(2, person=2, model_id=1, seconds=10.0)

    assert with_affinity([other, own], resident=1, passed_over=0) == [own, other]
    assert with_affinity([other, own], resident=1, passed_over=AFFINITY_SECONDS - 9) == [other, own]
    assert with_affinity([other, own], resident=None, passed_over=0) == [other, own]


def test_affinity_does_not_reach_past_a_priority() -> None:
    head = candidate(1, person=1, model_id=2)
    urgent = candidate(2, person=2, model_id=2, priority=1)
    resident = candidate(3, person=3, model_id=1)

    assert with_affinity([head, urgent, resident], resident=1, passed_over=0) == [
        head,
        urgent,
        resident,
    ]


def test_affinity_never_passes_a_priority() -> None:
    urgent = candidate(1, person=1, model_id=2, priority=1)
    own = candidate(2, person=2, model_id=1)

    assert with_affinity([urgent, own], resident=1, passed_over=0)[0] == urgent


@given(
    st.lists(st.tuples(st.floats(0.5, 12), st.integers(1, 3)), min_size=2, max_size=6),
    st.integers(10, 120),
)
def test_nobody_is_passed_over_for_longer_than_the_bound(kinds, turns) -> None:
    """Between two changes of models a worker serves at most AFFINITY_SECONDS out of turn."""
    ledger = Ledger()
    waiting = [
        candidate(number, person=number, seconds=seconds, model_id=model)
        for number, (seconds, model) in enumerate(kinds, start=1)
    ]
    resident, passed_over = None, 0.0
    for _ in range(turns):
        fair = in_order(waiting, running=Running(), ledger=ledger)
        chosen = with_affinity(fair, resident=resident, passed_over=passed_over)[0]
        passed_over = passed_over_after(chosen, fair, resident=resident, passed_over=passed_over)
        resident = chosen.model_id
        ledger.charge(chosen)

        assert passed_over <= AFFINITY_SECONDS
