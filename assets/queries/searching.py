"""Carrying out a query: which images of a project it finds, in which order, and how many.

Every search is answered in two steps: the index gives ids, the rows are read by their ids. Nothing
here reads more rows than it answers with, however many images there are: pages begin where the
last one ended, counts stop at `COUNT_LIMIT`, and an order other than by age starts from whichever
is smaller, the found images or those that have something to be ordered by.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db import connection
from django.db.models import BigIntegerField, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.access import Access
from accounts.models import Project, User
from accounts.roles import Permission
from assets.models import Image, ImageQuerySet, PromptTemplate, SearchValue, SearchWord
from assets.queries.index_sql import Sql, index_query, is_sqlite, joined, row_passes
from assets.queries.searched_facts import zone_named
from assets.search.conditions import Context, asks_for_trash, expression_of, names_in
from assets.search.expressions import (
    EVERYTHING,
    NOTHING,
    Expression,
    Token,
    all_of,
    any_of,
    beginnings_in,
    completed,
    loose,
    negation,
    unchecked,
)
from assets.search.language.fields import Kind
from assets.search.language.query import Query, Sort
from assets.search.tokens import facet, value_key

LARGEST_ID = 2**63 - 1

COUNT_LIMIT = 1000
"""Exact counts stop here: "more than a thousand" is all that anybody reads."""

COMPLETIONS = 64
"""How many words the beginning of a word is completed to, the shortest first."""

SMALL = 3000
"""So many found images are sorted; of more, the sorted ones are looked through in order."""

CHUNK = 1000

MOST_CANDIDATES = 4000
"""How many rows are asked at once, where the index leaves something open."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an order: the id of an image and, unless it is by age, what it is ordered by."""

    id: int
    value: float = 0

    def __str__(self) -> str:
        return f"{self.value:g}~{self.id}" if self.value else str(self.id)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read `str()` back; `None` for what is no place."""
        value, _tilde, number = text.rpartition("~")
        if not (number.isascii() and number.isdigit() and int(number[:20]) <= LARGEST_ID):
            return None
        if not value:
            return cls(int(number)) if number == text else None
        return cls(int(number), float(value)) if _is_decimal(value) else None


_is_decimal = re.compile(r"[0-9]{1,9}(\.[0-9]{1,17})?").fullmatch


@dataclass(frozen=True, slots=True)
class _Order:
    """An order other than by age: the column, and the token of the images that have it."""

    column: str
    token: str
    condition: str


_ORDERS = {
    Sort.RATING: _Order("rating", facet("has", "rating"), "i.rating IS NOT NULL"),
    Sort.REUSED: _Order("reuse_count", facet("is", "reused"), "i.reuse_count > 0"),
    Sort.DOWNLOADS: _Order("download_count", facet("is", "downloaded"), "i.download_count > 0"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A query made ready: names looked up, words completed, permission asked.

    `universe` is the gallery of the project, with its trash where the query asks for that. What is
    older than the image `oldest` is left out.
    """

    project_id: int
    expression: Expression
    universe: Expression
    sort: Sort = Sort.NEWEST
    oldest: int | None = None

    def place_of(self, image: Image) -> Place:
        """Where an image stands in the order, whether it is found or not."""
        order = _ORDERS.get(self.sort)
        return Place(image.pk, (getattr(image, order.column) or 0) if order else 0)

    @property
    def is_nothing(self) -> bool:
        """Whether the index need not be asked."""
        return loose(self.expression) == NOTHING

    @property
    def is_everything(self) -> bool:
        """Whether the whole gallery is found."""
        return (
            self.expression == EVERYTHING
            and self.universe == _gallery(self.project_id)
            and self.oldest is None
        )


def prepare(access: Access, project_id: int, query: Query) -> Search:
    """Make a query ready to be carried out. A stranger's finds nothing."""
    gallery = _gallery(project_id)
    if not access.allows(Permission.VIEW_GALLERY, project_id):
        return Search(project_id=project_id, expression=NOTHING, universe=gallery)
    expression = expression_of(query, _context(access, project_id, query))
    begun = beginnings_in(expression)
    if begun:
        words = _words(sorted(begun))
        expression = completed(expression, words.__getitem__)
    universe: Expression = gallery
    if asks_for_trash(query):
        universe = any_of([gallery, Token(facet("trash", project_id))])
    search = Search(
        project_id=project_id, expression=expression, universe=universe, sort=query.sort
    )
    return search if query.last is None else replace(search, oldest=_oldest(search, query.last))


