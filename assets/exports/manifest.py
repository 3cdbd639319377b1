"""The list beside exported files: one line for each picture, with everything that is known of it.

`manifest.csv` opens in spreadsheets: UTF-8 with a byte order mark, and no cell that a spreadsheet
would take for a formula. `manifest.json` is for programs and holds the same and the whole record.
Names of columns are not translated, because programs read them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from assets.models import Image

BYTE_ORDER_MARK: Final = "\ufeff"

_STARTS_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
# Excel refuses longer cells.
_LONGEST_CELL: Final = 32_767

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One picture of an export. `state` is `exported` or why it is not there.

    Without `image` nothing but its name is told: who exports may not see it (any more).
    """

    file: str
    state: str
    image: Image | None = None
    sha256: str = ""
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()


def _kept(*path: str) -> Callable[[Entry], Any]:
    """A value of the record, wherever the record has one."""

    def get(entry: Entry) -> Any:
        value: Any = entry.image.metadata if entry.image else None
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    return get


def _column(name: str) -> Callable[[Entry], Any]:
    return lambda entry: getattr(entry.image, name, None)


def _moment(name: str) -> Callable[[Entry], str | None]:
    def get(entry: Entry) -> str | None:
        value = getattr(entry.image, name, None)
        return value.isoformat().replace("+00:00", "Z") if value else None

    return get


def _loras(entry: Entry) -> str:
    found = _kept("model", "loras")(entry) or []
    return "; ".join(
        f"{each.get('name')}:{each.get('weight')}:{each.get('sha256') or ''}" for each in found
    )


COLUMNS: Final[Mapping[str, Callable[[Entry], Any]]] = {
    "file": lambda entry: entry.file,
    "state": lambda entry: entry.state,
    "sha256_of_file": lambda entry: entry.sha256,
    "uid": _column("uid"),
    "archive_name": _column("archive_name"),
    "review_status": _column("review_status"),
    "source": _column("source"),
    "created_at": _moment("created_at"),
    "archived_at": _moment("archived_at"),
    "created_by": _kept("who", "person", "name"),
    "organization": _kept("who", "organization", "name"),
    "project": _kept("who", "project", "name"),
    "request": _kept("who", "request_id"),
    "job": _kept("who", "job_id"),
    "worker": _kept("who", "worker"),
    "prompt": _column("prompt"),
    "prompt_typed": _kept("words", "prompt"),
    "negative_prompt": _column("negative_prompt"),
    "template": _kept("words", "template", "template", "name"),
    "template_version": _kept("words", "template", "version_number"),
    "template_values": _kept("words", "template", "values"),
    "width": _column("width"),
    "height": _column("height"),
    "asked_width": _kept("picture", "asked_width"),
    "asked_height": _kept("picture", "asked_height"),
    "size_reason": _kept("picture", "size_reason"),
    "seed": _column("seed"),
    "steps": _column("steps"),
    "cfg": _column("cfg"),
    "sigma_shift": _kept("picture", "sigma_shift"),
    "sampler": _kept("picture", "sampler"),
    "schedule": _kept("picture", "schedule"),
    "input_image": _kept("origin", "input_image", "id"),
    "input_image_uploaded": _kept("origin", "input_image", "uploaded"),
    "input_image_sha256": _kept("origin", "input_image", "sha256"),
    "strength": _kept("origin", "strength"),
    "parent_image": _kept("origin", "parent_image_id"),
    "imported_name": _kept("origin", "imported", "name"),
    "imported_sha256": _kept("origin", "imported", "sha256"),
    "imported_format": _kept("origin", "imported", "format"),
    "imported_tool": _kept("origin", "imported", "tool"),
    "imported_tool_version": _kept("origin", "imported", "tool_version"),
    "imported_label": _kept("origin", "imported", "label"),
    "model": _kept("model", "name"),
    "model_revision": _kept("model", "revision"),
    "model_hash": _kept("model", "main_hash"),
    "weight_hashes": _kept("model", "weight_hashes"),
    "loras": _loras,
    "engine": _kept("engine", "engine"),
    "engine_version": _kept("engine", "version"),
    "is_preview": _column("is_preview"),
    "libraries": _kept("engine", "libraries"),
    "device": _kept("engine", "device"),
    "dtype": _kept("engine", "dtype"),
    "load_mode": _kept("engine", "load_mode"),
    "vram_tier": _kept("engine", "vram_tier"),
    "peak_vram_bytes": _kept("engine", "peak_vram_bytes"),
    **{
        f"seconds_{name}": _kept("timing", name)
        for name in ("queue_wait", "load", "encode", "denoise", "decode", "save")
    },
    "sha256": _column("sha256"),
    "bytes": _column("bytes"),
    "format": _kept("file", "format"),
    "moderation": _kept("verdicts", "moderation", "result"),
    "policy": _kept("verdicts", "policy", "result"),
    "tags": lambda entry: "; ".join(entry.tags),
    "collections": lambda entry: "; ".join(entry.collections),
    "rating": _column("rating"),
    "ratings": _column("rating_count"),
    "comments": _column("comment_count"),
    "reused": _column("reuse_count"),
    "downloaded": _column("download_count"),
}
"""Every column of the list, in order."""


class CsvList:
    """The list as a CSV file, line by line."""

    name: Final = "manifest.csv"
    tail: Final = b""

    @property
    def head(self) -> bytes:
        """What stands before the first line."""
        return (BYTE_ORDER_MARK + _line(COLUMNS)).encode()

    def line(self, entry: Entry, *, is_first: bool) -> bytes:
        """One picture."""
        del is_first
        return _line(cell(get(entry)) for get in COLUMNS.values()).encode()


class JsonList:
    """The list as one JSON array, with the whole record of each picture."""

    name: Final = "manifest.json"
    head: Final = b"[\n"
    tail: Final = b"\n]\n"

    def line(self, entry: Entry, *, is_first: bool) -> bytes:
        """One picture."""
        record: dict[str, Any] = {name: get(entry) for name, get in COLUMNS.items()}
        record |= {
            "tags": list(entry.tags),
            "collections": list(entry.collections),
            "metadata": entry.image.metadata if entry.image else None,
        }
        written = json.dumps(record, ensure_ascii=False, default=str)
        return (written if is_first else ",\n" + written).encode()


def cell(value: Any) -> Cell:
    """A value as it may stand in a spreadsheet.

    A text that a spreadsheet would take for a formula begins with an apostrophe: it shows the rest.
    Numbers are numbers, also negative ones.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
    if text in ("{}", "[]"):
        return None
    text = text.replace("\0", "")
    if text.lstrip(" \u00a0\u3000\ufeff").startswith(_STARTS_FORMULAS):
        text = f"'{text}"
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"


def _line(cells: Iterable[Cell]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()
