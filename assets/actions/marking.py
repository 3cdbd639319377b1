"""Stars and ratings: what one person thinks of images. They are private, so no audit row."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Avg, Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.indexing import index_images
from assets.models import Image, ImageMark

BEST = 5


@transaction.atomic
def star_images(
    *, access: Access, project: Project, images: Collection[Image], starred: bool
) -> None:
    """Give images of one project the person's star, or take it away."""
    access.require(Permission.VIEW_GALLERY, project.pk)
    index_images(image_ids=_mark(access, project, images, is_starred=starred))


@transaction.atomic
def rate_images(
    *, access: Access, project: Project, images: Collection[Image], rating: int
) -> None:
    """Rate images of one project from 1 to 5; 0 takes the person's rating back.

    The mean of everybody's ratings is brought up to date in the same transaction.
    """
    access.require(Permission.VIEW_GALLERY, project.pk)
    if not 0 <= rating <= BEST:
        raise InvalidInput(_("A rating is a number from 1 to 5; 0 takes it back."), field="rating")
    image_ids = _mark(access, project, images, rating=rating or None)
    # The rows are locked (`_mark`), so this statement sees every rating that came before it.
    rated = (
        ImageMark.objects.filter(image=OuterRef("pk"), rating__isnull=False)
        .order_by()
        .values("image")
    )
    Image.objects.filter(pk__in=image_ids).update(
        rating=Subquery(rated.annotate(mean=Avg("rating")).values("mean")),
        rating_count=Coalesce(
            Subquery(rated.annotate(number=Count("pk")).values("number")), Value(0)
        ),
    )
    index_images(image_ids=image_ids)


def _mark(
    access: Access, project: Project, images: Collection[Image], **changes: bool | int | None
) -> list[int]:
    """Write the person's rows, and delete those that say nothing any more."""
    if access.user_id is None:
        raise NotPermitted(_("Only a person can do this."))
    if any(image.project_id != project.pk for image in images):
        raise InvalidInput(_("All pictures have to be of one project."), field="images")
    image_ids = list(
        Image.objects.filter(pk__in=[image.pk for image in images])
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    ImageMark.objects.bulk_create(
        [ImageMark(image_id=image_id, user_id=access.user_id, **changes) for image_id in image_ids],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["user", "image"],
        update_fields=[*changes, "changed_at"],
    )
    ImageMark.objects.filter(
        user_id=access.user_id, image__in=image_ids, is_starred=False, rating__isnull=True
    ).delete()
    return image_ids