def _oldest(search: Search, last: int) -> int | None:
    """The last one of so many of the newest that are found; `None` when there are fewer."""
    if search.is_nothing:
        return None
    if not is_sqlite() and unchecked(search.expression) != EVERYTHING:
        ids = _ids(search, EVER, descending=True, limit=last)
        return ids[-1] if len(ids) == last else None
    rows = _rows(_by_age(search, EVER, descending=True, limit=1, skip=last - 1))
    return rows[0][0] if rows else None


def _gallery(project_id: int) -> Expression:
    return Token(facet("project", project_id))


def _context(access: Access, project_id: int, query: Query) -> Context:
    """Look up what the query names, in at most three queries and mostly in none."""
    people = names_in(query, Kind.PERSON)
    templates = names_in(query, Kind.NAME, "template")
    days = names_in(query, Kind.DATE)
    return Context(
        today=_today(project_id) if days else dt.date.min,
        me=access.user_id,
        people=_people(project_id, people) if people else {},
        templates=_templates(project_id, templates) if templates else {},
    )


def _today(project_id: int) -> dt.date:
    zone = Project.objects.filter(pk=project_id).values_list("organization__time_zone", flat=True)
    return timezone.localdate(timezone=zone_named(zone.first() or ""))


def _people(project_id: int, names: set[str]) -> dict[str, frozenset[int]]:
    """The makers of a project's images by address, by what stands before its @, and by name."""
    makers = SearchValue.objects.filter(project_id=project_id, field="by")
    people = User.objects.filter(
        Q(pk__in=makers.values(maker=Cast("key", BigIntegerField()))) | Q(email__in=names)
    ).values_list("pk", "email", "name")
    return _by_name(
        (
            (user_id, name)
            for user_id, email, shown in people
            for name in (email, email.partition("@")[0], shown)
        ),
        names,
    )


def _templates(project_id: int, names: set[str]) -> dict[str, frozenset[int]]:
    """The templates of the project's organization by what they are called now."""
    templates = PromptTemplate.objects.filter(organization__projects=project_id)
    return _by_name(templates.values_list("pk", "name"), names)


def _by_name(named: Iterable[tuple[int, str]], names: set[str]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for key, name in named:
        if value_key(name) in names:
            found.setdefault(value_key(name), set()).add(key)
    return {name: frozenset(ids) for name, ids in found.items()}


def _words(beginnings: Sequence[str]) -> dict[str, list[str]]:
    """The words that begin so, in one query, the shortest first."""
    table = connection.ops.quote_name(SearchWord._meta.db_table)
    # The operators of the index that Django makes for comparing beginnings in any locale.
    least, less = (">=", "<") if is_sqlite() else ("~>=~", "~<~")
    one = (
        f"SELECT * FROM (SELECT %s AS beginning, word FROM {table} WHERE word {least} %s"  # noqa: S608
        f" AND word {less} %s ORDER BY length(word), word LIMIT {COMPLETIONS}) AS completed"
    )
    found: dict[str, list[str]] = {beginning: [] for beginning in beginnings}
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([one] * len(beginnings)),
            [value for each in beginnings for value in (each, each, _after(each))],
        )
        for beginning, word in cursor.fetchall():
            found[beginning].append(word)
    return found


