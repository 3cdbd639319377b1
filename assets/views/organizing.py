"""Marks, tags and places of pictures: of several for scripts, of one as a part of its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.http import PortalRequest
from accounts.models import Project
from accounts.queries.projects import project_for
from accounts.roles import Permission
from accounts.views.answering import back
from assets.actions.collecting import collect_images
from assets.actions.collections import create_collection
from assets.actions.marking import rate_images, star_images
from assets.actions.operations import note_done
from assets.actions.tagging import TAGS_OF_AN_IMAGE, tag_images, untag_images
from assets.forms.collections import ChosenCollectionForm
from assets.forms.organizing import MarksForm, TagsForm
from assets.models import Collection, Image
from assets.queries.collections import collection_for, collections_of_image, flat, tree_of
from assets.queries.images import image_for, images_named
from assets.queries.marks import NO_MARKS, marks_of
from assets.queries.tags import completions_of, tags_of_image
from assets.types import OperationKind
from assets.views.cards import cards_of, image_url
from assets.views.searches import address_of_search, query_for_tag


@require_POST
def marks(request: PortalRequest) -> HttpResponse:
    """Star or rate pictures; their marks afterwards, or without scripts the page before."""
    form = MarksForm(request.POST)
    values = checked(form)
    images = images_named(request.access, form.uids)
    for project, several in _by_project(images):
        options: dict[str, Any] = {
            "access": request.access,
            "project": project,
            "images": several,
        }
        if values["starred"] is not None:
            star_images(**options, starred=values["starred"])
        if values["rating"] is not None:
            rate_images(**options, rating=values["rating"])
    if not request.htmx:
        return back(request, image_url(images[0]))
    return JsonResponse({"marks": _marks(request.access, form.uids)})


@require_POST
def tags(request: PortalRequest) -> HttpResponse:
    """Put tags on several pictures of one project, or take them off; what happened, in words."""
    form = TagsForm(request.POST)
    checked(form)
    images = images_named(request.access, form.uids)
    is_undo = "undoing" in request.POST  # what is taken back is not taken back again
    sentence, undo = _change_tags(request.access, images, form, is_undo=is_undo)
    if not request.htmx:
        return back(request, image_url(images[0]))
    return JsonResponse({"sentence": sentence, "undo": undo})


@require_POST
def collect(request: PortalRequest) -> HttpResponse:
    """Put pictures into a collection, which may be a new one; what happened, in words."""
    form = ChosenCollectionForm(request.POST)
    values = checked(form)
    images = images_named(request.access, form.uids)
    collection = _chosen(request.access, images[0].project, values)
    new = collect_images(access=request.access, collection=collection, images=images)
    note_done(
        access=request.access,
        project=collection.project,
        kind=OperationKind.COLLECT,
        arguments={"collection": collection.pk, "name": collection.name},
        before={image.pk: {} for image in images if image.pk in new},
    )
    address = reverse("assets:collection", kwargs={"collection_id": collection.pk})
    if not request.htmx:
        return back(request, address)
    if new:
        sentence = ngettext(
            "%(count)d picture is in “%(collection)s” now.",
            "%(count)d pictures are in “%(collection)s” now.",
            len(new),
        ) % {"count": len(new), "collection": collection}
    else:
        sentence = _("“%(collection)s” has these pictures already.") % {"collection": collection}
    added = [str(image.uid) for image in images if image.pk in new]
    remove = reverse("assets:collection-remove", kwargs={"collection_id": collection.pk})
    return JsonResponse(
        {"sentence": sentence, "url": address, "added": added, "remove_url": remove}
    )


@require_http_methods(["GET", "POST"])
def organized(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Marks, tags and collections of a picture, as a part of its page; a post changes its tags."""
    image = image_for(request.access, uid)
    error = ""
    status = 200
    if request.method == "POST":
        data = request.POST.copy()
        data["uid"] = str(uid)
        form = TagsForm(data)
        if form.is_valid():
            _change_tags(request.access, [image], form)
        else:
            error, status = _first(form), 422
        if not request.htmx:
            return back(request, image_url(image))
    context = organized_context(request.access, image) | {"tag_error": error}
    return render(request, "assets/_organized.html", context, status=status)


def organized_context(access: Access, image: Image) -> dict[str, Any]:
    """What `assets/_organized.html` needs, in three queries."""
    return {
        "image": image,
        "marks": marks_of(access, [image]).get(image.pk, NO_MARKS),
        "tags": [
            (tag, address_of_search(image.project_id, query_for_tag(tag)))
            for tag in tags_of_image(access, image.pk)
        ],
        "collections": collections_of_image(access, image.pk),
        "may_organize": access.allows(Permission.ORGANIZE_IMAGES, image.project_id),
    }


