"""What a new job needs of a worker, and where it stands in its maker's line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from generation.ledgers import estimate_seconds
from generation.models import Demand, ModelVersion
from generation.tiers import side_needed
from generation.types import ImageAsk


def demand_of(model: ModelVersion, *, width: int, height: int, may_shrink: bool) -> Demand:
    """The row for pictures of this model and size; made when it is the first of its kind."""
    demand, _created = Demand.objects.get_or_create(
        model_version=model, side=side_needed(width, height), may_shrink=may_shrink
    )
    return demand


def settings_of_jobs(model: ModelVersion, ask: ImageAsk, *, may_shrink: bool) -> dict[str, Any]:
    """The columns that every job of an ask has in common, whether and when it starts aside."""
    return {
        "steps": ask.steps,
        "engine": model.engine,
        "demand": demand_of(model, width=ask.width, height=ask.height, may_shrink=may_shrink),
        "lane": ask.lane,
        "estimated_seconds": estimate_seconds(model, ask),
    }


def position_at(moment: datetime) -> int:
    """The end of a line: later positions are further back."""
    return int(moment.timestamp() * 1_000_000)
