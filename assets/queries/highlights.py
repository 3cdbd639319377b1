"""Pictures that stand out: the newest, the best, the most used; of a project and of a person.

Each is a walk along the beginning of one index, however many pictures there are.
"""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.access import Access
from assets.models import Collection, Image, SavedSearch
from assets.queries.searches import visible_searches
from assets.types import ReviewStatus


def newest_in(access: Access, project_id: int) -> QuerySet[Image]:
    """The pictures of a project, newest first."""
    return _images(access).filter(project_id=project_id).order_by("-id")


def best_in(access: Access, project_id: int) -> QuerySet[Image]:
    """The rated pictures of a project, the best first."""
    return (
        _images(access)
        .filter(project_id=project_id, rating__isnull=False)
        .order_by("-rating", "-id")
    )


def most_reused_in(access: Access, project_id: int) -> QuerySet[Image]:
    """The pictures of a project that were used again, most often first."""
    return (
        _images(access)
        .filter(project_id=project_id, reuse_count__gt=0)
        .order_by("-reuse_count", "-id")
    )


def mine(access: Access) -> QuerySet[Image]:
    """The person's own pictures in all their projects, newest first."""
    return _images(access).filter(created_by_id=access.user_id or 0).order_by("-id")


def mine_most_reused(access: Access) -> QuerySet[Image]:
    """The person's own pictures that were used again, most often first."""
    return (
        _images(access)
        .filter(created_by_id=access.user_id or 0, reuse_count__gt=0)
        .order_by("-reuse_count", "-id")
    )


def to_correct(access: Access, project_id: int | None = None) -> QuerySet[Image]:
    """The person's own pictures that a reviewer wants changed, newest first."""
    images = _images(access).filter(
        created_by_id=access.user_id or 0, review_status=ReviewStatus.CHANGES_REQUESTED
    )
    if project_id is not None:
        images = images.filter(project_id=project_id)
    return images.order_by("-id")


def my_collections(access: Access) -> QuerySet[Collection]:
    """The collections that the person began, newest first, with their projects."""
    return (
        Collection.objects.visible_to(access)
        .filter(created_by_id=access.user_id or 0)
        .select_related("project")
        .order_by("-pk")
    )


def my_searches(access: Access) -> QuerySet[SavedSearch]:
    """The person's own searches and the pinned ones that others share, by name."""
    return visible_searches(access).order_by("-is_pinned", "name", "pk")


def _images(access: Access) -> QuerySet[Image]:
    return Image.objects.visible_to(access).in_gallery().defer("metadata")
