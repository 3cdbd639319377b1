"""The canaries: always the same, quick, and told apart from a model that draws something else."""

import sys

import pytest
from PIL import Image

from generation.engines.canary import PROMPTS, TOLERANCE, canary_specs, difference
from generation.engines.checking import check_spec
from generation.engines.families import FAMILIES
from tests.engines.specs import BASE, MODEL, spec
from tests.engines.tiny_checkpoint.engine import TinyDiffSynthEngine


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_family_has_three_that_can_be_made(family):
    specs = canary_specs(MODEL, family.steps, family.cfg)
    assert len(specs) == len(PROMPTS) == 3
    for canary in specs:
        check_spec(canary)
        assert (canary.width, canary.height) == (512, 512)
        assert canary.steps == 8
        assert (canary.cfg, canary.model) == (family.cfg, MODEL)
    assert len({canary.prompt for canary in specs}) == len({canary.seed for canary in specs}) == 3


def test_a_model_of_fewer_steps_keeps_them():
    assert {canary.steps for canary in canary_specs(MODEL, 4, 1.0)} == {4}


def test_the_difference_is_the_mean_of_the_levels():
    grey, white = Image.new("RGB", (8, 8), (100, 100, 100)), Image.new("RGB", (8, 8), "white")
    assert difference(grey, grey) == 0
    assert difference(Image.new("RGB", (8, 8)), white) == 255
    assert difference(grey, Image.new("RGB", (8, 8), (106, 97, 100))) == 3
    half = grey.copy()
    half.paste((140, 140, 140), (0, 0, 8, 4))
    assert difference(grey, half) == difference(half, grey) == 20
    assert difference(grey.convert("L"), grey) == 0


def test_pictures_of_two_sizes_cannot_be_compared():
    with pytest.raises(ValueError, match="sizes"):
        difference(Image.new("RGB", (8, 8)), Image.new("RGB", (8, 16)))


@pytest.fixture(scope="module")
def engine(tiny_line):
    return TinyDiffSynthEngine(model_root=tiny_line, device="cpu")


def picture(engine, **changes):
    return engine.generate(spec(**({"steps": 8} | changes))).picture


def test_other_weights_another_seed_and_black_are_far_beyond_the_tolerance(engine):
    good = picture(engine)
    assert difference(good, picture(engine)) == 0
    assert difference(good, picture(engine, model=BASE)) > 5 * TOLERANCE
    assert difference(good, picture(engine, seed=1)) > 5 * TOLERANCE
    assert difference(good, Image.new("RGB", good.size)) > 5 * TOLERANCE


def test_rounding_elsewhere_is_within_the_tolerance(engine):
    """What another card does: sums that end in another last bit, here every one of every layer."""
    torch = sys.modules["torch"]
    good = picture(engine)
    pipeline = engine._residence.current.pipeline
    dice = torch.Generator().manual_seed(5)

    def jolt(_layer, _inputs, out):
        signs = torch.where(torch.rand(out.shape, generator=dice) < 0.5, -1.0, 1.0)
        return (out.float() * (1 + signs * 2**-8)).to(out.dtype)

    handles = [
        layer.register_forward_hook(jolt)
        for part in (pipeline.text_encoder, pipeline.dit, pipeline.vae_decoder)
        for layer in part.modules()
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d)
    ]
    engine._prompts.forget()
    try:
        jolted = picture(engine)
    finally:
        for handle in handles:
            handle.remove()
        engine._prompts.forget()
    assert 0.5 < difference(good, jolted) < TOLERANCE / 2
