"""One model in place of another in the real engine: what is exchanged, what stays, what goes."""

import gc
import shutil
import weakref
from pathlib import Path

import pytest

from generation.engines.base import (
    Loaded,
    ModelRef,
    ModelUnavailable,
    OutOfMemory,
    Phase,
    WeightsInvalid,
)
from generation.engines.diffsynth import residence
from generation.engines.diffsynth.loading import load_exchangeable, load_pipeline
from tests.engines.loras import save_tensors
from tests.engines.specs import BASE, MODEL, OMNI, Notes, spec
from tests.engines.tiny_checkpoint.building import build
from tests.engines.tiny_checkpoint.engine import TinyDiffSynthEngine
from tests.engines.tiny_checkpoint.sizes import TEXT_ENCODER_FILE, TRANSFORMER_FILE

STRANGER = ModelRef("studio/other", "1")


@pytest.fixture
def engine(tiny_line):
    engine = TinyDiffSynthEngine(model_root=tiny_line, device="cpu")
    engine.load(MODEL)
    return engine


@pytest.fixture
def spoilt(tiny_line, tmp_path):
    """A copy of the line that a test may damage, and an engine on it with Turbo loaded."""
    line = Path(shutil.copytree(tiny_line, tmp_path / "line"))
    engine = TinyDiffSynthEngine(model_root=line, device="cpu")
    engine.load(MODEL)
    return line, engine


@pytest.fixture(params=[True, False], ids=["room for both", "room for one"])
def room(request, monkeypatch):
    """Whether two models fit into memory together; the machine itself is not asked."""
    monkeypatch.setattr(residence, "has_room", lambda *_, **__: request.param)
    return request.param


def pixels(engine, model=MODEL):
    return engine.generate(spec(model=model)).picture.tobytes()


def pipeline(engine):
    return engine._residence.current.pipeline


def never(times):
    """What happens when something does not fit, that many times."""
    return [MemoryError() for _ in range(times)]


def fail(monkeypatch, function, *errors):
    """Let the next calls of a loading function fail after they have loaded everything."""
    stock, waiting = getattr(residence, function), list(errors)

    def failing(*args):
        loaded = stock(*args)
        if waiting:
            raise waiting.pop(0)
        return loaded

    monkeypatch.setattr(residence, function, failing)


def test_only_the_transformer_is_exchanged(engine, room, caplog):
    caplog.set_level("INFO", logger="generation.engines.diffsynth.residence")
    before, held = pixels(engine), pipeline(engine)
    kept = [held.text_encoder, held.vae_encoder, held.vae_decoder, held.tokenizer]
    first = weakref.ref(held.dit)

    result = engine.generate(spec(model=BASE))

    assert result.facts.loaded is Loaded.TRANSFORMER
    assert result.facts.seconds.load > 0
    assert result.picture.tobytes() != before
    assert [held.text_encoder, held.vae_encoder, held.vae_decoder, held.tokenizer] == kept
    assert first() is None, "the old transformer is freed"
    assert "loaded transformer of Tongyi-MAI/Z-Image in" in caplog.text
    assert engine.resident == BASE


def test_a_swap_and_back_gives_the_same_pixels_as_a_fresh_engine(engine, room, tiny_line):
    before, other = pixels(engine), pixels(engine, BASE)
    assert (pixels(engine), pixels(engine, BASE)) == (before, other)
    fresh = TinyDiffSynthEngine(model_root=tiny_line, device="cpu")
    assert pixels(fresh, BASE) == other


def test_the_facts_hold_the_hashes_of_the_new_model(engine):
    turbo = engine.generate(spec()).facts.weight_hashes
    base = engine.generate(spec(model=BASE)).facts.weight_hashes
    assert turbo.keys() == base.keys()
    assert {name for name in turbo if turbo[name] != base[name]} == {TRANSFORMER_FILE}


def test_the_image_reader_comes_and_goes_with_its_transformer(engine):
    before = pixels(engine)
    result = engine.generate(spec(model=OMNI))
    assert result.facts.loaded is Loaded.TRANSFORMER
    assert "siglip/model.safetensors" in result.facts.weight_hashes
    reader = weakref.ref(pipeline(engine).image_encoder)
    assert pixels(engine) == before
    assert pipeline(engine).image_encoder is None
    assert reader() is None


def test_own_copies_of_the_shared_files_are_recognised_by_their_hashes(spoilt):
    line, engine = spoilt
    turbo, base = line / MODEL.name, line / BASE.name
    for part in ("text_encoder", "vae", "tokenizer"):
        shutil.copytree(turbo / part, base / part)
    assert engine.generate(spec(model=BASE)).facts.loaded is Loaded.TRANSFORMER


@pytest.mark.parametrize("part", ["text_encoder", "vae", "tokenizer"])
def test_with_another_part_everything_is_loaded_anew(spoilt, tmp_path, room, part):
    line, engine = spoilt
    before, old = pixels(engine), weakref.ref(pipeline(engine).text_encoder)
    shutil.copytree(build(tmp_path / "second", seed=7) / part, line / BASE.name / part)
    if part == "tokenizer":
        with (line / BASE.name / part / "tokenizer_config.json").open("a") as file:
            file.write("\n")
    shutil.copy(line / MODEL.name / "diffsynth_hashes.json", line / BASE.name)
    result = engine.generate(spec(model=BASE))
    assert result.facts.loaded is Loaded.EVERYTHING
    gc.collect()
    assert old() is None, "the old text encoder is freed"
    assert pixels(engine) == before


