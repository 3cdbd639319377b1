"""The memory of a GPU as its driver tells it, through NVML. No CUDA context, no torch.

A worker's pulse may ask every few seconds, also while the worker is busy in a long kernel. GPUs are
named by UUID: NVML numbers all cards of the machine, torch only those that `CUDA_VISIBLE_DEVICES`
leaves, so that numbers mean different cards to the two. Without a driver, without the library or
without the card the answer is `None`, never an exception: a report about memory must not end a
worker.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverReading:
    """What one GPU has, in bytes.

    `free_bytes` is what any process could still take. `held_bytes` is what the asked process holds;
    `None` where the driver does not tell (a container that sees other process ids, a MIG slice).
    """

    uuid: str
    free_bytes: int
    total_bytes: int
    held_bytes: int | None = None


def read_memory(device_uuid: str, pid: int | None = None) -> DriverReading | None:
    """The memory of the GPU with this UUID, and how much of it the process `pid` holds.

    `device_uuid` may come from NVML (`GPU-6cb0…`, `MIG-…`) or from torch, which leaves the prefix
    out. `None` when there is nothing to report, an empty UUID (a worker without GPU) included.
    """
    if not device_uuid:
        return None
    try:
        import pynvml  # noqa: PLC0415  # optional, and of no use to web processes
    except ImportError:
        return None
    try:
        pynvml.nvmlInit()
        try:
            return _read(pynvml, nvml_uuid(device_uuid), pid)
        finally:
            pynvml.nvmlShutdown()
    except pynvml.NVMLError:
        return None


def nvml_uuid(device_uuid: str) -> str:
    """The UUID as NVML writes it."""
    return device_uuid if device_uuid.startswith(("GPU-", "MIG-")) else f"GPU-{device_uuid}"


def _read(nvml: Any, uuid: str, pid: int | None) -> DriverReading:
    device = nvml.nvmlDeviceGetHandleByUUID(uuid)
    memory = nvml.nvmlDeviceGetMemoryInfo(device)
    return DriverReading(
        uuid=uuid,
        free_bytes=int(memory.free),
        total_bytes=int(memory.total),
        held_bytes=None if pid is None else _held(nvml, device, pid),
    )


def _held(nvml: Any, device: Any, pid: int) -> int | None:
    try:
        running: Iterable[Any] = nvml.nvmlDeviceGetComputeRunningProcesses(device)
    except nvml.NVMLError:  # not on every card, and not in every container
        return None
    held = [each.usedGpuMemory for each in running if each.pid == pid]
    return int(held[0]) if held and held[0] is not None else None
