"""What every engine is: one spec in, one picture with its facts out.

Engines are plain Python. They know nothing of Django, the database, people or queues, so the
same class serves the worker, a test and a script. This module imports no implementation and
nothing heavier than Pillow.
"""
# the errors are named after what happened, which reads better where they land

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from PIL import Image


class Phase(StrEnum):
    """Where one picture is on its way, in the order in which it gets there."""

    LOADING = "loading"
    ENCODING = "encoding"
    DENOISING = "denoising"
    DECODING = "decoding"
    SAVING = "saving"  # reported by the caller, who owns the file


@dataclass(frozen=True, slots=True)
class Progress:
    """`step` of `steps` parts of `phase` are done.

    DENOISING counts from 0 to `steps`, both included, so a picture of 8 steps reports nine
    times. Other phases may report only their beginning, as 0 of 1.
    """

    phase: Phase
    step: int
    steps: int


OnProgress = Callable[[Progress], None]
"""Called in the engine's own thread. It may raise `Cancelled`; the engine lets that through."""


def ignore_progress(progress: Progress) -> None:
    """The callback for those who do not watch."""


@dataclass(frozen=True, slots=True)
class ModelRef:
    """A model by name and revision, for example ("Tongyi-MAI/Z-Image-Turbo", "master")."""

    name: str
    revision: str


@dataclass(frozen=True, slots=True)
class LoraRef:
    """A LoRA file in safetensors format, how strongly it acts, and what the file must hash to.

    A relative path lies below the engine's own LoRA directory. An empty hash is not compared.
    """

    path: Path
    weight: float
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSpec:
    """Everything that determines a picture.

    Width and height are pixels. The defaults are those of Z-Image-Turbo: 8 steps at cfg 1.
    `sigma_shift` None means the model's own (3 for Z-Image). `strength` says how much of
    `input_image` is replaced and must be 1 when there is none. `edit_image` is a picture that the
    prompt says how to change; only some models take one (`families`). Valid ranges: `checking`.
    """

    prompt: str
    negative_prompt: str = ""
    width: int = 1024
    height: int = 1024
    seed: int
    steps: int = 8
    cfg: float = 1.0
    sigma_shift: float | None = None
    model: ModelRef
    input_image: Image.Image | None = None
    strength: float = 1.0
    loras: tuple[LoraRef, ...] = ()
    edit_image: Image.Image | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSeconds:
    """Wall clock seconds of each phase; `load` is 0 when the model was already resident."""

    load: float
    encode: float
    denoise: float
    decode: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceMemory:
    """The memory of one GPU at one moment, in bytes, as its driver sees it.

    `device_uuid` is NVML's (`GPU-…`), so that two processes can tell whether they share a card.
    `free_bytes` is what nobody holds; `held_bytes` is what this process holds itself, whether a
    model lies in it or it is only kept at hand, and what unloading would give back most of.
    """

    device_uuid: str
    name: str
    free_bytes: int
    total_bytes: int
    held_bytes: int


class Loaded(StrEnum):
    """What had to be read into memory before a picture could be made."""

    NOTHING = "nothing"  # the model was resident
    TRANSFORMER = "transformer"  # a related model was, and only its transformer was exchanged
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFacts:
    """How a picture came about, as far as the engine can know. Goes into the archive unchanged.

    `libraries` maps a name (diffsynth, torch, cuda, numpy, pillow ...) to its version.
    `weight_hashes` maps a weight file, as `part/file`, to its SHA-256. Sizes are (width, height)
    in pixels; `size_reason` is None when both are the same. `prompt_reused`: the text encoder
    did not run, because the engine still had what it made of these words.
    """

    engine: str
    engine_version: str
    libraries: Mapping[str, str]
    device: str
    device_name: str
    driver: str
    dtype: str
    load_mode: str
    vram_tier: str | None
    peak_vram_bytes: int | None
    weight_hashes: Mapping[str, str]
    seconds: PhaseSeconds
    asked_size: tuple[int, int]
    made_size: tuple[int, int]
    size_reason: str | None
    is_preview: bool
    prompt_reused: bool = False
    loaded: Loaded = Loaded.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSetup:
    """What every picture made with the resident model would say of engine, device and weights.

    The same as in `EngineFacts`, known before a picture is made. As long as it stays the same, the
    same spec gives the same pixels.
    """

    engine: str
    engine_version: str
    libraries: Mapping[str, str]
    device_name: str
    driver: str
    dtype: str
    load_mode: str
    weight_hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineResult:
    """One RGB picture and its facts."""

    picture: Image.Image
    facts: EngineFacts


