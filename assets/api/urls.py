"""Addresses below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from assets.api import (
    collections,
    commenting,
    exporting,
    finding,
    images,
    operations,
    organizing,
    reviewing,
    searches,
    tags,
    templates,
)

urlpatterns = [
    path("images/<uuid:uid>/marks/", organizing.MarksView.as_view(), name="image-marks"),
    path("images/<uuid:uid>/tags/", organizing.ImageTagsView.as_view(), name="image-tags"),
    path("undo/<uuid:undo_id>/", organizing.UndoView.as_view(), name="undo"),
    path("projects/<int:project_id>/tags/", tags.ProjectTagsView.as_view(), name="tags"),
    path("projects/<int:project_id>/tags/tidy/", tags.TidyTagsView.as_view(), name="tags-tidy"),
    path("tags/<int:tag_id>/", tags.TagView.as_view(), name="tag"),
    path("tags/<int:tag_id>/merge/", tags.MergeTagView.as_view(), name="tag-merge"),
    path(
        "projects/<int:project_id>/collections/",
        collections.ProjectCollectionsView.as_view(),
        name="collections",
    ),
    path(
        "collections/<int:collection_id>/",
        collections.CollectionView.as_view(),
        name="collection",
    ),
    path(
        "collections/<int:collection_id>/move/",
        collections.MoveCollectionView.as_view(),
        name="collection-move",
    ),
    path(
        "collections/<int:collection_id>/images/",
        collections.CollectionImagesView.as_view(),
        name="collection-images",
    ),
    path(
        "collections/<int:collection_id>/images/remove/",
        collections.RemoveImagesView.as_view(),
        name="collection-images-remove",
    ),
    path(
        "collections/<int:collection_id>/images/order/",
        collections.OrderImagesView.as_view(),
        name="collection-images-order",
    ),
    path(
        "projects/<int:project_id>/searches/",
        searches.ProjectSearchesView.as_view(),
        name="saved-searches",
    ),
    path("searches/<int:search_id>/", searches.SavedSearchView.as_view(), name="saved-search"),
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
    path("images/<uuid:uid>/similar/", finding.SimilarView.as_view(), name="image-similar"),
    path("projects/<int:project_id>/reuse/", finding.ReuseView.as_view(), name="reuse"),
    path(
        "projects/<int:project_id>/duplicates/", finding.DuplicatesView.as_view(), name="duplicates"
    ),
    path(
        "projects/<int:project_id>/duplicates/keep-one/",
        finding.KeepOneView.as_view(),
        name="duplicates-keep-one",
    ),
    path(
        "projects/<int:project_id>/duplicates/keep-all/",
        finding.KeepAllView.as_view(),
        name="duplicates-keep-all",
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
