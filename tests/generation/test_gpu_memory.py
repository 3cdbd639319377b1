"""The memory of a GPU, with the driver's library replaced at its edge."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from generation.gpu_memory import DriverReading, nvml_uuid, read_memory

UUID = "GPU-6cb0a1de-0000-0000-0000-000000000001"
GB = 2**30


class Driver(SimpleNamespace):
    """What `pynvml` is to the module: one card, on which two processes run."""

    class NVMLError(Exception):
        """What the library raises."""

    def __init__(self, **broken: Exception) -> None:
        super().__init__(broken=broken, asked=[], open=0)

    def _ask(self, name: str) -> None:
        self.asked.append(name)
        if name in self.broken:
            raise self.broken[name]

    def nvmlInit(self) -> None:  # noqa: N802  # the library's own name
        self._ask("init")
        self.open += 1

    def nvmlShutdown(self) -> None:  # noqa: N802
        self.open -= 1

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> str:  # noqa: N802
        self._ask("handle")
        if uuid != UUID:
            raise self.NVMLError("Not Found")
        return "the card"

    def nvmlDeviceGetMemoryInfo(self, device: str) -> SimpleNamespace:  # noqa: N802
        assert device == "the card"
        self._ask("memory")
        return SimpleNamespace(total=80 * GB, free=30 * GB, used=50 * GB)

    def nvmlDeviceGetComputeRunningProcesses(self, device: str) -> list[SimpleNamespace]:  # noqa: N802
        self._ask("processes")
        return [
            SimpleNamespace(pid=7, usedGpuMemory=20 * GB),
            SimpleNamespace(pid=8, usedGpuMemory=None),
        ]


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    """A machine with a card."""
    driver = Driver()
    monkeypatch.setitem(sys.modules, "pynvml", driver)
    return driver


def test_free_total_and_held_memory_are_read_by_uuid(driver: Driver) -> None:
    assert read_memory(UUID, 7) == DriverReading(
        uuid=UUID, free_bytes=30 * GB, total_bytes=80 * GB, held_bytes=20 * GB
    )
    assert driver.open == 0, "the library is given back"


def test_uuid_as_torch_writes_it_is_the_same_card(driver: Driver) -> None:
    memory = read_memory(UUID.removeprefix("GPU-"))

    assert memory is not None
    assert memory.uuid == UUID
    assert nvml_uuid("MIG-1") == "MIG-1"


@pytest.mark.parametrize("pid", [8, 9, None])
def test_memory_of_a_process_that_the_driver_does_not_tell_is_unknown(driver, pid) -> None:
    memory = read_memory(UUID, pid)

    assert memory is not None
    assert memory.held_bytes is None


@pytest.mark.parametrize("part", ["init", "handle", "memory"])
def test_driver_that_does_not_answer_is_no_memory_and_no_fault(driver: Driver, part: str) -> None:
    driver.broken[part] = driver.NVMLError("Driver Not Loaded")

    assert read_memory(UUID, 7) is None
    assert driver.open == 0


def test_card_that_hides_its_processes_still_tells_what_is_free(driver: Driver) -> None:
    driver.broken["processes"] = driver.NVMLError("Not Supported")

    assert read_memory(UUID, 7) == DriverReading(
        uuid=UUID, free_bytes=30 * GB, total_bytes=80 * GB, held_bytes=None
    )


def test_another_card_is_none(driver: Driver) -> None:
    assert read_memory("GPU-another") is None


def test_worker_without_gpu_asks_nobody(driver: Driver) -> None:
    assert read_memory("", 7) is None
    assert driver.asked == []


def test_machine_without_the_library_has_nothing_to_report(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)  # an import of it fails

    assert read_memory(UUID, 7) is None


def test_machine_without_a_driver_has_nothing_to_report() -> None:
    pytest.importorskip("pynvml")  # the real library, on a machine without this card

    assert read_memory("GPU-00000000-0000-0000-0000-000000000000", 1) is None
