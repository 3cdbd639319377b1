"""What is known about an image, as a document of the search index.

`document_of` is a pure function, so that a stored document can be compared with what it should be.
Every value of the metadata snapshot is in it; `tests` compare the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from assets.search.expressions import SEGMENT_END, TEXT_END, Segment
from assets.search.normalizing import runs_of
from assets.search.tokens import (
    FACET,
    FACETS,
    TEXT_LIMIT,
    facet,
    hash_tokens,
    number_tokens,
    other,
    text_tokens,
    value_key,
    words_in,
)
from assets.types import Source

BLOCKS = (12, 15, 18, 21)
"""Sizes of blocks of ids, in bits. PostgreSQL looks through them one after the other, and so need
not gather all of what is common to find the newest of it (`assets_search_ids` in the database)."""

DECIMALS = 6
"""Decimal places that numbers are compared to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is searched about one image. Days are those of the organization's clock."""

    image_id: int
    uid: UUID
    project_id: int
    is_trashed: bool
    maker_id: int
    made_on: dt.date
    added_on: dt.date
    status: str
    source: str
    is_preview: bool
    prompt: str
    negative_prompt: str
    archive_name: str
    model: str
    width: int
    height: int
    bytes: int
    seed: int | None
    steps: int | None
    cfg: float | None
    rating: float | None
    reuse_count: int
    download_count: int
    parent: UUID | None
    request: UUID | None
    sha256: str
    metadata: Mapping[str, Any]
    tags: Sequence[str] = ()
    collections: Sequence[str] = ()
    comments: Sequence[str] = ()
    starred_by: Sequence[int] = ()
    has_children: bool = False
    is_duplicate: bool = False
    import_name: str = ""
    import_tool: str = ""


@dataclass(slots=True)
class Document:
    """What is filed: tokens, the text that phrases are checked against, and by the way the values
    of facets as people write them (for suggestions) and whole words (to complete beginnings with).
    """

    tokens: set[str] = field(default_factory=set)
    text: str = ""
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    @property
    def written_tokens(self) -> str:
        """The tokens in one text, in order, each between two spaces."""
        return f" {' '.join(sorted(self.tokens))} "


# The facets whose values are suggested. Codes, so that they are recognised in a stored document.
SUGGESTED = frozenset(
    {
        *("by", "status", "is", "has", "tag", "collection", "template", "version", "var"),
        *("model", "revision", "lora", "size", "sampler", "schedule", "format", "steps", "cfg"),
        *("engine", "engine-version", "library", "device", "dtype", "load-mode", "vram-tier"),
        *("tool", "tool-version", "label"),
        *("rating", "worker", "organization", "made-for", "moderation", "policy", "rules"),
    }
)
_FIELD_OF = {FACETS[name]: name for name in SUGGESTED}


def suggested_in(tokens: str, project_id: int) -> set[tuple[str, str]]:
    """The suggested values that a stored document was counted under: field and key.

    Those of a document that lies in the trash, or in another project, are counted nowhere.
    """
    found = set(tokens.split())
    if facet("project", project_id) not in found:
        return set()
    return {key for token in found if (key := _suggested(token)) is not None}


def _suggested(token: str) -> tuple[str, str] | None:
    if token[0] != FACET:
        return None
    name = _FIELD_OF.get(token[1:3])
    if name is None:
        return None
    rest = token[3:]
    if name in _NUMBERS:
        return _suggested_number(name, rest)
    if name in _PAIRS and rest.endswith("="):
        return None  # the name of a pair by itself
    return name, rest


_PAIRS = frozenset({"var", "library", "label"})
_NUMBERS = frozenset({"steps", "cfg", "version", "rating"})


def _suggested_number(name: str, rest: str) -> tuple[str, str] | None:
    if not rest.startswith("="):
        return None  # a drawer
    if name == "rating":
        stars = str(int(float(rest[1:])))
        return None if stars == "0" else (name, stars)
    return name, rest[1:]


def document_of(facts: Facts) -> Document:
    """The document of an image."""
    document = Document()
    _add_place(document, facts)
    _add_texts(document, facts)
    _add_flags(document, facts)
    _add_numbers(document, facts)
    _add_snapshot(document, facts.metadata, facts)
    return document


def _add_place(document: Document, facts: Facts) -> None:
    document.tokens.add(facet("trash" if facts.is_trashed else "project", facts.project_id))
    document.tokens.add(facet("id", str(facts.uid)))
    document.tokens.update(block_token(facts.image_id, bits) for bits in BLOCKS)
    for name, day in (("date", facts.made_on), ("added", facts.added_on)):
        document.tokens.update(day_token(name, day, length) for length in (4, 7, 10))
    _add(document, "by", str(facts.maker_id))
    _add(document, "status", facts.status)
    _add(document, "model", facts.model)
    _add(document, "size", f"{facts.width}x{facts.height}")
    for tag in facts.tags:
        _add(document, "tag", tag)
    for collection in facts.collections:
        _add(document, "collection", collection)
    document.tokens.update(facet("starred", user_id) for user_id in facts.starred_by)
    if facts.parent:
        _add(document, "parent", str(facts.parent))
    if facts.request:
        _add(document, "request", str(facts.request))
    document.tokens |= hash_tokens("sha256", facts.sha256) | hash_tokens("hash", facts.sha256)


