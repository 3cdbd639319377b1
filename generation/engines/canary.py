"""Canaries: three small pictures that tell whether a model still draws what it drew.

Made once when a model is known to be good and kept, then made again after an upgrade, on another
card or when a worker is suspected, and compared. What is made and how it is compared is fixed
here; who keeps the pictures and when they are made is not this module's business.
"""

from PIL import Image, ImageChops, ImageStat

from generation.engines.base import ImageSpec, ModelRef

PROMPTS = (
    ("A red apple on a white plate, studio light", 1001),
    ("一只金毛犬，坐在草地上，阳光", 1002),
    ("A blue door in a white wall, a sign that says 你好", 1003),
)
"""Words and seeds. Changing one makes all pictures kept so far worthless."""

SIDE = 512
MOST_STEPS = 8

TOLERANCE = 6.0
"""The largest difference (see `difference`) that still counts as the same picture.

The same files, libraries, device and load mode give the same pixels: there 0 is expected. Another
card, driver or library adds up in another order, which in bfloat16 changes the last bit of many
numbers. Doing that on purpose to every layer of the tiny model of the tests moves its pictures by
1 to 2 levels; other weights move them by 39, another seed by 56. Between two real cards nobody
has measured it here, so the limit leaves room above the one and stays far below the others.
"""


def canary_specs(model: ModelRef, steps: int, cfg: float) -> tuple[ImageSpec, ...]:
    """What to make with `model`, whose own defaults are `steps` and `cfg`.

    Of the steps at most eight are taken: enough to go through every layer, and quick with every
    model. A model that needs more draws unfinished pictures then, which compare just as well.
    """
    return tuple(
        ImageSpec(
            prompt=prompt,
            width=SIDE,
            height=SIDE,
            seed=seed,
            steps=min(steps, MOST_STEPS),
            cfg=cfg,
            model=model,
        )
        for prompt, seed in PROMPTS
    )


def difference(a: Image.Image, b: Image.Image) -> float:
    """How far two pictures are apart: the mean absolute difference of their 8-bit levels, 0 to 255.

    Over all pixels and the three channels of RGB. Raises `ValueError` for pictures of two sizes.
    """
    if a.size != b.size:
        raise ValueError(f"pictures of different sizes: {a.size} and {b.size}")
    apart = ImageStat.Stat(ImageChops.difference(a.convert("RGB"), b.convert("RGB")))
    return sum(apart.mean) / len(apart.mean)
