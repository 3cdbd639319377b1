"""Every way in which the real pipeline is known to fail, on real files, said as an EngineError."""

import gc
import hashlib
import shutil
import sys
import weakref
from pathlib import Path

import pytest

from generation.engines.base import (
    DeviceUnavailable,
    EngineError,
    EngineFailure,
    GpuFault,
    ModelRef,
    ModelUnavailable,
    OutOfMemory,
    WeightsInvalid,
)
from generation.engines.diffsynth.faults import explain
from tests.engines.loras import save_tensors
from tests.engines.specs import MODEL, Notes, spec
from tests.engines.tiny_checkpoint.engine import TinyDiffSynthEngine

DIT = "transformer/diffusion_pytorch_model.safetensors"
TEXT_ENCODER = "text_encoder/model.safetensors"
VAE = "vae/diffusion_pytorch_model.safetensors"


@pytest.fixture
def spoilt(tiny_checkpoint, tmp_path):
    """A copy of the checkpoint that a test may damage."""
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "model"))


@pytest.fixture(scope="module")
def engine(tiny_checkpoint):
    engine = TinyDiffSynthEngine(model_root=tiny_checkpoint, device="cpu")
    engine.load(MODEL)
    return engine


def failure_of_loading(root, device="cpu"):
    with pytest.raises(EngineError) as raised:
        TinyDiffSynthEngine(model_root=root, device=device).load(MODEL)
    assert raised.value.message.endswith(".")
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    return raised.value


def test_a_model_that_is_nowhere_is_unavailable(tmp_path):
    failure = failure_of_loading(tmp_path)
    assert isinstance(failure, ModelUnavailable)
    assert MODEL.name in failure.message
    assert str(tmp_path) in failure.detail
    assert str(tmp_path) not in failure.message


@pytest.mark.parametrize("name", ["../model", "/etc", "", "."])
def test_a_model_name_cannot_lead_out_of_the_model_directory(tmp_path, spoilt, name):
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(ModelUnavailable):
        TinyDiffSynthEngine(model_root=inside, device="cpu").load(ModelRef(name, "1"))


@pytest.mark.parametrize(
    ("file", "words"),
    [(DIT, "transformer"), (TEXT_ENCODER, "text encoder"), (VAE, "VAE")],
)
def test_a_missing_weight_file_is_named(spoilt, file, words):
    (spoilt / file).unlink()
    failure = failure_of_loading(spoilt)
    assert isinstance(failure, ModelUnavailable)
    assert words in failure.message


@pytest.mark.parametrize("file", [DIT, TEXT_ENCODER, VAE])
def test_a_directory_in_place_of_a_file_is_unavailable(spoilt, file):
    (spoilt / file).unlink()
    (spoilt / file).mkdir()
    assert isinstance(failure_of_loading(spoilt), ModelUnavailable)


def test_other_weight_formats_are_not_read(spoilt):
    (spoilt / VAE).rename(spoilt / "vae/diffusion_pytorch_model.bin")
    assert isinstance(failure_of_loading(spoilt), ModelUnavailable)


def test_a_missing_tokenizer_is_named(spoilt):
    shutil.rmtree(spoilt / "tokenizer")
    failure = failure_of_loading(spoilt)
    assert isinstance(failure, ModelUnavailable)
    assert "tokenizer" in failure.message


def test_a_damaged_tokenizer_is_invalid(spoilt):
    (spoilt / "tokenizer/tokenizer.json").write_text("{")
    assert isinstance(failure_of_loading(spoilt), WeightsInvalid)


