"""Addresses of the archive: gallery, pictures, files, review, templates."""

from __future__ import annotations

from django.urls import path

from assets.views import (
    files,
    gallery,
    image,
    reviewing,
    searching,
    template_editing,
    templates,
    wall,
)

app_name = "assets"

urlpatterns = [
    path("projects/<int:project_id>/", gallery.gallery, name="gallery"),
    path("projects/<int:project_id>/wall/", wall.part, name="wall"),
    path("projects/<int:project_id>/wall/count/", wall.count, name="wall-count"),
    path("projects/<int:project_id>/wall/days/", wall.days, name="wall-days"),
    path(
        "projects/<int:project_id>/wall/stacks/<uuid:request_id>/", wall.stack, name="wall-stack"
    ),
    path(
        "projects/<int:project_id>/search/suggestions/",
        searching.suggestions,
        name="search-suggestions",
    ),
    path("projects/<int:project_id>/search/facets/", searching.facets, name="search-facets"),
    path("projects/<int:project_id>/search/help/", searching.search_help, name="search-help"),
    path("projects/<int:project_id>/review/", reviewing.review_queue, name="review-queue"),
    path("images/<uuid:uid>/", image.image, name="image"),
    path("images/<uuid:uid>/file/", files.file, name="file"),
    path("images/<uuid:uid>/<slug:kind>.webp", files.rendition, name="rendition"),
    path("images/<uuid:uid>/submit/", reviewing.submit, name="submit"),
    path("images/<uuid:uid>/withdraw/", reviewing.withdraw, name="withdraw"),
    path("images/<uuid:uid>/review/", reviewing.review, name="review"),
    path("images/<uuid:uid>/reopen/", reviewing.reopen, name="reopen"),
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
