"""The sizes that the form offers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.limits import Limits
from generation.sizes import presets


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