def test_another_name_for_the_same_files_loads_nothing(spoilt):
    line, engine = spoilt
    shutil.copytree(line / MODEL.name, line / STRANGER.name)
    kept = pipeline(engine).dit
    assert engine.generate(spec(model=STRANGER)).facts.loaded is Loaded.NOTHING
    assert pipeline(engine).dit is kept
    assert engine.resident == STRANGER


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda file: file.write_bytes(file.read_bytes()[:1000]), WeightsInvalid),
        (lambda file: file.write_bytes(b"not weights"), WeightsInvalid),
        (lambda file: file.unlink(), ModelUnavailable),
    ],
    ids=["truncated", "garbage", "missing"],
)
def test_damaged_files_are_noticed_before_anything_is_given_up(spoilt, room, damage, expected):
    line, engine = spoilt
    before, kept = pixels(engine), pipeline(engine).dit
    damage(line / BASE.name / TRANSFORMER_FILE)
    with pytest.raises(expected) as raised:
        engine.load(BASE)
    assert raised.value.__context__ is None
    assert pipeline(engine).dit is kept
    assert engine.resident == MODEL
    assert pixels(engine) == before


@pytest.mark.parametrize("holder", ["a stranger", "a text encoder"])
def test_foreign_and_misplaced_files_are_noticed_before_anything_is_given_up(spoilt, room, holder):
    line, engine = spoilt
    kept, file = pipeline(engine).dit, line / BASE.name / TRANSFORMER_FILE
    if holder == "a stranger":
        save_tensors(file, {"some.layer": (4, 4)})
    else:
        shutil.copy(line / MODEL.name / TEXT_ENCODER_FILE, file)
    expected = WeightsInvalid if holder == "a stranger" else ModelUnavailable
    with pytest.raises(expected):
        engine.load(BASE)
    assert engine.resident == MODEL
    assert pipeline(engine).dit is kept
    assert pixels(engine)


def test_a_swap_that_runs_out_of_memory_leaves_the_old_model_serving(engine, room, monkeypatch):
    before, shared = pixels(engine), pipeline(engine).text_encoder
    fail(monkeypatch, "load_exchangeable", *never(1 + room))
    with pytest.raises(OutOfMemory) as raised:
        engine.load(BASE)
    assert raised.value.__context__ is None
    assert engine.resident == MODEL
    assert pipeline(engine).text_encoder is shared
    notes = Notes()
    assert engine.generate(spec(), on_progress=notes).picture.tobytes() == before
    assert Phase.LOADING not in notes.phases()


def test_a_swap_that_fits_only_without_the_old_model_succeeds(engine, room, monkeypatch):
    other = pixels(TinyDiffSynthEngine(model_root=engine._residence._roots[0], device="cpu"), BASE)
    fail(monkeypatch, "load_exchangeable", *never(room))
    engine.load(BASE)
    assert pixels(engine, BASE) == other


def test_when_neither_model_can_be_loaded_the_next_picture_loads_again(engine, monkeypatch):
    before = pixels(engine)
    fail(monkeypatch, "load_exchangeable", *never(3))
    with pytest.raises(OutOfMemory):
        engine.load(BASE)
    assert engine.resident is None
    again = engine.generate(spec())
    assert again.facts.loaded is Loaded.EVERYTHING
    assert again.picture.tobytes() == before


def test_replacing_everything_that_runs_out_of_memory_leaves_the_old_model_serving(
    spoilt, room, tmp_path, monkeypatch
):
    line, engine = spoilt
    before = pixels(engine)
    build(line / STRANGER.name, seed=7)
    fail(monkeypatch, "load_pipeline", *never(1 + room))
    with pytest.raises(OutOfMemory):
        engine.load(STRANGER)
    assert engine.resident == MODEL
    notes = Notes()
    assert engine.generate(spec(), on_progress=notes).picture.tobytes() == before
    assert Phase.LOADING not in notes.phases()


def test_without_room_the_old_transformer_is_gone_before_the_new_one_is_read(engine, monkeypatch):
    seen = []
    monkeypatch.setattr(residence, "has_room", lambda *_, **__: False)
    old = weakref.ref(pipeline(engine).dit)

    def look(*args):
        seen.append(old())
        return load_exchangeable(*args)

    monkeypatch.setattr(residence, "load_exchangeable", look)
    engine.load(BASE)
    assert seen == [None]


def test_without_room_the_whole_old_model_is_gone_before_the_new_one_is_read(spoilt, monkeypatch):
    line, engine = spoilt
    build(line / STRANGER.name, seed=7)
    seen = []
    monkeypatch.setattr(residence, "has_room", lambda *_, **__: False)
    old = [weakref.ref(pipeline(engine).dit), weakref.ref(pipeline(engine).text_encoder)]

    def look(*args):
        seen.extend(ref() for ref in old)
        return load_pipeline(*args)

    monkeypatch.setattr(residence, "load_pipeline", look)
    engine.load(STRANGER)
    assert seen == [None, None]


def test_room_is_asked_for_what_has_to_be_read(engine, tiny_line, monkeypatch):
    asked = []

    def has_room(torch, device, needed, *, managed):
        asked.append((device, needed, managed))
        return True

    monkeypatch.setattr(residence, "has_room", has_room)
    engine.load(BASE)
    assert asked == [("cpu", (tiny_line / BASE.name / TRANSFORMER_FILE).stat().st_size, False)]


def test_dropping_an_engine_frees_its_model_without_being_asked(tiny_line):
    engine = TinyDiffSynthEngine(model_root=tiny_line, device="cpu")
    engine.generate(spec())
    kept = weakref.ref(pipeline(engine).dit)
    gc.disable()  # whoever holds gigabytes must not wait for the collector
    try:
        del engine
        assert kept() is None
    finally:
        gc.enable()
