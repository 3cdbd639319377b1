"""How much of their quotas people and teams have used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from generation.models import EVERY, GenerationJob, UsageCounter
from generation.quotas import Quota, Scope, Unit, Use, Who, period_start
from generation.types import OPEN


@dataclass(frozen=True, slots=True)
class QuotaOwner:
    """Whose use is counted: a person in a project of an organization."""

    organization_id: int
    project_id: int
    person_id: int
    time_zone: str


_Key = tuple[int, int, int, str, datetime]


def uses_of(
    wanted: Mapping[QuotaOwner, Collection[Quota]], *, now: datetime
) -> Mapping[tuple[QuotaOwner, Quota], Use]:
    """What was used of each quota, in one query; none when there is no quota."""
    keys = {
        (owner, quota): _key(owner, quota, now)
        for owner, quotas in wanted.items()
        for quota in quotas
    }
    if not keys:
        return {}
    rows = _counters(keys.values())
    return {
        wish: Use(used=_amount(rows.get(key), wish[1].unit), reserved=0.0)
        for wish, key in keys.items()
    }


def uses_with_reserved(
    owner: QuotaOwner, quotas: Collection[Quota], *, now: datetime
) -> dict[Quota, Use]:
    """What was used of the owner's quotas, and what waits and runs already; at most three queries.

    What is open is read first: a job that ends in between is counted twice for a moment, and never
    not at all.
    """
    reserved = _reserved(owner, quotas)
    uses = uses_of({owner: quotas}, now=now)
    return {quota: Use(used=uses[owner, quota].used, reserved=reserved[quota]) for quota in quotas}


def _key(owner: QuotaOwner, quota: Quota, now: datetime) -> _Key:
    return (
        owner.organization_id,
        owner.project_id if quota.scope == Scope.PROJECT else EVERY,
        owner.person_id if quota.who == Who.PERSON else EVERY,
        quota.period.value,
        period_start(quota.period, now, owner.time_zone),
    )


def _counters(keys: Iterable[_Key]) -> dict[_Key, tuple[int, float]]:
    """The rows of these keys, and some that nobody asked for.

    A condition for each key would be more than SQLite can parse where many people wait.
    """
    organizations, projects, people, periods, starts = (
        set(part) for part in zip(*keys, strict=True)
    )
    rows = UsageCounter.objects.filter(
        organization_id__in=organizations,
        project_key__in=projects,
        person_key__in=people,
        period__in=periods,
        starts_at__in=starts,
    ).values_list(
        "organization_id", "project_key", "person_key", "period", "starts_at", "images",
        "gpu_seconds",
    )  # fmt: skip
    return {row[:5]: row[5:] for row in rows}


def _amount(row: tuple[int, float] | None, unit: Unit) -> float:
    if row is None:
        return 0.0
    images, seconds = row
    return float(images) if unit == Unit.IMAGES else seconds


def _reserved(owner: QuotaOwner, quotas: Collection[Quota]) -> dict[Quota, float]:
    open_ = {who: _open_of(owner, who) for who in Who if any(quota.who == who for quota in quotas)}
    return {quota: open_[quota.who][quota.scope, quota.unit] for quota in quotas}


def _open_of(owner: QuotaOwner, who: Who) -> dict[tuple[Scope, Unit], float]:
    """What waits and runs of the person or of everybody, in the project and the organization."""
    jobs = GenerationJob.objects.filter(
        status__in=sorted(OPEN), project__organization_id=owner.organization_id
    )
    if who == Who.PERSON:
        jobs = jobs.filter(created_by_id=owner.person_id)
    here = Q(project_id=owner.project_id)
    sums = jobs.aggregate(
        project_images=Count("pk", filter=here),
        project_gpu_seconds=Sum("estimated_seconds", filter=here),
        organization_images=Count("pk"),
        organization_gpu_seconds=Sum("estimated_seconds"),
    )
    return {
        (scope, unit): float(sums[f"{scope.value}_{unit.value}"] or 0)
        for scope in Scope
        for unit in Unit
    }
