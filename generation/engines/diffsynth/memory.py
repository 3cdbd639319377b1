"""How much memory there is, where weights would go, and giving it back."""

import ctypes
import gc
import sys
from pathlib import Path
from typing import Any

from generation.engines.base import DeviceMemory

SLACK_BYTES = 1 << 30
"""What stays free beside weights that are loaded while others still serve: buffers of loading,
and a little for those who share the card."""

MEMINFO = Path("/proc/meminfo")


def device_memory(torch: Any, device: str) -> DeviceMemory | None:
    """What the driver says of the GPU; `None` for a CPU. Raises what torch raises."""
    if not device.startswith("cuda"):
        return None
    free, total = torch.cuda.mem_get_info(device)
    properties = torch.cuda.get_device_properties(device)
    return DeviceMemory(
        device_uuid=_nvml_uuid(properties),
        name=str(properties.name),
        free_bytes=int(free),
        total_bytes=int(total),
        held_bytes=int(torch.cuda.memory_reserved(device)),
    )


def _nvml_uuid(properties: Any) -> str:
    """torch leaves out the prefix by which NVML tells cards from their slices."""
    uuid = str(getattr(properties, "uuid", ""))
    return uuid if not uuid or uuid.startswith(("GPU-", "MIG-")) else f"GPU-{uuid}"


def has_room(torch: Any, device: str, needed: int, *, managed: bool) -> bool:
    """Whether weights of that many bytes fit beside what is there now.

    They rest in main memory when `managed` or without a GPU. Unknown counts as no.
    """
    if managed or not device.startswith("cuda"):
        free = available_ram()
        return free is not None and needed + SLACK_BYTES <= free
    free, _ = torch.cuda.mem_get_info(device)
    # What torch holds without using it counts as taken for the driver, and is ours all the same.
    spare = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return bool(needed + SLACK_BYTES <= free + spare)


def available_ram() -> int | None:
    """Bytes of main memory that can be had without swapping; `None` where nobody says."""
    try:
        lines = MEMINFO.read_text().splitlines()
        entry = next(line for line in lines if line.startswith("MemAvailable:"))
        return int(entry.split()[1]) * 1024
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def give_back() -> None:
    """Return memory that nothing refers to any more, to the GPU's driver and to the system."""
    gc.collect()
    torch = sys.modules.get("torch")  # looking must not be what imports it
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
    if sys.platform == "linux":
        # Freed tensors stay with the C library otherwise, gigabytes of them after a large model.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
