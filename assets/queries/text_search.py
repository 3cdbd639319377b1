"""Which images a text means. One function, so that an index can take its place."""

from __future__ import annotations

from assets.models import ImageQuerySet


def matching(images: ImageQuerySet, text: str) -> ImageQuerySet:
    """Images whose prompt contains every word of the text, in upper or lower case."""
    for word in text.split():
        images = images.filter(prompt__icontains=word)
    return images
