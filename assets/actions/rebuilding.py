"""Making the search index anew, and comparing it with what it is made from.

Both go through all images in the order of their ids and say how far they are, so that they can be
stopped and go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, transaction

from accounts.access import Access
from accounts.models import Project
from assets.actions.indexing import index_images
from assets.models import Image, SearchDocument, SearchValue
from assets.queries.index_sql import is_sqlite
from assets.queries.searched_facts import facts_of
from assets.search.documents import document_of, suggested_in

BATCH = 500
MERGED_PAGES = 500
"""Pages of 4 kB that are merged in one step; others write between two steps."""
MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How many images have been looked at, and the last one of them."""

    done: int
    last_id: int


def index_missing(*, access: Access) -> Iterator[Progress]:
    """File the images that have no document yet."""
    access.require_system()
    done = last = 0
    while True:
        ids = list(
            Image.objects.filter(pk__gt=last, search_document=None)
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        if not ids:
            return
        index_images(image_ids=ids)
        done, last = done + len(ids), ids[-1]
        yield Progress(done, last)


def index_again(*, access: Access, after: int = 0) -> Iterator[Progress]:
    """File all images anew, from the one after an id on."""
    access.require_system()
    done, last = 0, after
    while True:
        ids = list(
            Image.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
        )
        if not ids:
            return
        index_images(image_ids=ids)
        done, last = done + len(ids), ids[-1]
        yield Progress(done, last)


def repair_table(*, access: Access) -> bool:
    """Make SQLite's full text table anew from the documents, if it differs from them."""
    access.require_system()
    if not (is_sqlite() and _is_damaged()):
        return False
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO assets_searchindex(assets_searchindex) VALUES ('rebuild')")
    return True


def tidy_table(*, access: Access, most: int = MOST_STEPS) -> bool:
    """Merge the pieces in which SQLite's full text table grew, in short steps; whether one is left.

    Every transaction adds a small piece, and a search looks into each. The table merges them by
    itself as it grows, but never down to one. After `most` steps there may be more to do, for
    another call.
    """
    access.require_system()
    if not is_sqlite():
        return True
    return not all(_merge() for _ in range(most))


def _merge() -> bool:
    """One step; whether there was something to merge."""
    connection.ensure_connection()
    before = connection.connection.total_changes
    with connection.cursor() as cursor:
        cursor.execute(
            # A negative number means down to one piece, not only as far as usual.
            "INSERT INTO assets_searchindex(assets_searchindex, rank) VALUES ('merge', %s)",
            [-MERGED_PAGES],
        )
    # SQLite counts the statement itself as one change.
    return bool(connection.connection.total_changes - before > 1)


def count_again(*, access: Access) -> int:
    """Count the suggested values of every project from its documents; how many were wrong."""
    access.require_system()
    return sum(_count_project(project_id) for project_id in _projects())


@transaction.atomic
def _count_project(project_id: int) -> int:
    # Whoever indexes meanwhile waits, so that the counts and the documents are of one moment.
    stored = {
        (field_name, key): (pk, uses)
        for pk, field_name, key, uses in SearchValue.objects.filter(project_id=project_id)
        .select_for_update()
        .order_by("field", "key")
        .values_list("pk", "field", "key", "uses")
    }
    counted = _counts_of(project_id)
    wrong = [
        SearchValue(pk=pk, uses=counted[key])
        for key, (pk, uses) in stored.items()
        if counted[key] != uses
    ]
    SearchValue.objects.bulk_update(wrong, ["uses"], batch_size=BATCH)
    missing = [
        SearchValue(project_id=project_id, field=key[0], key=key[1], label=key[1], uses=uses)
        for key, uses in sorted(counted.items())
        if key not in stored
    ]
    SearchValue.objects.bulk_create(missing, batch_size=BATCH)
    SearchValue.objects.filter(project_id=project_id, uses=0).delete()
    return len(wrong) + len(missing)


def _projects() -> list[int]:
    return list(Project.objects.order_by("pk").values_list("pk", flat=True))


def _counts_of(project_id: int) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    documents = SearchDocument.objects.filter(image__project_id=project_id)
    for tokens in documents.values_list("tokens", flat=True).iterator(BATCH):
        found.update(suggested_in(tokens, project_id))
    return found


@dataclass(slots=True)
class Findings:
    """What is wrong with the index: ids of images, and what does not belong to any.

    `missing` have no document, `stale` another one than they should have; `foreign` documents are
    of images that are gone. `is_damaged` when the database's own index differs from the documents,
    `miscounted` is the number of suggested values with a wrong count.
    """

    looked_at: int = 0
    last_id: int = 0
    missing: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    foreign: int = 0
    is_damaged: bool = False
    miscounted: int = 0

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return not (
            self.missing or self.stale or self.foreign or self.is_damaged or self.miscounted
        )


def compare_index(*, access: Access) -> Iterator[Findings]:
    """Compare every document with its image; what was found so far, after each batch."""
    access.require_system()
    findings = Findings()
    while batch := _next_batch(findings.last_id):
        stored = {
            pk: (tokens, text)
            for pk, tokens, text in SearchDocument.objects.filter(pk__in=batch).values_list(
                "image_id", "tokens", "text"
            )
        }
        for facts in facts_of(Image.objects.filter(pk__in=batch)):
            right = document_of(facts)
            found = stored.get(facts.image_id)
            if found is None:
                findings.missing.append(facts.image_id)
            elif found != (right.written_tokens, right.text):
                findings.stale.append(facts.image_id)
        findings.looked_at += len(batch)
        findings.last_id = batch[-1]
        yield findings
    _compare_the_rest(findings)
    yield findings


def _next_batch(after: int) -> list[int]:
    images = Image.objects.filter(pk__gt=after).order_by("pk")
    return list(images.values_list("pk", flat=True)[:BATCH])


def _compare_the_rest(findings: Findings) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM assets_searchdocument d"
            " WHERE NOT EXISTS (SELECT 1 FROM assets_image i WHERE i.id = d.image_id)"
        )
        findings.foreign = cursor.fetchone()[0]
    findings.is_damaged = is_sqlite() and _is_damaged()
    for project_id in _projects():
        counted = _counts_of(project_id)
        kept = Counter(
            {
                (name, key): uses
                for name, key, uses in SearchValue.objects.filter(
                    project_id=project_id
                ).values_list("field", "key", "uses")
            }
        )
        findings.miscounted += sum(counted[key] != kept[key] for key in {*counted, *kept})


def _is_damaged() -> bool:
    """Whether FTS5 itself says that its index and the documents differ."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO assets_searchindex(assets_searchindex, rank)"
                " VALUES ('integrity-check', 1)"
            )
    except DatabaseError:
        return True
    return False
