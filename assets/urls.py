"""Addresses of the archive: gallery, pictures, files, review, templates."""

from __future__ import annotations

from django.urls import path

from assets.views import (
    commenting,
    comparing,
    files,
    gallery,
    image,
    importing,
    reviewing,
    template_editing,
    templates,
)

app_name = "assets"

urlpatterns = [
    path("projects/<int:project_id>/", gallery.gallery, name="gallery"),
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
    path("images/<uuid:uid>/source/", importing.source, name="source"),
    path("projects/<int:project_id>/import/", importing.import_pictures, name="import"),
    path("projects/<int:project_id>/import/begin/", importing.import_begin, name="import-begin"),
    path("imports/<uuid:uid>/", importing.import_result, name="import-result"),
    path("imports/<uuid:uid>/compare/", importing.import_compare, name="import-compare"),
    path("imports/<uuid:uid>/pieces/", importing.import_pieces, name="import-pieces"),
    path("imports/<uuid:uid>/order/", importing.import_order, name="import-order"),
    path("imports/<uuid:uid>/discard/", importing.import_discard, name="import-discard"),
    path("imports/<uuid:uid>/stop/", importing.import_stop, name="import-stop"),
    path("imports/<uuid:uid>/undo/", importing.import_undo, name="import-undo"),
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
