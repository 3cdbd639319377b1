"""Reports of memory. The GPU is played by an object with the few functions of torch that count."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from generation.engines.base import DeviceMemory, GpuFault
from generation.engines.diffsynth import DiffSynthEngine, engine, memory
from generation.engines.diffsynth.memory import SLACK_BYTES, available_ram, device_memory, has_room
from generation.engines.preview import PreviewEngine
from tests.engines.specs import MODEL, spec

GIB = 2**30
ROOT = Path(__file__).parents[2]


def card(free=20, total=24, reserved=3, allocated=1, uuid="8a1f0a3c-0000-1111-2222-333344445555"):
    """torch with one GPU; sizes in GiB."""
    properties = SimpleNamespace(name="NVIDIA L4", uuid=uuid, total_memory=total * GIB)
    return SimpleNamespace(
        cuda=SimpleNamespace(
            is_available=lambda: True,
            device_count=lambda: 1,
            mem_get_info=lambda device: (free * GIB, total * GIB),
            memory_reserved=lambda device: reserved * GIB,
            memory_allocated=lambda device: allocated * GIB,
            get_device_properties=lambda device: properties,
        )
    )


def test_a_gpu_is_reported_as_its_driver_sees_it():
    assert device_memory(card(), "cuda") == DeviceMemory(
        device_uuid="GPU-8a1f0a3c-0000-1111-2222-333344445555",
        name="NVIDIA L4",
        free_bytes=20 * GIB,
        total_bytes=24 * GIB,
        held_bytes=3 * GIB,
    )
    assert device_memory(card(), "cpu") is None


@pytest.mark.parametrize("uuid", ["GPU-1", "MIG-2", ""])
def test_a_uuid_that_is_whole_or_unknown_stays_as_it_is(uuid):
    assert device_memory(card(uuid=uuid), "cuda").device_uuid == uuid


def test_room_on_a_gpu_counts_what_is_kept_at_hand_unused():
    fits = 20 * GIB + 2 * GIB - SLACK_BYTES
    assert has_room(card(), "cuda", fits, managed=False)
    assert not has_room(card(), "cuda", fits + 1, managed=False)


@pytest.mark.parametrize(("device", "managed"), [("cpu", False), ("cuda", True)])
def test_room_in_main_memory_is_what_the_system_calls_available(
    tmp_path, monkeypatch, device, managed
):
    meminfo = tmp_path / "meminfo"
    monkeypatch.setattr(memory, "MEMINFO", meminfo)
    meminfo.write_text("MemTotal: 64000000 kB\nMemFree: 100 kB\nMemAvailable: 8388608 kB\n")
    assert available_ram() == 8 * GIB
    assert has_room(card(free=0), device, 7 * GIB, managed=managed)
    assert not has_room(card(), device, 7 * GIB + 1, managed=managed)
    for text in ("", "MemAvailable:\n", "MemAvailable: many kB\n"):
        meminfo.write_text(text)
        assert available_ram() is None
        assert not has_room(card(), device, 1, managed=managed), "unknown counts as no"


def test_the_engine_reports_its_gpu_before_anything_is_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "import_torch", card)
    for device in ("auto", "cuda", "cuda:0"):
        report = DiffSynthEngine(model_root=tmp_path, device=device).memory()
        assert (report.name, report.held_bytes) == ("NVIDIA L4", 3 * GIB)


def test_a_gpu_that_is_not_there_has_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "import_torch", card)
    assert DiffSynthEngine(model_root=tmp_path, device="cuda:1").memory() is None


def test_a_gpu_that_does_not_answer_is_a_fault(tmp_path, monkeypatch):
    def broken(device):
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    torch = card()
    torch.cuda.mem_get_info = broken
    monkeypatch.setattr(engine, "import_torch", lambda: torch)
    with pytest.raises(GpuFault) as raised:
        DiffSynthEngine(model_root=tmp_path, device="cuda").memory()
    assert raised.value.__context__ is None


def test_an_engine_on_the_cpu_does_not_import_torch_to_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "import_torch", lambda: pytest.fail("imported"))
    assert DiffSynthEngine(model_root=tmp_path, device="cpu").memory() is None


def test_managed_weights_leave_the_gpu_when_a_picture_did_not_fit(tiny_checkpoint):
    from tests.engines.tiny_checkpoint.engine import TinyDiffSynthEngine  # noqa: PLC0415

    managed = TinyDiffSynthEngine(model_root=tiny_checkpoint, device="cpu")
    managed.load(MODEL)
    current = managed._residence.current
    kept = []
    current.pipeline.load_models_to_device = kept.append
    managed._residence.leave_device()
    assert kept == [], "resident weights stay"
    current.load_mode = "vram-managed"
    managed._residence.leave_device()
    assert kept == [[]]


def test_a_simulated_card_is_only_a_number():
    preview = PreviewEngine(simulated_vram_gb=24)
    report = preview.memory()
    assert report.free_bytes == report.total_bytes == 24 * GIB
    assert report.held_bytes == 0
    assert "Simulated" in report.name
    facts = preview.generate(spec()).facts
    assert (facts.device, facts.vram_tier, facts.peak_vram_bytes) == ("cpu", None, None)
    assert PreviewEngine().memory() is None
    with pytest.raises(ValueError, match="above 0"):
        PreviewEngine(simulated_vram_gb=0)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_this_machine_says_how_much_memory_is_available():
    assert available_ram() > 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_freed_weights_go_back_to_the_system():
    """In a process of its own: how much the C library keeps depends on all that was done before."""
    code = """
from pathlib import Path
from generation.engines.diffsynth.memory import give_back
from generation.engines.diffsynth.runtime import import_torch

torch = import_torch()
pages = lambda: int(Path("/proc/self/statm").read_text().split()[1])
before = pages()
weights = [torch.ones(2**14) for _ in range(4000)]
last = torch.ones(2**14)  # at the top of the heap, so that nothing below goes by itself
full = pages()
del weights
give_back()
print((pages() - before) / (full - before))
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert float(run.stdout) < 0.1
