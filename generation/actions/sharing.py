"""Who gets how much of the GPUs."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput
from accounts.models import Organization, User
from generation.ledgers import lock_ledger
from generation.models import ShareAccount
from generation.queries.shares import is_member

SMALLEST, LARGEST = 0.1, 10.0


@transaction.atomic
def set_weight(
    *, access: Access, organization: Organization, weight: float, person: User | None = None
) -> ShareAccount:
    """Let an organization, or one person in it, have `weight` times the share of another.

    Raises:
        InvalidInput: the weight is not between 0.1 and 10, or the person is no member; `field` says
            which.
    """
    access.require_operator()
    if not SMALLEST <= weight <= LARGEST:
        raise InvalidInput(_("A weight is a number from 0.1 to 10."), field="weight")
    if person is not None and not is_member(organization, person):
        raise InvalidInput(
            _("This person is not a member of %(organization)s.") % {"organization": organization},
            field="person",
        )
    lock_ledger()
    account, _created = ShareAccount.objects.update_or_create(
        organization=organization, person=person, defaults={"weight": weight}
    )
    record(
        access,
        "generation.share.changed",
        person or organization,
        organization_id=organization.pk,
        weight=weight,
    )
    return account
