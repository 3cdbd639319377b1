"""The limits of a spec that hold for every engine, and how an input image is made to fit.

Where the numbers come from: Z-Image works on blocks of 16 pixels and DiffSynth silently rounds
other sizes up; its position table ends at 8192 pixels, and beyond it a GPU is left unusable; a
step count below 1 silently returns noise; PyTorch takes seeds below 2**64, of which the lower
half fits a signed database column.
"""

import math
from typing import NoReturn

from PIL import Image, ImageOps

from generation.engines.base import ImageSpec, LoraRef, SpecRejected

SIZE_MULTIPLE = 16
SMALLEST_SIDE = 64
LARGEST_SIDE = 8192
MOST_STEPS = 100
LARGEST_SEED = 2**63 - 1
LARGEST_CFG = 30.0
SIGMA_SHIFT_RANGE = (0.1, 100.0)
LORA_WEIGHT_LIMIT = 4.0
LONGEST_PROMPT = 10_000
EDIT_AREA = 1024 * 1024
"""Pixels of an image to edit at most: what the models for it were trained with."""
EDIT_SIDE = 2048


def check_spec(spec: ImageSpec) -> None:
    """Raise `SpecRejected` for the first field that is out of bounds."""
    _check_text("prompt", spec.prompt)
    _check_text("negative_prompt", spec.negative_prompt)
    _check_side("width", spec.width)
    _check_side("height", spec.height)
    _check_whole("seed", "The seed", spec.seed, 0, LARGEST_SEED)
    _check_whole("steps", "The number of steps", spec.steps, 1, MOST_STEPS)
    _check_between("cfg", "The cfg scale", spec.cfg, 0.0, LARGEST_CFG)
    if spec.sigma_shift is not None:
        _check_between("sigma_shift", "The sigma shift", spec.sigma_shift, *SIGMA_SHIFT_RANGE)
    _check_between("strength", "The strength", spec.strength, 0.0, 1.0)
    if spec.input_image is None and spec.strength != 1.0:
        _reject("strength", "A strength below 1 needs an input image.")
    _check_image("input_image", "The input image", spec.input_image)
    _check_image("edit_image", "The image to edit", spec.edit_image)
    for lora in spec.loras:
        _check_lora(lora)


def prepare_input_image(image: Image.Image, width: int, height: int) -> Image.Image:
    """An upright RGB copy of exactly `width` x `height`: scaled to cover, then cropped evenly.

    Transparent parts become white, as they would on paper.
    """
    return ImageOps.fit(upright_rgb(image), (width, height), Image.Resampling.LANCZOS)


def prepare_edit_image(image: Image.Image) -> Image.Image:
    """An upright RGB copy that a model can read: at most a megapixel, sides in whole blocks.

    The proportions stay, up to the width of a block; only of a very long strip the ends are cut.
    """
    upright = upright_rgb(image)
    scale = min(1.0, math.sqrt(EDIT_AREA / (upright.width * upright.height)))
    width, height = (
        min(max(int(side * scale) // SIZE_MULTIPLE * SIZE_MULTIPLE, SMALLEST_SIDE), EDIT_SIDE)
        for side in upright.size
    )
    return ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS)


def upright_rgb(image: Image.Image) -> Image.Image:
    """A copy in its own size, turned as its EXIF data says, transparent parts white."""
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        upright = Image.alpha_composite(paper, layer)
    return upright.convert("RGB")


def _reject(field: str, message: str) -> NoReturn:
    raise SpecRejected(field, message)


def _check_text(field: str, text: object) -> None:
    name = field.replace("_", " ")
    if not isinstance(text, str):
        _reject(field, f"The {name} must be text.")
    if len(text) > LONGEST_PROMPT:
        _reject(field, f"The {name} must not be longer than {LONGEST_PROMPT:,} characters.")
    if any("\ud800" <= character <= "\udfff" for character in text) or "\0" in text:
        _reject(field, f"The {name} contains characters that are not text.")


def _check_side(field: str, pixels: object) -> None:
    _check_whole(field, f"The {field}", pixels, SMALLEST_SIDE, LARGEST_SIDE)
    if isinstance(pixels, int) and pixels % SIZE_MULTIPLE:
        _reject(field, f"The {field} must be a multiple of {SIZE_MULTIPLE} pixels.")


def _check_whole(field: str, name: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        _reject(field, f"{name} must be a whole number.")
    if not low <= value <= high:
        _reject(field, f"{name} must lie between {low} and {high}.")


def _check_between(field: str, name: str, value: object, low: float, high: float) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        _reject(field, f"{name} must be a number.")
    if not low <= value <= high:
        _reject(field, f"{name} must lie between {low:g} and {high:g}.")


def _check_image(field: str, name: str, image: object) -> None:
    if image is None:
        return
    if not isinstance(image, Image.Image):
        _reject(field, f"{name} must be a picture.")
    if min(image.size) < 1:
        _reject(field, f"{name} is empty.")


def _check_lora(lora: LoraRef) -> None:
    limit = LORA_WEIGHT_LIMIT
    _check_between("loras", "The weight of a LoRA", lora.weight, -limit, limit)
    if lora.path.suffix != ".safetensors":
        _reject("loras", "A LoRA must be a .safetensors file.")
