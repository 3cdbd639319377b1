"""The sizes that the form offers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.limits import Limits
from generation.sizes import presets, size_like


def test_the_usual_limits_give_the_usual_sizes() -> None:
    offered = presets(Limits(), multiple=16)

    assert {each.label: (each.width, each.height) for each in offered} == {
        "1:1": (1024, 1024),
        "4:3": (1024, 768),
        "3:2": (1008, 672),
        "16:9": (1024, 576),
        "2:3": (672, 1008),
        "9:16": (576, 1024),
    }


def test_larger_limits_keep_to_about_a_million_pixels() -> None:
    for each in presets(Limits(max_side=4096), multiple=16):
        assert 0.8 < each.width * each.height / 1024**2 <= 1.01


@given(max_side=st.integers(256, 4096), multiple=st.sampled_from([16, 32, 64]))
def test_every_size_fits_the_limits_and_the_model(max_side: int, multiple: int) -> None:
    for each in presets(Limits(max_side=max_side), multiple=multiple):
        assert min(each.width, each.height) >= 64
        assert max(each.width, each.height) <= max_side
        assert each.width % multiple == each.height % multiple == 0
        wide, high = map(int, each.label.split(":"))
        assert each.width / each.height == pytest.approx(wide / high, rel=0.35)


@pytest.mark.parametrize(
    ("size", "limits", "like"),
    [
        ((1024, 576), Limits(), (1024, 576)),
        ((2048, 1024), Limits(), (1024, 512)),
        ((1000, 700), Limits(), (992, 688)),
        ((1024, 1024), Limits(max_side=1024, max_pixels=512 * 512), (512, 512)),
        ((4000, 40), Limits(), (1024, 64)),
        ((48, 32), Limits(), (64, 64)),
    ],
)
def test_a_picture_is_drawn_in_the_shape_of_another(size, limits, like) -> None:
    assert size_like(*size, limits, multiple=16) == like


@given(
    width=st.integers(64, 8192),
    height=st.integers(64, 8192),
    max_side=st.integers(256, 4096),
    max_pixels=st.integers(256 * 256, 4096 * 4096),
)
def test_a_size_like_another_is_one_that_may_be_asked_for(
    width: int, height: int, max_side: int, max_pixels: int
) -> None:
    limits = Limits(max_side=max_side, max_pixels=max_pixels)

    wide, high = size_like(width, height, limits, multiple=16)

    assert wide % 16 == high % 16 == 0
    assert min(wide, high) >= 64
    assert max(wide, high) <= max_side
    assert wide <= max(width, 64)
    assert wide * high <= max_pixels
