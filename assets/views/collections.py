"""The collections of a project, and one of them as a wall that people put in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Access
from accounts.http import PortalRequest
from accounts.models import Project
from accounts.queries.projects import project_for
from accounts.roles import Permission
from accounts.views.answering import back, done
from assets.actions.collecting import move_images_in_collection, uncollect_images
from assets.actions.collections import (
    create_collection,
    delete_collection,
    edit_collection,
    move_collection,
    set_cover,
)
from assets.forms.collections import CollectionForm, OrderForm, PlaceForm
from assets.forms.organizing import PicturesForm
from assets.models import Collection, SavedSearch
from assets.queries.collections import (
    Node,
    Part,
    Place,
    collection_for,
    flat,
    part_of,
    size_of,
    tree_of,
    way_to,
)
from assets.queries.images import images_named
from assets.queries.searches import searches_of
from assets.search.language.grammar import written
from assets.views.cards import Card, cards_of, wall_cards
from assets.views.organizing import checked
from assets.views.searches import address_of_search
from assets.views.selecting import powers_of
from assets.views.undoing import to_undo


@dataclass(slots=True)
class Branch:
    """A collection in the tree of the page, with its cover, and what lies in it.

    `earlier` and `later` are the collections before which it stands when it is moved one place
    (nothing: at the end); `is_first` and `is_last` say that it cannot be.
    """

    collection: Collection
    count: int
    cover: Card | None
    depth: int
    is_first: bool
    is_last: bool
    earlier: int | None
    later: int | None
    inside: list[Branch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Smart:
    """A search that fills itself: a pinned one, or one that every project has."""

    label: str
    url: str
    icon: str
    search: SavedSearch | None = None


@dataclass(frozen=True, slots=True)
class CollectionWall:
    """A part of a collection as `components/picture_wall_chunk.html` shows it."""

    address: str
    cards: list[Card]
    part: Part

    @property
    def before(self) -> str:
        """Where the part above begins; empty at the top."""
        return str(self.part.before or "")

    @property
    def after(self) -> str:
        """Where the part below begins; empty at the end."""
        return str(self.part.after or "")

    @property
    def start(self) -> str:
        """The place of the first card."""
        return self.cards[0].place if self.cards else "0"

    @property
    def before_url(self) -> str:
        """The page that ends where this part begins, for those without scripts."""
        return f"{self.address}?before={self.before}" if self.before else ""

    @property
    def after_url(self) -> str:
        """The page that begins where this part ends."""
        return f"{self.address}?after={self.after}" if self.after else ""


@require_GET
def collections(request: PortalRequest, project_id: int) -> HttpResponse:
    """The tree of collections, and beside it the searches that fill themselves."""
    project = project_for(request.access, project_id)
    form = CollectionForm(project_id=project.pk)
    return _collections_page(request, project, form)


@require_POST
def collection_create(request: PortalRequest, project_id: int) -> HttpResponse:
    """Begin a collection, at the top or inside another one."""
    project = project_for(request.access, project_id)
    request.access.require(Permission.ORGANIZE_IMAGES, project.pk)
    place = PlaceForm(request.POST, access=request.access, project_id=project.pk)
    parent = checked(place)["parent"]
    form = CollectionForm(request.POST, project_id=project.pk, parent=parent)
    if not form.is_valid():
        return _collections_page(request, project, form, parent=parent, status=422)
    collection = create_collection(
        access=request.access,
        project=project,
        name=form.cleaned_data["name"],
        notes=form.cleaned_data["notes"],
        parent=parent,
    )
    return redirect("assets:collection", collection_id=collection.pk)


@require_GET
def collection(request: PortalRequest, collection_id: int) -> HttpResponse:
    """One collection: its pictures in their order."""
    shown = collection_for(request.access, collection_id)
    form = CollectionForm(project_id=shown.project_id, collection=shown)
    return _collection_page(request, shown, form)


@require_GET
def collection_part(request: PortalRequest, collection_id: int) -> HttpResponse:
    """A further part of its wall."""
    shown = collection_for(request.access, collection_id)
    wall = _wall_of(request, shown)
    return render(request, "components/picture_wall_chunk.html", {"wall": wall})


@require_POST
def collection_edit(request: PortalRequest, collection_id: int) -> HttpResponse:
    """Change the name and the notes of a collection."""
    shown = collection_for(request.access, collection_id)
    request.access.require(Permission.ORGANIZE_IMAGES, shown.project_id)
    form = CollectionForm(request.POST, project_id=shown.project_id, collection=shown)
    if not form.is_valid():
        return _collection_page(request, shown, form, status=422)
    edit_collection(
        access=request.access,
        collection=shown,
        name=form.cleaned_data["name"],
        notes=form.cleaned_data["notes"],
    )
    return done(request, _("The collection is saved."), _address(shown))


@require_POST
def collection_move(request: PortalRequest, collection_id: int) -> HttpResponse:
    """Put a collection somewhere else in the tree."""
    moved = collection_for(request.access, collection_id)
    form = PlaceForm(request.POST, access=request.access, project_id=moved.project_id)
    place = checked(form)
    move_collection(
        access=request.access,
        collection=moved,
        parent=place["parent"],
        before=place["before"],
    )
    if request.htmx:
        request.project = moved.project
        return _tree(request, moved.project)
    return redirect("assets:collections", project_id=moved.project_id)


@require_POST
def collection_cover(request: PortalRequest, collection_id: int) -> HttpResponse:
    """Let one picture stand for the collection, or without one the first."""
    shown = collection_for(request.access, collection_id)
    image = None
    if request.POST.get("uid"):
        form = PicturesForm(request.POST)
        checked(form)
        image = images_named(request.access, form.uids)[0]
    set_cover(access=request.access, collection=shown, image=image)
    if request.htmx:
        return HttpResponse(status=204)
    return done(request, _("The cover is changed."), _address(shown))


@require_POST
def collection_delete(request: PortalRequest, collection_id: int) -> HttpResponse:
    """Delete a collection; the page after that offers to take it back."""
    doomed = collection_for(request.access, collection_id)
    undoable = delete_collection(access=request.access, collection=doomed)
    address = reverse("assets:collections", kwargs={"project_id": doomed.project_id})
    return redirect(f"{address}?undo={undoable.uid}")


@require_POST
def collection_remove(request: PortalRequest, collection_id: int) -> HttpResponse:
    """Take pictures out of a collection."""
    shown = collection_for(request.access, collection_id)
    form = PicturesForm(request.POST)
    checked(form)
    images = images_named(request.access, form.uids)
    uncollect_images(access=request.access, collection=shown, images=images)
    if request.htmx:
        return HttpResponse(status=204)
    return back(request, _address(shown))


@require_POST
def collection_order(request: PortalRequest, collection_id: int) -> HttpResponse:
    """Put pictures of a collection before another one of it, or at the end."""
    shown = collection_for(request.access, collection_id)
    form = OrderForm(request.POST)
    values = checked(form)
    images = images_named(request.access, form.uids)
    before = images_named(request.access, [values["before"]])[0] if values["before"] else None
    move_images_in_collection(access=request.access, collection=shown, images=images, before=before)
    if request.htmx:
        return HttpResponse(status=204)
    return back(request, _address(shown))


def _collections_page(
    request: PortalRequest,
    project: Project,
    form: CollectionForm,
    *,
    parent: Collection | None = None,
    status: int = 200,
) -> HttpResponse:
    request.project = project
    context = _tree_context(request.access, project) | {
        "form": form,
        "parent": parent,
        "smart": smart_collections(request.access, project.pk),
        "undoable": to_undo(request),
    }
    return render(request, "assets/collections.html", context, status=status)


def _tree(request: PortalRequest, project: Project) -> HttpResponse:
    context = _tree_context(request.access, project)
    return render(request, "assets/_collection_tree.html", context)


def _tree_context(access: Access, project: Project) -> dict[str, Any]:
    nodes = tree_of(access, project.pk)
    return {
        "project": project,
        "branches": branches_of(nodes),
        "places": list(flat(nodes)),
        "may_organize": access.allows(Permission.ORGANIZE_IMAGES, project.pk),
    }


def branches_of(nodes: list[Node]) -> list[Branch]:
    """The tree as the page draws it."""
    ids = [node.collection.pk for node in nodes]
    return [
        Branch(
            collection=node.collection,
            count=node.count,
            cover=cards_of([node.cover])[0] if node.cover else None,
            depth=node.depth,
            is_first=at == 0,
            is_last=at == len(nodes) - 1,
            earlier=ids[at - 1] if at else None,
            later=ids[at + 2] if at + 2 < len(ids) else None,
            inside=branches_of(node.inside),
        )
        for at, node in enumerate(nodes)
    ]


def smart_collections(access: Access, project_id: int) -> list[Smart]:
    """What fills itself: searches that every project has, then the pinned ones."""
    usual = [
        (_("My stars"), "is:starred", "star"),
        (_("My pictures"), "is:mine", "user-round"),
        (_("Best rated"), "rating:>=4", "badge-check"),
        (_("Never used"), "is:unused", "circle-dashed"),
        (_("Duplicates"), "is:duplicate", "copy"),
        (_("The last 100"), "last:100", "clock"),
    ]
    return [
        Smart(label, address_of_search(project_id, query), icon) for label, query, icon in usual
    ] + [
        Smart(search.name, address_of_search(project_id, search.query), "search", search)
        for search in searches_of(access, project_id).pinned
    ]


def _collection_page(
    request: PortalRequest, shown: Collection, form: CollectionForm, status: int = 200
) -> HttpResponse:
    request.project = shown.project
    access = request.access
    address = _address(shown)
    context = {
        "collection": shown,
        "project": shown.project,
        "wall": _wall_of(request, shown),
        "form": form,
        "count": size_of(access, shown),
        "way": way_to(access, shown),
        "inside": branches_of(_node_of(tree_of(access, shown.project_id), shown).inside),
        "may_organize": access.allows(Permission.ORGANIZE_IMAGES, shown.project_id),
        "may_generate": access.allows(Permission.REQUEST_IMAGES, shown.project_id),
        "selection": powers_of(access, shown.project_id),
        "link": request.build_absolute_uri(address),
        "export_url": _export_url(shown),
    }
    return render(request, "assets/collection.html", context, status=status)


def _wall_of(request: PortalRequest, shown: Collection) -> CollectionWall:
    part = part_of(
        request.access,
        shown,
        after=Place.read(request.GET.get("after", "")),
        before=Place.read(request.GET.get("before", "")),
    )
    return CollectionWall(_address(shown), wall_cards(part.rows), part)


def _export_url(shown: Collection) -> str:
    """Where the pictures of a collection are taken away, found by the search for it."""
    export = reverse("assets:export", args=[shown.project_id])
    return f"{export}?{urlencode({'all': 1, 'q': f'collection:{written(shown.name)}'})}"


def _node_of(nodes: list[Node], shown: Collection) -> Node:
    for node in flat(nodes):
        if node.collection.pk == shown.pk:
            return node
    return Node(shown, 0, None)


def _address(shown: Collection) -> str:
    return reverse("assets:collection", kwargs={"collection_id": shown.pk})
