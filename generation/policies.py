"""Which asks the limits allow, and which waiting jobs they hold back. Pure: values in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from generation.engines import checking
from generation.holding import Hold, HoldKind
from generation.limits import Limits, Rules
from generation.quotas import Quota, Use, spent
from generation.scheduling import Candidate
from generation.types import ImageAsk


@dataclass(frozen=True, slots=True)
class Violation:
    """One limit that an ask breaks: the input at fault and what to do about it."""

    field: str
    sentence: str | Promise


MOST_LORAS = 3
LEAST_STRENGTH = 0.1  # below it nothing visible is left to the model
USUAL_STRENGTH = 0.6


def violations(
    ask: ImageAsk,
    limits: Limits,
    *,
    size_multiple: int,
    takes_input_image: bool = True,
    edits_input_image: bool = False,
) -> Iterator[Violation]:
    """Every limit that the ask breaks, in the order of the form.

    The last three say what the model can do: begin with a picture, or change one as the prompt
    says (then there is no strength).
    """
    if ask.input_image_uid is not None and not takes_input_image:
        yield Violation(
            "input_image",
            _("This model cannot begin with a picture. Remove it, or choose another model."),
        )
    yield from _strength_violations(ask, edits=edits_input_image)
    yield from _lora_violations(ask)
    yield from _size_violations(ask, limits, size_multiple)
    if not limits.min_steps <= ask.steps <= limits.max_steps:
        yield Violation(
            "steps",
            _("Choose between %(least)d and %(most)d steps.")
            % {"least": limits.min_steps, "most": limits.max_steps},
        )
    if not 0 <= ask.cfg <= checking.LARGEST_CFG:
        yield Violation(
            "cfg", _("Choose a CFG between 0 and %(most)g.") % {"most": checking.LARGEST_CFG}
        )
    if not 1 <= ask.count <= limits.max_images_per_request:
        yield Violation(
            "count",
            _("One request can hold 1 to %(most)d pictures in this project.")
            % {"most": limits.max_images_per_request},
        )
    largest_seed = checking.LARGEST_SEED - limits.max_images_per_request
    if ask.seed is not None and not 0 <= ask.seed <= largest_seed:
        yield Violation(
            "seed", _("A seed is a whole number from 0 to %(most)d.") % {"most": largest_seed}
        )


def hold_by_rules(
    candidate: Candidate, rules: Rules, *, uses: Mapping[Quota, Use], now: datetime
) -> Hold | None:
    """Why the policies do not let the candidate start now, caps on running pictures aside.

    `uses` is what was used of each quota of the rules, running pictures included.
    """
    if not rules.limits.is_open(now):
        return Hold(HoldKind.CLOSED, until=rules.limits.opens_at(now))
    if not rules.limits.allows_model(candidate.model_id):
        return Hold(HoldKind.MODEL_NOT_ALLOWED)
    over = spent(
        rules.quotas,
        uses,
        images=1,
        seconds=candidate.seconds,
        now=now,
        timezone=rules.time_zone,
    )
    return Hold(HoldKind.QUOTA, until=over.resets_at, quota=over) if over else None


def _strength_violations(ask: ImageAsk, *, edits: bool) -> Iterator[Violation]:
    if ask.input_image_uid is None or edits:
        if ask.strength != 1:
            yield Violation(
                "strength",
                _("This model changes the picture as the prompt says: leave the strength at 1.")
                if ask.input_image_uid is not None
                else _("A strength below 1 needs an input image."),
            )
    elif not LEAST_STRENGTH <= ask.strength <= 1:
        yield Violation(
            "strength",
            _("Choose a strength between %(least)g and 1.") % {"least": LEAST_STRENGTH},
        )


def _lora_violations(ask: ImageAsk) -> Iterator[Violation]:
    if len(ask.loras) > MOST_LORAS:
        yield Violation(
            "loras", _("A picture can have up to %(most)d LoRAs.") % {"most": MOST_LORAS}
        )
    if not all(abs(each.weight) <= checking.LORA_WEIGHT_LIMIT for each in ask.loras):
        yield Violation(
            "loras",
            _("The weight of a LoRA lies between %(least)g and %(most)g.")
            % {"least": -checking.LORA_WEIGHT_LIMIT, "most": checking.LORA_WEIGHT_LIMIT},
        )


def _size_violations(ask: ImageAsk, limits: Limits, multiple: int) -> Iterator[Violation]:
    for field, side in (("width", ask.width), ("height", ask.height)):
        if side > limits.max_side:
            yield Violation(
                field,
                _("The largest side in this project is %(most)d pixels.")
                % {"most": limits.max_side},
            )
        elif side < checking.SMALLEST_SIDE:
            yield Violation(
                field,
                _("The smallest side is %(least)d pixels.") % {"least": checking.SMALLEST_SIDE},
            )
        elif side % multiple:
            yield Violation(
                field,
                _("This model draws sizes in steps of %(multiple)d: try %(nearest)d.")
                % {
                    "multiple": multiple,
                    "nearest": min(
                        round(side / multiple) * multiple, limits.max_side // multiple * multiple
                    ),
                },
            )
    if ask.width * ask.height > limits.max_pixels:
        yield Violation("width", _pixel_sentence(ask, limits, multiple))


def _pixel_sentence(ask: ImageAsk, limits: Limits, multiple: int) -> str:
    """How many pixels there may be, and what fits at this width if anything does."""
    height = limits.max_pixels // ask.width // multiple * multiple
    sentence = (
        _("A picture in this project has at most %(most)s pixels: choose a smaller size.")
        if height < checking.SMALLEST_SIDE
        else _(
            "A picture in this project has at most %(most)s pixels: at a width of %(width)d "
            "it can be %(height)d high."
        )
    )
    return sentence % {
        "most": number_format(limits.max_pixels, force_grouping=True),
        "width": ask.width,
        "height": height,
    }
