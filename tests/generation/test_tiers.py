"""Tiers of GPU memory: which size a GPU allows, and the size to make of one that it does not."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from generation.tiers import (
    DEFAULT_TIERS,
    GB,
    STANDARD_SIDES,
    Tier,
    TiersInvalid,
    fits,
    largest_side,
    shrink,
    side_needed,
    step_down,
    tier_of,
    tiers_from_json,
    tiers_to_json,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever language the page of an earlier test was in."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("gigabytes", "side"),
    [(24, 1024), (12, 1024), (11.6, 1024), (11.2, 768), (6, 768), (5.7, 768), (5.6, 512), (0, 512)],
)
def test_memory_decides_the_tier_and_cards_may_report_a_little_less(gigabytes, side) -> None:
    assert largest_side(int(gigabytes * GB), DEFAULT_TIERS) == side


def test_memory_that_nobody_knows_sets_no_limit() -> None:
    assert largest_side(None, DEFAULT_TIERS) is None
    assert largest_side(GB, ()) is None
    assert fits(8192, None)


def test_less_memory_than_any_tier_asks_for_gives_the_smallest_side() -> None:
    assert largest_side(GB, [Tier("high", 12, 1024), Tier("medium", 6, 768)]) == 768


@pytest.mark.parametrize(
    ("size", "side"),
    [
        ((512, 512), 512),
        ((1024, 256), 512),
        ((528, 512), 768),
        ((1024, 1024), 1024),
        ((1344, 784), 1024),  # half a percent more than 1024 x 1024
        ((1088, 1024), 1536),
        ((4096, 4096), 4096),
        ((8192, 8192), 8192),
        ((10_000, 10_000), 10_000),
    ],
)
def test_a_size_needs_the_side_of_a_square_with_as_many_pixels(size, side) -> None:
    assert side_needed(*size) == side


def test_what_needs_more_than_the_gpu_allows_does_not_fit() -> None:
    assert fits(768, 768)
    assert not fits(1024, 768)


def test_tier_is_the_one_whose_side_is_allowed() -> None:
    for gigabytes in (0, 5, 7, 13, 80):
        tier = tier_of(gigabytes * GB, DEFAULT_TIERS)
        assert tier is not None
        assert tier.side == largest_side(gigabytes * GB, DEFAULT_TIERS)
    assert tier_of(None, DEFAULT_TIERS) is None
    assert tier_of(GB, ()) is None


def test_stepping_down_ends_at_the_lowest_tier() -> None:
    assert step_down(2048, DEFAULT_TIERS) == 1024
    assert step_down(1024, DEFAULT_TIERS) == 768
    assert step_down(768, DEFAULT_TIERS) == 512
    assert step_down(512, DEFAULT_TIERS) is None


@pytest.mark.parametrize(
    ("size", "side", "smaller"),
    [
        ((1024, 1024), 768, (768, 768)),
        ((1024, 1024), 512, (512, 512)),
        ((2048, 1024), 768, (1088, 544)),
        ((1024, 576), 512, (688, 384)),
        ((512, 512), 768, (512, 512)),
        ((1344, 784), 1024, (1344, 784)),
        ((1000, 1000), 1024, (992, 992)),
        ((8192, 64), 512, (4176, 64)),
        ((64, 8192), 512, (64, 4176)),
    ],
)
def test_pictures_are_shrunk_to_what_fits(size, side, smaller) -> None:
    assert shrink(*size, side=side, multiple=16) == smaller


lengths = st.integers(64, 8192)
sides = st.sampled_from(STANDARD_SIDES)
multiples = st.sampled_from([8, 16, 32, 64])


@given(lengths, lengths, sides, multiples)
def test_a_shrunk_picture_fits_and_is_no_larger_than_asked(width, height, side, multiple) -> None:
    wide, high = shrink(width, height, side=side, multiple=multiple)

    assert wide % multiple == high % multiple == 0
    assert 64 <= wide <= width
    assert 64 <= high <= height
    assert wide * high <= side**2 * 1.02
    assert fits(side_needed(wide, high), side)
    assert shrink(wide, high, side=side, multiple=multiple) == (wide, high)


@given(lengths, lengths, sides, multiples)
def test_a_shrunk_picture_keeps_its_shape_and_wastes_little(width, height, side, multiple) -> None:
    wide, high = shrink(width, height, side=side, multiple=multiple)
    in_multiples = (width // multiple * multiple, height // multiple * multiple)
    scale = side / math.sqrt(width * height)

    if math.prod(in_multiples) <= side**2 * 1.02:
        assert (wide, high) == in_multiples
    elif min(width, height) * scale >= 64 + multiple:
        assert abs(wide - width * scale) <= multiple
        assert abs(high - height * scale) <= multiple


@given(lengths, lengths)
def test_side_needed_is_the_smallest_that_holds_the_picture(width, height) -> None:
    side = side_needed(width, height)

    assert width * height <= side**2 * 1.02
    assert all(width * height > less**2 * 1.02 for less in STANDARD_SIDES if less < side)
    assert side_needed(height, width) == side


@st.composite
def some_tiers(draw) -> tuple[Tier, ...]:
    count = draw(st.integers(1, 6))
    gigabytes = st.integers(1, 200) | st.floats(0.5, 200)
    free = [0, *sorted(draw(st.sets(gigabytes, min_size=count - 1, max_size=count - 1)))]
    ascending = sorted(draw(st.sets(sides, min_size=count, max_size=count)))
    names = draw(
        st.lists(
            st.text("abc-高", min_size=1, max_size=40), min_size=count, max_size=count, unique=True
        )
    )
    rows = list(zip(names, free, ascending, strict=True))
    return tuple(Tier(*row) for row in reversed(rows))


@given(some_tiers())
def test_tiers_survive_json_in_whatever_order_they_are_listed(tiers) -> None:
    data = json.loads(json.dumps(tiers_to_json(tiers)))

    assert tiers_from_json(data) == tiers_from_json(data[::-1]) == tiers


@given(some_tiers(), st.integers(0, 256 * GB), st.integers(0, 256 * GB))
def test_more_memory_never_means_smaller_pictures(tiers, one, other) -> None:
    less, more = sorted((one, other))

    assert largest_side(less, tiers) <= largest_side(more, tiers)


@given(some_tiers(), sides)
def test_stepping_down_visits_every_smaller_tier_once(tiers, start) -> None:
    visited, side = [], step_down(start, tiers)
    while side is not None:
        visited.append(side)
        side = step_down(side, tiers)

    assert visited == [tier.side for tier in tiers if tier.side < start]


LOW = {"name": "low", "min_free_gb": 0, "side": 512}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (None, "tiers"),
        ({}, "tiers"),
        ("low", "tiers"),
        ([], "tiers"),
        ([LOW] * 13, "tiers"),
        ([LOW, LOW], "tiers"),
        ([{**LOW, "min_free_gb": 1}], "tiers"),
        ([LOW, {"name": "high", "min_free_gb": 0, "side": 1024}], "tiers"),
        ([LOW, {"name": "high", "min_free_gb": 8, "side": 512}], "tiers"),
        (["low"], "tiers.0"),
        ([LOW, {"name": "high"}], "tiers.1"),
        ([{**LOW, "colour": "red"}], "tiers.0"),
        ([{**LOW, "name": " "}], "tiers.0.name"),
        ([{**LOW, "name": 7}], "tiers.0.name"),
        ([{**LOW, "min_free_gb": -1}], "tiers.0.min_free_gb"),
        ([{**LOW, "min_free_gb": math.nan}], "tiers.0.min_free_gb"),
        ([{**LOW, "min_free_gb": "12"}], "tiers.0.min_free_gb"),
        ([{**LOW, "min_free_gb": True}], "tiers.0.min_free_gb"),
        ([{**LOW, "side": 640}], "tiers.0.side"),
        ([{**LOW, "side": 512.0}], "tiers.0.side"),
        ([{**LOW, "side": "512"}], "tiers.0.side"),
        ([{**LOW, "side": []}], "tiers.0.side"),
    ],
)
def test_tiers_that_are_wrong_are_refused_at_the_part_at_fault(data, field) -> None:
    with pytest.raises(TiersInvalid) as refusal:
        tiers_from_json(data)

    assert refusal.value.field == field
    assert refusal.value.sentence.endswith(".")


def test_default_tiers_are_valid() -> None:
    assert tiers_from_json(tiers_to_json(DEFAULT_TIERS)) == DEFAULT_TIERS
