"""What somebody who writes a search may mean: values that occur in the project, by frequency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from accounts.access import Access
from accounts.roles import Permission
from assets.search.documents import SUGGESTED
from assets.search.tokens import key_in_index, value_key

MOST = 10
MOST_MAKERS = 500

_VALUES = """
SELECT * FROM (
    SELECT field, label, label AS name, '' AS email, uses FROM assets_searchvalue
    WHERE project_id = %s AND field = %s AND uses > 0 AND key LIKE %s ESCAPE '!'
    ORDER BY uses DESC, key LIMIT %s
) AS found
"""
# Of makers their numbers are kept, because names change.
_MAKERS = """
SELECT * FROM (
    SELECT v.field, v.label, u.name, u.email, v.uses FROM assets_searchvalue v
    JOIN accounts_user u ON u.id = CAST(v.label AS bigint)
    WHERE v.project_id = %s AND v.field = %s AND v.uses > 0 AND v.key LIKE %s ESCAPE '!'
    ORDER BY v.uses DESC, v.key LIMIT %s
) AS found
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value as the query language writes it, as people read it, and how many images have it."""

    field: str
    value: str
    label: str
    uses: int


def suggest(
    access: Access, project_id: int, fields: Sequence[str], prefix: str, *, most: int = MOST
) -> list[Suggestion]:
    """Values of these fields that have the prefix in them, the most frequent first, in one query.

    Fields whose values are not worth suggesting (seeds, hashes) have none.
    """
    asked = {_index_field(name): name for name in fields}
    known = [name for name in asked if name in SUGGESTED]
    if not known or not access.allows(Permission.VIEW_GALLERY, project_id):
        return []
    found = [
        Suggestion(asked[name], shown, shown, uses)
        for name, _label, shown, email, uses in _rows(project_id, known, prefix, most)
        if name != "by" or _is_called(shown, email, prefix)
    ]
    return sorted(found, key=lambda each: (-each.uses, each.value))[:most]


def _index_field(name: str) -> str:
    return "made-for" if name == "project" else name


def _rows(
    project_id: int, fields: Sequence[str], prefix: str, most: int
) -> list[tuple[str, str, str, str, int]]:
    like = f"%{_escaped(key_in_index(prefix))}%"
    params: list[int | str] = []
    for name in fields:
        is_maker = name == "by"
        params += [project_id, name, "%" if is_maker else like, MOST_MAKERS if is_maker else most]
    statements = [_MAKERS if name == "by" else _VALUES for name in fields]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), params)
        rows: list[tuple[str, str, str, str, int]] = cursor.fetchall()
        return rows


def _escaped(key: str) -> str:
    for sign in "!%_":
        key = key.replace(sign, f"!{sign}")
    return key


def _is_called(name: str, email: str, prefix: str) -> bool:
    wanted = value_key(prefix)
    return wanted in value_key(name) or email.startswith(wanted)
