"""What becomes of somebody's line when something in it is moved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generation.moves import Move, moved, positions_for

LINES = st.lists(st.integers(0, 30), unique=True, max_size=12)


def request_of(picture: str) -> str:
    """`a2` is a picture of the request `a`."""
    return picture[0]


def after(line: str, chosen: str, to: Move) -> str:
    """The line after whole requests were moved."""
    return " ".join(moved(line.split(), set(chosen.split()), to, group=request_of))


def test_to_the_front_is_before_everything() -> None:
    assert after("a1 b1 c1 c2", "c1 c2", Move.FRONT) == "c1 c2 a1 b1"


def test_up_and_down_pass_a_whole_request() -> None:
    assert after("a1 a2 b1 b2 c1", "c1", Move.UP) == "a1 a2 c1 b1 b2"
    assert after("a1 b1 b2 c1", "a1", Move.DOWN) == "b1 b2 a1 c1"


def test_single_pictures_pass_one_picture() -> None:
    line = ["a1", "a2", "b1"]

    assert moved(line, {"b1"}, Move.UP, group=str) == ["a1", "b1", "a2"]
    assert moved(line, {"a1"}, Move.DOWN, group=str) == ["a2", "a1", "b1"]


def test_pictures_that_others_stand_between_are_moved_together() -> None:
    assert after("b1 a1 b2 c1", "b1 b2", Move.DOWN) == "a1 c1 b1 b2"
    assert after("c1 a1 b1 a2", "a1 a2", Move.UP) == "a1 a2 c1 b1"


def test_the_first_stays_the_first_and_the_last_the_last() -> None:
    assert after("a1 b1", "a1", Move.UP) == "a1 b1"
    assert after("a1 b1", "a1", Move.FRONT) == "a1 b1"
    assert after("a1 b1", "b1", Move.DOWN) == "a1 b1"


@given(LINES, st.sets(st.integers(0, 30)), st.sampled_from(Move))
def test_nothing_is_lost_and_everybody_else_keeps_their_order(
    line: list[int], chosen: set[int], to: Move
) -> None:
    found = moved(line, chosen, to, group=lambda each: each // 3)

    assert sorted(found) == sorted(line)
    for kind in (True, False):
        assert [each for each in found if (each in chosen) == kind] == [
            each for each in line if (each in chosen) == kind
        ]


@given(st.lists(st.integers(-5, 40), max_size=12))
def test_positions_are_all_different_and_never_before_the_first(before: list[int]) -> None:
    positions = positions_for(before)

    assert positions == sorted(set(positions))
    assert len(positions) == len(before)
    assert all(new >= old for new, old in zip(positions, sorted(before), strict=True))
    if before:
        assert positions[0] == min(before)
        assert positions[-1] <= max(before) + len(before)
