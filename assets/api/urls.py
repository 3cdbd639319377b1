"""Addresses below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from assets.api import commenting, exporting, images, operations, reviewing, templates

urlpatterns = [
    path("projects/<int:project_id>/images/", images.ProjectImagesView.as_view(), name="images"),
    path(
        "projects/<int:project_id>/review-queue/",
        reviewing.ReviewQueueView.as_view(),
        name="review-queue",
    ),
    path("images/<uuid:uid>/", images.ImageView.as_view(), name="image"),
    path("images/<uuid:uid>/file/", images.FileView.as_view(), name="image-file"),
    path(
        "images/<uuid:uid>/<slug:kind>.webp",
        images.RenditionView.as_view(),
        name="image-rendition",
    ),
    path("images/<uuid:uid>/download/", exporting.DownloadView.as_view(), name="image-download"),
    path(
        "projects/<int:project_id>/exports/", exporting.ProjectExportsView.as_view(), name="exports"
    ),
    path("exports/<uuid:export_uid>/", exporting.ExportView.as_view(), name="export"),
    path("exports/<uuid:export_uid>/file/", exporting.ExportFileView.as_view(), name="export-file"),
    path("images/<uuid:uid>/submit/", reviewing.SubmitView.as_view(), name="image-submit"),
    path("images/<uuid:uid>/withdraw/", reviewing.WithdrawView.as_view(), name="image-withdraw"),
    path("images/<uuid:uid>/review/", reviewing.ReviewView.as_view(), name="image-review"),
    path("images/<uuid:uid>/reopen/", reviewing.ReopenView.as_view(), name="image-reopen"),
    path("images/<uuid:uid>/trash/", operations.TrashView.as_view(), name="image-trash"),
    path("images/<uuid:uid>/restore/", operations.RestoreView.as_view(), name="image-restore"),
    path(
        "projects/<int:project_id>/operations/",
        operations.ProjectOperationsView.as_view(),
        name="operations",
    ),
    path("operations/<uuid:uid>/", operations.OperationView.as_view(), name="operation"),
    path(
        "operations/<uuid:uid>/cancel/",
        operations.OperationCancelView.as_view(),
        name="operation-cancel",
    ),
    path(
        "operations/<uuid:uid>/undo/",
        operations.OperationUndoView.as_view(),
        name="operation-undo",
    ),
    path("images/<uuid:uid>/reviews/", reviewing.ImageReviewsView.as_view(), name="reviews"),
    path("images/<uuid:uid>/comments/", commenting.ImageCommentsView.as_view(), name="comments"),
    path("comments/<int:comment_id>/", commenting.CommentView.as_view(), name="comment"),
    path(
        "comments/<int:comment_id>/restore/",
        commenting.CommentRestoreView.as_view(),
        name="comment-restore",
    ),
    path(
        "organizations/<slug:slug>/templates/",
        templates.OrganizationTemplatesView.as_view(),
        name="templates",
    ),
    path("templates/<int:template_id>/", templates.TemplateView.as_view(), name="template"),
    path("templates/<int:template_id>/draft/", templates.DraftView.as_view(), name="draft"),
    path(
        "templates/<int:template_id>/publish/",
        templates.PublishView.as_view(),
        name="template-publish",
    ),
    path(
        "templates/<int:template_id>/retire/",
        templates.RetireView.as_view(),
        name="template-retire",
    ),
    path(
        "templates/<int:template_id>/restore/",
        templates.RestoreView.as_view(),
        name="template-restore",
    ),
]
