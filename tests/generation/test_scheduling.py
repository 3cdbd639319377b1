"""Who is next: the rule as properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from generation.scheduling import Candidate, in_order

START = datetime(2026, 1, 1, tzinfo=UTC)


def candidate(number: int, *, person: int, project: int = 1, waited: int = 0, cap: int = 2):
    return Candidate(UUID(int=number), person, project, START - timedelta(seconds=waited), cap)


def next_person(*candidates: Candidate, running=None, last_served=None) -> int | None:
    order = in_order(candidates, running=running or {}, last_served=last_served or {})
    return order[0].person_id if order else None


def test_among_equals_the_longest_waiting_is_next() -> None:
    assert next_person(candidate(1, person=1), candidate(2, person=2, waited=9)) == 2


def test_whoever_has_fewer_running_is_next() -> None:
    late, early = candidate(1, person=1, waited=99), candidate(2, person=2)

    assert next_person(late, early, running={(1, 1): 1}) == 2


def test_whoever_was_served_longest_ago_is_next() -> None:
    early, late = candidate(1, person=1, waited=99), candidate(2, person=2)

    assert next_person(early, late, last_served={1: START}) == 2


def test_nobody_exceeds_the_cap_of_the_project() -> None:
    capped, other = candidate(1, person=1, cap=2), candidate(2, person=1, project=2)

    assert in_order([capped], running={(1, 1): 2}, last_served={}) == []
    assert in_order([capped, other], running={(1, 1): 2}, last_served={}) == [other]


def test_people_take_turns_however_many_one_of_them_has_waiting() -> None:
    waiting = {1: 30, 2: 3, 3: 3}
    last_served: dict[int, datetime] = {}
    served = []
    for turn in range(9):
        order = in_order(
            [candidate(person, person=person, waited=100 - person) for person in waiting],
            running={},
            last_served=last_served,
        )
        served.append(order[0].person_id)
        last_served[order[0].person_id] = START + timedelta(seconds=turn)

    assert served == [1, 2, 3] * 3


people = st.integers(1, 5)
candidates = st.lists(
    st.builds(
        candidate,
        st.integers(1, 10**6),
        person=people,
        project=st.integers(1, 3),
        waited=st.integers(0, 1000),
        cap=st.integers(1, 3),
    ),
    unique_by=lambda each: each.job_id,
)
counts = st.dictionaries(st.tuples(people, st.integers(1, 3)), st.integers(0, 4))


@given(candidates, counts)
def test_order_keeps_exactly_those_below_their_cap(waiting, running) -> None:
    order = in_order(waiting, running=running, last_served={})

    allowed = [
        each
        for each in waiting
        if running.get((each.person_id, each.project_id), 0) < each.max_running_per_person
    ]
    assert sorted(order, key=repr) == sorted(allowed, key=repr)


@given(candidates, counts)
def test_order_does_not_depend_on_how_the_database_lists_them(waiting, running) -> None:
    there = in_order(waiting, running=running, last_served={})
    back = in_order(list(reversed(waiting)), running=running, last_served={})

    key = [(each.person_id, each.queued_at, each.job_id) for each in there]
    assert key == [(each.person_id, each.queued_at, each.job_id) for each in back]
