"""Pictures and templates for tests, made through the same actions as real ones."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from PIL import Image as Pillow

from accounts.access import Access
from accounts.models import Organization, Project, User
from assets import storage
from assets.actions.archiving import NewPicture, archive_picture
from assets.actions.indexing import index_images
from assets.actions.reviewing import review_image, submit_image
from assets.actions.tallying import count_arrived
from assets.actions.templating import create_template, publish_version
from assets.models import Image, ImageRendition, PromptTemplate, TemplateVersion
from assets.snapshot import MetadataSnapshot, Named, Who, Words
from assets.types import Decision
from tests.assets.snapshots import make_snapshot
from tests.builders import access_of

GOLDEN_RETRIEVER = "一只金毛犬，坐在草地上"


def make_image(
    project: Project,
    maker: User,
    *,
    prompt: str = GOLDEN_RETRIEVER,
    model: str = "Z-Image-Turbo",
    seed: int = 123456,
    size: tuple[int, int] = (48, 32),
    created_at: datetime = datetime(2025, 1, 5, 9, 30, tzinfo=UTC),
    version: TemplateVersion | None = None,
    snapshot: MetadataSnapshot | None = None,
    picture: Pillow.Image | None = None,
    **columns: Any,
) -> Image:
    """One small real PNG in the archive, a draft; `columns` are set on the row afterwards.

    Without a `picture` of its own it is of one colour, which no two images share.
    """
    uid = uuid.uuid4()
    if picture is None:
        picture = Pillow.new("RGB", size, tuple(uid.bytes[:3]))
    size = picture.size
    image = archive_picture(
        access=Access.system("tests"),
        project=project,
        new=NewPicture(
            uid=uid,
            owner=uuid.uuid4(),
            picture=picture,
            snapshot=snapshot
            or _snapshot(
                project,
                maker,
                prompt=prompt,
                model=model,
                seed=seed,
                size=size,
                created_at=created_at,
            ),
            created_by_id=maker.pk,
            template_version_id=version.pk if version else None,
        ),
    )
    if columns:
        Image.objects.filter(pk=image.pk).update(**columns)
        index_images(image_ids=[image.pk])
        image.refresh_from_db()
    return image


def make_pending(project: Project, maker: User, **options: Any) -> Image:
    """A picture that its maker submitted for review."""
    image = make_image(project, maker, **options)
    return submit_image(access=access_of(maker), image=image)


def decide(
    image: Image,
    reviewer: User,
    decision: Decision = Decision.APPROVE,
    comment: str = "Softer light, please.",
) -> Image:
    """The picture after a reviewer's decision."""
    review_image(
        access=access_of(reviewer),
        image=image,
        decision=decision,
        comment=comment,
        sha256=image.sha256,
    )
    return image


def make_template(
    organization: Organization,
    editor: User,
    *,
    name: str = "宠物肖像",
    prompt: str = "一只{主体}，坐在{地点}上",
    published: bool = True,
    **options: Any,
) -> PromptTemplate:
    """A template with a first version, published unless said otherwise."""
    access = access_of(editor)
    template = create_template(
        access=access, organization=organization, name=name, prompt=prompt, **options
    )
    if published:
        publish_version(access=access, template=template)
    return template


def _snapshot(
    project: Project,
    maker: User,
    *,
    prompt: str,
    model: str,
    seed: int,
    size: tuple[int, int],
    created_at: datetime,
) -> MetadataSnapshot:
    snapshot = make_snapshot()
    width, height = size
    return replace(
        snapshot,
        words=Words(prompt=prompt, final_prompt=None, negative_prompt="低质量，模糊"),
        picture=replace(snapshot.picture, width=width, height=height, seed=seed),
        model=replace(snapshot.model, name=model),
        who=Who(
            organization=Named(id=str(project.organization_id), name=str(project.organization)),
            project=Named(id=str(project.pk), name=project.name),
            person=Named(id=str(maker.pk), name=maker.name),
        ),
        created_at=created_at,
    )


def hang_many(
    project: Project,
    maker: User,
    count: int,
    *,
    per_day: int = 40,
    until: datetime | None = None,
    thumb: bytes = b"",
    per_request: int = 1,
) -> None:
    """Rows as `count` arrivals would have left them, in a moment.

    Of several proportions, the newest at `until`, `per_day` a day, tallied, not indexed. With
    `thumb` (a WebP) each has that thumbnail.
    """
    until = until or timezone.now()
    shapes = [(1024, 1024), (1216, 832), (832, 1216), (1344, 768), (768, 1344), (1536, 640)]
    request = uuid.uuid4()
    images = []
    for number in range(count):
        if number % per_request == 0:
            request = uuid.uuid4()
        uid = uuid.uuid4()
        width, height = shapes[uid.int % len(shapes)]
        arrived = until - timedelta(minutes=(count - 1 - number) * 24 * 60 / per_day)
        path = storage.original_path(
            organization_id=project.organization_id,
            project_id=project.pk,
            sha256=uid.hex * 2,
            extension="png",
        )
        images.append(
            Image(
                uid=uid,
                project=project,
                created_by=maker,
                created_at=arrived,
                archived_at=arrived,
                path=path,
                sha256=uid.hex * 2,
                bytes=1,
                width=width,
                height=height,
                prompt=f"picture {number}",
                model_name="Z-Image-Turbo",
                request_id=request if per_request > 1 else None,
                metadata={},
            )
        )
    images = Image.objects.bulk_create(images, batch_size=500)
    if thumb:
        renditions = []
        for image in images:
            path = storage.rendition_path(image.path, "thumb")
            storage.write_once(path, thumb)
            renditions.append(
                ImageRendition(
                    image=image, kind="thumb", path=path, width=64, height=64, bytes=len(thumb)
                )
            )
        ImageRendition.objects.bulk_create(renditions, batch_size=500)
    with transaction.atomic():
        count_arrived(images=images)
