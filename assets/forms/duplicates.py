"""What was decided about pictures that look alike."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.models import Project
from assets.models import Image
from assets.queries.duplicates import MOST_IN_A_GROUP


def images_named(access: Access, project: Project, data: QueryDict) -> list[Image]:
    """The pictures of a group (`image`, repeated), as the page showed them.

    Raises:
        InvalidInput: fewer than two of them are there, or more than a group has.
    """
    return images_among(access, project, map(_uid, data.getlist("image")[: MOST_IN_A_GROUP + 1]))


def images_among(access: Access, project: Project, uids: Iterable[UUID]) -> list[Image]:
    """The pictures of a group by their uids; refuses as `images_named` does."""
    uids = list(dict.fromkeys(uids))
    images = (
        Image.objects.visible_to(access)
        .in_gallery()
        .filter(project_id=project.pk, uid__in=uids)
        .select_related("project__organization")
        .defer("metadata")
    )
    found = {image.uid: image for image in images}
    named = [found[uid] for uid in uids if uid in found]
    if not 1 < len(named) <= MOST_IN_A_GROUP:
        raise InvalidInput(
            _("These pictures are not there any more. Reload the page."), field="image"
        )
    return named


def kept_of(images: list[Image], data: QueryDict) -> Image:
    """Which of them is kept (`keep`); `InvalidInput` for one that is not among them."""
    return kept_among(images, _uid(data.get("keep", ""), field="keep"))


def kept_among(images: list[Image], uid: UUID) -> Image:
    """The picture with this uid; `InvalidInput` when it is not among them."""
    for image in images:
        if image.uid == uid:
            return image
    raise InvalidInput(_("Say which of these pictures to keep."), field="keep")


def _uid(text: str, field: str = "image") -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput(_("This is not the name of a picture."), field=field) from error
