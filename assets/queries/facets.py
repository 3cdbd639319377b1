"""How what is found is made up: how many of each state, maker, model, tag and so on.

Of the whole gallery the counts are kept (`SearchValue`). Of a search they are counted over its
newest images, at most `COUNT_LIMIT`, in one query, and say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from accounts.access import Access
from accounts.roles import Permission
from assets.queries.searching import COUNT_LIMIT, Search, newest_ids_statement

FIELDS = ("status", "by", "model", "size", "template", "tag", "collection", "rating")
MOST = 12
"""How many values of a field are told, the most frequent first."""

# Whatever is found is read once, then counted by each of its columns.
_COUNTS = """
WITH hits(id) AS MATERIALIZED ({hits}),
found AS MATERIALIZED (
    SELECT i.id, i.review_status, i.created_by_id, i.model_name, i.width, i.height,
        i.template_version_id, i.rating
    FROM hits JOIN assets_image i ON i.id = hits.id
)
SELECT 'all', '', '', count(*) FROM found
UNION ALL
SELECT 'status', review_status, review_status, count(*) FROM found GROUP BY review_status
UNION ALL
SELECT 'by', CAST(u.id AS varchar(20)), u.name, count(*) FROM found
    JOIN accounts_user u ON u.id = found.created_by_id GROUP BY u.id, u.name
UNION ALL
SELECT 'model', model_name, model_name, count(*) FROM found GROUP BY model_name
UNION ALL
SELECT 'size', size, size, count(*) FROM (
    SELECT CAST(width AS varchar(20)) || 'x' || CAST(height AS varchar(20)) AS size FROM found
) AS sizes GROUP BY size
UNION ALL
SELECT 'rating', stars, stars, count(*) FROM (
    SELECT CAST(CAST(floor(rating) AS integer) AS varchar(1)) AS stars FROM found
    WHERE rating IS NOT NULL
) AS rated GROUP BY stars
UNION ALL
SELECT 'template', t.name, t.name, count(*) FROM found
    JOIN assets_templateversion v ON v.id = found.template_version_id
    JOIN assets_prompttemplate t ON t.id = v.template_id GROUP BY t.name
UNION ALL
SELECT 'tag', t.name, t.name, count(*) FROM found
    JOIN assets_imagetag u ON u.image_id = found.id
    JOIN assets_tag t ON t.id = u.tag_id GROUP BY t.name
UNION ALL
SELECT 'collection', c.name, c.name, count(*) FROM found
    JOIN assets_collectionitem u ON u.image_id = found.id
    JOIN assets_collection c ON c.id = u.collection_id GROUP BY c.name
ORDER BY 4 DESC, 3
"""

_KEPT = """
SELECT * FROM (
    SELECT field, label AS value, label, uses FROM assets_searchvalue
    WHERE project_id = %s AND field = %s AND uses > 0 ORDER BY uses DESC, label LIMIT %s
) AS kept
"""
_KEPT_PEOPLE = """
SELECT * FROM (
    SELECT v.field, v.label AS value, u.name AS label, v.uses FROM assets_searchvalue v
    JOIN accounts_user u ON u.id = CAST(v.label AS bigint)
    WHERE v.project_id = %s AND v.field = %s AND v.uses > 0 ORDER BY v.uses DESC, u.name LIMIT %s
) AS kept
"""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value: as the query language writes it, as people read it, and how many have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of each field, the most frequent first.

    `counted` images were looked at; `is_capped` when more are found, so that the counts are those
    of the newest.
    """

    fields: dict[str, list[FacetValue]]
    counted: int
    is_capped: bool = False


def facet_counts(access: Access, search: Search) -> FacetCounts:
    """The facets of what is found."""
    if search.is_nothing:
        return FacetCounts({name: [] for name in FIELDS}, counted=0)
    if search.is_everything:
        return _kept(access, search.project_id)
    statement = newest_ids_statement(search, limit=COUNT_LIMIT + 1)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(hits=statement.text), statement.params)
        rows = cursor.fetchall()
    counted = next(count for name, _value, _label, count in rows if name == "all")
    is_capped = counted > COUNT_LIMIT
    return FacetCounts(
        _grouped(row for row in rows if row[0] != "all"),
        counted=min(counted, COUNT_LIMIT),
        is_capped=is_capped,
    )


def _kept(access: Access, project_id: int) -> FacetCounts:
    """The counts of a whole gallery, in one query."""
    if not access.allows(Permission.VIEW_GALLERY, project_id):
        return FacetCounts({name: [] for name in FIELDS}, counted=0)
    each = [_KEPT_PEOPLE if name == "by" else _KEPT for name in FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(each),
            [value for name in FIELDS for value in (project_id, name, MOST)],
        )
        rows = cursor.fetchall()
    return FacetCounts(
        _grouped(rows), counted=sum(uses for name, _value, _label, uses in rows if name == "status")
    )


def _grouped(rows: Iterable[tuple[str, str, str, int]]) -> dict[str, list[FacetValue]]:
    fields: dict[str, list[FacetValue]] = {name: [] for name in FIELDS}
    for name, value, label, count in rows:
        if len(fields[name]) < MOST:
            fields[name].append(FacetValue(f"#{value}" if name == "by" else value, label, count))
    return fields
