"""Searches that somebody keeps: saved, renamed, shared, pinned, deleted."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition, LimitExceeded, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.models import SavedSearch
from assets.policies import canonical_query, name_of_a_collection

SEARCHES_OF_A_PERSON = 200  # in one project

NAME_TAKEN = _("You have saved a search of this name already. Choose another one.")


@transaction.atomic
def save_search(
    *,
    access: Access,
    project: Project,
    name: str,
    query: str,
    is_shared: bool = False,
    is_pinned: bool = False,
) -> SavedSearch:
    """Keep a search. A shared one is seen by everybody in the project; a pinned one stands beside
    the collections, for those who see it.
    """
    access.require(Permission.VIEW_GALLERY, project.pk)
    if access.user_id is None:
        raise NotPermitted(_("Only a person can do this."))
    if is_shared:
        access.require(Permission.ORGANIZE_IMAGES, project.pk)
    mine = SavedSearch.objects.filter(project=project, owner_id=access.user_id)
    if mine.count() >= SEARCHES_OF_A_PERSON:
        raise LimitExceeded(
            _("You can keep %(most)d searches in a project. Delete one first.")
            % {"most": SEARCHES_OF_A_PERSON}
        )
    try:
        with transaction.atomic():
            search = SavedSearch.objects.create(
                project=project,
                owner_id=access.user_id,
                name=name_of_a_collection(name),
                query=canonical_query(query),
                is_shared=is_shared,
                is_pinned=is_pinned,
            )
    except IntegrityError as error:
        raise InvalidInput(NAME_TAKEN, field="name", code="name_taken") from error
    if is_shared:
        _record(access, "shared", search)
    return search


@transaction.atomic
def change_search(
    *,
    access: Access,
    search: SavedSearch,
    name: str | None = None,
    query: str | None = None,
    is_shared: bool | None = None,
    is_pinned: bool | None = None,
) -> SavedSearch:
    """Rename, rewrite, share or pin a search; `None` leaves it.

    Its owner may, and for a shared one those who manage the project.
    """
    access.require(Permission.VIEW_GALLERY, search.project_id)
    _require_owner(access, search)
    if is_shared or search.is_shared:
        access.require(Permission.ORGANIZE_IMAGES, search.project_id)
    said = {
        "name": None if name is None else name_of_a_collection(name),
        "query": None if query is None else canonical_query(query),
        "is_shared": is_shared,
        "is_pinned": is_pinned,
    }
    changes = {
        column: value
        for column, value in said.items()
        if value is not None and value != getattr(search, column)
    }
    if not changes:
        return search
    was_shared = search.is_shared
    try:
        with transaction.atomic():
            changed = SavedSearch.objects.filter(pk=search.pk).update(**changes)
    except IntegrityError as error:
        raise InvalidInput(NAME_TAKEN, field="name", code="name_taken") from error
    if not changed:
        raise _gone()
    search.refresh_from_db(fields=list(changes))
    if search.is_shared and not was_shared:
        _record(access, "shared", search)
    elif was_shared and not search.is_shared:
        _record(access, "unshared", search)
    elif was_shared:
        _record(access, "changed", search)
    return search


@transaction.atomic
def delete_search(*, access: Access, search: SavedSearch) -> None:
    """Forget a search; one's own, or as a manager of the project a shared one."""
    access.require(Permission.VIEW_GALLERY, search.project_id)
    _require_owner(access, search)
    if search.is_shared:
        _record(access, "deleted", search)
    if not SavedSearch.objects.filter(pk=search.pk).delete()[0]:
        raise _gone()


def _require_owner(access: Access, search: SavedSearch) -> None:
    if search.owner_id == access.user_id:
        return
    if not search.is_shared:
        access.require_person(search.owner_id)
    access.require(Permission.MANAGE_PROJECT, search.project_id)


def _gone() -> InvalidTransition:
    return InvalidTransition(_("This search has just been deleted."))


def _record(access: Access, happened: str, search: SavedSearch, **data: Any) -> None:
    record(
        access,
        f"assets.search.{happened}",
        search,
        organization_id=search.project.organization_id,
        project_id=search.project_id,
        **data,
    )
