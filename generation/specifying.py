"""From a claimed job to what the engine is told."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from assets import storage
from generation.engines.base import EngineError, ImageSpec, LoraRef, ModelRef, SpecRejected
from generation.input_use import InputUse, input_use
from generation.models import GenerationJob, GenerationRequest
from generation.tiers import shrink


class InputImageGone(SpecRejected):
    """The picture to begin with was deleted meanwhile, or its file is lost or damaged."""

    code = "input_image_gone"


class InputImageUnreadable(EngineError):
    """The archive did not give the picture to begin with back, and may do so in a moment."""

    code = "input_image_unreadable"
    retryable = True


def spec_of(
    job: GenerationJob, *, largest_side: int | None = None, input_image: Pillow.Image | None = None
) -> ImageSpec:
    """What the engine must know about a job; touches neither database nor archive.

    `largest_side` is the tier that the picture has to be made smaller for, if it has to.
    `input_image` is what `input_image_of` has read. A model that changes pictures gets it as the
    picture to change, any other as the picture to begin with.
    """
    request = job.request
    model = request.model_version
    width, height = request.width, request.height
    if largest_side is not None:
        width, height = shrink(width, height, side=largest_side, multiple=model.size_multiple)
    edits = input_use(model) == InputUse.EDITS
    return ImageSpec(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        width=width,
        height=height,
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