class EngineError(Exception):
    """Why there is no picture.

    `code` is stable and meant for programs, `message` is an English sentence meant for a person,
    `detail` is the technical cause for the log (never shown to people: it may name paths).
    `retryable`: the same spec may succeed later without anybody changing anything.
    `fatal`: this process can make no more pictures and must be replaced.

    Engines never chain the original exception to it: a traceback holds the frames in which the
    models live, and with them gigabytes of GPU memory.
    """

    code: ClassVar[str] = "engine_failure"
    retryable: ClassVar[bool] = False
    fatal: ClassVar[bool] = False

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class SpecRejected(EngineError):
    """The spec cannot be made into a picture; `field` names the part of `ImageSpec` at fault."""

    code = "spec_rejected"

    def __init__(self, field: str, message: str, *, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.field = field


class Cancelled(EngineError):
    """Raised by a progress callback to stop; the engine stays usable."""

    code = "cancelled"

    def __init__(self, message: str = "The picture was cancelled.", *, detail: str = "") -> None:
        super().__init__(message, detail=detail)


class LoraMissing(SpecRejected):
    """A LoRA file is not on this machine, or not the one that was registered."""

    code = "lora_missing"


class LoraUnfit(SpecRejected):
    """A LoRA was made for another model."""

    code = "lora_unfit"


class ModelUnavailable(EngineError):
    """A file or a part of the model is not there."""

    code = "model_unavailable"


class WeightsInvalid(EngineError):
    """The weights are there but damaged, or belong to another model."""

    code = "weights_invalid"


class DeviceUnavailable(EngineError):
    """The device the engine was told to use is not there."""

    code = "device_unavailable"
    retryable = True


class OutOfMemory(EngineError):
    """The picture or the model did not fit into memory; the engine has freed what it could."""

    code = "out_of_memory"
    retryable = True


class GpuFault(EngineError):
    """The GPU or its driver failed; nothing more can run in this process."""

    code = "gpu_fault"
    retryable = True
    fatal = True


class EngineFailure(EngineError):
    """Anything nobody foresaw; `detail` holds the type and text of the cause."""


@runtime_checkable
class ImageEngine(Protocol):
    """Turns one spec into one picture. Raises `EngineError`, never anything else on purpose.

    One engine is used by one thread of one process. After every error that is not `fatal` it is
    as usable as before.
    """

    name: str

    @property
    def resident(self) -> ModelRef | None:
        """The model that is loaded, under the name it was last asked for by."""

    def setup(self) -> EngineSetup | None:
        """What pictures of the resident model have in common; `None` while there is none."""

    def memory(self) -> DeviceMemory | None:
        """The memory of the engine's GPU; `None` where it has none. Works before any loading.

        Raises `GpuFault` when the GPU is there and does not answer.
        """

    def load(self, model: ModelRef, on_progress: OnProgress = ignore_progress) -> None:
        """Make the model resident, in place of any other. With the same model again it is free.

        When it fails or is cancelled, the model that was resident still is, unless the two did
        not fit into memory together and the old one could not be brought back either.
        """

    def check(self, spec: ImageSpec) -> None:
        """Raise `SpecRejected` for a spec this engine cannot make. Costs nothing, loads nothing."""

    def generate(
        self, spec: ImageSpec, *, on_progress: OnProgress = ignore_progress
    ) -> EngineResult:
        """Check, load if need be, and make the picture.

        The same spec with the same model on the same device gives the same pixels.
        """
        ...

    def unload(self) -> None:
        """Give the memory back. Without a loaded model it does nothing."""