@require_GET
def tag_completions(request: PortalRequest, project_id: int) -> HttpResponse:
    """Tags of a project that begin with what is typed, for the fields that take tags."""
    project_for(request.access, project_id)
    text = request.GET.get("text", "")[:80].replace("\0", "")
    return JsonResponse({"tags": completions_of(request.access, project_id, text)})


@require_GET
def collection_choices(request: PortalRequest, project_id: int) -> HttpResponse:
    """The collections of a project to choose from, as a part of the dialog."""
    project_for(request.access, project_id)
    nodes = list(flat(tree_of(request.access, project_id)))
    covers = [cards_of([node.cover])[0] if node.cover else None for node in nodes]
    context = {"choices": list(zip(nodes, covers, strict=True))}
    return render(request, "assets/_collection_choices.html", context)


def checked(form: forms.Form) -> dict[str, Any]:
    """What the form says; `InvalidInput` with its first fault, for parts without fields."""
    if not form.is_valid():
        field = next(iter(form.errors))
        raise InvalidInput(_first(form), field="" if field == "__all__" else field)
    return form.cleaned_data


def _first(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _by_project(images: Sequence[Image]) -> Iterator[tuple[Project, list[Image]]]:
    in_order = sorted(images, key=lambda image: image.project_id)
    for _project_id, several in groupby(in_order, key=lambda image: image.project_id):
        found = list(several)
        yield found[0].project, found


def _marks(access: Access, uids: Sequence[UUID]) -> dict[str, Any]:
    images = images_named(access, uids)
    own = marks_of(access, images)
    return {
        str(image.uid): {
            "starred": own.get(image.pk, NO_MARKS).starred,
            "rating": own.get(image.pk, NO_MARKS).rating,
            "mean": image.rating,
            "count": image.rating_count,
        }
        for image in images
    }


def _note_tags(
    access: Access,
    project: Project,
    kind: OperationKind,
    names: Sequence[str],
    changed: Mapping[int, Sequence[str]],
) -> None:
    """So that the key Z takes it back."""
    note_done(
        access=access,
        project=project,
        kind=kind,
        arguments={"tags": list(names), "name": ", ".join(names)},
        before={image_id: {"tags": list(tags)} for image_id, tags in changed.items()},
    )


def _change_tags(
    access: Access, images: Sequence[Image], form: TagsForm, *, is_undo: bool = False
) -> tuple[str, list[dict[str, Any]]]:
    """Put tags on and take tags off; a sentence about it, and what would take it back."""
    project = images[0].project
    add, remove = form.cleaned_data["add"], form.cleaned_data["remove"]
    options: dict[str, Any] = {"access": access, "project": project, "images": images}
    sentences = []
    undo: list[dict[str, Any]] = []
    if remove:
        removed = untag_images(**options, names=remove)
        undo += _inverse(images, removed, "add")
        if not is_undo:
            _note_tags(access, project, OperationKind.UNTAG, remove, removed)
        sentences.append(
            _("Removed: %(tags)s.") % {"tags": ", ".join(remove)}
            if undo
            else _("There was nothing to take off.")
        )
    if add:
        tagged = tag_images(**options, names=add)
        if tagged.full and not tagged.added:
            raise InvalidInput(
                _("A picture has at most %(most)d tags. Take one off first.")
                % {"most": TAGS_OF_AN_IMAGE},
                field="add",
            )
        undo += _inverse(images, tagged.added, "remove")
        if not is_undo:
            _note_tags(access, project, OperationKind.TAG, add, tagged.added)
        sentences.append(_("Tagged: %(tags)s.") % {"tags": ", ".join(add)})
        if tagged.full:
            sentences.append(
                ngettext(
                    "%(count)d picture has %(most)d tags already and was left as it is.",
                    "%(count)d pictures have %(most)d tags already and were left as they are.",
                    len(tagged.full),
                )
                % {"count": len(tagged.full), "most": TAGS_OF_AN_IMAGE}
            )
    return " ".join(sentences), undo


def _inverse(
    images: Sequence[Image], changed: Mapping[int, tuple[str, ...]], what: str
) -> list[dict[str, Any]]:
    """What is to be sent to take a change back; pictures that changed alike are sent together."""
    uids: dict[tuple[str, ...], list[str]] = {}
    for image in images:
        if image.pk in changed:
            uids.setdefault(changed[image.pk], []).append(str(image.uid))
    return [{"uids": several, what: ", ".join(names)} for names, several in uids.items()]


def _chosen(access: Access, project: Project, values: dict[str, Any]) -> Collection:
    if values["collection"]:
        return collection_for(access, values["collection"])
    return create_collection(access=access, project=project, name=values["name"])
