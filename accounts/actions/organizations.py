"""Creating a tenant: the operator's business."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput
from accounts.models import Organization


@transaction.atomic
def create_organization(
    *, access: Access, name: str, slug: str, time_zone: str = "Asia/Shanghai"
) -> Organization:
    """Begin an organization. It has no members: invite its first admin next."""
    access.require_system()
    if time_zone not in available_timezones():
        raise InvalidInput(
            _("This time zone does not exist. Name one such as Asia/Shanghai."), field="time_zone"
        )
    if Organization.objects.filter(slug=slug).exists():
        raise InvalidInput(_("Another organization has this short name."), field="slug")
    organization = Organization.objects.create(name=name.strip(), slug=slug, time_zone=time_zone)
    record(
        access,
        "accounts.organization.created",
        organization,
        organization_id=organization.pk,
    )
    return organization