def block_token(image_id: int, bits: int) -> str:
    """The token of all images whose ids differ in their lowest bits only."""
    return f"{FACET}bk{bits}:{image_id >> bits}"


def day_token(name: str, day: dt.date, length: int) -> str:
    """The token of a day, or by the length of what is written of it of its month or year."""
    return f"{FACET}{FACETS[name]}{day.isoformat()[:length]}"


def _add(document: Document, name: str, value: Any) -> None:
    """File under a value as a person would write it; nothing for nothing."""
    written = str(value) if value is not None else ""
    key = value_key(written)
    if not key:
        return
    token = facet(name, key)
    document.tokens.add(token)
    if name in SUGGESTED:
        document.values[name, token[3:]] = written.strip()


# Texts -------------------------------------------------------------------------------------------


def _add_texts(document: Document, facts: Facts) -> None:
    words = _part(facts.metadata, "words")
    verdicts = _part(facts.metadata, "verdicts")
    typed = _text(words, "prompt") or facts.prompt
    final = _text(words, "final_prompt") or facts.prompt
    prompts = {Segment.SAME: [typed]}
    if final != typed:
        prompts = {Segment.PROMPT: [typed], Segment.FINAL: [final]}
    others = {
        Segment.NEGATIVE: [facts.negative_prompt or _text(words, "negative_prompt")],
        Segment.NAME: [facts.archive_name, facts.import_name],
        Segment.REASON: [
            reason for verdict in verdicts.values() for reason in _texts(verdict, "reasons")
        ],
        Segment.REST: [
            _text(_part(_part(words, "template"), "template"), "name"),
            *facts.tags,
            *facts.collections,
            *facts.comments,
        ],
    }
    budget = _Budget()
    lines: list[str] = []
    for texts, mark in ((prompts, str), (others, other)):
        lines += _add_segments(document, texts, mark, budget)
    document.text = "".join(lines)


@dataclass(slots=True)
class _Budget:
    """How many characters of text may still be indexed."""

    left: int = TEXT_LIMIT

    def take(self, text: str) -> str:
        taken = text[: self.left]
        self.left -= len(taken)
        return taken


def _add_segments(
    document: Document,
    segments: Mapping[Segment, Iterable[str]],
    mark: Callable[[str], str],
    budget: _Budget,
) -> Iterator[str]:
    for segment, texts in segments.items():
        taken = [text for text in map(budget.take, texts) if text]
        tokens = text_tokens(taken)
        document.tokens.update(map(mark, tokens))
        document.words |= words_in(tokens)
        searched = [line for line in map(searched_text, taken) if line]
        if searched:
            yield f"{segment.value}{TEXT_END.join(searched)}{SEGMENT_END}"


def searched_text(text: str) -> str:
    """A text as phrases are checked against it: its runs, with a space around each."""
    runs = " ".join(run.text for run in runs_of(text))
    return f" {runs} " if runs else ""


# Flags and numbers -------------------------------------------------------------------------------


def _add_flags(document: Document, facts: Facts) -> None:
    origin = _part(facts.metadata, "origin")
    picture = _part(facts.metadata, "picture")
    is_ = {
        "reused": facts.reuse_count > 0,
        "downloaded": facts.download_count > 0,
        "unused": not facts.reuse_count and not facts.download_count,
        "duplicate": facts.is_duplicate,
        "imported": facts.source == Source.IMPORTED,
        "preview": facts.is_preview,
        "resized": _is_resized(picture),
        "trashed": facts.is_trashed,
    }
    has = {
        "comments": bool(facts.comments),
        "tags": bool(facts.tags),
        "collection": bool(facts.collections),
        "template": bool(_part(_part(facts.metadata, "words"), "template")),
        "lora": bool(_part(facts.metadata, "model").get("loras")),
        "input": bool(_part(origin, "input_image")),
        "upload": _part(origin, "input_image").get("uploaded") is True,
        "parent": bool(facts.parent or origin.get("parent_image_id")),
        "children": facts.has_children,
        "negative": bool(facts.negative_prompt.strip()),
        "name": bool(facts.archive_name),
        "rating": facts.rating is not None,
    }
    for name, flags in (("is", is_), ("has", has)):
        for value, is_set in flags.items():
            if is_set:
                _add(document, name, value)


def _is_resized(picture: Mapping[str, Any]) -> bool:
    asked = picture.get("asked_width"), picture.get("asked_height")
    made = picture.get("width"), picture.get("height")
    return bool(picture.get("size_reason")) or (None not in asked and asked != made)


