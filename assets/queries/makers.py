"""Who made the pictures of a project, by the numbers of their accounts."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from accounts.access import Access
from accounts.models import User
from assets.models import Image


def maker_names(access: Access, project_id: int, numbers: Collection[int]) -> dict[int, str]:
    """The names of those of these accounts that made a picture of the project."""
    if not numbers:
        return {}
    made = Image.objects.visible_to(access).filter(
        project_id=project_id, created_by_id=OuterRef("pk")
    )
    makers = User.objects.filter(Exists(made), pk__in=numbers)
    return dict(makers.values_list("pk", "name"))
