"""Finding operations on many images, and what became of their items."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.access import Access
from accounts.errors import NotPermitted, NotVisible
from accounts.models import Project
from accounts.roles import Permission
from assets.models import Collection, Image, Operation, OperationItem, Tag
from assets.types import UNDOABLE, ItemState, OperationStatus

LEFT_ALONE = [ItemState.SKIPPED, ItemState.FAILED]
ENDED = [OperationStatus.DONE, OperationStatus.CANCELLED, OperationStatus.FAILED]
MOST_TO_CHOOSE = 500
LAST_FOR = timedelta(hours=12)
"""How old the last thing may be that a single key takes back."""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """One item that was not changed: why (a code), its image if it may be seen, else its name."""

    reason: str
    image: Image | None
    name: str


@dataclass(frozen=True, slots=True)
class LeftAlonePage:
    """Some items that were not changed. `cursor` begins the next page."""

    items: list[LeftAlone]
    cursor: int | None


def my_operations(access: Access, project_id: int | None = None) -> QuerySet[Operation]:
    """What the actor ordered, newest first; of one project, or of all of theirs."""
    operations = _with_names(access).filter(created_by_id=access.user_id or 0)
    if project_id is not None:
        operations = operations.filter(project_id=project_id)
    return operations.order_by("-pk")


def project_operations(access: Access, project_id: int) -> QuerySet[Operation]:
    """What the actor ordered in a project; for those who manage it, what everybody did."""
    if access.allows(Permission.MANAGE_PROJECT, project_id):
        return _with_names(access).filter(project_id=project_id).order_by("-pk")
    return my_operations(access, project_id)


def operation_for(access: Access, uid: UUID) -> Operation:
    """One operation, for whoever ordered it and for those who manage its project.

    Raises:
        NotVisible: there is none, or not in a project of the actor's.
        NotPermitted: it is somebody else's.
    """
    operation = _with_names(access).filter(uid=uid).first()
    if operation is None:
        raise NotVisible
    is_own = operation.created_by_id == access.user_id
    if not (is_own or access.allows(Permission.MANAGE_PROJECT, operation.project_id)):
        raise NotPermitted
    return operation


def my_operations_among(access: Access, uids: Several[UUID]) -> list[Operation]:
    """The actor's operations with these names, newest first."""
    return list(my_operations(access).filter(uid__in=list(uids)))


def last_undoable(access: Access, project_id: int) -> Operation | None:
    """The last thing that the actor did to images of a project, if it can be taken back.

    What was taken back already, and taking back itself, are passed over.
    """
    return (
        my_operations(access, project_id)
        .filter(
            kind__in=UNDOABLE,
            status__in=ENDED,
            done__gt=0,
            undoes__isnull=True,
            undone_by__isnull=True,
            ended_at__gte=timezone.now() - LAST_FOR,
        )
        .first()
    )


def reasons_of(operation: Operation) -> list[tuple[str, int]]:
    """Why items were left alone: codes with how many, the most frequent first."""
    counted = (
        OperationItem.objects.filter(operation=operation, state__in=LEFT_ALONE)
        .values_list("reason")
        .annotate(count=Count("pk"))
    )
    return sorted(counted, key=lambda pair: (-pair[1], pair[0]))


def left_alone(
    access: Access, operation: Operation, *, cursor: int | None = None, size: int = 60
) -> LeftAlonePage:
    """The items that were left alone, in order; `cursor` is the position to begin after."""
    items = OperationItem.objects.filter(operation=operation, state__in=LEFT_ALONE)
    if cursor is not None:
        items = items.filter(position__gt=cursor)
    found = list(items.order_by("position")[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    images = _images(access, found)
    return LeftAlonePage(
        [LeftAlone(item.reason, images.get(item.image_id or 0), item.name) for item in found],
        found[-1].position if has_more else None,
    )


def _images(access: Access, items: Sequence[OperationItem]) -> dict[int, Image]:
    ids = [item.image_id for item in items if item.image_id]
    return Image.objects.shown_to(access).defer("metadata").in_bulk(ids)


def _with_names(access: Access) -> QuerySet[Operation]:
    return Operation.objects.visible_to(access).select_related(
        "project__organization", "created_by", "undoes", "undone_by"
    )


def projects_to_move_to(access: Access, project: Project) -> list[tuple[int, str]]:
    """The other projects of the organization where the actor may put pictures, by name."""
    return list(
        Project.objects.visible_to(access, Permission.ORGANIZE_IMAGES)
        .filter(organization_id=project.organization_id)
        .exclude(pk=project.pk)
        .order_by("name")
        .values_list("pk", "name")
    )


def collections_to_choose(access: Access, project_id: int) -> list[tuple[int, str]]:
    """The collections of a project, by name; one inside another says in which."""
    found = Collection.objects.visible_to(access).filter(project_id=project_id)
    rows = found.order_by("name").values_list("pk", "name", "parent__name")[:MOST_TO_CHOOSE]
    return [(pk, f"{parent} / {name}" if parent else name) for pk, name, parent in rows]


def tags_to_suggest(access: Access, project_id: int) -> list[str]:
    """The tags of a project, the most used first."""
    return list(
        Tag.objects.visible_to(access)
        .filter(project_id=project_id)
        .annotate(uses=Count("image_tags"))
        .order_by("-uses", "name")
        .values_list("name", flat=True)[:MOST_TO_CHOOSE]
    )
