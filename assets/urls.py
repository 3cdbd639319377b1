"""Addresses of the archive: gallery, pictures, files, review, templates."""

from __future__ import annotations

from django.urls import path

from assets.views import (
    duplicates,
    exporting,
    files,
    gallery,
    image,
    operations,
    reviewing,
    similar,
    template_editing,
    templates,
    trash,
)

app_name = "assets"

urlpatterns = [
    path("projects/<int:project_id>/", gallery.gallery, name="gallery"),
    path("projects/<int:project_id>/review/", reviewing.review_queue, name="review-queue"),
    path("images/<uuid:uid>/", image.image, name="image"),
    path("images/<uuid:uid>/file/", files.file, name="file"),
    path("images/<uuid:uid>/<slug:kind>.webp", files.rendition, name="rendition"),
    path("images/<uuid:uid>/download/", exporting.download, name="download"),
    path("projects/<int:project_id>/export/", exporting.export, name="export"),
    path("images/<uuid:uid>/similar/", similar.similar, name="similar"),
    path("projects/<int:project_id>/duplicates/", duplicates.duplicates, name="duplicates"),
    path(
        "projects/<int:project_id>/duplicates/keep-one/",
        duplicates.duplicates_keep_one,
        name="duplicates-keep-one",
    ),
    path(
        "projects/<int:project_id>/duplicates/keep-all/",
        duplicates.duplicates_keep_all,
        name="duplicates-keep-all",
    ),
    path(
        "projects/<int:project_id>/duplicates/ask-again/",
        duplicates.duplicates_ask_again,
        name="duplicates-ask-again",
    ),
    path("exports/<uuid:export_uid>/", exporting.export_file, name="export-file"),
    path("images/<uuid:uid>/submit/", reviewing.submit, name="submit"),
    path("images/<uuid:uid>/withdraw/", reviewing.withdraw, name="withdraw"),
    path("images/<uuid:uid>/review/", reviewing.review, name="review"),
    path("images/<uuid:uid>/reopen/", reviewing.reopen, name="reopen"),
    path("projects/<int:project_id>/trash/", trash.trash, name="trash"),
    path("projects/<int:project_id>/trash/change/", trash.trash_change, name="trash-change"),
    path("projects/<int:project_id>/storage/", trash.storage_people, name="storage"),
    path("images/<uuid:uid>/trash/", trash.image_trash, name="image-trash"),
    path("images/<uuid:uid>/restore/", trash.image_restore, name="image-restore"),
    path(
        "projects/<int:project_id>/operations/",
        operations.operation_begin,
        name="operation-begin",
    ),
    path(
        "projects/<int:project_id>/operations/ask/<slug:kind>/",
        operations.operation_ask,
        name="operation-ask",
    ),
    path("projects/<int:project_id>/undo/", operations.undo_last, name="undo-last"),
    path("operations/", operations.operations, name="operations"),
    path("operations/dock/", operations.operations_dock, name="operations-dock"),
    path("operations/<uuid:uid>/", operations.operation, name="operation"),
    path("operations/<uuid:uid>/cancel/", operations.operation_cancel, name="operation-cancel"),
    path("operations/<uuid:uid>/undo/", operations.operation_undo, name="operation-undo"),
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
