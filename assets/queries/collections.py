"""The collections of a project, what lies in them, and where an image lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from assets.models import Collection, CollectionItem, Image
from assets.queries.timeline import card_rows

PAGE_SIZE = 60
NAME_TAKEN = _("There is a collection of this name here already. Choose another one.")


@dataclass(slots=True)
class Node:
    """A collection in the tree: how many pictures lie in it itself, its cover, what is inside.

    `depth` counts from 0; `way` are the names of those that it lies in, from the outside.
    """

    collection: Collection
    count: int
    cover: Image | None
    depth: int = 0
    way: tuple[str, ...] = ()
    inside: list[Node] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The pictures in it and in those inside it, one that lies in two counted twice."""
        return self.count + sum(node.total for node in self.inside)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a collection in its order; `before` and `after` begin the parts beside it."""

    rows: list[dict[str, Any]]
    before: Place | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a collection: behind it a page begins."""

    position: int
    item_id: int

    def __str__(self) -> str:
        return f"{self.position}-{self.item_id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """A place as an address writes it; `None` for anything else."""
        position, _dash, item_id = text.partition("-")
        if all(
            part.isascii() and part.isdigit() and len(part) < 19 for part in (position, item_id)
        ):
            return cls(int(position), int(item_id))
        return None


def collections_of(access: Access, project_id: int) -> QuerySet[Collection]:
    """The collections of a project, in order within each parent."""
    return (
        Collection.objects.visible_to(access)
        .filter(project_id=project_id)
        .order_by("position", "pk")
    )


def tree_of(access: Access, project_id: int) -> list[Node]:
    """The collections at the top, each with those inside it, in two queries."""
    first = (
        CollectionItem.objects.filter(collection=OuterRef("pk"), image__trashed_at__isnull=True)
        .order_by("position", "pk")
        .values("image")[:1]
    )
    in_gallery = Q(items__image__trashed_at__isnull=True)
    rows = list(
        collections_of(access, project_id).annotate(
            first_image=Subquery(first), count=Count("items", filter=in_gallery)
        )
    )
    wanted = {row.cover_id or row.first_image for row in rows}
    covers = (
        Image.objects.visible_to(access)
        .in_gallery()
        .defer("metadata")
        .in_bulk([pk for pk in wanted if pk])
    )
    inside: dict[int | None, list[Node]] = defaultdict(list)
    for row in rows:
        cover = covers.get(row.cover_id) or covers.get(row.first_image)
        inside[row.parent_id].append(Node(row, row.count, cover))
    return _grown(inside, None, 0, ())


def _grown(
    inside: dict[int | None, list[Node]], pk: int | None, depth: int, way: tuple[str, ...]
) -> list[Node]:
    for node in inside[pk]:
        node.depth, node.way = depth, way
        node.inside = _grown(inside, node.collection.pk, depth + 1, (*way, node.collection.name))
    return inside[pk]


def flat(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every collection of a tree, each before those inside it."""
    for node in nodes:
        yield node
        yield from flat(node.inside)


def collection_for(access: Access, collection_id: int) -> Collection:
    """One collection with its project; `NotVisible` for strangers."""
    collection = (
        Collection.objects.visible_to(access)
        .select_related("project__organization", "cover", "created_by")
        .filter(pk=collection_id)
        .first()
    )
    if collection is None:
        raise NotVisible
    return collection


def part_of(
    access: Access,
    collection: Collection,
    *,
    after: Place | None = None,
    before: Place | None = None,
    size: int = PAGE_SIZE,
) -> Part:
    """Pictures of a collection in its order, after a place or before one, in two queries.

    Those in the trash are left out. `place` of each row is a `Place`.
    """
    items = CollectionItem.objects.visible_to(access).filter(
        collection=collection, image__trashed_at__isnull=True
    )
    # Of the two conditions the first is what the index is entered with; the second only repeats.
    if before is not None:
        items = items.filter(position__lte=before.position).filter(
            Q(position__lt=before.position) | Q(pk__lt=before.item_id)
        )
        found = items.order_by("-position", "-pk")
    else:
        if after is not None:
            items = items.filter(position__gte=after.position).filter(
                Q(position__gt=after.position) | Q(pk__gt=after.item_id)
            )
        found = items.order_by("position", "pk")
    places = list(found.values_list("image_id", "position", "pk")[: size + 1])
    has_more = len(places) > size
    places = places[:size]
    if before is not None:
        places.reverse()
    fields = card_rows(access, [place[0] for place in places])
    rows = [
        fields[image_id] | {"place": Place(position, item_id)}
        for image_id, position, item_id in places
        if image_id in fields
    ]
    return Part(
        rows,
        before=rows[0]["place"] if rows and (has_more if before is not None else after) else None,
        after=rows[-1]["place"] if rows and (before is not None or has_more) else None,
    )


def images_in(
    access: Access, collection: Collection, *, after: Place | None, size: int
) -> tuple[list[Image], Place | None]:
    """Whole images of a collection in its order, and the place where the next ones begin."""
    part = part_of(access, collection, after=after, size=size)
    images = (
        Image.objects.visible_to(access)
        .select_related("created_by")
        .defer("metadata")
        .in_bulk([row["id"] for row in part.rows])
    )
    return [images[row["id"]] for row in part.rows if row["id"] in images], part.after


def size_of(access: Access, collection: Collection) -> int:
    """How many pictures a collection shows."""
    return (
        CollectionItem.objects.visible_to(access)
        .filter(collection=collection, image__trashed_at__isnull=True)
        .count()
    )


def way_to(access: Access, collection: Collection) -> list[Collection]:
    """The collections that one lies in, from the outside, without itself, in one query."""
    everything = collections_of(access, collection.project_id).in_bulk()
    way: list[Collection] = []
    above = collection.parent_id
    while above in everything and everything[above] not in way:
        way.insert(0, everything[above])
        above = everything[above].parent_id
    return way


def collections_of_image(access: Access, image_id: int) -> list[Collection]:
    """The collections that an image lies in, by name."""
    return list(
        Collection.objects.visible_to(access).filter(items__image=image_id).order_by("name", "pk")
    )


def why_not_collection_name(
    project_id: int, parent_id: int | None, name: str, *, besides: int | None = None
) -> Promise | None:
    """The sentence that refuses a collection's name in a place, or `None`."""
    taken = Collection.objects.filter(project_id=project_id, parent_id=parent_id, name=name)
    if besides is not None:
        taken = taken.exclude(pk=besides)
    return NAME_TAKEN if taken.exists() else None
