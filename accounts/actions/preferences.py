"""What people decide about themselves.

Language and theme leave no trace in the audit trail: they concern nobody else.
"""

from __future__ import annotations

from django.db import transaction

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput
from accounts.models import Membership, User


@transaction.atomic
def set_language(*, access: Access, user: User, language: str) -> None:
    """Speak this language with the person from now on, wherever they sign in."""
    access.require_person(user.pk)
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def set_theme(*, access: Access, user: User, theme: str) -> None:
    """Show dark or light pages, or follow the device."""
    access.require_person(user.pk)
    User.objects.filter(pk=user.pk).update(theme=theme)


@transaction.atomic
def rename_person(*, access: Access, user: User, name: str) -> User:
    """Change the name that others see. Every organization of the person finds it in its trail."""
    access.require_person(user.pk)
    before, name = user.name, name.strip()
    if not name:
        raise InvalidInput(field="name")
    if name == before:
        return user
    user.name = name
    user.save(update_fields=["name"])
    organizations = Membership.objects.filter(user=user).order_by("organization_id")
    for organization_id in organizations.values_list("organization_id", flat=True).distinct():
        record(
            access,
            "accounts.person.renamed",
            user,
            organization_id=organization_id,
            before=before,
            after=name,
        )
    return user
