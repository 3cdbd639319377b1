"""How full quotas are: of one person, of everybody, and of those who use the most."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.access import Access
from accounts.models import Organization, Project, User
from accounts.roles import Permission
from generation.limits import Rules
from generation.models import EVERY, UsageCounter
from generation.queries.usage import QuotaOwner, uses_with_reserved
from generation.quotas import Quota, Scope, Unit, Use, Who, period_start, resets_at, share

HEAVIEST = 3


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a quota is used, what waits and runs included, and when it starts anew.

    `person` is whose it is when that is not the reader, and nobody for a quota of everybody.
    """

    quota: Quota
    use: Use
    resets_at: datetime
    person: str = ""

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return share(self.quota, self.use)

    @property
    def taken(self) -> float:
        """All that counts against it, in its unit."""
        return self.use.used + self.use.reserved


def meters_in_project(
    access: Access, project: Project, rules: Rules, *, now: datetime
) -> list[Meter]:
    """The reader's meters for every quota that holds in the project, the fullest first."""
    access.require(Permission.VIEW_GALLERY, project.pk)
    owner = QuotaOwner(
        project.organization_id, project.pk, access.user_id or EVERY, rules.time_zone
    )
    return _meters(owner, rules.quotas, now)


def meters_in_organization(
    access: Access, organization: Organization, rules: Rules, *, now: datetime
) -> list[Meter]:
    """The reader's meters for every quota of the whole organization, the fullest first."""
    access.require_in_organization(Permission.VIEW_ORGANIZATION, organization.pk)
    owner = QuotaOwner(organization.pk, EVERY, access.user_id or EVERY, rules.time_zone)
    quotas = [quota for quota in rules.quotas if quota.scope == Scope.ORGANIZATION]
    return _meters(owner, quotas, now)


def heaviest_users(
    access: Access,
    organization: Organization,
    rules: Rules,
    *,
    project: Project | None = None,
    now: datetime,
) -> dict[Quota, list[Meter]]:
    """Who has used the most of each quota per person: of the organization, or of the project's own.

    For admins; what waits is left out. A query for each such quota, and one for the names.
    """
    if project is None:
        access.require_in_organization(Permission.MANAGE_ORGANIZATION, organization.pk)
    else:
        access.require(Permission.MANAGE_PROJECT, project.pk)
    scope = Scope.ORGANIZATION if project is None else Scope.PROJECT
    quotas = [each for each in rules.quotas if each.who == Who.PERSON and each.scope == scope]
    rows = {
        quota: _heaviest(organization, project, quota, rules.time_zone, now) for quota in quotas
    }
    people = User.objects.in_bulk({person for found in rows.values() for person, _used in found})
    return {
        quota: [
            Meter(
                quota,
                Use(used=used),
                resets_at(quota.period, now, rules.time_zone),
                str(people[person]),
            )
            for person, used in found
            if person in people
        ]
        for quota, found in rows.items()
    }


def _meters(owner: QuotaOwner, quotas: Collection[Quota], now: datetime) -> list[Meter]:
    if not quotas:
        return []
    uses = uses_with_reserved(owner, quotas, now=now)
    meters = [
        Meter(quota, use, resets_at(quota.period, now, owner.time_zone))
        for quota, use in uses.items()
    ]
    return sorted(meters, key=lambda each: -each.share)


def _heaviest(
    organization: Organization,
    project: Project | None,
    quota: Quota,
    time_zone: str,
    now: datetime,
) -> Sequence[tuple[int, float]]:
    amount = "images" if quota.unit == Unit.IMAGES else "gpu_seconds"
    rows = UsageCounter.objects.filter(
        organization=organization,
        project_key=project.pk if project else EVERY,
        person_key__gt=EVERY,
        period=quota.period.value,
        starts_at=period_start(quota.period, now, time_zone),
        **{f"{amount}__gt": 0},
    )
    return list(
        rows.order_by(f"-{amount}", "person_key").values_list("person_key", amount)[:HEAVIEST]
    )
