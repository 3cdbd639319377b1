"""From a claimed job to what the engine is told."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from assets import storage
from generation.engines.base import EngineError, ImageSpec, LoraRef, ModelRef, SpecRejected
from generation.input_use import InputUse, input_use
from generation.models import GenerationJob, GenerationRequest


class InputImageGone(SpecRejected):
    """The picture to begin with was deleted meanwhile, or its file is lost or damaged."""

    code = "input_image_gone"


class InputImageUnreadable(EngineError):
    """The archive did not give the picture to begin with back, and may do so in a moment."""

    code = "input_image_unreadable"
    retryable = True


@dataclass(frozen=True, slots=True)
class Beginning:
    """The picture that a job begins with, or why it cannot be had; usually there is none."""

    picture: Pillow.Image | None = None
    fault: EngineError | None = None

    def given(self) -> Pillow.Image | None:
        """The picture. Raises `EngineError` when it cannot be had."""
        if self.fault is not None:
            raise self.fault
        return self.picture


NO_BEGINNING = Beginning()


def spec_of(job: GenerationJob, *, input_image: Pillow.Image | None = None) -> ImageSpec:
    """What the engine must know about a job; touches neither database nor archive.

    `input_image` is the job's beginning. A model that changes pictures gets it as the picture to
    change, any other as the picture to begin with.
    """
    request = job.request
    model = request.model_version
    edits = input_use(model) == InputUse.EDITS
    return ImageSpec(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        width=request.width,
        height=request.height,
        seed=job.seed,
        steps=request.steps,
        cfg=request.cfg,
        model=ModelRef(model.name, model.revision),
        input_image=None if edits else input_image,
        strength=1.0 if edits else request.strength,
        loras=tuple(
            LoraRef(Path(each["path"]), each["weight"], each["sha256"]) for each in request.loras
        ),
        edit_image=input_image if edits else None,
    )


def beginning_of(request: GenerationRequest) -> Beginning:
    """What a request begins with, read ahead: a fault is kept for whoever draws the picture."""
    try:
        return Beginning(input_image_of(request))
    except EngineError as error:
        return Beginning(fault=error)


def input_image_of(request: GenerationRequest) -> Pillow.Image | None:
    """The picture that a request begins with, read from the archive; `None` when it names none.

    Raises:
        InputImageGone: it is not there any more, or not as it was.
        InputImageUnreadable: the archive failed.
    """
    if request.input_uid is None:
        return None
    image = request.input_image
    if image is None:
        raise InputImageGone("input_image", "The picture to begin with was deleted.")
    try:
        data = storage.read(image.path)
    except storage.FileMissing as error:
        raise InputImageGone(
            "input_image", "The file of the picture to begin with is missing.", detail=str(error)
        ) from error
    except Exception as error:
        # Every storage has exceptions of its own.
        raise InputImageUnreadable(
            "The archive did not give back the picture to begin with.", detail=repr(error)
        ) from error
    if storage.sha256_of(data) != image.sha256:
        raise InputImageGone(
            "input_image", "The file of the picture to begin with is damaged.", detail=image.path
        )
    try:
        picture = Pillow.open(io.BytesIO(data))
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise InputImageGone(
            "input_image", "The file of the picture to begin with is no picture.", detail=str(error)
        ) from error
    return picture
