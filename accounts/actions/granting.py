"""Repairing guardian's rows when they no longer say what the memberships say."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from accounts import grants, live
from accounts.access import Access
from accounts.actions.auditing import record
from accounts.models import User


@transaction.atomic
def repair_grants(*, access: Access) -> list[tuple[int, int]]:
    """Make all rows right. Returns the pairs of person and organization that were wrong."""
    access.require_system()
    wrong = grants.disagreements()
    for user_id, organization_id in wrong:
        grants.apply(user_id=user_id, organization_id=organization_id)
        transaction.on_commit(partial(live.tell_access_changed, user_id))
        record(
            access,
            "accounts.grants.repaired",
            User.objects.get(pk=user_id),
            organization_id=organization_id,
        )
    return wrong
