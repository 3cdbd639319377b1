"""How an expression of the search is written in SQL, on SQLite and on PostgreSQL.

Two readings of it. `index_query` asks the index, which finds documents in the order of their ids.
`row_passes` asks one row, for what the index leaves open. `d` is the document's row, `i` that of
the image.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from assets.search.expressions import (
    SEGMENT_END,
    All,
    Check,
    Checked,
    Expression,
    Not,
    NumberCheck,
    Segment,
    TextCheck,
    Token,
    TokenCheck,
    all_of,
    fts5,
    loose,
    tsquery,
)
from assets.search.expressions import Any as AnyOf

COLUMNS = frozenset({"width", "height", "seed", "steps", "cfg", "bytes", "rating"})
PATHS = {
    "version": ("words", "template", "version_number"),
    "shift": ("picture", "sigma_shift"),
    "strength": ("origin", "strength"),
    "peak-vram": ("engine", "peak_vram_bytes"),
    "wait": ("timing", "queue_wait"),
    "load": ("timing", "load"),
    "encode": ("timing", "encode"),
    "denoise": ("timing", "denoise"),
    "decode": ("timing", "decode"),
    "save": ("timing", "save"),
}


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and its parameters."""

    text: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: Sql) -> Sql:
        return Sql(f"{self.text} {other.text}", self.params + other.params)


def is_sqlite() -> bool:
    """Whether the index is FTS5; otherwise it is a GIN index of PostgreSQL."""
    return connection.vendor == "sqlite"


def joined(parts: Iterable[Sql], between: str) -> Sql:
    """The parts with a word between them."""
    kept = list(parts)
    return Sql(
        between.join(part.text for part in kept),
        tuple(value for part in kept for value in part.params),
    )


def index_query(expression: Expression, universe: Expression) -> str:
    """What the index is asked, in its own language."""
    wanted = loose(expression)
    if is_sqlite():
        return fts5(wanted, within=universe)
    return tsquery(all_of([universe, wanted]))


def row_passes(expression: Expression) -> Sql:
    """The condition that one row of `d`, and of `i`, is what the expression means."""
    if not is_sqlite() and not isinstance(expression, Checked) and _is_plain(expression):
        return Sql("d.vector @@ %s::tsquery", (tsquery(expression),))
    if isinstance(expression, Token):
        return Sql("instr(d.tokens, %s) > 0", (f" {expression.token} ",))
    if isinstance(expression, Not):
        return Sql("NOT") + _bracketed(row_passes(expression.part))
    if isinstance(expression, All):
        return _together(expression.parts, " AND ", nothing="1 = 1")
    if isinstance(expression, AnyOf):
        return _together(expression.parts, " OR ", nothing="1 = 0")
    if isinstance(expression, Checked):
        return _check(expression.check)
    raise TypeError(f"a row cannot be asked for {expression!r}")


def _is_plain(expression: Expression) -> bool:
    if isinstance(expression, Not):
        return _is_plain(expression.part)
    if isinstance(expression, All | AnyOf):
        return bool(expression.parts) and all(map(_is_plain, expression.parts))
    return isinstance(expression, Token)


def _bracketed(part: Sql) -> Sql:
    return Sql(f"({part.text})", part.params)


def _together(parts: tuple[Expression, ...], between: str, *, nothing: str) -> Sql:
    if not parts:
        return Sql(nothing)
    return _bracketed(joined(map(row_passes, parts), between))


def _check(check: Check) -> Sql:
    if isinstance(check, TokenCheck):
        return _contains("d.tokens", f" {check.beginning}")
    if isinstance(check, NumberCheck):
        return _number_between(check)
    if not check.segments:
        return _contains("d.text", check.text)
    return _bracketed(joined((_segment_contains(each, check) for each in check.segments), " OR "))


def _contains(column: str, text: str) -> Sql:
    function = "instr" if is_sqlite() else "strpos"
    return Sql(f"{function}({column}, %s) > 0", (text,))


def _segment_contains(segment: Segment, check: TextCheck) -> Sql:
    if is_sqlite():
        after = "substr(d.text, instr(d.text, %s))"
        return Sql(
            f"(instr(d.text, %s) > 0 AND instr({after}, %s) > 0"
            f" AND instr({after}, %s) < instr({after}, %s))",
            (
                segment.value,
                *(segment.value, check.text),
                *(segment.value, check.text),
                *(segment.value, SEGMENT_END),
            ),
        )
    return Sql(
        "strpos(split_part(split_part(d.text, %s, 2), %s, 1), %s) > 0",
        (segment.value, SEGMENT_END, check.text),
    )


def _number_between(check: NumberCheck) -> Sql:
    if check.field == "weight":
        return _weight_between(check)
    if check.field in COLUMNS:
        return _bounded(f"i.{check.field}", check)
    path = PATHS[check.field]
    if is_sqlite():
        return _bounded(f"json_extract(i.metadata, '$.{'.'.join(path)}')", check)
    return _bounded(f"(i.metadata #>> '{{{','.join(path)}}}')::numeric", check)


def _weight_between(check: NumberCheck) -> Sql:
    if is_sqlite():
        weights = "json_each(json_extract(i.metadata, '$.model.loras')) AS each"
        inside = _bounded("json_extract(each.value, '$.weight')", check)
    else:
        weights = "jsonb_array_elements(i.metadata #> '{model,loras}') AS each"
        inside = _bounded("(each ->> 'weight')::numeric", check)
    found = f"EXISTS (SELECT 1 FROM {weights} WHERE {inside.text})"  # noqa: S608  # no values in it
    return Sql(found, inside.params)


def _bounded(column: str, check: NumberCheck) -> Sql:
    # A rating of four is up to, not including, five; other numbers are compared as they are.
    high, end = check.high, "<="
    if check.field == "rating" and high is not None:
        high, end = high + 1, "<"
    parts = [Sql(f"{column} IS NOT NULL")]
    if check.low is not None:
        parts.append(Sql(f"{_rounded(column)} >= %s", (check.low,)))
    if high is not None:
        parts.append(Sql(f"{_rounded(column)} {end} %s", (high,)))
    return _bracketed(joined(parts, " AND "))


def _rounded(column: str) -> str:
    whole = column.startswith("i.") and column not in {"i.cfg", "i.rating"}
    if whole:
        return column
    return f"round({column}, 6)" if is_sqlite() else f"round({column}::numeric, 6)"
