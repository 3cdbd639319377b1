"""Two policies and the usual limits, put together."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from generation.limits import (
    DEFAULTS,
    QUOTA_FIELDS,
    Caps,
    HoursRule,
    Limits,
    PolicyValues,
    Rules,
    contradictions,
    rules_of,
)
from generation.models import UsagePolicy
from generation.quotas import Period, Quota, Scope, Unit, Who
from generation.working_hours import WorkingHours

SHANGHAI = "Asia/Shanghai"
MORNINGS = {"timezone": SHANGHAI, "windows": {str(day): [["09:00", "12:00"]] for day in range(7)}}
AFTERNOONS = {"timezone": SHANGHAI, "windows": {str(day): [["13:00", "18:00"]] for day in range(7)}}
MONDAY = datetime.fromisoformat("2026-11-30T08:00:00+08:00")


def rules(project: PolicyValues | None = None, organization: PolicyValues | None = None) -> Rules:
    return rules_of(
        project=project or PolicyValues(),
        organization=organization or PolicyValues(),
        time_zone=SHANGHAI,
    )


def at(hour: int, day: int = 0) -> datetime:
    return MONDAY.replace(hour=hour) + timedelta(days=day)


def test_where_nobody_says_anything_the_usual_limits_hold() -> None:
    found = rules()

    assert found.limits.max_side == 1024
    assert (found.limits.min_steps, found.limits.max_steps) == (1, 50)
    assert found.limits.max_images_per_request == 2
    assert found.organization_caps == Caps(2, None, 3, 40, 30)
    assert found.project_caps == Caps()
    assert found.quotas == ()
    assert found.limits.allowed_models is None
    assert found.retention_days is None
    assert found.limits.is_open(at(9))
    assert not found.limits.is_open(at(18))
    assert not found.limits.is_open(at(9, day=5))


def test_every_number_of_a_policy_is_a_usual_limit_or_a_quota_and_has_a_column() -> None:
    other = {"allowed_models", "hours_rule", "hours", "shrink"}
    names = {each.name for each in fields(PolicyValues)} - other

    assert names == {*DEFAULTS, *QUOTA_FIELDS}
    assert names < {each.name for each in UsagePolicy._meta.get_fields()}


@pytest.mark.parametrize("name", ["max_side", "max_pixels", "max_steps", "max_images_per_request"])
def test_a_project_is_stricter_and_never_looser(name: str) -> None:
    organization = PolicyValues(**{name: 40})

    assert getattr(rules(PolicyValues(**{name: 30}), organization).limits, name) == 30
    assert getattr(rules(PolicyValues(**{name: 50}), organization).limits, name) == 40
    assert getattr(rules(PolicyValues(), organization).limits, name) == 40


def test_a_project_is_not_looser_than_the_usual_limits_either() -> None:
    assert rules(PolicyValues(max_side=2048)).limits.max_side == 1024
    assert rules(organization=PolicyValues(max_side=2048)).limits.max_side == 2048


@pytest.mark.parametrize(
    ("own", "above", "range_"),
    [
        ({"min_steps": 8}, {}, (8, 50)),
        ({"min_steps": 2}, {"min_steps": 6}, (6, 50)),
        ({"min_steps": 4, "max_steps": 12}, {"min_steps": 2, "max_steps": 20}, (4, 12)),
        # The organization has changed its range since: what the project says gives way.
        ({"min_steps": 30}, {"max_steps": 20}, (20, 20)),
        ({"max_steps": 4}, {"min_steps": 8}, (8, 8)),
    ],
)
def test_the_range_of_steps_is_never_empty(own: dict, above: dict, range_: tuple) -> None:
    limits = rules(PolicyValues(**own), PolicyValues(**above)).limits

    assert (limits.min_steps, limits.max_steps) == range_


def test_steps_are_brought_into_the_range() -> None:
    limits = Limits(min_steps=4, max_steps=12)

    assert [limits.fitting_steps(steps) for steps in (1, 8, 50)] == [4, 8, 12]


def test_what_is_counted_stays_in_the_scope_that_states_it() -> None:
    found = rules(
        PolicyValues(max_running_per_person=5, max_waiting_per_person=7, images_per_day=3),
        PolicyValues(max_running=9, max_requests_per_minute=2, images_per_day=8),
    )

    assert found.project_caps == Caps(per_person=5, waiting_per_person=7)
    assert found.organization_caps == Caps(2, 9, 3, 40, 2)
    quota = Quota(Scope.PROJECT, Who.EVERYBODY, Unit.IMAGES, Period.DAY, 3)
    assert found.quotas == (
        quota,
        Quota(Scope.ORGANIZATION, Who.EVERYBODY, Unit.IMAGES, Period.DAY, 8),
    )


def test_models_that_both_allow_may_be_used() -> None:
    def allowed(own: list[int] | None, above: list[int] | None) -> frozenset[int] | None:
        policies = PolicyValues(allowed_models=own), PolicyValues(allowed_models=above)
        return rules(*policies).limits.allowed_models

    assert allowed(None, None) is None
    assert allowed([1, 2], None) == allowed(None, [1, 2]) == {1, 2}
    assert allowed([1, 2], [2, 3]) == {2}
    assert allowed([1], [2]) == frozenset()


def test_the_shorter_retention_holds_and_smaller_pictures_are_the_projects_choice() -> None:
    found = rules(
        PolicyValues(retention_days=90, shrink=False), PolicyValues(retention_days=30, shrink=True)
    )

    assert (found.retention_days, found.limits.shrinks) == (30, False)
    assert rules(organization=PolicyValues(shrink=True)).limits.shrinks


def open_hours(project: PolicyValues, organization: PolicyValues) -> list[int]:
    limits = rules(project, organization).limits
    return [hour for hour in range(8, 19) if limits.is_open(at(hour))]


ALWAYS = PolicyValues(hours_rule=HoursRule.ALWAYS)
IN_THE_MORNING = PolicyValues(hours_rule=HoursRule.KEEP, hours=MORNINGS)


@pytest.mark.parametrize(
    ("own", "above", "hours"),
    [
        # Without hours of its own, a project with a rule has those of its organization.
        (PolicyValues(hours_rule=HoursRule.REFUSE), IN_THE_MORNING, [9, 10, 11]),
        (PolicyValues(hours_rule=HoursRule.KEEP), ALWAYS, list(range(9, 18))),
        (
            PolicyValues(hours_rule=HoursRule.KEEP),
            PolicyValues(hours_rule=HoursRule.ALWAYS, hours=MORNINGS),
            [9, 10, 11],
        ),
        # With hours and no rule it has its organization's rule.
        (PolicyValues(hours=AFTERNOONS), ALWAYS, list(range(8, 19))),
        (PolicyValues(hours=MORNINGS), PolicyValues(), [9, 10, 11]),
        # It cannot open what the organization closes.
        (ALWAYS, IN_THE_MORNING, [9, 10, 11]),
        (PolicyValues(hours_rule=HoursRule.KEEP, hours=AFTERNOONS), IN_THE_MORNING, []),
    ],
)
def test_hours_have_to_be_open_in_both(
    own: PolicyValues, above: PolicyValues, hours: list[int]
) -> None:
    assert open_hours(own, above) == hours


@pytest.mark.parametrize("scope", ["own", "above"])
def test_who_refuses_decides_for_both(scope: str) -> None:
    refusing = PolicyValues(hours_rule=HoursRule.REFUSE)
    keeping = PolicyValues(hours_rule=HoursRule.KEEP)
    pair = (refusing, keeping) if scope == "own" else (keeping, refusing)

    assert rules(*pair).limits.refuses_outside_hours
    assert not rules(keeping, keeping).limits.refuses_outside_hours


def test_opening_is_found_where_both_are_open_however_far_it_is() -> None:
    far = datetime(2027, 3, 1).date()  # noqa: DTZ001
    own = {
        "timezone": SHANGHAI,
        "windows": {"0": [["13:00", "14:00"]]},
        "extra_days": [far.isoformat()],
    }
    # The organization is open in the afternoon of one day only, a make-up day in three months.
    above = {"timezone": SHANGHAI, "windows": {"0": [["13:30", "15:00"]]}}
    closed = [(MONDAY.date() + timedelta(weeks=week)).isoformat() for week in range(13)]
    limits = rules(
        PolicyValues(hours_rule=HoursRule.KEEP, hours=own),
        PolicyValues(hours_rule=HoursRule.KEEP, hours={**above, "holidays": closed}),
    ).limits

    assert limits.opens_at(MONDAY) == datetime.fromisoformat("2027-03-01T13:30:00+08:00")


def test_hours_that_never_meet_never_open() -> None:
    limits = rules(PolicyValues(hours_rule=HoursRule.KEEP, hours=AFTERNOONS), IN_THE_MORNING).limits

    assert limits.opens_at(MONDAY) is None
    assert not limits.is_open(at(10))


def test_now_is_the_answer_while_it_is_open() -> None:
    now = at(10)

    assert rules(organization=IN_THE_MORNING).limits.opens_at(now) == now
    assert Limits(hours=()).opens_at(datetime.now(UTC)) is not None
    assert Limits(hours=(WorkingHours("UTC", {}),)).opens_at(now) is None


@pytest.mark.parametrize(
    ("own", "above", "field"),
    [
        ({"min_steps": 30, "max_steps": 20}, None, "max_steps"),
        ({"min_steps": 60}, None, "min_steps"),
        ({"min_steps": 30}, {"max_steps": 20}, "min_steps"),
        ({"max_steps": 4}, {"min_steps": 8}, "max_steps"),
        ({"allowed_models": []}, None, "allowed_models"),
        ({"allowed_models": [1]}, {"allowed_models": [2]}, "allowed_models"),
    ],
)
def test_a_policy_that_leaves_nothing_names_the_field(
    own: dict, above: dict | None, field: str
) -> None:
    policy = PolicyValues(**own)
    organization = policy if above is None else PolicyValues(**above)

    assert [name for name, _sentence in contradictions(policy, organization)] == [field]


@pytest.mark.parametrize(
    ("own", "above"),
    [
        ({}, {}),
        ({"min_steps": 8, "max_steps": 8}, {"min_steps": 8, "max_steps": 8}),
        ({"max_steps": 100, "min_steps": 100}, {"max_steps": 100}),
        ({"allowed_models": [1]}, {"allowed_models": [1, 2]}),
    ],
)
def test_a_policy_that_leaves_something_is_fine(own: dict, above: dict) -> None:
    assert list(contradictions(PolicyValues(**own), PolicyValues(**above))) == []