def _after(beginning: str) -> str:
    """The first text after all that begin so."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


# Pages -------------------------------------------------------------------------------------------


def page_of(
    search: Search, *, size: int, after: Place | None = None, backwards: bool = False
) -> list[Place]:
    """Up to `size` places that come after one, or before it, the nearest first."""
    if search.is_nothing:
        return []
    order = _ORDERS.get(search.sort)
    if order is None:
        descending = (search.sort is not Sort.OLDEST) is not backwards
        bound = _beyond(after, descending=descending)
        return [Place(each) for each in _ids(search, bound, descending=descending, limit=size)]
    return _sorted_page(search, order, size=size, after=after, backwards=backwards)


def _beyond(after: Place | None, *, descending: bool) -> _Span:
    if after is None:
        return EVER
    return _Span(high=after.id - 1) if descending else _Span(low=after.id + 1)


def _sorted_page(
    search: Search, order: _Order, *, size: int, after: Place | None, backwards: bool
) -> list[Place]:
    """First what has something to be ordered by, then the rest by age."""
    with_it = replace(search, expression=all_of([search.expression, Token(order.token)]))
    without = replace(search, expression=all_of([search.expression, negation(Token(order.token))]))
    is_in_rest = after is not None and not after.value
    whole = search.is_everything
    found: list[Place] = []
    if backwards:
        if after is None or is_in_rest:
            bound = _beyond(after, descending=False)
            found = [Place(each) for each in _ids(without, bound, descending=False, limit=size)]
        start = None if is_in_rest else after
        return found + _ordered(
            with_it, order, size - len(found), start, whole=whole, backwards=True
        )
    if not is_in_rest:
        found = _ordered(with_it, order, size, after, whole=whole, backwards=False)
    if len(found) < size:
        bound = _beyond(after, descending=True) if is_in_rest else EVER
        rest = _ids(without, bound, descending=True, limit=size - len(found))
        found += map(Place, rest)
    return found


def _ordered(
    search: Search,
    order: _Order,
    size: int,
    after: Place | None,
    *,
    whole: bool,
    backwards: bool,
) -> list[Place]:
    """Those that have what it is ordered by. `whole` tells that all of the gallery are found."""
    if size <= 0 or search.is_nothing:
        return []
    way, compare = ("ASC", ">") if backwards else ("DESC", "<")
    column = f"i.{order.column}"
    conditions = [Sql(order.condition)]
    if after is not None:
        place = (after.value, after.id)
        conditions.append(Sql(f"({column}, i.id) {compare} (%s, %s)", place))
    source = Sql("assets_image i")
    if whole:
        conditions.append(_in_gallery(search))
    elif len(few := _ids(search, EVER, descending=True, limit=SMALL + 1)) <= SMALL:
        if not few:
            return []
        conditions.append(_among("i.id", few))
    else:
        source += Sql("JOIN assets_searchdocument d ON d.image_id = i.id")
        conditions.append(row_passes(all_of([search.universe, search.expression])))
        if search.universe == _gallery(search.project_id):
            conditions.append(_in_gallery(search))
    if search.oldest is not None:
        conditions.append(Sql("i.id >= %s", (search.oldest,)))
    statement = (
        Sql(f"SELECT i.id, {column} FROM")
        + source
        + Sql("WHERE")
        + joined(conditions, " AND ")
        + Sql(f"ORDER BY {column} {way}, i.id {way} LIMIT %s", (size,))
    )
    return [Place(*row) for row in _rows(statement)]


def _in_gallery(search: Search) -> Sql:
    return Sql("i.project_id = %s AND i.trashed_at IS NULL", (search.project_id,))


def _among(column: str, ids: Sequence[int]) -> Sql:
    if is_sqlite():
        # Whole numbers from the database itself, and more of them than it takes as parameters.
        return Sql(f"{column} IN ({', '.join(map(str, ids))})")
    return Sql(f"{column} = ANY(%s)", (list(ids),))


def _rows(statement: Sql) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


# Ids by age --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Span:
    """Ids from `low` to `high`, both included; `None` is no bound."""

    low: int | None = None
    high: int | None = None


EVER = _Span()


def _ids(search: Search, span: _Span, *, descending: bool, limit: int) -> list[int]:
    """Up to `limit` ids of a span, by age."""
    if search.is_nothing or limit <= 0:
        return []
    if is_sqlite() or search.is_everything or unchecked(search.expression) == EVERYTHING:
        statement = _by_age(search, span, descending=descending, limit=limit)
        return [row[0] for row in _rows(statement)]
    return _checked_ids(search, span, descending=descending, limit=limit)


def _checked_ids(search: Search, span: _Span, *, descending: bool, limit: int) -> list[int]:
    """The same on PostgreSQL, where the index gives candidates whose rows have to be asked.

    Almost all of them pass, so that one round mostly is enough.
    """
    found: list[int] = []
    chunk = limit + limit // 8 + 8
    while True:
        candidates = _candidates(search, span, descending=descending, limit=chunk)
        passes = row_passes(unchecked(search.expression))
        rows = _rows(
            Sql("SELECT f.id,")
            + passes
            + Sql("FROM (")
            + candidates
            + Sql(
                ") AS f(id) JOIN assets_searchdocument d ON d.image_id = f.id"
                " JOIN assets_image i ON i.id = f.id"
                f" ORDER BY f.id {'DESC' if descending else 'ASC'}"
            )
        )
        found += [image_id for image_id, is_right in rows if is_right]
        if len(found) >= limit or len(rows) < chunk:
            return found[:limit]
        last = rows[-1][0]
        span = replace(span, high=last - 1) if descending else replace(span, low=last + 1)
        chunk = min(chunk * 4, MOST_CANDIDATES)


def _by_age(
    search: Search, span: _Span, *, descending: bool, limit: int | None, skip: int = 0
) -> Sql:
    """SQL for ids by age. On PostgreSQL `limit` counts candidates, should rows have to be asked."""
    most = None if limit is None else limit + skip
    found = _selection(search, span, descending=descending, most=most)
    if limit is None:
        return found
    way = "DESC" if descending else "ASC"
    return found + Sql(f"ORDER BY 1 {way} LIMIT %s OFFSET %s", (limit, skip))


def _selection(search: Search, span: _Span, *, descending: bool, most: int | None) -> Sql:
    open_ = unchecked(search.expression)
    conditions: list[Sql] = []
    if search.is_everything:
        key, source = "i.id", Sql("assets_image i")
        conditions.append(_in_gallery(search))
    elif is_sqlite():
        key, source = "x.rowid", Sql("assets_searchindex x")
        if open_ != EVERYTHING:
            # A cross join keeps the order of the tables: the index first, then row by row.
            source += Sql(
                "CROSS JOIN assets_searchdocument d ON d.image_id = x.rowid"
                " CROSS JOIN assets_image i ON i.id = x.rowid"
            )
        query = index_query(search.expression, search.universe)
        conditions.append(Sql("x.assets_searchindex MATCH %s", (query,)))
    else:
        candidates = _candidates(search, span, descending=descending, limit=most)
        if open_ == EVERYTHING:
            return candidates
        key = "f.id"
        source = Sql("(") + candidates
        source += Sql(
            ") AS f(id) JOIN assets_searchdocument d ON d.image_id = f.id"
            " JOIN assets_image i ON i.id = f.id"
        )
    if open_ != EVERYTHING:
        conditions.append(row_passes(open_))
    conditions += _inside(key, _from_oldest(search, span))
    return Sql(f"SELECT {key} FROM") + source + Sql("WHERE") + joined(conditions, " AND ")


def _candidates(search: Search, span: _Span, *, descending: bool, limit: int | None) -> Sql:
    """What PostgreSQL's index gives, by the function that knows how to ask it."""
    span = _from_oldest(search, span)
    newest = "(SELECT max(image_id) FROM assets_searchdocument)"
    return Sql(
        "SELECT id FROM assets_search_ids("  # noqa: S608
        f"%s::tsquery, %s::bigint, COALESCE(%s::bigint, {newest}), %s::integer, %s) AS c(id)",
        (
            index_query(search.expression, search.universe),
            span.low or 0,
            span.high,
            limit,
            descending,
        ),
    )


