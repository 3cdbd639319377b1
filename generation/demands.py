"""What a new job needs of a worker, and where it stands in its maker's line."""

from __future__ import annotations

from datetime import datetime

from generation.models import Demand, ModelVersion
from generation.tiers import side_needed


def demand_of(model: ModelVersion, *, width: int, height: int, may_shrink: bool) -> Demand:
    """The row for pictures of this model and size; made when it is the first of its kind."""
    demand, _created = Demand.objects.get_or_create(
        model_version=model, side=side_needed(width, height), may_shrink=may_shrink
    )
    return demand


def position_at(moment: datetime) -> int:
    """The end of a line: later positions are further back."""
    return int(moment.timestamp() * 1_000_000)
