"""Operations for tests, ordered as people order them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from accounts.access import Access
from accounts.models import Project, User
from assets.actions.indexing import index_images
from assets.actions.operations import order_operation
from assets.actions.tallying import count_arrived
from assets.models import Image, Operation, OperationItem
from assets.operations import kinds  # noqa: F401  # makes the kinds known
from assets.operations.asks import Chosen
from assets.operations.running import run_next
from assets.types import OperationKind
from tests.builders import access_of

SYSTEM = Access.system("archivist")


def make_rows(project: Project, maker: User, count: int, **columns: Any) -> list[Image]:
    """Images without files, for what is about rows alone; counted and indexed as every image is."""
    moment = datetime(2025, 1, 5, 9, 30, tzinfo=UTC)
    values: dict[str, Any] = {
        "created_at": moment, "bytes": 1000, "width": 64, "height": 48, "prompt": "一只金毛犬",
        "seed": 1, "steps": 8, "cfg": 1.0, "model_name": "Z-Image-Turbo", "metadata": {}, **columns,
    }  # fmt: skip
    images = Image.objects.bulk_create(
        Image(project=project, created_by=maker, path=f"{sha256}.png", sha256=sha256, **values)
        for sha256 in (secrets.token_hex(32) for _number in range(count))
    )
    count_arrived(images=images)
    index_images(image_ids=[image.pk for image in images])
    return images


def order(
    person: User, project: Project, kind: OperationKind, images: Iterable[Image], **arguments: Any
) -> Operation:
    """An operation that waits for the archivist."""
    chosen = Chosen(ids=tuple(image.pk for image in images))
    return order_operation(
        access=access_of(person),
        project=project,
        kind=kind,
        arguments={**arguments, "chosen": chosen.to_json()},
    )


def run_all() -> None:
    """Be the archivist until nothing is left to do."""
    while run_next(access=SYSTEM):
        pass


def states(operation: Operation) -> list[tuple[str, str]]:
    """State and reason of each item, in order."""
    items = OperationItem.objects.filter(operation=operation).order_by("position")
    return list(items.values_list("state", "reason"))
