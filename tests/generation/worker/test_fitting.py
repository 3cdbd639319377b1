"""What happens when a picture does not fit into memory."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.base import ImageSpec, ModelRef, OutOfMemory, ignore_progress
from generation.engines.checking import check_spec
from generation.engines.preview import PreviewEngine
from generation.worker.fitting import generate_fitting, may_shrink, next_smaller

SPEC = ImageSpec(prompt="a dog", width=1024, height=768, seed=1, model=ModelRef("Preview", "1"))


class SmallMemory(PreviewEngine):
    """Holds pictures of so many pixels, and nothing in its first `failures` tries."""

    def __init__(self, pixels: int, failures: int = 0) -> None:
        super().__init__()
        self.pixels = pixels
        self.failures = failures
        self.tried: list[tuple[int, int]] = []

    def generate(self, spec: ImageSpec, *, on_progress=ignore_progress):
        self.tried.append((spec.width, spec.height))
        if len(self.tried) <= self.failures or spec.width * spec.height > self.pixels:
            raise OutOfMemory("No memory is left.")
        return super().generate(spec, on_progress=on_progress)


def fit(engine: Any, spec: ImageSpec = SPEC, *, may_shrink: bool) -> Any:
    return generate_fitting(engine, spec, may_shrink=may_shrink, on_progress=ignore_progress)


def test_picture_that_fits_is_made_once_and_as_it_was_asked() -> None:
    engine = SmallMemory(pixels=10**7)

    facts = fit(engine, may_shrink=True).facts

    assert engine.tried == [(1024, 768)]
    assert (facts.made_size, facts.asked_size, facts.size_reason) == (
        (1024, 768),
        (1024, 768),
        None,
    )


def test_same_picture_is_tried_again_where_it_may_not_shrink() -> None:
    engine = SmallMemory(pixels=10**7, failures=1)

    result = fit(engine, may_shrink=False)

    assert engine.tried == [(1024, 768), (1024, 768)]
    assert result.facts.size_reason is None


def test_next_smaller_picture_is_made_where_it_may_shrink_and_says_so() -> None:
    engine = SmallMemory(pixels=700_000)

    result = fit(engine, may_shrink=True)

    assert engine.tried == [(1024, 768), (896, 672)]
    assert result.picture.size == (896, 672)
    assert result.facts.asked_size == (1024, 768)
    assert result.facts.made_size == (896, 672)
    assert "1024 x 768" in result.facts.size_reason


@pytest.mark.parametrize("shrink", [True, False])
def test_second_time_is_the_last(shrink: bool) -> None:
    engine = SmallMemory(pixels=0)

    with pytest.raises(OutOfMemory) as caught:
        fit(engine, may_shrink=shrink)

    assert len(engine.tried) == 2
    assert caught.value.__context__ is None  # nothing of the first try is kept alive


@given(
    width=st.integers(4, 256).map(lambda count: count * 16),
    height=st.integers(4, 256).map(lambda count: count * 16),
)
def test_smaller_spec_is_smaller_valid_and_of_nearly_the_same_shape(
    width: int, height: int
) -> None:
    spec = ImageSpec(prompt="", width=width, height=height, seed=1, model=ModelRef("m", "1"))

    smaller = next_smaller(spec)

    if smaller is None:
        assert max(width, height) <= 512
        return
    check_spec(smaller)
    assert max(smaller.width, smaller.height) < max(width, height)
    scale = max(smaller.width, smaller.height) / max(width, height)
    assert min(smaller.width, smaller.height) <= max(min(width, height) * scale + 8, 64)


def test_nothing_shrinks_that_was_not_allowed_to() -> None:
    def claim(**columns: Any) -> Any:
        return SimpleNamespace(job=SimpleNamespace(request=SimpleNamespace(**columns)))

    assert not may_shrink(claim())
    assert not may_shrink(claim(may_shrink=False))
    assert may_shrink(claim(may_shrink=True))
