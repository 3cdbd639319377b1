"""The metadata snapshot: everything known about how one picture came to be.

A snapshot is built once, when a picture is archived, and never changes afterwards. It is kept as
JSON in the database, inside the picture file and in one log line per picture, so that the archive
outlives the jobs that filled it.

`None` always means "not asked for" or "not known"; nothing is ever filled in by guessing. Seconds
are wall-clock seconds, sizes are pixels, memory and file sizes are bytes, hashes are lower-case
hexadecimal SHA-256 unless a field says otherwise.
"""

import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

SCHEMA = 1


class SnapshotError(ValueError):
    """A snapshot that cannot be written as, or read from, JSON of this schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A row of the database as it was called at the time: its key and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateUse:
    """The published template version a prompt was filled from, and what was filled in."""

    template: Named
    version_number: int
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a request: as typed, and as the model received them."""

    prompt: str
    final_prompt: str | None
    negative_prompt: str | None = None
    template: TemplateUse | None = None

    @property
    def effective_prompt(self) -> str:
        """The prompt that reached the model."""
        return self.prompt if self.final_prompt is None else self.final_prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The picture as made, what was asked for, and the numbers that determine it.

    `size_reason` says in one sentence why the size made differs from the size asked for.
    """

    width: int
    height: int
    seed: int | None
    steps: int | None
    cfg: float | None
    sigma_shift: float | None = None
    sampler: str | None = None
    schedule: str | None = None
    asked_width: int | None = None
    asked_height: int | None = None
    size_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputImage:
    """The picture a request started from. `uploaded`: somebody's own, not one of this archive."""

    id: str
    uploaded: bool
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFrom:
    """The file that an imported picture came in. `tool` is what made it, where the file told.

    `label` is the AIGC label (`TC260:AIGC`) that the file brought with it, as it stood there.
    """

    name: str
    sha256: str
    format: str
    tool: str | None = None
    tool_version: str | None = None
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a picture was derived from. `strength` runs from 0 (unchanged) to 1 (all new)."""

    input_image: InputImage | None = None
    strength: float | None = None
    parent_image_id: str | None = None
    imported: ImportedFrom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """One adapter that was active, with the weight it was given."""

    name: str
    weight: float
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The model. `main_hash` is the network that paints; `weight_hashes` is every file by name.

    An imported picture may not know its model: then the name is empty. It may know no more than
    the beginning of the hash.
    """

    name: str
    revision: str | None = None
    main_hash: str | None = None
    weight_hashes: Mapping[str, str] = field(default_factory=dict)
    loras: tuple[Lora, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRun:
    """The program and the machine. The engine of an imported picture may be unknown, and empty.

    `libraries` maps names (`diffsynth`, `torch`, `cuda`, `driver`, ...) to versions. `is_preview`
    marks a stand-in picture that no trained model had a part in.
    """

    engine: str
    version: str | None
    is_preview: bool
    libraries: Mapping[str, str | None] = field(default_factory=dict)
    device: str | None = None
    dtype: str | None = None
    load_mode: str | None = None
    vram_tier: str | None = None
    peak_vram_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Where the time went, in seconds."""

    queue_wait: float | None = None
    load: float | None = None
    encode: float | None = None
    denoise: float | None = None
    decode: float | None = None
    save: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """For whom and by whom the picture was made. `worker` names the process that made it."""

    organization: Named
    project: Named
    person: Named | None
    request_id: str | None = None
    job_id: str | None = None
    worker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The archived file. `format` is `PNG`, `JPEG` or `WEBP`."""

    sha256: str | None = None
    bytes: int | None = None
    format: str | None = None
    archive_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one check said (`result`, a short code), why, and which rule set said it."""

    result: str
    reasons: tuple[str, ...] = ()
    rules: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What the checks before the work said."""

    moderation: Verdict | None = None
    policy: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataSnapshot:
    """The whole record of one picture. `created_at` must be aware; it is kept in UTC."""

    words: Words
    picture: Picture
    model: Model
    engine: EngineRun
    who: Who
    created_at: datetime
    origin: Origin = field(default_factory=Origin)
    timing: Timing = field(default_factory=Timing)
    file: File = field(default_factory=File)
    verdicts: Verdicts = field(default_factory=Verdicts)

    def __post_init__(self) -> None:
        if self.created_at.tzinfo is None:
            raise SnapshotError("created_at needs a time zone")
        object.__setattr__(self, "created_at", self.created_at.astimezone(UTC))

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers, ready for any JSON column.

        Two things no JSON store takes are put right on the way: NUL characters are dropped and
        lone surrogates become `?`. A number that is not finite raises `SnapshotError`.
        """
        written: dict[str, Any] = _write(self, "snapshot")
        return {"schema": SCHEMA, **written}

    def for_file(self) -> dict[str, Any]:
        """`to_json()` without the file's own hash and length, which a file cannot contain."""
        data = self.to_json()
        del data["file"]["sha256"], data["file"]["bytes"]
        return data

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read `to_json()` or `for_file()` back.

        Unknown keys are ignored and missing ones are `None` where that is allowed. Another schema,
        a missing necessity or a value of the wrong type raises `SnapshotError`.
        """
        schema = data.get("schema") if isinstance(data, Mapping) else None
        if schema != SCHEMA or isinstance(schema, bool):
            raise SnapshotError(f"schema {schema!r} instead of {SCHEMA}")
        found: Self = _read(cls, data, "snapshot")
        return found


def _write(value: Any, where: str) -> Any:
    """`value` as plain JSON; `where` is its path, for the error."""
    if is_dataclass(value):
        written = {each.name: getattr(value, each.name) for each in fields(value)}
        return _write(written, where)
    if isinstance(value, Mapping):
        return {_plain(key): _write(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, tuple):
        return [_write(item, where) for item in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, float) and not math.isfinite(value):
        raise SnapshotError(f"{where} is {value}")
    return _plain(value) if isinstance(value, str) else value


def _plain(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any, where: str) -> Any:
    """Read `value` as the annotated type `kind`; `where` is its path, for the error."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        # Every union here is "something or None".
        inner = next(each for each in arguments if each is not type(None))
        return None if value is None else _read(inner, value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_read(arguments[0], item, where) for item in value)
    if isinstance(value, Mapping):
        if origin is Mapping:
            return {key: _read(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
        if is_dataclass(kind):
            return _read_group(kind, value, where)
    return _read_plain(kind, value, where)


def _read_plain(kind: Any, value: Any, where: str) -> Any:
    if kind is datetime and isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError as error:
            raise SnapshotError(f"{where} is not an ISO 8601 time") from error
    if kind is float and type(value) is int:
        return float(value)
    if kind in (bool, int, float, str) and type(value) is kind:
        return value
    raise SnapshotError(f"{where} cannot be {type(value).__name__}")


def _read_group(kind: Any, value: Mapping[str, Any], where: str) -> Any:
    read: dict[str, Any] = {}
    hints = _hints(kind)
    for each in fields(kind):
        if each.name in value:
            read[each.name] = _read(hints[each.name], value[each.name], f"{where}.{each.name}")
        elif each.default is MISSING and each.default_factory is MISSING:
            # A necessity that may be None is read as None; any other is missed aloud.
            read[each.name] = _read(hints[each.name], None, f"{where}.{each.name}")
    return kind(**read)
