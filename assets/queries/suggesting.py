"""What somebody who writes a search may mean: values that occur in the project, by frequency."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.access import Access
from accounts.models import User
from assets.models.search_document import SearchValue, SearchValueQuerySet
from assets.search.documents import SUGGESTED
from assets.search.tokens import key_in_index, value_key

MOST = 10
MOST_MAKERS = 500


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value as the query language writes it, as people read it, and how many images have it."""

    value: str
    label: str
    uses: int


def suggest(
    access: Access, project_id: int, field: str, prefix: str, *, most: int = MOST
) -> list[Suggestion]:
    """Values of a field that have the prefix in them, the most frequent first.

    Fields whose values are not worth suggesting (seeds, hashes) have none.
    """
    index_field = "made-for" if field == "project" else field
    if index_field not in SUGGESTED:
        return []
    values = SearchValue.objects.visible_to(access).filter(
        project_id=project_id, field=index_field, uses__gt=0
    )
    if field == "by":
        return _people(values, prefix, most)
    if prefix.strip():
        values = values.filter(key__contains=key_in_index(prefix))
    return [
        Suggestion(label, label, uses)
        for label, uses in values.order_by("-uses", "key").values_list("label", "uses")[:most]
    ]


def _people(values: SearchValueQuerySet, prefix: str, most: int) -> list[Suggestion]:
    """Makers by name or address; what is kept of them is their number, because names change."""
    uses = {
        int(key): count
        for key, count in values.order_by("-uses").values_list("key", "uses")[:MOST_MAKERS]
    }
    people = User.objects.filter(pk__in=uses).values_list("pk", "name", "email")
    wanted = value_key(prefix)
    found = [
        Suggestion(name, name, uses[user_id])
        for user_id, name, email in people
        if wanted in value_key(name) or wanted in email
    ]
    return sorted(found, key=lambda each: (-each.uses, each.label))[:most]
