"""torch and diffsynth as they are on this machine: importing them, the device, the versions."""

import contextlib
import logging
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from threading import local
from typing import Any, TextIO

from generation.engines.base import DeviceUnavailable

logger = logging.getLogger(__name__)

LIBRARIES = ("diffsynth", "torch", "transformers", "safetensors", "numpy", "pillow")
VRAM_TIERS = (8, 12, 16, 24, 32, 40, 48, 80, 96, 128)
"""Sizes in GB by which graphics cards are told apart."""

_declared: list[Any] = []


def import_torch() -> Any:
    """torch, with torchvision made importable next to a CPU build of it.

    torchvision's wheels are built for CUDA. Beside a CPU torch their operators do not load, and
    the import ends with "operator torchvision::nms does not exist". With the two schemas declared
    beforehand it goes through; nothing on the way to a picture calls these operators.
    """
    # No hub is ever asked: models are local, and a worker must not wait for a network.
    os.environ["DIFFSYNTH_SKIP_DOWNLOAD"] = "True"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch

    if torch.version.cuda is None and not _declared:
        library: Any = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
        library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _declared.append(library)  # the declaration lasts as long as the object
    return torch


def choose_device(torch: Any, wanted: str) -> str:
    """ "cuda", "cuda:1" or "cpu"; "auto" takes the GPU when there is one."""
    if wanted == "cpu":
        return wanted
    if torch.cuda.is_available():
        device = "cuda" if wanted == "auto" else wanted
        index = int(device.partition(":")[2] or 0)
        if index < torch.cuda.device_count():
            return device
        raise DeviceUnavailable("The GPU this worker was given is not there.", detail=device)
    if wanted == "auto":
        return "cpu"
    raise DeviceUnavailable(
        "This worker needs a GPU, and none can be reached.",
        detail=f"asked for {wanted}; torch {torch.__version__} sees no CUDA device",
    )


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """The device in words; `driver` and `vram_tier` only where there is a GPU."""

    device: str
    name: str
    driver: str
    vram_tier: str | None


def describe_device(torch: Any, device: str) -> DeviceFacts:
    if not device.startswith("cuda"):
        return DeviceFacts("cpu", platform.processor() or platform.machine(), "", None)
    properties = torch.cuda.get_device_properties(device)
    gigabytes = properties.total_memory / 2**30
    # A card reports a little less than it is sold as.
    tiers = [tier for tier in VRAM_TIERS if tier <= gigabytes * 1.06]
    tier = f"{tiers[-1]} GB" if tiers else f"below {VRAM_TIERS[0]} GB"
    return DeviceFacts(device, str(properties.name), _driver_version(), tier)


def _driver_version() -> str:
    try:
        import pynvml  # noqa: PLC0415 - optional
    except ImportError:
        return ""
    try:
        pynvml.nvmlInit()
        try:
            found = pynvml.nvmlSystemGetDriverVersion()
        finally:
            pynvml.nvmlShutdown()
    except pynvml.NVMLError:
        return ""
    return found.decode() if isinstance(found, bytes) else str(found)


def library_versions(torch: Any) -> dict[str, str]:
    versions = {}
    for name in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            versions[name] = version(name)
    if torch.version.cuda is not None:
        versions["cuda"] = str(torch.version.cuda)
    return versions


class _LoggedLines:
    """A stream that turns each print into one log record."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._here = local()

    def write(self, text: str) -> int:
        # A log handler that itself prints must reach the real stream, or it would call itself.
        if getattr(self._here, "busy", False):
            return self._stream.write(text)
        self._here.busy = True
        try:
            if words := text.split():
                logger.debug("%s", " ".join(words))
        finally:
            self._here.busy = False
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def prints_logged() -> Iterator[None]:
    """diffsynth reports by `print`; inside this, that goes to the log at level DEBUG."""
    lines: Any = _LoggedLines(sys.stdout)
    with contextlib.redirect_stdout(lines):
        yield