def _from_oldest(search: Search, span: _Span) -> _Span:
    lows = [low for low in (search.oldest, span.low) if low is not None]
    return replace(span, low=max(lows, default=None))


def _inside(key: str, span: _Span) -> list[Sql]:
    bounds = ((">=", span.low), ("<=", span.high))
    return [Sql(f"{key} {sign} %s", (bound,)) for sign, bound in bounds if bound is not None]


# Counts and streams ------------------------------------------------------------------------------


def count_of(search: Search, *, limit: int = COUNT_LIMIT) -> int:
    """How many are found; `limit + 1` when there are more than `limit`."""
    if search.is_nothing:
        return 0
    if not is_sqlite() and unchecked(search.expression) != EVERYTHING:
        return len(_ids(search, EVER, descending=True, limit=limit + 1))
    found = _by_age(search, EVER, descending=True, limit=limit + 1)
    statement = Sql("SELECT count(*) FROM (") + found + Sql(") AS found")
    return int(_rows(statement)[0][0])


def ids_of(search: Search, *, up_to: int | None = None) -> Iterator[int]:
    """The ids of everything that is found, newest first, read in chunks.

    `up_to` leaves out what arrived later than that image.
    """
    span = _Span(high=up_to)
    while True:
        chunk = _ids(search, span, descending=True, limit=CHUNK)
        yield from chunk
        if len(chunk) < CHUNK:
            return
        span = _Span(high=chunk[-1] - 1)


def finds(search: Search, image_id: int) -> bool:
    """Whether this image is among what is found."""
    return bool(_ids(search, _Span(image_id, image_id), descending=True, limit=1))


def newest_ids_statement(search: Search, *, limit: int) -> Sql:
    """SQL for the ids of the newest that are found."""
    return _by_age(search, EVER, descending=True, limit=limit)


def as_queryset(search: Search, access: Access) -> ImageQuerySet:
    """Everything that is found, as a queryset without order."""
    images = Image.objects.visible_to(access).filter(project_id=search.project_id)
    if search.is_nothing:
        return images.none()
    if search.is_everything:
        return images.in_gallery()
    everyone = _by_age(search, EVER, descending=True, limit=None)
    return images.filter(pk__in=RawSQL(everyone.text, everyone.params))  # noqa: S611