def _add_numbers(document: Document, facts: Facts) -> None:
    _add_number(document, "width", facts.width)
    _add_number(document, "height", facts.height)
    _add_number(document, "bytes", facts.bytes)
    _add_number(document, "seed", facts.seed)
    _add_number(document, "steps", facts.steps)
    _add_number(document, "cfg", facts.cfg)
    _add_number(document, "rating", 0 if facts.rating is None else facts.rating)


def _add_number(document: Document, name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    number = value if isinstance(value, int) else round(value, DECIMALS)
    tokens = number_tokens(name, number)
    document.tokens |= tokens
    if name in _NUMBERS:
        for key in filter(None, map(_suggested, tokens)):
            document.values[key] = key[1]


# The snapshot ------------------------------------------------------------------------------------


def _add_snapshot(document: Document, metadata: Mapping[str, Any], facts: Facts) -> None:
    _add_picture(document, _part(metadata, "picture"))
    _add_origin(document, _part(metadata, "origin"))
    _add_template(document, _part(_part(metadata, "words"), "template"))
    _add_model(document, _part(metadata, "model"))
    _add_engine(document, _part(metadata, "engine"))
    _add_who(document, _part(metadata, "who"))
    file = _part(metadata, "file")
    _add(document, "format", file.get("format"))
    timing = _part(metadata, "timing")
    _add_number(document, "wait", timing.get("queue_wait"))
    for name in ("load", "encode", "denoise", "decode", "save"):
        _add_number(document, name, timing.get(name))
    for name, verdict in _part(metadata, "verdicts").items():
        if name in {"moderation", "policy"} and isinstance(verdict, Mapping):
            _add(document, name, verdict.get("result"))
            _add(document, "rules", verdict.get("rules"))


def _add_picture(document: Document, picture: Mapping[str, Any]) -> None:
    _add(document, "sampler", picture.get("sampler"))
    _add(document, "schedule", picture.get("schedule"))
    _add_number(document, "shift", picture.get("sigma_shift"))
    width, height = picture.get("asked_width"), picture.get("asked_height")
    if width is not None and height is not None:
        _add(document, "asked", f"{width}x{height}")


def _add_origin(document: Document, origin: Mapping[str, Any]) -> None:
    given = _part(origin, "input_image")
    _add(document, "input", given.get("id"))
    _add(document, "parent", origin.get("parent_image_id"))
    _add_number(document, "strength", origin.get("strength"))
    _add_hash(document, given.get("sha256"))
    imported = _part(origin, "imported")
    _add(document, "tool", imported.get("tool"))
    _add(document, "tool-version", imported.get("tool_version"))
    _add(document, "original", imported.get("format"))
    _add_pairs(document, "label", _part(imported, "label"))
    _add_hash(document, imported.get("sha256"))


def _add_template(document: Document, template: Mapping[str, Any]) -> None:
    named = _part(template, "template")
    _add(document, "template", named.get("name"))
    if named.get("id") is not None:
        document.tokens.add(facet("template-id", named["id"]))
    _add_number(document, "version", template.get("version_number"))
    _add_pairs(document, "var", _part(template, "values"))


def _add_model(document: Document, model: Mapping[str, Any]) -> None:
    _add(document, "revision", model.get("revision"))
    _add_hash(document, model.get("main_hash"))
    for digest in _part(model, "weight_hashes").values():
        _add_hash(document, digest)
    for lora in model.get("loras") or ():
        if isinstance(lora, Mapping):
            _add(document, "lora", lora.get("name"))
            _add_number(document, "weight", lora.get("weight"))
            _add_hash(document, lora.get("sha256"))


def _add_engine(document: Document, engine: Mapping[str, Any]) -> None:
    for name, key in (
        ("engine", "engine"),
        ("engine-version", "version"),
        ("device", "device"),
        ("dtype", "dtype"),
        ("load-mode", "load_mode"),
        ("vram-tier", "vram_tier"),
    ):
        _add(document, name, engine.get(key))
    _add_number(document, "peak-vram", engine.get("peak_vram_bytes"))
    _add_pairs(document, "library", _part(engine, "libraries"))


def _add_who(document: Document, who: Mapping[str, Any]) -> None:
    _add(document, "organization", _part(who, "organization").get("name"))
    _add(document, "made-for", _part(who, "project").get("name"))
    _add(document, "worker", who.get("worker"))
    _add(document, "job", who.get("job_id"))
    _add(document, "request", who.get("request_id"))


def _add_pairs(document: Document, name: str, pairs: Mapping[str, Any]) -> None:
    """File under each name by itself, and under each name with its value."""
    for key, value in pairs.items():
        document.tokens.add(facet(name, f"{key}="))
        if value is not None:
            _add(document, name, f"{key}={value}")


def _add_hash(document: Document, digest: Any) -> None:
    if isinstance(digest, str) and digest:
        document.tokens |= hash_tokens("hash", digest)


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A group of the snapshot. What is not there, or not a group, is empty."""
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""


def _texts(data: Any, name: str) -> list[str]:
    found = data.get(name) if isinstance(data, Mapping) else None
    return [each for each in found or () if isinstance(each, str)]
