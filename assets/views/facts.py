"""Everything a snapshot says, in groups and in words, for the page of a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assets.snapshot import Lora, MetadataSnapshot, Named, SnapshotError

log = structlog.get_logger(__name__)

Show = Callable[[Any], str]
Label = str | Promise


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known; `value` is empty for what is not, and may have several lines.

    `path` is where it stands in the snapshot.
    """

    label: Label
    value: str
    is_code: bool
    path: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts about one side of a picture."""

    title: Label
    facts: list[Fact]


def _text(value: Any) -> str:
    return str(value)


def _hash(value: str) -> str:
    return value


def _word(value: str) -> str:
    return str(WORDS.get(value, value))


def _number(value: float) -> str:
    return number_format(value, use_l10n=True)


def _seconds(value: float) -> str:
    return gettext("%(seconds)s s") % {"seconds": number_format(value, decimal_pos=2)}


def _yes_no(value: bool) -> str:  # noqa: FBT001  # called through the table
    return gettext("Yes") if value else gettext("No")


def _named(value: Named) -> str:
    return value.name


def _when(value: datetime) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")


def _pairs(value: Mapping[str, str | None]) -> str:
    return "\n".join(f"{key}: {text or '–'}" for key, text in value.items())


def _lines(value: tuple[str, ...]) -> str:
    return "\n".join(value)


def _loras(value: tuple[Lora, ...]) -> str:
    return "\n".join(f"{lora.name} × {_number(lora.weight)} {lora.sha256 or ''}" for lora in value)


# What the site itself writes into a record, in English.
WORDS: Final[Mapping[str, Label]] = {
    "allowed": _("Allowed"),
    "The model rounded the size.": _("The model rounded the size."),
}

# Title of the group; then path in the snapshot, label, and how the value is written. A test
# compares the paths with the snapshot's fields, so that nothing is forgotten here.
TABLE: Final[tuple[tuple[Label, tuple[tuple[str, Label, Show], ...]], ...]] = (
    (
        _("Words"),
        (
            ("words.prompt", _("Prompt as typed"), _text),
            ("words.final_prompt", _("Final prompt"), _text),
            ("words.negative_prompt", _("Negative prompt"), _text),
            ("words.template.template", _("Template"), _named),
            ("words.template.version_number", _("Template version"), _text),
            ("words.template.values", _("Variables"), _pairs),
        ),
    ),
    (
        _("Picture"),
        (
            ("picture.width", _("Width"), _text),
            ("picture.height", _("Height"), _text),
            ("picture.seed", _("Seed"), _text),
            ("picture.steps", _("Steps"), _text),
            ("picture.cfg", _("CFG"), _number),
            ("picture.sigma_shift", _("Sigma shift"), _number),
            ("picture.sampler", _("Sampler"), _text),
            ("picture.schedule", _("Schedule"), _text),
            ("picture.asked_width", _("Width asked for"), _text),
            ("picture.asked_height", _("Height asked for"), _text),
            ("picture.size_reason", _("Why the size differs"), _word),
        ),
    ),
    (
        _("Origin"),
        (
            ("origin.input_image.id", _("Input image"), _hash),
            ("origin.input_image.uploaded", _("Input was uploaded"), _yes_no),
            ("origin.input_image.sha256", _("Input SHA-256"), _hash),
            ("origin.strength", _("Strength"), _number),
            ("origin.parent_image_id", _("Made from image"), _hash),
            ("origin.imported.name", _("Imported from"), _text),
            ("origin.imported.sha256", _("SHA-256 of the imported file"), _hash),
            ("origin.imported.format", _("Format of the imported file"), _text),
            ("origin.imported.tool", _("Made with"), _text),
            ("origin.imported.tool_version", _("Version of the tool"), _text),
            ("origin.imported.label", _("AIGC label of the imported file"), _pairs),
        ),
    ),
    (
        _("Model"),
        (
            ("model.name", _("Model"), _text),
            ("model.revision", _("Revision"), _text),
            ("model.main_hash", _("Model SHA-256"), _hash),
            ("model.weight_hashes", _("Weights"), _pairs),
            ("model.loras", _("LoRAs"), _loras),
        ),
    ),
    (
        _("Engine"),
        (
            ("engine.engine", _("Engine"), _text),
            ("engine.version", _("Engine version"), _text),
            ("engine.is_preview", _("Preview without a model"), _yes_no),
            ("engine.libraries", _("Libraries"), _pairs),
            ("engine.device", _("Device"), _text),
            ("engine.dtype", _("Number format"), _text),
            ("engine.load_mode", _("Load mode"), _text),
            ("engine.vram_tier", _("VRAM tier"), _text),
            ("engine.peak_vram_bytes", _("Peak VRAM"), filesizeformat),
        ),
    ),
    (
        _("Time"),
        (
            ("created_at", _("Made on"), _when),
            ("timing.queue_wait", _("Waited"), _seconds),
            ("timing.load", pgettext_lazy("duration", "Loading the model"), _seconds),
            ("timing.encode", _("Reading the words"), _seconds),
            ("timing.denoise", _("Painting"), _seconds),
            ("timing.decode", _("Decoding"), _seconds),
            ("timing.save", _("Archiving"), _seconds),
        ),
    ),
    (
        _("Who"),
        (
            ("who.organization", _("Organization"), _named),
            ("who.project", _("Project"), _named),
            ("who.person", _("Made by"), _named),
            ("who.request_id", _("Request"), _hash),
            ("who.job_id", _("Job"), _hash),
            ("who.worker", _("Worker"), _text),
        ),
    ),
    (
        pgettext_lazy("group of facts", "File"),
        (
            ("file.sha256", _("SHA-256"), _hash),
            ("file.bytes", _("Size of the file"), filesizeformat),
            ("file.format", _("Format"), _text),
            ("file.archive_name", _("Name when archived"), _text),
        ),
    ),
    (
        _("Checks"),
        (
            ("verdicts.moderation.result", _("Moderation"), _word),
            ("verdicts.moderation.reasons", _("Moderation reasons"), _lines),
            ("verdicts.moderation.rules", _("Moderation rules"), _text),
            ("verdicts.policy.result", _("Policy"), _word),
            ("verdicts.policy.reasons", _("Policy reasons"), _lines),
            ("verdicts.policy.rules", _("Policy rules"), _text),
        ),
    ),
)


def facts_of(metadata: Mapping[str, Any]) -> list[FactGroup]:
    """The groups of a stored snapshot; none for one that cannot be read, which is logged."""
    try:
        snapshot = MetadataSnapshot.from_json(metadata)
    except SnapshotError as error:
        log.warning("snapshot.unreadable", reason=str(error))
        return []
    return [FactGroup(title, [_fact(snapshot, *row) for row in rows]) for title, rows in TABLE]


def _fact(snapshot: MetadataSnapshot, path: str, label: Label, show: Show) -> Fact:
    value: Any = snapshot
    for name in path.split("."):
        value = getattr(value, name, None)
    is_empty = value is None or value in ({}, ())
    return Fact(label, "" if is_empty else show(value), is_code=show is _hash, path=path)
