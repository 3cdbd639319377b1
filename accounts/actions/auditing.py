"""Writing the audit trail: one function, called inside the transaction of what it records."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.access import Access
from accounts.models import AuditEvent


def record(
    access: Access,
    action: str,
    target: models.Model,
    *,
    organization_id: int | None,
    project_id: int | None = None,
    **data: Any,
) -> AuditEvent:
    """Append one event.

    `action` reads `<app>.<thing>.<what happened>`, for example `assets.image.approved`; `data`
    holds JSON values that explain it (old and new role, comment, hash), never secrets.
    """
    actor = access.actor
    return AuditEvent.objects.create(
        organization_id=organization_id,
        project_id=project_id,
        actor_id=actor.user_id,
        actor_label=actor.label[:120],
        token_prefix=actor.token_prefix,
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(target)[:160],
        ip=actor.ip,
        request_id=actor.request_id,
        data=data,
    )
