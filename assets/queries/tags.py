"""The tags of a project and of images."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from assets.models import ImageTag, Tag
from assets.policies import tag_key

TAGS_ON_A_PAGE = 200
COMPLETIONS = 12
NAME_TAKEN = _("There is a tag of this name already. Merge the two instead.")


@dataclass(frozen=True, slots=True)
class TagPage:
    """Tags by use, most used first; `more` says that some are not shown."""

    tags: list[Tag]  # each with `uses`
    more: bool


def tags_by_use(
    access: Access, project_id: int, *, text: str = "", size: int = TAGS_ON_A_PAGE
) -> TagPage:
    """The most used tags of a project whose name has this text in it, in one query.

    `uses` counts pictures in the trash too: they come back with their tags.
    """
    tags = Tag.objects.visible_to(access).filter(project_id=project_id)
    if key := tag_key(text):
        tags = tags.filter(key__contains=key)
    found = list(tags.annotate(uses=Count("image_tags")).order_by("-uses", "key")[: size + 1])
    return TagPage(found[:size], more=len(found) > size)


def tag_for(access: Access, tag_id: int) -> Tag:
    """One tag with its project; `NotVisible` for strangers."""
    tag = (
        Tag.objects.visible_to(access)
        .select_related("project__organization")
        .filter(pk=tag_id)
        .first()
    )
    if tag is None:
        raise NotVisible
    return tag


def tag_called(access: Access, project_id: int, name: str) -> Tag | None:
    """The tag of a project with this name, however it is written."""
    return Tag.objects.visible_to(access).filter(project_id=project_id, key=tag_key(name)).first()


def tags_of_image(access: Access, image_id: int) -> list[Tag]:
    """The tags of an image, in the order in which they were put on."""
    uses = ImageTag.objects.visible_to(access).filter(image=image_id).select_related("tag")
    return [use.tag for use in uses.order_by("pk")]


def tags_in_common(access: Access, image_ids: Iterable[int]) -> list[str]:
    """The names of tags that all of these images have."""
    ids = list(image_ids)
    return list(
        Tag.objects.visible_to(access)
        .filter(image_tags__image__in=ids)
        .annotate(shared=Count("image_tags", filter=Q(image_tags__image__in=ids)))
        .filter(shared=len(ids))
        .order_by("key")
        .values_list("name", flat=True)
    )


def completions_of(access: Access, project_id: int, text: str) -> list[str]:
    """Tags that begin with this text, else have it in them; a dozen at most."""
    key = tag_key(text)
    tags = Tag.objects.visible_to(access).filter(project_id=project_id)
    if not key:
        return [tag.name for tag in tags.order_by("-pk")[:COMPLETIONS]]
    beginning = list(tags.filter(key__startswith=key).order_by("key")[:COMPLETIONS])
    if len(beginning) < COMPLETIONS:
        inside = tags.filter(key__contains=key).exclude(key__startswith=key)
        beginning += inside.order_by("key")[: COMPLETIONS - len(beginning)]
    return [tag.name for tag in beginning]


def why_not_tag_name(project_id: int, name: str, *, besides: int) -> Promise | None:
    """The sentence that refuses a tag's new name, or `None`."""
    taken = Tag.objects.filter(project_id=project_id, key=tag_key(name)).exclude(pk=besides)
    return NAME_TAKEN if taken.exists() else None
