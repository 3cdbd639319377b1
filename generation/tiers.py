"""How large a picture may be for the memory of a GPU: tiers. Pure.

A size is told by its *side*: that of the square with as many pixels, because pixels are what takes
memory, whatever the shape. Sides are a few standard ones, so that people and settings speak of the
same steps.

**Available memory** is what is free on the device plus what this worker's own process holds there:
the model that it keeps warm is counted, because it is there anyway when the next picture starts.
Anything else would make a worker with a loaded model look smaller than it is.

One GB is 2**30 bytes. Cards report a little less than they are sold as (firmware, driver, ECC), so
a tier is reached with 6 % less than it names: a "12 GB" card that reports 11.6 GB is one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

GB = 2**30
REPORTED_SHARE = 0.94
STANDARD_SIDES = (512, 768, 1024, 1536, 2048, 3072, 4096, 8192)
# Multiples miss a square by a little: 1344 x 784 is a picture of side 1024.
AREA_TOLERANCE = 1.02
SMALLEST_SIDE = 64  # pixels; no engine draws less
MOST_TIERS = 12


class TiersInvalid(ValueError):
    """Tiers that cannot be used.

    `field` is the part of the JSON at fault: `tiers`, or one such as `tiers.0.side`; `sentence`
    says what is wrong and what to write instead, in the active language.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Tier:
    """With at least `min_free_gb` available, pictures up to `side` (in pixels, see above)."""

    name: str
    min_free_gb: float
    side: int


DEFAULT_TIERS = (Tier("high", 12, 1024), Tier("medium", 6, 768), Tier("low", 0, 512))


def largest_side(available_bytes: int | None, tiers: Iterable[Tier]) -> int | None:
    """The side that this much available memory allows; `None` is no limit.

    Memory that nobody knows (`None`: a CPU, a device that does not tell) sets none, nor do no tiers
    at all. Less than any tier asks for gives the smallest side: the picture may then fail for want
    of memory, which tells more than a worker that does nothing.
    """
    tier = tier_of(available_bytes, tiers)
    return None if tier is None else tier.side


def tier_of(available_bytes: int | None, tiers: Iterable[Tier]) -> Tier | None:
    """The tier that this much available memory reaches; `None` where there is none to speak of.

    Less than any asks for is the one with the smallest side, as in `largest_side`.
    """
    known = sorted(tiers, key=lambda tier: -tier.side)
    if available_bytes is None or not known:
        return None
    reached = (tier for tier in known if available_bytes >= tier.min_free_gb * GB * REPORTED_SHARE)
    return next(reached, known[-1])


def side_needed(width: int, height: int) -> int:
    """The smallest standard side whose square holds so many pixels, within 2 %.

    What is beyond all of them needs the side of its own square.
    """
    area = width * height
    holds = (side for side in STANDARD_SIDES if area <= side**2 * AREA_TOLERANCE)
    return next(holds, math.ceil(math.sqrt(area)))


def fits(side_needed: int, largest_side: int | None) -> bool:
    """Whether a picture that needs a side may be drawn where this is the largest."""
    return largest_side is None or side_needed <= largest_side


def step_down(side: int, tiers: Iterable[Tier]) -> int | None:
    """The next smaller side that a tier has; `None` when there is none."""
    return max((tier.side for tier in tiers if tier.side < side), default=None)


def shrink(width: int, height: int, *, side: int, multiple: int) -> tuple[int, int]:
    """The size of the same shape that a side allows: no larger than asked, in multiples.

    What fits already keeps its size (brought down to multiples). The shape is kept as well as the
    multiples allow; it gives way where the shorter side would fall below 64 pixels, which nothing
    does (64 that are brought up to a multiple, if 64 is none).
    """
    least = math.ceil(SMALLEST_SIDE / multiple) * multiple
    most = (max(least, _floor(width, multiple)), max(least, _floor(height, multiple)))
    limit = side**2 * AREA_TOLERANCE
    scale = 1.0 if math.prod(most) <= limit else side / math.sqrt(width * height)
    sizes = [
        (wide, high)
        for wide in _near(width * scale, least, most[0], multiple)
        for high in _near(height * scale, least, most[1], multiple)
        if wide * high <= limit
    ]
    if sizes:
        ratio = width / height
        return min(sizes, key=lambda size: (abs(math.log(size[0] / size[1] / ratio)), -size[0]))
    longest = max(least, _floor(limit / least, multiple))
    return (min(longest, most[0]), least) if width >= height else (least, min(longest, most[1]))


def tiers_to_json(tiers: Iterable[Tier]) -> list[dict[str, object]]:
    """Plain JSON, which `tiers_from_json` reads."""
    return [asdict(tier) for tier in tiers]


def tiers_from_json(data: object) -> tuple[Tier, ...]:
    """The tiers out of JSON, the highest first.

    There is one for every GPU: one of them starts at 0 GB, and more memory allows more.

    Raises:
        TiersInvalid: anything about it is wrong.
    """
    if not isinstance(data, Sequence) or isinstance(data, str) or not 1 <= len(data) <= MOST_TIERS:
        raise TiersInvalid("tiers", _("Give a list of 1 to %(most)d tiers.") % {"most": MOST_TIERS})
    tiers = sorted(
        (_tier(number, item) for number, item in enumerate(data)),
        key=lambda tier: -tier.min_free_gb,
    )
    if len({tier.name for tier in tiers}) < len(tiers):
        raise TiersInvalid("tiers", _("Two tiers have the same name. Give each its own."))
    if tiers[-1].min_free_gb != 0:
        raise TiersInvalid(
            "tiers", _("No tier starts at 0 GB. Let the lowest do so, so that every GPU has one.")
        )
    for higher, lower in pairwise(tiers):
        if higher.min_free_gb == lower.min_free_gb or higher.side <= lower.side:
            raise TiersInvalid(
                "tiers",
                _("Give “%(higher)s” more memory and a larger side than “%(lower)s”.")
                % {"higher": higher.name, "lower": lower.name},
            )
    return tuple(tiers)


def _tier(number: int, item: object) -> Tier:
    field = f"tiers.{number}"
    if not isinstance(item, Mapping) or set(item) != {"name", "min_free_gb", "side"}:
        raise TiersInvalid(field, _("A tier has a name, min_free_gb and side, nothing else."))
    name, free, side = item["name"], item["min_free_gb"], item["side"]
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 40:
        raise TiersInvalid(f"{field}.name", _("Give every tier a name of 1 to 40 characters."))
    if isinstance(free, bool) or not isinstance(free, int | float) or not 0 <= free <= 10_000:
        raise TiersInvalid(
            f"{field}.min_free_gb", _("Give the memory in GB, 0 or more; 12, for example.")
        )
    if not isinstance(side, int) or side not in STANDARD_SIDES:
        raise TiersInvalid(
            f"{field}.side",
            _("The side is one of %(sides)s pixels.")
            % {"sides": ", ".join(map(str, STANDARD_SIDES))},
        )
    return Tier(name.strip(), free, side)


def _floor(pixels: float, multiple: int) -> int:
    return math.floor(pixels / multiple) * multiple


def _near(pixels: float, least: int, most: int, multiple: int) -> Iterator[int]:
    """The multiples around a length, between the least and the most."""
    below = _floor(pixels, multiple)
    yield from {min(max(least, each), most) for each in (below, below + multiple)}
