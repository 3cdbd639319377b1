"""Addresses of the archive: gallery, pictures, files, review, templates."""

from __future__ import annotations

from django.urls import path

from assets.views import (
    collections,
    commenting,
    comparing,
    files,
    gallery,
    image,
    organizing,
    reviewing,
    searches,
    searching,
    tags,
    template_editing,
    templates,
    undoing,
)

app_name = "assets"

urlpatterns = [
    path("projects/<int:project_id>/", gallery.gallery, name="gallery"),
    path(
        "projects/<int:project_id>/search/suggestions/",
        searching.suggestions,
        name="search-suggestions",
    ),
    path("projects/<int:project_id>/search/facets/", searching.facets, name="search-facets"),
    path("projects/<int:project_id>/search/help/", searching.search_help, name="search-help"),
    path("projects/<int:project_id>/review/", reviewing.review_queue, name="review-queue"),
    path("projects/<int:project_id>/compare/", comparing.compare, name="compare"),
    path("images/<uuid:uid>/", image.image, name="image"),
    path("images/<uuid:uid>/shown/", image.shown, name="shown"),
    path("images/<uuid:uid>/comments/", commenting.comments, name="comments"),
    path("comments/<int:comment_id>/edit/", commenting.comment_edit, name="comment-edit"),
    path("comments/<int:comment_id>/remove/", commenting.comment_remove, name="comment-remove"),
    path("comments/<int:comment_id>/restore/", commenting.comment_restore, name="comment-restore"),
    path("images/<uuid:uid>/file/", files.file, name="file"),
    path("images/<uuid:uid>/<slug:kind>.webp", files.rendition, name="rendition"),
    path("images/<uuid:uid>/submit/", reviewing.submit, name="submit"),
    path("images/<uuid:uid>/withdraw/", reviewing.withdraw, name="withdraw"),
    path("images/<uuid:uid>/review/", reviewing.review, name="review"),
    path("images/<uuid:uid>/reopen/", reviewing.reopen, name="reopen"),
    path("images/<uuid:uid>/organized/", organizing.organized, name="organized"),
    path("pictures/marks/", organizing.marks, name="marks"),
    path("pictures/tags/", organizing.tags, name="tag-pictures"),
    path("pictures/collect/", organizing.collect, name="collect-pictures"),
    path("projects/<int:project_id>/tags/", tags.tags, name="tags"),
    path("projects/<int:project_id>/tags/tidy/", tags.tags_tidy, name="tags-tidy"),
    path(
        "projects/<int:project_id>/tags/complete/",
        organizing.tag_completions,
        name="tag-completions",
    ),
    path("tags/<int:tag_id>/rename/", tags.tag_rename, name="tag-rename"),
    path("tags/<int:tag_id>/merge/", tags.tag_merge, name="tag-merge"),
    path("tags/<int:tag_id>/delete/", tags.tag_delete, name="tag-delete"),
    path("projects/<int:project_id>/collections/", collections.collections, name="collections"),
    path(
        "projects/<int:project_id>/collections/new/",
        collections.collection_create,
        name="collection-create",
    ),
    path(
        "projects/<int:project_id>/collections/choose/",
        organizing.collection_choices,
        name="collection-choices",
    ),
    path("collections/<int:collection_id>/", collections.collection, name="collection"),
    path(
        "collections/<int:collection_id>/edit/",
        collections.collection_edit,
        name="collection-edit",
    ),
    path(
        "collections/<int:collection_id>/move/",
        collections.collection_move,
        name="collection-move",
    ),
    path(
        "collections/<int:collection_id>/cover/",
        collections.collection_cover,
        name="collection-cover",
    ),
    path(
        "collections/<int:collection_id>/delete/",
        collections.collection_delete,
        name="collection-delete",
    ),
    path(
        "collections/<int:collection_id>/remove/",
        collections.collection_remove,
        name="collection-remove",
    ),
    path(
        "collections/<int:collection_id>/order/",
        collections.collection_order,
        name="collection-order",
    ),
    path("projects/<int:project_id>/searches/", searches.searches, name="searches"),
    path("projects/<int:project_id>/searches/menu/", searches.search_menu, name="search-menu"),
    path("searches/<int:search_id>/", searches.search_edit, name="search-edit"),
    path("searches/<int:search_id>/pin/", searches.search_pin, name="search-pin"),
    path("searches/<int:search_id>/delete/", searches.search_delete, name="search-delete"),
    path("undo/<uuid:undo_id>/", undoing.take_back, name="undo"),
    path("organizations/<slug:slug>/templates/", templates.templates, name="templates"),
    path(
        "organizations/<slug:slug>/templates/new/",
        template_editing.template_create,
        name="template-create",
    ),
    path(
        "organizations/<slug:slug>/templates/variables/",
        template_editing.template_variables,
        name="template-variables",
    ),
    path("templates/<int:template_id>/", templates.template, name="template"),
    path("templates/<int:template_id>/edit/", template_editing.template_edit, name="template-edit"),
    path(
        "templates/<int:template_id>/publish/",
        template_editing.template_publish,
        name="template-publish",
    ),
    path(
        "templates/<int:template_id>/retire/",
        template_editing.template_retire,
        name="template-retire",
    ),
    path(
        "templates/<int:template_id>/restore/",
        template_editing.template_restore,
        name="template-restore",
    ),
]
