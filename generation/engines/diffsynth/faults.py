"""What the libraries below raise, said as an `EngineError` that a person can act on.

Exceptions are told apart by the names of their classes and by their texts, so that this module
needs neither torch nor safetensors.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from generation.engines.base import (
    DeviceUnavailable,
    EngineError,
    EngineFailure,
    GpuFault,
    LoraMissing,
    ModelUnavailable,
    OutOfMemory,
    WeightsInvalid,
)

P = ParamSpec("P")
T = TypeVar("T")

_OUT_OF_MEMORY = (
    "out of memory", "can't allocate memory", "not enough memory", "ALLOC_FAILED",
)  # fmt: skip
_GPU_FAULT = (
    "CUDA error", "device-side assert", "cuDNN error", "CUDNN_STATUS", "CUBLAS_STATUS",
    "CUDA driver error", "unspecified launch failure", "illegal memory access",
)  # fmt: skip
_NO_DEVICE = (
    "No CUDA GPUs are available", "Torch not compiled with CUDA", "Found no NVIDIA driver",
    "pin_memory", "CUDA driver initialization failed",
)  # fmt: skip
_WRONG_WEIGHTS = ("Cannot detect the model type", "Error(s) in loading state_dict")


def explain(error: Exception) -> EngineError:
    """The `EngineError` for anything that went wrong while loading or making a picture."""
    if isinstance(error, EngineError):
        return released(error)
    names = {kind.__name__ for kind in type(error).__mro__}
    text = str(error)
    detail = f"{type(error).__name__}: {text}"
    return (
        _memory_or_device(names, text, detail)
        or _weights(error, names, text, detail)
        or EngineFailure("The engine failed in a way it does not know.", detail=detail)
    )


def explain_loading(error: Exception) -> EngineError:
    """Like `explain`, for the time of loading, when whatever is odd is odd about the files."""
    failure = explain(error)
    if isinstance(failure, EngineFailure):
        return WeightsInvalid(
            "The model cannot be loaded: its files do not fit together or are damaged.",
            detail=failure.detail,
        )
    return failure


def explain_lora(error: Exception) -> EngineError:
    """Like `explain`, for the loading of a LoRA, whose file is part of what was asked for."""
    failure = explain(error)
    if isinstance(failure, ModelUnavailable | WeightsInvalid | EngineFailure):
        return LoraMissing("loras", "A LoRA file cannot be read.", detail=failure.detail)
    return failure


def mapped(look: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `look` returns; what it raises comes out as by `explain_loading`."""
    try:
        return look(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - every kind is mapped
        failure = explain_loading(error)
    raise failure


def released(error: EngineError) -> EngineError:
    """`error` without its traceback and causes, whose frames would keep the models in memory."""
    error.__traceback__ = error.__cause__ = error.__context__ = None
    return error


def _memory_or_device(names: set[str], text: str, detail: str) -> EngineError | None:
    if names & {"OutOfMemoryError", "MemoryError"} or _says(text, _OUT_OF_MEMORY):
        return OutOfMemory(
            "There was not enough memory for this picture; a smaller size may work.", detail=detail
        )
    if _says(text, _NO_DEVICE):
        return DeviceUnavailable("The GPU cannot be reached.", detail=detail)
    if "AcceleratorError" in names or _says(text, _GPU_FAULT):
        return GpuFault("The GPU failed; the worker has to start anew.", detail=detail)
    return None


def _weights(error: Exception, names: set[str], text: str, detail: str) -> EngineError | None:
    if "SafetensorError" in names:
        return WeightsInvalid("A weight file of the model is damaged or incomplete.", detail=detail)
    if _says(text, _WRONG_WEIGHTS):
        return WeightsInvalid(
            "The weight files belong to a model this engine does not know.", detail=detail
        )
    if names & {"NetworkError", "ConnectionError", "OfflineModeIsEnabled"}:
        return ModelUnavailable("A part of the model is not on this machine.", detail=detail)
    if isinstance(error, OSError):
        return ModelUnavailable("A file of the model cannot be read.", detail=detail)
    return None


def _says(text: str, phrases: tuple[str, ...]) -> bool:
    folded = text.casefold()
    return any(phrase.casefold() in folded for phrase in phrases)
