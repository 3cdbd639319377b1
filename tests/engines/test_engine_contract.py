"""What every engine promises, asked of every engine: the preview and the real pipeline."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generation.engines.base import (
    Cancelled,
    ImageEngine,
    Loaded,
    LoraRef,
    Phase,
    SpecRejected,
)
from generation.engines.preview import PreviewEngine
from tests.engines.specs import BASE, MODEL, Notes, spec
from tests.engines.tiny_checkpoint.engine import TinyDiffSynthEngine

MakeEngine = Callable[[], ImageEngine]


@pytest.fixture(scope="module", params=["preview", "diffsynth"])
def make_engine(request: pytest.FixtureRequest) -> MakeEngine:
    if request.param == "preview":
        return PreviewEngine
    line: Path = request.getfixturevalue("tiny_line")
    return lambda: TinyDiffSynthEngine(model_root=line, device="cpu")


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> ImageEngine:
    engine = make_engine()
    engine.load(MODEL)
    return engine


def pixels(engine: ImageEngine, **changes: Any) -> bytes:
    return engine.generate(spec(**changes)).picture.tobytes()


def test_it_is_an_image_engine(engine):
    assert isinstance(engine, ImageEngine)
    assert engine.name


def test_the_same_spec_gives_the_same_pixels(engine):
    assert pixels(engine) == pixels(engine)


def test_another_process_of_the_same_engine_gives_the_same_pixels(engine, make_engine):
    assert pixels(make_engine()) == pixels(engine)


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"prompt": "neon city at night"}, {"cfg": 8.0}], ids=str
)
def test_another_spec_gives_another_picture(engine, change):
    assert pixels(engine, **change) != pixels(engine)


@pytest.mark.parametrize("size", [(128, 128), (192, 64), (64, 208)])
def test_the_picture_has_the_size_that_was_asked_for(engine, size):
    result = engine.generate(spec(width=size[0], height=size[1]))
    assert result.picture.size == size
    assert result.picture.mode == "RGB"
    assert result.facts.asked_size == result.facts.made_size == size
    assert result.facts.size_reason is None


@pytest.mark.parametrize("steps", [1, 4])
def test_progress_counts_every_step_from_none_to_all(engine, steps):
    notes = Notes()
    engine.generate(spec(steps=steps), on_progress=notes)
    assert notes.steps() == [(step, steps) for step in range(steps + 1)]
    assert notes.phases() == [Phase.ENCODING, Phase.DENOISING, Phase.DECODING]


def test_an_input_image_of_any_size_and_mode_is_taken(engine):
    origin = Image.new("RGBA", (90, 50), (200, 30, 30, 128))
    result = engine.generate(spec(input_image=origin, strength=0.5))
    assert result.picture.size == (128, 128)
    assert result.picture.tobytes() != pixels(engine)


def test_cancelled_between_steps_it_stops_there_and_stays_usable(engine):
    before = pixels(engine)
    notes = Notes(at=2, stop=Cancelled())
    with pytest.raises(Cancelled) as raised:
        engine.generate(spec(steps=4), on_progress=notes)
    assert raised.value is notes._stop
    assert notes.steps()[-1] == (2, 4)
    assert pixels(engine) == before


def test_what_the_callback_raises_comes_through_untouched(engine):
    stop = ZeroDivisionError("the caller's own trouble")
    with pytest.raises(ZeroDivisionError) as raised:
        engine.generate(spec(), on_progress=Notes(at=1, stop=stop))
    assert raised.value is stop


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", 5),
        ("prompt", ["a list"]),
        ("prompt", "x" * 10_001),
        ("prompt", "\ud800"),
        ("negative_prompt", None),
        ("width", 0),
        ("width", -16),
        ("width", 100),
        ("width", 128.0),
        ("width", 8208),
        ("height", 48),
        ("height", True),
        ("seed", -1),
        ("seed", 2**63),
        ("seed", "7"),
        ("steps", 0),
        ("steps", 101),
        ("steps", 8.0),
        ("cfg", -0.1),
        ("cfg", 31.0),
        ("cfg", float("nan")),
        ("sigma_shift", 0.0),
        ("sigma_shift", "3"),
        ("strength", 1.1),
        ("strength", 0.5),
        ("input_image", "cat.png"),
        ("edit_image", "cat.png"),
        ("loras", (LoraRef(Path("weights.bin"), 1.0, ""),)),
        ("loras", (LoraRef(Path("weights.safetensors"), 9.0, ""),)),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_spec_out_of_bounds_is_refused_with_its_field_before_any_work(engine, field, value):
    refused = spec(**{field: value})
    notes = Notes()
    with pytest.raises(SpecRejected) as raised:
        engine.check(refused)
    assert raised.value.field == field
    assert raised.value.message.endswith(".")
    with pytest.raises(SpecRejected):
        engine.generate(refused, on_progress=notes)
    assert notes.heard == []


def test_check_accepts_the_bounds_themselves(engine):
    engine.check(spec(width=8192, height=64, seed=2**63 - 1, steps=100, cfg=30, sigma_shift=0.1))
    engine.check(spec(width=64, height=8192, seed=0, steps=1, cfg=0, prompt=""))


def test_loading_the_same_model_again_is_free(engine):
    notes = Notes()
    engine.load(MODEL, notes)
    assert notes.heard == []


def test_after_unloading_it_loads_again_and_gives_the_same_pixels(make_engine):
    engine = make_engine()
    engine.unload()
    before = pixels(engine)
    engine.unload()
    notes = Notes()
    assert engine.generate(spec(), on_progress=notes).picture.tobytes() == before
    assert notes.phases()[0] is Phase.LOADING


def test_a_loading_that_is_cancelled_can_be_repeated(make_engine):
    engine = make_engine()

    def cancel(_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        engine.load(BASE, cancel)
    assert engine.resident is None
    engine.load(BASE)
    assert engine.resident == BASE


def test_it_says_which_model_is_resident(make_engine):
    engine = make_engine()
    assert engine.resident is None
    engine.load(MODEL)
    assert engine.resident == MODEL
    engine.generate(spec(model=BASE))
    assert engine.resident == BASE
    engine.unload()
    assert engine.resident is None


def test_another_model_and_back_gives_the_same_pixels(make_engine):
    engine = make_engine()
    before = pixels(engine)
    assert engine.generate(spec(model=BASE)).picture.size == (128, 128)
    assert pixels(engine) == before


def test_cancelling_a_change_of_model_keeps_the_one_that_was_there(make_engine):
    engine = make_engine()
    before = pixels(engine)

    def cancel(_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        engine.generate(spec(model=BASE), on_progress=cancel)
    assert engine.resident == MODEL
    notes = Notes()
    assert engine.generate(spec(), on_progress=notes).picture.tobytes() == before
    assert Phase.LOADING not in notes.phases()


def test_the_facts_say_what_had_to_be_loaded(make_engine):
    engine = make_engine()
    first = engine.generate(spec()).facts
    assert first.loaded is Loaded.EVERYTHING
    assert first.seconds.load > 0
    assert engine.generate(spec(seed=2)).facts.loaded is Loaded.NOTHING
    assert engine.generate(spec(model=BASE)).facts.loaded is not Loaded.NOTHING
    engine.load(MODEL)
    warm = engine.generate(spec()).facts
    assert warm.loaded is Loaded.NOTHING
    assert warm.seconds.load < 0.1


def test_the_setup_tells_beforehand_what_the_facts_tell_afterwards(make_engine):
    engine = make_engine()
    assert engine.setup() is None
    engine.load(MODEL)
    setup = asdict(engine.setup())
    facts = engine.generate(spec()).facts
    assert setup == {name: getattr(facts, name) for name in setup}
    engine.unload()
    assert engine.setup() is None


def test_on_a_cpu_there_is_no_device_memory_to_report(engine, make_engine):
    assert make_engine().memory() is None
    assert engine.memory() is None


def test_the_facts_name_engine_libraries_device_and_times(engine):
    facts = engine.generate(spec()).facts
    assert facts.engine == engine.name
    assert facts.engine_version
    assert {"numpy", "pillow"} <= facts.libraries.keys()
    assert facts.device == "cpu"
    assert facts.device_name
    assert facts.vram_tier is None
    assert facts.peak_vram_bytes is None
    assert facts.seconds.load < 1
    assert facts.seconds.denoise > 0
    assert min(facts.seconds.encode, facts.seconds.decode) >= 0
