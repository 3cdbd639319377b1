"""How much of what was made is used again."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from assets.actions.using import count_download, record_uses
from assets.models import ImageUse
from assets.queries.reuse import reuse_of
from assets.types import UseKind
from tests.assets.builders import make_image
from tests.builders import World, access_of


def test_the_share_counts_images_and_the_months_count_downloads(world: World) -> None:
    images = [make_image(world.pets, world.uma) for _ in range(4)]
    uma = access_of(world.uma)
    for _time in range(3):
        record_uses(access=uma, images=[images[0]], kind=UseKind.RECALL, request_id=uuid.uuid4())
    record_uses(access=uma, images=images[:3], kind=UseKind.EXPORT)
    count_download(access=uma, image=images[0])
    last = ImageUse.objects.filter(kind=UseKind.EXPORT).order_by("pk").last()
    long_ago = timezone.now() - timedelta(days=500)
    ImageUse.objects.filter(pk=last.pk).update(created_at=long_ago)
    figures = reuse_of(uma, world.pets.pk)
    assert (figures.images, figures.reused, figures.downloaded) == (4, 1, 3)
    assert (figures.share, figures.percent) == (0.25, 25)
    assert len(figures.months) == 12
    assert figures.months[-1] == (timezone.localdate().replace(day=1), 3)
    assert sum(number for _month, number in figures.months) == 3


def test_a_project_without_images_has_no_share(world: World) -> None:
    figures = reuse_of(access_of(world.uma), world.pets.pk)
    assert (figures.share, figures.percent) == (None, None)


def test_strangers_learn_nothing(world: World) -> None:
    image = make_image(world.pets, world.uma)
    count_download(access=access_of(world.uma), image=image)
    figures = reuse_of(access_of(world.mallory), world.pets.pk)
    assert (figures.images, figures.downloaded, figures.months[-1][1]) == (0, 0, 0)
