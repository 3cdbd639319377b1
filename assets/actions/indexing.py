"""Keeping the search index right, in the transaction that changes what can be searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from assets.models import Image, SearchDocument, SearchValue, SearchWord
from assets.queries.searched_facts import facts_of
from assets.search.documents import Document, Facts, document_of, suggested_in
from assets.search.tokens import facet

BATCH = 500
LONGEST_LABEL = 255

_COUNT = """
INSERT INTO {table} (project_id, field, key, label, uses) VALUES {rows}
ON CONFLICT (project_id, field, key) DO UPDATE SET uses = {table}.uses + excluded.uses
"""


@transaction.atomic(savepoint=False)
def index_images(*, image_ids: Collection[int]) -> None:
    """Write anew what can be searched of these images, in a fixed number of queries per batch.

    Call it after the change, once for all the images that it touched. An image that was deleted
    has left the index with its row; before it is deleted it lies in the trash, where nothing of it
    is counted any more.
    """
    ids = sorted(set(image_ids))
    for start in range(0, len(ids), BATCH):
        _index(ids[start : start + BATCH])


def _index(ids: Sequence[int]) -> None:
    # Locked in one order. Whoever changes another row about the same image at the same time waits
    # here, and then files a document in which both changes are.
    images = Image.objects.filter(pk__in=ids).select_for_update(of=("self",), no_key=True)
    facts = facts_of(images)
    stored = dict(SearchDocument.objects.filter(pk__in=ids).values_list("image_id", "tokens"))
    documents = [(each, document_of(each)) for each in facts]
    SearchDocument.objects.bulk_create(
        [
            SearchDocument(
                image_id=each.image_id, tokens=document.written_tokens, text=document.text
            )
            for each, document in documents
        ],
        update_conflicts=True,
        unique_fields=["image"],
        update_fields=["tokens", "text"],
    )
    _count_values(documents, stored)
    words = sorted({word for _facts, document in documents for word in document.words})
    SearchWord.objects.bulk_create(map(SearchWord, words), BATCH, ignore_conflicts=True)


def _count_values(documents: Sequence[tuple[Facts, Document]], stored: dict[int, str]) -> None:
    """Add to the uses of each value what these documents have more than the stored ones."""
    uses: Counter[tuple[int, str, str]] = Counter()
    labels: dict[tuple[int, str, str], str] = {}
    for facts, document in documents:
        for project_id in _projects_in(stored.get(facts.image_id, "")):
            for field, key in suggested_in(stored[facts.image_id], project_id):
                uses[project_id, field, key] -= 1
        if not facts.is_trashed:
            for (field, key), label in document.values.items():
                uses[facts.project_id, field, key] += 1
                labels[facts.project_id, field, key] = label[:LONGEST_LABEL]
    # In one order everywhere, so that two transactions cannot wait for each other.
    rows = [
        (*key, labels.get(key, key[2]), change) for key, change in sorted(uses.items()) if change
    ]
    table = connection.ops.quote_name(SearchValue._meta.db_table)
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(batch))
            cursor.execute(
                _COUNT.format(table=table, rows=places),
                [value for row in batch for value in row],
            )


def _projects_in(tokens: str) -> set[int]:
    """The project in whose gallery a stored document was counted, if any."""
    start = facet("project", "")
    return {int(each[len(start) :]) for each in tokens.split() if each.startswith(start)}


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
