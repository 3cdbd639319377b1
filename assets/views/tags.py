"""The tags of a project: which there are, and what is done to a word on all pictures at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import PortalRequest
from accounts.models import Project
from accounts.queries.projects import project_for
from accounts.roles import Permission
from accounts.views.answering import done
from assets.actions.tags import delete_tag, delete_unused_tags, merge_tags, rename_tag
from assets.forms.tags import MergeForm, TagNameForm
from assets.models import Tag
from assets.queries.tags import tag_for, tags_by_use
from assets.views.searches import address_of_search, query_for_tag
from assets.views.undoing import to_undo


@dataclass(frozen=True, slots=True)
class Row:
    """A tag, how many pictures have it, and where they are; the form that was wrong, if any."""

    tag: Tag
    uses: int
    url: str
    error: str = ""
    written: str = ""


@require_GET
def tags(request: PortalRequest, project_id: int) -> HttpResponse:
    """The tags by use, and those that have a text in them."""
    return _page(request, project_for(request.access, project_id))


@require_POST
def tag_rename(request: PortalRequest, tag_id: int) -> HttpResponse:
    """Give a tag another name on all pictures."""
    tag = tag_for(request.access, tag_id)
    request.access.require(Permission.ORGANIZE_IMAGES, tag.project_id)
    form = TagNameForm(request.POST, tag=tag)
    if not form.is_valid():
        error = form.errors["name"][0]
        return _page(request, tag.project, wrong=tag, error=str(error), status=422)
    before = tag.name
    rename_tag(access=request.access, tag=tag, name=form.cleaned_data["name"])
    sentence = _("“%(before)s” is called “%(after)s” now.") % {"before": before, "after": tag}
    return done(request, sentence, _address(tag.project))


@require_POST
def tag_merge(request: PortalRequest, tag_id: int) -> HttpResponse:
    """Let another tag take over what this one is on; the page after that can take it back."""
    tag = tag_for(request.access, tag_id)
    request.access.require(Permission.ORGANIZE_IMAGES, tag.project_id)
    form = MergeForm(request.POST, access=request.access, tag=tag)
    if not form.is_valid():
        error = form.errors["into"][0]
        return _page(request, tag.project, wrong=tag, error=str(error), status=422)
    into = tag_for(request.access, form.cleaned_data["into"].pk)
    undoable = merge_tags(access=request.access, sources=[tag], into=into)
    return redirect(f"{_address(tag.project)}?undo={undoable.uid}")


@require_POST
def tag_delete(request: PortalRequest, tag_id: int) -> HttpResponse:
    """Take a tag off all pictures; the page after that can take it back."""
    tag = tag_for(request.access, tag_id)
    undoable = delete_tag(access=request.access, tag=tag)
    return redirect(f"{_address(tag.project)}?undo={undoable.uid}")


@require_POST
def tags_tidy(request: PortalRequest, project_id: int) -> HttpResponse:
    """Forget the tags that no picture has."""
    project = project_for(request.access, project_id)
    count = delete_unused_tags(access=request.access, project=project)
    sentence = ngettext(
        "%(count)d tag without use is deleted.", "%(count)d tags without use are deleted.", count
    ) % {"count": count}
    return done(request, sentence, _address(project))


def _page(
    request: PortalRequest,
    project: Project,
    *,
    wrong: Tag | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    request.project = project
    text = request.GET.get("text", "")[:80].replace("\0", "")
    page = tags_by_use(request.access, project.pk, text=text)
    rows = [
        Row(
            tag=tag,
            uses=tag.uses,  # type: ignore[attr-defined]  # annotated
            url=address_of_search(project.pk, query_for_tag(tag)),
            error=error if wrong and wrong.pk == tag.pk else "",
        )
        for tag in page.tags
    ]
    if wrong and all(row.tag.pk != wrong.pk for row in rows):
        rows.insert(0, Row(wrong, 0, address_of_search(project.pk, query_for_tag(wrong)), error))
    context = {
        "project": project,
        "rows": rows,
        "more": page.more,
        "text": text,
        "has_unused": any(row.uses == 0 for row in rows),
        "may_organize": request.access.allows(Permission.ORGANIZE_IMAGES, project.pk),
        "undoable": to_undo(request),
    }
    return render(request, "assets/tags.html", context, status=status)


def _address(project: Project) -> str:
    return reverse("assets:tags", kwargs={"project_id": project.pk})
