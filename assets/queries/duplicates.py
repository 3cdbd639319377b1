"""Pictures that look alike and wait for a decision, in groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from accounts.access import Access
from assets.keeping import Candidate, best_of
from assets.models import CollectionItem, Image, ImageMark, ImageTag, NearDuplicate
from assets.types import DuplicateDecision, ReviewStatus

PAIRS_AT_ONCE = 300
GROUPS_ON_A_PAGE = 10
MOST_IN_A_GROUP = 40
"""What is more is shown once some of them are decided."""

_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Images that look alike, best first. `why` says why the first is the one to keep."""

    images: list[Image]
    why: str

    @property
    def best(self) -> Image:
        """The one that is proposed to be kept."""
        return self.images[0]


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """Some groups, those with the newest images first. `cursor` begins the next page."""

    groups: list[Group]
    cursor: int | None


def open_pairs(access: Access, project_id: int) -> QuerySet[NearDuplicate]:
    """Pairs of a project that wait for a decision, neither of them in the trash."""
    return NearDuplicate.objects.visible_to(access).filter(
        project_id=project_id,
        decision=DuplicateDecision.OPEN,
        first__trashed_at__isnull=True,
        second__trashed_at__isnull=True,
    )


def groups_of(access: Access, project_id: int, *, cursor: int | None = None) -> GroupsPage:
    """One page of groups. A pair whose younger image is `cursor` or newer was on a page before."""
    pairs = open_pairs(access, project_id)
    older = pairs if cursor is None else pairs.filter(second_id__lt=cursor)
    newest = list(older.order_by("-second_id").values_list("first_id", "second_id")[:PAIRS_AT_ONCE])
    found = _components(_completed(project_id, newest))
    if cursor is not None:
        found = [group for group in found if max(group) < cursor]
    shown = found[:GROUPS_ON_A_PAGE]
    rest = len(found) > len(shown) or len(newest) == PAIRS_AT_ONCE
    lowest = min((max(group) for group in shown), default=newest[-1][1] if newest else 0)
    return GroupsPage(_described(access, shown), lowest if rest else None)


def _completed(project_id: int, known: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """The pairs and those that touch them, a few steps far."""
    complete = set(known)
    asked: set[int] = set()
    for _round in range(_ROUNDS):
        new = {image for pair in complete for image in pair} - asked
        if not new:
            break
        asked |= new
        complete |= _touching(project_id, new)
    return complete


def _touching(project_id: int, image_ids: Set[int]) -> set[tuple[int, int]]:
    """Open pairs of these images. Each image has a few dozen pairs at most.

    They are found by their images alone: among conditions on project and decision a planner would
    prefer those, and read every pair of the project.
    """
    found = set()
    for end in ("first", "second"):
        rows = NearDuplicate.objects.filter(**{f"{end}__in": image_ids}).values_list(
            "first_id",
            "second_id",
            "project_id",
            "decision",
            "first__trashed_at",
            "second__trashed_at",
        )
        for first, second, where, decision, *trashed in rows:
            if where == project_id and decision == DuplicateDecision.OPEN and not any(trashed):
                found.add((first, second))
    return found


def _components(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The connected images, oldest first in each; groups with the newest image first."""
    leader: dict[int, int] = {}

    def find(image: int) -> int:
        leader.setdefault(image, image)
        while leader[image] != image:
            leader[image] = leader[leader[image]]
            image = leader[image]
        return image

    for first, second in pairs:
        leader[find(second)] = find(first)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for image in leader:
        groups[find(image)].append(image)
    return sorted((sorted(group) for group in groups.values()), key=lambda group: -group[-1])


def _described(access: Access, groups: list[list[int]]) -> list[Group]:
    cut = [group[-MOST_IN_A_GROUP:] for group in groups]
    ids = [image for group in cut for image in group]
    images = (
        Image.objects.visible_to(access)
        .in_gallery()
        .select_related("created_by", "template_version__template")
        .defer("metadata")
        .in_bulk(ids)
    )
    candidates = _candidates(images)
    described = []
    for group in cut:
        there = [candidates[image] for image in group if image in candidates]
        if len(there) > 1:
            best, why = best_of(there)
            rest = [images[each.number] for each in there if each is not best]
            described.append(Group(images=[images[best.number], *rest], why=str(why)))
    return described


def _candidates(images: dict[int, Image]) -> dict[int, Candidate]:
    stars = _counted(ImageMark.objects.filter(image__in=images, is_starred=True))
    tags = _counted(ImageTag.objects.filter(image__in=images))
    collections = _counted(CollectionItem.objects.filter(image__in=images))
    return {
        image.pk: Candidate(
            number=image.pk,
            is_approved=image.review_status == ReviewStatus.APPROVED,
            is_in_review=image.review_status == ReviewStatus.PENDING,
            rating=image.rating or 0.0,
            stars=stars[image.pk],
            comments=image.comment_count,
            collections=collections[image.pk],
            tags=tags[image.pk],
            uses=image.reuse_count + image.download_count,
            pixels=image.width * image.height,
            bytes=image.bytes,
        )
        for image in images.values()
    }


def _counted(
    rows: QuerySet[ImageMark] | QuerySet[ImageTag] | QuerySet[CollectionItem],
) -> Counter[int]:
    found = rows.order_by().values_list("image_id").annotate(number=Count("pk"))
    return Counter(dict(found))
