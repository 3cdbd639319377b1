"""What a project may ask of the GPU."""

from __future__ import annotations

from dataclasses import fields

from generation.models import UsagePolicy
from generation.types import Limits

_FIELDS = [each.name for each in fields(Limits)]


def limits_of(project_id: int) -> Limits:
    """The project's policy, or the defaults when none was written."""
    values = UsagePolicy.objects.filter(pk=project_id).values(*_FIELDS).first()
    return Limits(**values) if values else Limits()
