"""What happens when a picture does not fit into memory."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from generation.engines.base import ImageSpec, ModelRef, OutOfMemory, ignore_progress
from generation.engines.checking import check_spec
from generation.engines.preview import PreviewEngine
from generation.tiers import DEFAULT_TIERS
from generation.worker.fitting import generate_fitting, next_smaller

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


SMALLER = replace(SPEC, width=768, height=576)


def fit(engine: Any, *, smaller: ImageSpec | None = None) -> Any:
    return generate_fitting(engine, SPEC, smaller=smaller, on_progress=ignore_progress)


def claim_of(*, may_shrink: bool) -> Any:
    model = SimpleNamespace(tiers=DEFAULT_TIERS, size_multiple=16)
    request = SimpleNamespace(may_shrink=may_shrink, model_version=model)
    return SimpleNamespace(job=SimpleNamespace(request=request))


def test_picture_that_fits_is_made_once_and_as_it_was_asked() -> None:
    engine = SmallMemory(pixels=10**7)

    facts = fit(engine, smaller=SMALLER).facts

    assert engine.tried == [(1024, 768)]
    assert (facts.made_size, facts.asked_size, facts.size_reason) == (
        (1024, 768),
        (1024, 768),
        None,
    )


def test_same_picture_is_tried_again_where_it_may_not_shrink() -> None:
    engine = SmallMemory(pixels=10**7, failures=1)

    result = fit(engine)

    assert engine.tried == [(1024, 768), (1024, 768)]
    assert result.facts.size_reason is None


def test_next_smaller_picture_is_made_where_it_may_shrink_and_says_so() -> None:
    engine = SmallMemory(pixels=700_000)

    result = fit(engine, smaller=SMALLER)

    assert engine.tried == [(1024, 768), (768, 576)]
    assert result.picture.size == (768, 576)
    assert result.facts.asked_size == (1024, 768)
    assert result.facts.made_size == (768, 576)
    assert "1024 x 768" in result.facts.size_reason


@pytest.mark.parametrize("smaller", [SMALLER, None])
def test_second_time_is_the_last(smaller: ImageSpec | None) -> None:
    engine = SmallMemory(pixels=0)

    with pytest.raises(OutOfMemory) as caught:
        fit(engine, smaller=smaller)

    assert len(engine.tried) == 2
    assert caught.value.__context__ is None  # nothing of the first try is kept alive


@pytest.mark.parametrize(
    ("size", "side"),
    [((1024, 1024), 768), ((1344, 768), 768), ((768, 768), 512), ((512, 640), 512)],
)
def test_smaller_spec_has_the_next_tier_and_the_same_shape(
    size: tuple[int, int], side: int
) -> None:
    spec = replace(SPEC, width=size[0], height=size[1])

    smaller = next_smaller(spec, claim_of(may_shrink=True))

    assert smaller
    check_spec(smaller)
    assert smaller.width * smaller.height <= side**2 * 1.02
    assert smaller.width / smaller.height == pytest.approx(size[0] / size[1], rel=0.05)


def test_smallest_tier_has_no_smaller_one() -> None:
    spec = replace(SPEC, width=512, height=512)

    assert next_smaller(spec, claim_of(may_shrink=True)) is None


def test_nothing_shrinks_that_was_not_allowed_to() -> None:
    assert next_smaller(SPEC, claim_of(may_shrink=False)) is None
