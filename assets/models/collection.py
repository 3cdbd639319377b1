"""Named, ordered, nested sets of images, and searches that are kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from accounts.scoping import ProjectScopedQuerySet
from assets.models.image import Image

NAME_LIMIT = 80


class CollectionQuerySet(ProjectScopedQuerySet["Collection"]):
    """Collections, scoped by project."""


class Collection(models.Model):
    """A named, ordered set of images, shared by everybody in the project.

    `position` orders the collections of one parent. The cover is the first image unless one was
    chosen.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="collections")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    cover = models.ForeignKey(
        Image, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    position = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "parent", "name"],
                name="one_collection_of_a_name",
            ),
            models.UniqueConstraint(
                fields=["project", "name"],
                condition=models.Q(parent__isnull=True),
                name="one_top_collection_of_a_name",
            ),
        ]
        indexes = [models.Index(fields=["project", "parent", "position"], name="collection_order")]

    def __str__(self) -> str:
        return self.name


class CollectionItemQuerySet(ProjectScopedQuerySet["CollectionItem"]):
    """Places in collections, scoped by the collection's project."""

    project_path = "collection__project_id"


class CollectionItem(models.Model):
    """The place of one image in one collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="collection_items")
    position = models.PositiveIntegerField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = CollectionItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "image"], name="an_image_once_in_a_collection"
            ),
        ]
        indexes = [models.Index(fields=["collection", "position", "id"], name="collection_places")]

    def __str__(self) -> str:
        return f"{self.image_id} in {self.collection_id}"


class SavedSearchQuerySet(ProjectScopedQuerySet["SavedSearch"]):
    """Saved searches, scoped by project; whose they are is asked besides."""


class SavedSearch(models.Model):
    """A search that somebody kept: their own, or shared in the project.

    A pinned one stands beside the collections, as a collection that fills itself. `query` is the
    canonical text of the search language.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="saved_searches")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    query = models.TextField(_("search"), max_length=2000)
    is_shared = models.BooleanField(_("shared with the project"), default=False)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "owner", "name"], name="one_search_of_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
