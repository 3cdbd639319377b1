"""Which images a query means. One function, so that an index can take its place."""

from __future__ import annotations

from django.db.models import Q

from accounts.access import Access
from assets.models import ImageQuerySet
from assets.search.language import Condition, Query


def matching(images: ImageQuerySet, access: Access, asked: Query) -> ImageQuerySet:
    """Images that have every word in their prompt, in upper or lower case, and fit the makers,
    states and models that are asked for.
    """
    for word in asked.words:
        has_word = Q(prompt__icontains=word.text)
        images = images.exclude(has_word) if word.negated else images.filter(has_word)
    for condition in asked.conditions:
        fits = _fits(condition, access)
        images = images.exclude(fits) if condition.negated else images.filter(fits)
    return images


def _fits(condition: Condition, access: Access) -> Q:
    match condition.field:
        case "status":
            return Q(review_status__in=condition.values)
        case "model":
            return Q(model_name__in=condition.values)
        case "by":
            return Q(created_by_id__in=[_account(str(each), access) for each in condition.values])
        case _:
            return Q()


def _account(person: str, access: Access) -> int | None:
    if person == "me":
        return access.user_id
    return int(person[1:]) if person[1:].isdigit() else 0
