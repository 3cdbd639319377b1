"""Rows of the archive."""

from assets.models.archive_sequence import ArchiveSequence
from assets.models.collection import Collection, CollectionItem, SavedSearch
from assets.models.image import IN_GALLERY, Image, ImageQuerySet
from assets.models.image_look import ImageLook, NearDuplicate
from assets.models.image_rendition import ImageRendition
from assets.models.image_use import ImageUse
from assets.models.imported_file import ImportedFile
from assets.models.intake import Intake, IntakeFile
from assets.models.marks import ImageComment, ImageMark, ImageTag, Tag
from assets.models.operation import Operation, OperationItem
from assets.models.pending_file import PendingFile
from assets.models.prompt_template import PromptTemplate
from assets.models.review import Review
from assets.models.search_document import SearchDocument, SearchValue, SearchWord
from assets.models.tally import DayTally, ProjectTally
from assets.models.template_version import TemplateVersion
from assets.models.undoable import Undoable

__all__ = [
    "IN_GALLERY",
    "ArchiveSequence",
    "Collection",
    "CollectionItem",
    "DayTally",
    "Image",
    "ImageComment",
    "ImageLook",
    "ImageMark",
    "ImageQuerySet",
    "ImageRendition",
    "ImageTag",
    "ImageUse",
    "ImportedFile",
    "Intake",
    "IntakeFile",
    "NearDuplicate",
    "Operation",
    "OperationItem",
    "PendingFile",
    "ProjectTally",
    "PromptTemplate",
    "Review",
    "SavedSearch",
    "SearchDocument",
    "SearchValue",
    "SearchWord",
    "Tag",
    "TemplateVersion",
    "Undoable",
]