@pytest.mark.parametrize("file", [DIT, TEXT_ENCODER, VAE])
def test_a_truncated_file_is_invalid(spoilt, file):
    whole = (spoilt / file).read_bytes()
    (spoilt / file).write_bytes(whole[: len(whole) // 2])
    failure = failure_of_loading(spoilt)
    assert isinstance(failure, WeightsInvalid)
    assert "Safetensor" in failure.detail


def test_garbage_is_invalid(spoilt):
    (spoilt / DIT).write_bytes(b"not weights at all" * 100)
    assert isinstance(failure_of_loading(spoilt), WeightsInvalid)


def test_the_weights_of_an_unknown_model_are_invalid(spoilt):
    save_tensors(spoilt / DIT, {"some.layer": (4, 4)})
    failure = failure_of_loading(spoilt)
    assert isinstance(failure, WeightsInvalid)
    assert "does not know" in failure.message


def test_weights_in_the_wrong_place_leave_a_part_missing(spoilt):
    shutil.copy(spoilt / DIT, spoilt / TEXT_ENCODER)
    failure = failure_of_loading(spoilt)
    assert isinstance(failure, ModelUnavailable)
    assert "text encoder" in failure.message


def test_a_gpu_that_is_not_there_is_said_plainly(tiny_checkpoint):
    if sys.modules["torch"].cuda.is_available():
        pytest.skip("there is a GPU")
    failure = failure_of_loading(tiny_checkpoint, device="cuda")
    assert isinstance(failure, DeviceUnavailable)
    assert failure.retryable


def test_a_device_nobody_knows_is_a_mistake_in_the_settings(tmp_path):
    with pytest.raises(ValueError, match="device"):
        TinyDiffSynthEngine(model_root=tmp_path, device="gpu")


def test_after_a_failed_loading_the_repaired_model_loads(spoilt):
    whole = (spoilt / DIT).read_bytes()
    (spoilt / DIT).write_bytes(whole[:1000])
    engine = TinyDiffSynthEngine(model_root=spoilt, device="cpu")
    with pytest.raises(WeightsInvalid):
        engine.load(MODEL)
    (spoilt / DIT).write_bytes(whole)
    assert engine.generate(spec()).picture.size == (128, 128)


def test_a_kept_error_does_not_keep_the_model(tiny_checkpoint):
    engine = TinyDiffSynthEngine(model_root=tiny_checkpoint, device="cpu")
    engine.load(MODEL)
    transformer = weakref.ref(engine._residence.current.pipeline.dit)
    engine._residence.current.pipeline.vae_decoder = None  # as a part that fails in the middle
    with pytest.raises(EngineFailure) as kept:
        engine.generate(spec())
    engine.unload()
    gc.collect()
    assert kept.value.detail
    assert transformer() is None


def test_running_out_of_memory_leaves_nothing_behind(tiny_checkpoint):
    torch = sys.modules["torch"]
    engine = TinyDiffSynthEngine(model_root=tiny_checkpoint, device="cpu")
    before = engine.generate(spec()).picture.tobytes()
    pipeline, made = engine._residence.current.pipeline, []

    def too_much(latents):
        made.extend((weakref.ref(latents), weakref.ref(latents * 2)))
        grown = torch.cat([latents] * 2)
        made.append(weakref.ref(grown))
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    stock = pipeline.vae_decoder.forward
    pipeline.vae_decoder.forward = too_much
    with pytest.raises(OutOfMemory) as kept:
        engine.generate(spec())
    pipeline.vae_decoder.forward = stock
    assert kept.value.retryable
    assert len(made) == 3
    assert [ref() for ref in made] == [None] * 3
    assert engine.generate(spec()).picture.tobytes() == before


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (RuntimeError, "[enforce fail] DefaultCPUAllocator: can't allocate memory", OutOfMemory),
        (RuntimeError, "CUDA error: out of memory", OutOfMemory),
        (RuntimeError, "CUDA out of memory. Tried to allocate 2.00 GiB", OutOfMemory),
        (RuntimeError, "CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate", OutOfMemory),
        (MemoryError, "", OutOfMemory),
        (RuntimeError, "CUDA error: device-side assert triggered", GpuFault),
        (RuntimeError, "CUDA error: an illegal memory access was encountered", GpuFault),
        (RuntimeError, "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", GpuFault),
        (RuntimeError, "No CUDA GPUs are available", DeviceUnavailable),
        (AssertionError, "Torch not compiled with CUDA enabled", DeviceUnavailable),
        (FileNotFoundError, "No such file or directory: model", ModelUnavailable),
        (ConnectionError, "no route to the hub", ModelUnavailable),
        (ValueError, "Cannot detect the model type. File: []. Model hash: d41d", WeightsInvalid),
        (IndexError, "index 512 is out of bounds", EngineFailure),
    ],
    ids=str,
)
def test_known_texts_are_mapped(kind, text, expected):
    failure = explain(kind(text))
    assert type(failure) is expected
    assert kind.__name__ in failure.detail


def test_the_memory_error_of_torch_is_mapped(engine):
    torch = sys.modules["torch"]
    assert isinstance(explain(torch.OutOfMemoryError("anything")), OutOfMemory)
    assert isinstance(explain(torch.AcceleratorError("anything")), GpuFault)


def test_only_a_gpu_fault_ends_the_process():
    kinds = EngineError.__subclasses__()
    assert [kind for kind in kinds if kind.fatal] == [GpuFault]
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_the_facts_hold_the_hash_of_every_weight_file(engine, tiny_checkpoint):
    facts = engine.generate(spec()).facts
    assert facts.weight_hashes == {
        file: hashlib.sha256((tiny_checkpoint / file).read_bytes()).hexdigest()
        for file in (DIT, TEXT_ENCODER, VAE)
    }
    assert {"diffsynth", "torch"} <= facts.libraries.keys()
    assert facts.dtype == "bfloat16"
    assert facts.load_mode == "resident"
    assert facts.is_preview is False


def test_two_models_below_one_directory_are_told_apart_by_name(tiny_checkpoint, tmp_path):
    for name in ("team/first", "team/second"):
        shutil.copytree(tiny_checkpoint, tmp_path / name)
    engine = TinyDiffSynthEngine(model_root=tmp_path, device="cpu")
    engine.load(ModelRef("team/first", "1"))
    notes = Notes()
    engine.load(ModelRef("team/second", "1"), notes)
    assert notes.heard
    with pytest.raises(ModelUnavailable):
        engine.load(ModelRef("team/third", "1"))


def test_what_diffsynth_prints_goes_to_the_log(tiny_checkpoint, capsys, caplog):
    caplog.set_level("DEBUG", logger="generation.engines.diffsynth.runtime")
    TinyDiffSynthEngine(model_root=tiny_checkpoint, device="cpu").load(MODEL)
    assert capsys.readouterr().out == ""
    assert any("Loaded model" in record.message for record in caplog.records)
