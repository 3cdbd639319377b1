"""Rows of the archive."""

from assets.models.archive_sequence import ArchiveSequence
from assets.models.image import Image, ImageQuerySet
from assets.models.image_rendition import ImageRendition
from assets.models.pending_file import PendingFile
from assets.models.prompt_template import PromptTemplate
from assets.models.review import Review
from assets.models.template_version import TemplateVersion

__all__ = [
    "ArchiveSequence",
    "Image",
    "ImageQuerySet",
    "ImageRendition",
    "PendingFile",
    "PromptTemplate",
    "Review",
    "TemplateVersion",
]
