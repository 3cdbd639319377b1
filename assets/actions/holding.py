"""Steps of every action that changes many images: locking their rows, and one audit event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.models import Project
from assets.models import Image
from assets.types import SkipReason


@dataclass(frozen=True, slots=True)
class Held:
    """The images of a project as they are now, locked, and why the others are not among them."""

    images: list[Image]
    missing: dict[int, SkipReason]


def hold(*, project: Project, images: Iterable[Image]) -> Held:
    """Lock the rows of images until the transaction ends; call it inside one."""
    wanted = [image.pk for image in images]
    rows = {image.pk: image for image in Image.objects.for_change(wanted)}
    missing: dict[int, SkipReason] = {}
    held: list[Image] = []
    for image_id in dict.fromkeys(wanted):
        image = rows.get(image_id)
        if image is None:
            missing[image_id] = SkipReason.GONE
        elif image.project_id != project.pk:
            missing[image_id] = SkipReason.MOVED_AWAY
        else:
            held.append(image)
    return Held(held, missing)


def tell_trail(
    access: Access,
    happened: str,
    project: Project,
    images: Sequence[Image],
    *,
    in_full: bool = False,
    **data: Any,
) -> None:
    """One event: about the picture if there is one, else about all of them together.

    With `in_full` it keeps name and hash of each, because nothing else will.
    """
    scope = {"organization_id": project.organization_id, "project_id": project.pk}
    if len(images) == 1:
        image = images[0]
        about = {"uid": str(image.uid), "sha256": image.sha256, **data}
        record(access, f"assets.image.{happened}", image, **scope, **about)
        return
    told: list[Any] = [
        {"uid": str(image.uid), "name": str(image)[:160], "sha256": image.sha256}
        if in_full
        else str(image.uid)
        for image in images
    ]
    about = {"count": len(images), "images": told, **data}
    record(access, f"assets.images.{happened}", project, **scope, **about)
