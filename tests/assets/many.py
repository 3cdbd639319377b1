"""Many images at once, as rows without files, for what is asked of lists."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import Project, User
from assets.actions.indexing import index_images
from assets.models import Image

FIRST = datetime(2025, 1, 5, 9, 30, tzinfo=UTC)


def make_rows(
    project: Project,
    maker: User,
    prompts: Iterable[str],
    *,
    ids: Sequence[int] = (),
    **columns: Any,
) -> list[Image]:
    """One image of each prompt, oldest first, in the search index; `ids` if they matter."""
    images = []
    for number, prompt in enumerate(prompts):
        uid = uuid.uuid4()
        made = FIRST + timedelta(minutes=number)
        described = {
            "created_at": made,
            "archived_at": made,
            "width": 1024,
            "height": 1024,
            "bytes": 1000 + number,
            "seed": number,
            "steps": 8,
            "cfg": 1.0,
            "model_name": "Z-Image-Turbo",
            "negative_prompt": "",
            "metadata": {},
            **columns,
        }
        images.append(
            Image(
                pk=ids[number] if ids else None,
                uid=uid,
                project=project,
                created_by=maker,
                prompt=prompt,
                path=f"{uid}.png",
                sha256=hashlib.sha256(uid.bytes).hexdigest(),
                **described,
            )
        )
    Image.objects.bulk_create(images)
    index_images(image_ids=[image.pk for image in images])
    return images
