"""Everything that is searched about images, read from their rows in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from assets.models import Image, ImageQuerySet, NearDuplicate
from assets.search.documents import Facts
from assets.types import DuplicateDecision

# One question instead of seven: an archived picture waits for this.
_ABOUT = """
SELECT 'tag', u.image_id, t.name, u.id FROM assets_imagetag u
    JOIN assets_tag t ON t.id = u.tag_id WHERE u.image_id IN ({ids})
UNION ALL
SELECT 'collection', i.image_id, c.name, i.id FROM assets_collectionitem i
    JOIN assets_collection c ON c.id = i.collection_id WHERE i.image_id IN ({ids})
UNION ALL
SELECT 'comment', image_id, text, id FROM assets_imagecomment
    WHERE removed_at IS NULL AND image_id IN ({ids})
UNION ALL
SELECT 'star', image_id, CAST(user_id AS varchar(20)), id FROM assets_imagemark
    WHERE is_starred AND image_id IN ({ids})
UNION ALL
SELECT DISTINCT 'child', parent_id, '', 0 FROM assets_image
    WHERE trashed_at IS NULL AND parent_id IN ({ids})
UNION ALL
SELECT 'pair', p.first_id, '', p.id FROM assets_nearduplicate p
    JOIN assets_image o ON o.id = p.second_id AND o.trashed_at IS NULL
    WHERE p.decision = 'open' AND p.first_id IN ({ids})
UNION ALL
SELECT 'pair', p.second_id, '', p.id FROM assets_nearduplicate p
    JOIN assets_image o ON o.id = p.first_id AND o.trashed_at IS NULL
    WHERE p.decision = 'open' AND p.second_id IN ({ids})
ORDER BY 4 DESC
"""


def facts_of(images: ImageQuerySet) -> list[Facts]:
    """What is searched about these images, by id, in two queries."""
    found = list(
        images.order_by("pk")
        .defer(None)
        .annotate(
            zone=F("project__organization__time_zone"),
            parent_uid=F("parent__uid"),
            import_name=F("imported_file__name"),
            import_tool=F("imported_file__tool"),
        )
    )
    ids = [image.pk for image in found]
    if not ids:
        return []
    about = _about(ids)
    return [
        _facts(
            image,
            tags=about["tag", image.pk],
            collections=about["collection", image.pk],
            comments=about["comment", image.pk],
            starred_by=[int(person) for person in about["star", image.pk]],
            has_children=bool(about["child", image.pk]),
            is_duplicate=bool(about["pair", image.pk]),
        )
        for image in found
    ]


def with_relatives(image_ids: Collection[int]) -> list[int]:
    """These images and those whose documents speak of them: parents, and what looks the same.

    To be asked before anything is deleted; in two queries.
    """
    found = set(image_ids)
    children = Image.objects.filter(pk__in=image_ids, parent__isnull=False)
    found.update(parent for parent in children.values_list("parent_id", flat=True) if parent)
    pairs = NearDuplicate.objects.filter(
        Q(first__in=image_ids) | Q(second__in=image_ids), decision=DuplicateDecision.OPEN
    )
    for pair in pairs.values_list("first_id", "second_id"):
        found.update(pair)
    return sorted(found)


def _about(ids: Sequence[int]) -> defaultdict[tuple[str, int], list[str]]:
    """What other rows say about images: by kind and image, newest first."""
    found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    places = ", ".join(["%s"] * len(ids))
    statement = _ABOUT.format(ids=places)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*ids] * statement.count(places))
        for kind, image_id, text, _row in cursor.fetchall():
            found[kind, image_id].append(text)
    return found


def _facts(image: Image, **about: Any) -> Facts:
    read: Any = image  # with the annotations
    return Facts(
        image_id=image.pk,
        uid=image.uid,
        project_id=image.project_id,
        is_trashed=image.trashed_at is not None,
        maker_id=image.created_by_id,
        made_on=day_in(read.zone, image.created_at),
        added_on=day_in(read.zone, image.archived_at),
        status=image.review_status,
        source=image.source,
        is_preview=image.is_preview,
        prompt=image.prompt,
        negative_prompt=image.negative_prompt,
        archive_name=image.archive_name or "",
        model=image.model_name,
        width=image.width,
        height=image.height,
        bytes=image.bytes,
        seed=image.seed,
        steps=image.steps,
        cfg=image.cfg,
        rating=image.rating,
        reuse_count=image.reuse_count,
        download_count=image.download_count,
        parent=read.parent_uid,
        request=image.request_id,
        sha256=image.sha256,
        metadata=image.metadata if isinstance(image.metadata, dict) else {},
        import_name=read.import_name or "",
        import_tool=read.import_tool or "",
        **about,
    )


def day_in(zone: str, moment: dt.datetime) -> dt.date:
    """The day of a moment by a clock; by the site's where nobody knows that clock."""
    return timezone.localdate(moment, zone_named(zone))


@cache
def zone_named(name: str) -> dt.tzinfo:
    """The time zone of this name, or the site's."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()
