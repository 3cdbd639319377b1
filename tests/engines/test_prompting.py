"""Prompts that were encoded before: used again, with pixels that do not show it."""

import gc

import pytest

from generation.engines.base import Cancelled, Phase
from generation.engines.diffsynth.prompting import KEPT_PROMPTS, PromptMemory
from tests.engines.specs import BASE, OMNI, Notes, spec
from tests.engines.tiny_checkpoint.engine import TinyDiffSynthEngine


@pytest.fixture
def engine(tiny_line):
    return TinyDiffSynthEngine(model_root=tiny_line, device="cpu")


@pytest.fixture(scope="module")
def forgetful(tiny_line):
    """An engine that encodes every prompt anew."""
    engine = TinyDiffSynthEngine(model_root=tiny_line, device="cpu")
    engine._prompts._size = 0
    return engine


def make(engine, **changes):
    result = engine.generate(spec(**changes))
    return result.picture.tobytes(), result.facts.prompt_reused


def encodings(engine):
    """How often the text encoder runs from now on."""
    calls = []
    encoder = engine._residence.current.pipeline.text_encoder
    encoder.register_forward_hook(lambda *_: calls.append(1))
    return calls


def test_the_pixels_are_those_of_an_engine_that_encodes_anew(engine, forgetful):
    for changes in ({"seed": 1}, {"seed": 2}, {"seed": 2, "cfg": 4.0, "negative_prompt": "模糊"}):
        expected, reused = make(forgetful, **changes)
        assert not reused
        first, _ = make(engine, **changes)
        again, reused = make(engine, **changes)
        assert reused
        assert first == again == expected
    assert forgetful.prompt_hits == 0


def test_the_text_encoder_runs_once_for_many_seeds(engine):
    make(engine, seed=0)
    calls = encodings(engine)
    assert [make(engine, seed=seed)[1] for seed in (1, 2, 3)] == [True] * 3
    assert calls == []
    assert engine.prompt_hits == 3


def test_a_picture_with_one_new_prompt_of_two_is_not_reused(engine):
    make(engine)
    calls = encodings(engine)
    assert make(engine, cfg=4.0, negative_prompt="low quality")[1] is False
    assert len(calls) == 1
    assert make(engine, cfg=4.0, negative_prompt="low quality")[1] is True
    assert len(calls) == 1


def test_only_the_last_prompts_are_kept(engine):
    for index in range(KEPT_PROMPTS + 1):
        make(engine, prompt=f"prompt {index}", steps=1)
    assert len(engine._prompts) == KEPT_PROMPTS
    assert make(engine, prompt="prompt 1", steps=1)[1] is True
    assert make(engine, prompt="prompt 0", steps=1)[1] is False
    assert make(engine, prompt="prompt 1", steps=1)[1] is True, "it was used after prompt 2"


def test_a_related_model_uses_what_the_same_text_encoder_made(engine, forgetful):
    make(engine)
    assert make(engine, model=BASE) == (make(forgetful, model=BASE)[0], True)


def test_a_transformer_that_wants_prompts_put_differently_gets_its_own(engine, forgetful):
    make(engine)
    assert make(engine, model=OMNI) == (make(forgetful, model=OMNI)[0], False)
    assert make(engine, model=OMNI) == (make(forgetful, model=OMNI)[0], True)
    assert make(engine) == (make(forgetful)[0], True)


def test_the_phase_is_reported_although_nothing_runs(engine):
    make(engine)
    notes = Notes()
    assert engine.generate(spec(), on_progress=notes).facts.prompt_reused
    assert notes.phases() == [Phase.ENCODING, Phase.DENOISING, Phase.DECODING]


def test_a_cancelled_encoding_is_not_kept(engine):
    engine.load(spec().model)

    def cancel(progress):
        if progress.phase is Phase.ENCODING:
            raise Cancelled

    for _ in range(2):
        with pytest.raises(Cancelled):
            engine.generate(spec(), on_progress=cancel)
    assert len(engine._prompts) == 0
    make(engine)
    with pytest.raises(Cancelled):
        engine.generate(spec(), on_progress=cancel)


def test_unloading_forgets(engine):
    make(engine)
    engine.unload()
    assert len(engine._prompts) == 0
    assert make(engine)[1] is False


def test_nobody_is_called_after_the_picture_is_done(engine):
    notes = Notes()
    engine.generate(spec(), on_progress=notes)
    heard = len(notes.heard)
    make(engine)
    gc.collect()
    assert len(notes.heard) == heard


def test_what_is_kept_cannot_be_changed_by_who_used_it(tiny_checkpoint):
    import torch  # noqa: PLC0415

    memory, original = PromptMemory(), torch.ones(2)
    for _ in range(3):
        [[given]] = memory.get("key", "cpu", lambda: [[original]])
        assert given.tolist() == [1, 1]
        given.zero_()
