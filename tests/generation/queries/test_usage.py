"""How much of their quotas people have used."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation.actions.policies import change_policy
from generation.limits import PolicyValues, rules_of
from generation.models import EVERY, UsageCounter
from generation.queries.limits import rules_of_project
from generation.queries.meters import meters_in_project
from generation.queries.usage import QuotaOwner, uses_of, uses_with_reserved
from generation.quotas import Period, Scope, Unit, Use, Who, period_start
from tests.builders import World, access_of, open_at_all_hours
from tests.generation.builders import ask_for

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
EVERY_QUOTA = {
    name: 100
    for who in ("person_", "")
    for name in (f"{who}images_per_day", f"{who}images_per_month",
                 f"{who}gpu_seconds_per_day", f"{who}gpu_seconds_per_month")
}  # fmt: skip

pytestmark = pytest.mark.django_db


def test_quotas_of_thousands_who_wait_are_read_at_once(world: World) -> None:
    quotas = rules_of(organization=PolicyValues(**EVERY_QUOTA), time_zone="UTC").quotas
    owners = [
        QuotaOwner(world.lantern.pk, world.pets.pk, person, "UTC") for person in range(1, 2001)
    ]
    UsageCounter.objects.create(
        organization=world.lantern,
        person_key=1234,
        period=Period.DAY,
        starts_at=period_start(Period.DAY, NOW, "UTC"),
        images=7,
    )

    with CaptureQueriesContext(
        connection,
    ) as queries:
        uses = uses_of(dict.fromkeys(owners, quotas), now=NOW)

    assert len(queries) == 1
    used = {
        (owner.person_id, quota.unit, quota.period): use.used
        for (owner, quota), use in uses.items()
        if use.used
    }
    assert used == {(1234, Unit.IMAGES, Period.DAY): 7.0}


def test_each_quota_is_told_apart(world: World) -> None:
    quotas = rules_of(
        project=PolicyValues(**EVERY_QUOTA),
        organization=PolicyValues(**EVERY_QUOTA),
        time_zone="Asia/Shanghai",
    ).quotas
    owner = QuotaOwner(world.lantern.pk, world.pets.pk, world.uma.pk, "Asia/Shanghai")
    expected = {}
    for number, quota in enumerate(quotas, start=1):
        amount = {"images": number} if quota.unit == Unit.IMAGES else {"gpu_seconds": number}
        UsageCounter.objects.update_or_create(
            organization=world.lantern,
            project_key=world.pets.pk if quota.scope == Scope.PROJECT else EVERY,
            person_key=world.uma.pk if quota.who == Who.PERSON else EVERY,
            period=quota.period,
            starts_at=period_start(quota.period, NOW, "Asia/Shanghai"),
            defaults=amount,
        )
        expected[owner, quota] = Use(used=float(number))

    assert uses_of({owner: quotas}, now=NOW) == expected
    other = QuotaOwner(world.harbour.pk, world.pets.pk, world.uma.pk, "Asia/Shanghai")
    assert set(uses_of({other: quotas}, now=NOW).values()) == {Use()}


def test_what_waits_and_runs_is_counted_for_whom_it_counts(world: World) -> None:
    open_at_all_hours(world.lantern, **EVERY_QUOTA)
    change_policy(
        access=access_of(world.ada), project=world.pets, values=PolicyValues(**EVERY_QUOTA)
    )
    ask_for(world.pets, world.uma, count=2)
    ask_for(world.products, world.uma, count=1)
    ask_for(world.pets, world.rita, count=4)
    ask_for(world.harbour_project, world.mallory, count=3)
    rules = rules_of_project(world.pets.pk)
    owner = QuotaOwner(world.lantern.pk, world.pets.pk, world.uma.pk, rules.time_zone)

    with CaptureQueriesContext(connection) as queries:
        uses = uses_with_reserved(owner, rules.quotas, now=NOW)

    assert len(queries) == 3
    images = {
        (quota.scope, quota.who): use.reserved
        for quota, use in uses.items()
        if quota.unit == Unit.IMAGES
    }
    assert images == {
        (Scope.PROJECT, Who.PERSON): 2,
        (Scope.PROJECT, Who.EVERYBODY): 6,
        (Scope.ORGANIZATION, Who.PERSON): 3,
        (Scope.ORGANIZATION, Who.EVERYBODY): 7,
    }


def test_the_fullest_meter_comes_first_and_costs_no_query_without_a_quota(world: World) -> None:
    uma = access_of(world.uma)
    with CaptureQueriesContext(connection) as queries:
        nothing = meters_in_project(uma, world.pets, rules_of(time_zone="UTC"), now=NOW)
    assert (nothing, len(queries)) == ([], 0)
    open_at_all_hours(world.lantern, person_images_per_day=100, images_per_day=8)
    ask_for(world.pets, world.uma, count=4)

    meters = meters_in_project(uma, world.pets, rules_of_project(world.pets.pk), now=NOW)

    assert [(each.quota.who, each.share) for each in meters] == [
        (Who.EVERYBODY, 0.5),
        (Who.PERSON, 0.04),
    ]
