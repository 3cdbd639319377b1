"""Who is next: the rule and its bound, as properties."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from generation.scheduling import Account, Candidate, Ledger, in_order
from generation.types import JobLane

START = datetime(2026, 1, 1, tzinfo=UTC)


def candidate(
    number: int = 1, *, person: int = 1, waited: float = 0, **options: object
) -> Candidate:
    values: dict[str, object] = {
        "job_id": UUID(int=number),
        "organization_id": 1,
        "person_id": person,
        "project_id": 1,
        "queued_at": START - timedelta(seconds=waited),
        "seconds": 1.0,
    }
    return Candidate(**{**values, **options})  # type: ignore[arg-type]


def next_of(*candidates: Candidate, running=None, ledger: Ledger | None = None):
    order = in_order(candidates, running=running or {}, ledger=ledger or Ledger())
    return order[0] if order else None


def serve(waiting: list[Candidate], ledger: Ledger) -> Candidate:
    """Start the next of everybody's jobs on an idle worker."""
    chosen = in_order(waiting, running={}, ledger=ledger)[0]
    ledger.charge(chosen)
    return chosen


def test_among_equals_the_longest_waiting_is_next() -> None:
    late, early = candidate(1, person=1), candidate(2, person=2, waited=9)

    assert next_of(late, early) == early


def test_nobody_exceeds_the_cap_of_the_project() -> None:
    capped, other = candidate(1), candidate(2, project_id=2)

    assert next_of(capped, running={(1, 1): 2}) is None
    assert next_of(capped, other, running={(1, 1): 2}) == other


def test_background_waits_for_everything_that_could_start() -> None:
    background = candidate(1, person=1, waited=999, lane=JobLane.BACKGROUND)
    interactive = candidate(2, person=2)

    assert next_of(background, interactive) == interactive
    assert next_of(background, interactive, running={(2, 1): 2}) == background


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
        max_running_per_person=st.integers(1, 3),
    ),
    unique_by=lambda each: each.job_id,
)
counts = st.dictionaries(st.tuples(people, st.integers(1, 3)), st.integers(0, 4))
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
        assert running.get((each.person_id, each.project_id), 0) < each.max_running_per_person


@given(candidates, counts, ledgers)
def test_somebody_is_next_whenever_somebody_may_start(waiting, running, ledger) -> None:
    may_start = any(
        running.get((each.person_id, each.project_id), 0) < each.max_running_per_person
        for each in waiting
    )

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

    assert in_order([*hogs, newcomer], running={}, ledger=ledger)[0] == newcomer


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
