"""From what somebody chose to the ids of images: by name, or everything that a search finds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.errors import InvalidInput
from assets.models import Image, ImageQuerySet
from assets.operations.asks import MOST_CHOSEN, Chosen
from assets.queries.gallery import GallerySearch

MOST_FOUND = 100_000
"""How many images one operation may be about."""

READ_AT_ONCE = 1000


def ids_of(
    access: Access, project_id: int, chosen: Chosen, *, in_trash: bool = False
) -> Iterator[int]:
    """The images that were chosen: in the order in which they were named, else newest first.

    With `in_trash` a search is about everything in the trash that the actor may take out again.
    """
    if chosen.query is None:
        yield from dict.fromkeys(chosen.ids)
        return
    without = set(chosen.without)
    found = _found(access, project_id, chosen, in_trash=in_trash)
    for image_id in islice(found, MOST_FOUND + len(without)):
        if image_id not in without:
            yield image_id


def require_few_enough(
    access: Access, project_id: int, chosen: Chosen, *, in_trash: bool = False
) -> int:
    """How many images were chosen; `InvalidInput` for none and for too many."""
    if chosen.query is None:
        count, most = len(set(chosen.ids)), MOST_CHOSEN
    else:
        most = MOST_FOUND
        without = set(chosen.without)
        found = _found(access, project_id, chosen, in_trash=in_trash)
        wanted = (image_id for image_id in found if image_id not in without)
        count = sum(1 for _image in islice(wanted, most + 1))
    if count > most:
        raise InvalidInput(
            _("At most %(most)d pictures at once. Narrow the search down, then do it in parts.")
            % {"most": most},
            field="q" if chosen.query is not None else "uid",
            code="too_many",
        )
    if count <= 0:
        raise InvalidInput(
            _("No picture is selected. Select some, then try again."), field="uid", code="none"
        )
    return count


def _found(access: Access, project_id: int, chosen: Chosen, *, in_trash: bool) -> Iterator[int]:
    """The ids of everything that the search finds, newest first, read while they are used."""
    if in_trash:
        return _newest_first(Image.objects.restorable_by(access).filter(project_id=project_id))
    search = GallerySearch.from_query({"q": chosen.query or ""})
    if search.mistakes:
        # What cannot be understood is left out on a page; here it would mean more than was meant.
        raise InvalidInput(
            _("This search has a mistake in it: %(mistake)s")
            % {"mistake": search.mistakes[0].words},
            field="q",
        )
    return search.ids(access, project_id, up_to=chosen.up_to)


def _newest_first(images: ImageQuerySet) -> Iterator[int]:
    """All ids, in pages: no cursor stays open while others write."""
    page = list(images.order_by("-pk").values_list("pk", flat=True)[:READ_AT_ONCE])
    while page:
        yield from page
        rest = images.filter(pk__lt=page[-1])
        page = list(rest.order_by("-pk").values_list("pk", flat=True)[:READ_AT_ONCE])
