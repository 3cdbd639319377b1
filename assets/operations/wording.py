"""What an operation is called, and what it says of itself when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.models import Operation
from assets.types import OperationKind, OperationStatus

# How many, and the name of the tag, collection or project; both may stand in the sentence.
_DONE: Mapping[str, Callable[[int], str]] = {
    OperationKind.TAG: lambda count: ngettext(
        "%(count)s picture is tagged “%(name)s”.",
        "%(count)s pictures are tagged “%(name)s”.",
        count,
    ),
    OperationKind.UNTAG: lambda count: ngettext(
        "The tag “%(name)s” was taken off %(count)s picture.",
        "The tag “%(name)s” was taken off %(count)s pictures.",
        count,
    ),
    OperationKind.COLLECT: lambda count: ngettext(
        "%(count)s picture is in “%(name)s” now.",
        "%(count)s pictures are in “%(name)s” now.",
        count,
    ),
    OperationKind.UNCOLLECT: lambda count: ngettext(
        "%(count)s picture was taken out of “%(name)s”.",
        "%(count)s pictures were taken out of “%(name)s”.",
        count,
    ),
    OperationKind.SUBMIT: lambda count: ngettext(
        "%(count)s picture is submitted for review.",
        "%(count)s pictures are submitted for review.",
        count,
    ),
    OperationKind.MOVE: lambda count: ngettext(
        "%(count)s picture is in the project %(name)s now.",
        "%(count)s pictures are in the project %(name)s now.",
        count,
    ),
    OperationKind.TRASH: lambda count: ngettext(
        "%(count)s picture is in the trash.",
        "%(count)s pictures are in the trash.",
        count,
    ),
    OperationKind.RESTORE: lambda count: ngettext(
        "%(count)s picture hangs in the gallery again.",
        "%(count)s pictures hang in the gallery again.",
        count,
    ),
    OperationKind.MERGE: lambda count: ngettext(
        "“%(name)s” is kept, %(count)s other is in the trash.",
        "“%(name)s” is kept, %(count)s others are in the trash.",
        count,
    ),
    OperationKind.INDEX: lambda count: ngettext(
        "%(count)s picture is found by its new words.",
        "%(count)s pictures are found by their new words.",
        count,
    ),
    OperationKind.EXPORT: lambda count: ngettext(
        "%(count)s picture is ready to be downloaded, for a week.",
        "%(count)s pictures are ready to be downloaded, for a week.",
        count,
    ),
    OperationKind.PURGE: lambda count: ngettext(
        "%(count)s picture is deleted for good.",
        "%(count)s pictures are deleted for good.",
        count,
    ),
}


def title_of(operation: Operation) -> str:
    """What is done: “Tag: hero”; of one that takes another back, “Undo: Tag: hero”."""
    if operation.undoes:
        return _("Undo: %(what)s") % {"what": title_of(operation.undoes)}
    name = operation.arguments.get("name", "")
    label = operation.get_kind_display()
    return _("%(what)s: %(name)s") % {"what": label, "name": name} if name else label


def result_of(operation: Operation) -> str:
    """One sentence about what was done; for an open one about how far it is."""
    if operation.is_open:
        return _progress(operation)
    count = operation.done
    if operation.undoes:
        words = ngettext("Undone for %(count)s picture.", "Undone for %(count)s pictures.", count)
    elif operation.kind in _DONE:
        words = _DONE[operation.kind](count)
    else:
        words = ngettext("%(count)s picture.", "%(count)s pictures.", count)
    sentence = words % {"count": _number(count), "name": operation.arguments.get("name", "")}
    if operation.status == OperationStatus.DONE and not count:
        return _("Nothing was changed.")
    if operation.status == OperationStatus.CANCELLED:
        return _("Stopped. %(what)s") % {"what": sentence}
    return sentence


def skipped_words(operation: Operation) -> str:
    """How many were left alone; empty for none."""
    count = operation.skipped + operation.failed
    if not count:
        return ""
    return ngettext("%(count)s was skipped.", "%(count)s were skipped.", count) % {
        "count": _number(count)
    }


def _progress(operation: Operation) -> str:
    if not operation.is_gathered:
        return _("Finding the pictures…")
    return _("%(handled)s of %(total)s") % {
        "handled": _number(operation.handled),
        "total": _number(operation.total),
    }


def _number(count: int) -> str:
    return number_format(count, use_l10n=True, force_grouping=True)
