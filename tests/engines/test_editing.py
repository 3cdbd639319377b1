"""Changing a given picture as the prompt says: for the models that can, and only for those."""

import numpy as np
import pytest
from PIL import Image

from generation.engines.base import SpecRejected
from generation.engines.checking import EDIT_AREA, SIZE_MULTIPLE, prepare_edit_image
from generation.engines.preview import PreviewEngine
from tests.engines.specs import BASE, MODEL, OMNI, spec
from tests.engines.tiny_checkpoint.engine import TinyDiffSynthEngine


@pytest.fixture(scope="module")
def engine(tiny_line):
    return TinyDiffSynthEngine(model_root=tiny_line, device="cpu")


def pixels(engine, **changes):
    values = {"model": OMNI, "cfg": 4.0, "steps": 2} | changes
    return engine.generate(spec(**values)).picture.tobytes()


def plain(colour, size=(160, 96), mode="RGB"):
    return Image.new(mode, size, colour)


def test_the_picture_depends_on_the_image_and_on_the_words(engine):
    red = pixels(engine, edit_image=plain("red"))
    assert red == pixels(engine, edit_image=plain("red"))
    others = [
        pixels(engine),
        pixels(engine, edit_image=plain("blue")),
        pixels(engine, edit_image=plain("red"), prompt="a blue cat"),
        pixels(engine, edit_image=plain("red", size=(96, 160))),
        pixels(engine, edit_image=plain("red"), input_image=plain("green"), strength=0.5),
    ]
    assert len({red, *others}) == 6


def test_what_was_kept_for_a_prompt_with_an_image_is_not_taken_for_one_without(engine):
    alone = pixels(engine, prompt="a bridge")
    edited = pixels(engine, prompt="a bridge", edit_image=plain("red"))
    result = engine.generate(
        spec(model=OMNI, cfg=4.0, steps=2, prompt="a bridge", edit_image=plain("red"))
    )
    assert result.facts.prompt_reused
    assert result.picture.tobytes() == edited != alone
    assert pixels(engine, prompt="a bridge") == alone


@pytest.mark.parametrize(
    "image",
    [
        plain((200, 30, 30, 128), (90, 50), "RGBA"),
        plain(9, (300, 20), "L"),
        plain("red", (1, 1)),
        plain("red", (2000, 1500)),
    ],
    ids=lambda image: f"{image.mode} {image.size}",
)
def test_an_image_of_any_size_and_mode_is_taken(engine, image):
    picture = engine.generate(spec(model=OMNI, steps=1, edit_image=image)).picture
    assert picture.size == (128, 128)


@pytest.mark.parametrize("size", [(1, 1), (5000, 3), (640, 480), (1024, 1024), (4000, 3000)])
def test_it_is_read_in_whole_blocks_of_at_most_a_megapixel(size):
    width, height = prepare_edit_image(plain("red", size)).size
    assert width % SIZE_MULTIPLE == height % SIZE_MULTIPLE == 0
    assert width * height <= EDIT_AREA
    assert min(width, height) >= 64
    if max(size) / min(size) < 2:
        assert width / height == pytest.approx(size[0] / size[1], rel=0.03)


@pytest.mark.parametrize("model", [MODEL, BASE], ids=lambda model: model.name)
def test_models_that_cannot_refuse_before_anything_is_loaded(tiny_line, model):
    engine = TinyDiffSynthEngine(model_root=tiny_line, device="cpu")
    with pytest.raises(SpecRejected) as raised:
        engine.generate(spec(model=model, edit_image=plain("red")))
    assert raised.value.field == "edit_image"
    assert engine.resident is None


def test_a_preview_keeps_something_of_the_image():
    engine = PreviewEngine()
    red, blue = (
        np.asarray(engine.generate(spec(edit_image=plain(colour))).picture, float).mean((0, 1))
        for colour in ("red", "blue")
    )
    assert red[0] - blue[0] > 50
    assert blue[2] - red[2] > 50
