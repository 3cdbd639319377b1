"""How the audit trail tells what happens to images and prompt templates."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.wording import AuditWords

WORDS: Mapping[str, AuditWords] = {
    "assets.image.submitted": AuditWords(
        _("Image submitted"), _("{actor} submitted {target} for review"), "send"
    ),
    "assets.image.withdrawn": AuditWords(
        _("Image withdrawn"), _("{actor} took {target} back from review"), "undo-2"
    ),
    "assets.image.approved": AuditWords(
        _("Image approved"), _("{actor} approved {target}"), "circle-check"
    ),
    "assets.image.changes_requested": AuditWords(
        _("Changes requested"),
        _("{actor} asked for changes to {target}"),
        "message-square-warning",
    ),
    "assets.image.rejected": AuditWords(
        _("Image rejected"), _("{actor} rejected {target}"), "circle-x"
    ),
    "assets.image.reopened": AuditWords(
        _("Review reopened"), _("{actor} reopened the review of {target}"), "rotate-ccw"
    ),
    "assets.comment.written": AuditWords(
        _("Comment written"), _("{actor} commented on a picture: {target}"), "message-square"
    ),
    "assets.comment.edited": AuditWords(
        _("Comment edited"), _("{actor} edited a comment: {target}"), "pen-line"
    ),
    "assets.comment.removed": AuditWords(
        _("Comment removed"), _("{actor} removed a comment: {target}"), "trash-2"
    ),
    "assets.comment.restored": AuditWords(
        _("Comment restored"), _("{actor} restored a comment: {target}"), "undo-2"
    ),
    "assets.tags.added": AuditWords(
        _("Images tagged"), _("{actor} tagged {images} pictures of {target}: {tags}"), "tag"
    ),
    "assets.tags.removed": AuditWords(
        _("Tags removed"), _("{actor} took tags off {images} pictures of {target}: {tags}"), "tag"
    ),
    "assets.tag.unused_deleted": AuditWords(
        _("Unused tags deleted"),
        _("{actor} deleted tags without use in {target}: {tags}"),
        "trash-2",
    ),
    "assets.tag.restored": AuditWords(
        _("Tags restored"), _("{actor} brought tags of {target} back: {tags}"), "undo-2"
    ),
    "assets.tag.renamed": AuditWords(
        _("Tag renamed"), _("{actor} renamed the tag {before} to {target}"), "tag"
    ),
    "assets.tag.merged": AuditWords(
        _("Tags merged"), _("{actor} merged {tags} into the tag {target}"), "tag"
    ),
    "assets.tag.deleted": AuditWords(
        _("Tag deleted"), _("{actor} deleted the tag {target} of {images} pictures"), "trash-2"
    ),
    "assets.collection.created": AuditWords(
        _("Collection created"), _("{actor} began the collection {target}"), "folder-plus"
    ),
    "assets.collection.renamed": AuditWords(
        _("Collection renamed"),
        _("{actor} renamed the collection {before} to {target}"),
        "folder",
    ),
    "assets.collection.described": AuditWords(
        _("Collection described"), _("{actor} changed the notes of {target}"), "folder"
    ),
    "assets.collection.covered": AuditWords(
        _("Cover chosen"), _("{actor} chose the cover of {target}"), "folder"
    ),
    "assets.collection.moved": AuditWords(
        _("Collection moved"), _("{actor} moved the collection {target}"), "folder"
    ),
    "assets.collection.deleted": AuditWords(
        _("Collection deleted"), _("{actor} deleted the collection {target}"), "trash-2"
    ),
    "assets.collection.restored": AuditWords(
        _("Collection restored"), _("{actor} brought the collection {target} back"), "undo-2"
    ),
    "assets.collection.filled": AuditWords(
        _("Pictures collected"), _("{actor} put {images} pictures into {target}"), "folder"
    ),
    "assets.collection.emptied": AuditWords(
        _("Pictures taken out"), _("{actor} took {images} pictures out of {target}"), "folder"
    ),
    "assets.collection.ordered": AuditWords(
        _("Collection ordered"), _("{actor} changed the order of {target}"), "folder"
    ),
    "assets.search.shared": AuditWords(
        _("Search shared"), _("{actor} shared the search {target}"), "search"
    ),
    "assets.search.unshared": AuditWords(
        _("Search no longer shared"), _("{actor} stopped sharing the search {target}"), "search"
    ),
    "assets.search.changed": AuditWords(
        _("Shared search changed"), _("{actor} changed the shared search {target}"), "search"
    ),
    "assets.search.deleted": AuditWords(
        _("Shared search deleted"), _("{actor} deleted the shared search {target}"), "trash-2"
    ),
    "assets.duplicates.merged": AuditWords(
        _("One of near-duplicates kept"), _("{actor} kept {target} of near-duplicates"), "layers"
    ),
    "assets.duplicates.kept_apart": AuditWords(
        _("Near-duplicates kept"), _("{actor} kept {target} and what looks like it"), "layers"
    ),
    "assets.duplicates.asked_again": AuditWords(
        _("Near-duplicates wait again"),
        _("{actor} took back that {target} and what looks like it are kept"),
        "undo-2",
    ),
    "assets.image.trashed": AuditWords(
        _("Image thrown away"), _("{actor} moved {target} to the trash"), "trash-2"
    ),
    "assets.images.trashed": AuditWords(
        _("Images thrown away"),
        _("{actor} moved {count} pictures of {target} to the trash"),
        "trash-2",
    ),
    "assets.image.restored": AuditWords(
        _("Image restored"), _("{actor} took {target} out of the trash"), "archive-restore"
    ),
    "assets.images.restored": AuditWords(
        _("Images restored"),
        _("{actor} took {count} pictures of {target} out of the trash"),
        "archive-restore",
    ),
    "assets.image.purge_allowed": AuditWords(
        _("Deletion allowed"), _("{actor} allowed that {target} is deleted for good"), "check"
    ),
    "assets.images.purge_allowed": AuditWords(
        _("Deletions allowed"),
        _("{actor} allowed that {count} pictures of {target} are deleted for good"),
        "check",
    ),
    "assets.image.purged": AuditWords(
        _("Image deleted for good"), _("{actor} deleted {target} for good"), "trash-2"
    ),
    "assets.images.purged": AuditWords(
        _("Images deleted for good"),
        _("{actor} deleted {count} pictures of {target} for good"),
        "trash-2",
    ),
    "assets.image.moved": AuditWords(
        _("Image moved"), _("{actor} moved {target} to the project {to}"), "arrow-right"
    ),
    "assets.images.moved": AuditWords(
        _("Images moved"),
        _("{actor} moved {count} pictures of {target} to the project {to}"),
        "arrow-right",
    ),
    "assets.images.submitted": AuditWords(
        _("Images submitted"),
        _("{actor} submitted {count} pictures of {target} for review"),
        "send",
    ),
    "assets.images.withdrawn": AuditWords(
        _("Images withdrawn"),
        _("{actor} took {count} pictures of {target} back from review"),
        "undo-2",
    ),
    "assets.operation.ordered": AuditWords(
        _("Operation ordered"), _("{actor} ordered: {target}"), "list-checks"
    ),
    "assets.operation.cancelled": AuditWords(
        _("Operation cancelled"), _("{actor} stopped: {target}"), "x"
    ),
    "assets.operation.undone": AuditWords(
        _("Operation undone"), _("{actor} took back: {target}"), "undo-2"
    ),
    "assets.template.created": AuditWords(
        _("Template created"), _("{actor} created the template {target}"), "layout-template"
    ),
    "assets.template.draft_saved": AuditWords(
        _("Template draft saved"),
        _("{actor} saved a draft of the template {target}"),
        "layout-template",
    ),
    "assets.template.published": AuditWords(
        _("Template published"),
        _("{actor} published version {version} of the template {target}"),
        "layout-template",
    ),
    "assets.template.renamed": AuditWords(
        _("Template renamed"), _("{actor} renamed the template {target}"), "layout-template"
    ),
    "assets.template.retired": AuditWords(
        _("Template retired"), _("{actor} retired the template {target}"), "archive"
    ),
    "assets.template.restored": AuditWords(
        _("Template restored"), _("{actor} restored the template {target}"), "archive-restore"
    ),
}
