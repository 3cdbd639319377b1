"""Of two policies the tighter one holds; what none says is said by the defaults."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from generation.limits import (
    DEFAULTS,
    QUOTA_FIELDS,
    HoursRule,
    Limits,
    PolicyValues,
    rules_of,
)
from generation.models import OrganizationPolicy, UsagePolicy
from generation.quotas import Scope
from generation.working_hours import OFFICE_HOURS

SHANGHAI = "Asia/Shanghai"
TUESDAY_NIGHT = datetime(2026, 1, 6, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai
numbers = st.none() | st.integers(1, 5000)
policies = st.builds(
    PolicyValues,
    max_side=numbers,
    max_pixels=numbers,
    min_steps=numbers,
    max_steps=numbers,
    max_images_per_request=numbers,
    max_waiting_per_person=numbers,
    max_requests_per_minute=numbers,
    allowed_models=st.none() | st.lists(st.integers(1, 5), unique=True),
    hours_rule=st.sampled_from(["", *HoursRule.values]),
    images_per_day=numbers,
)


def test_a_team_that_has_said_nothing_has_the_usual_table() -> None:
    rules = rules_of(time_zone=SHANGHAI)

    assert rules.limits == Limits(hours=(OFFICE_HOURS(SHANGHAI),))
    assert rules.organization_caps == (rules.organization_caps.__class__(2, None, 3))
    assert rules.quotas == ()


@given(policies, policies)
def test_a_project_is_never_looser_than_its_organization(project, organization) -> None:
    alone = rules_of(organization=organization, time_zone=SHANGHAI).limits
    both = rules_of(project=project, organization=organization, time_zone=SHANGHAI).limits

    for name in ("max_side", "max_pixels", "max_steps", "max_images_per_request",
                 "max_waiting_per_person", "max_requests_per_minute"):  # fmt: skip
        assert getattr(both, name) <= getattr(alone, name)
    assert both.min_steps >= alone.min_steps
    assert all(hours in both.hours for hours in alone.hours)
    for model in range(1, 6):
        assert alone.allows_model(model) or not both.allows_model(model)
    assert both.refuses_outside_hours or not alone.refuses_outside_hours


@given(policies, policies)
def test_work_begins_at_a_time_that_is_open(project, organization) -> None:
    limits = rules_of(project=project, organization=organization, time_zone=SHANGHAI).limits

    opens = limits.opens_at(TUESDAY_NIGHT)

    assert opens is not None
    assert limits.is_open(opens)
    assert (opens == TUESDAY_NIGHT) == limits.is_open(TUESDAY_NIGHT)


def test_each_policy_counts_its_quotas_in_its_own_scope() -> None:
    said = PolicyValues(**dict.fromkeys(QUOTA_FIELDS, 7))

    quotas = rules_of(project=said, organization=said, time_zone=SHANGHAI).quotas

    assert len(quotas) == len(set(quotas)) == 2 * len(QUOTA_FIELDS)
    assert {each.scope for each in quotas} == {Scope.PROJECT, Scope.ORGANIZATION}


def test_every_value_has_its_column_and_every_default_its_value() -> None:
    names = {each.name for each in fields(PolicyValues)}

    for model in (UsagePolicy, OrganizationPolicy):
        columns = {each.name for each in model._meta.get_fields()} - {"project", "organization"}
        assert columns == names
    assert set(DEFAULTS) <= names
    assert all(value in (None, "") for value in asdict(PolicyValues()).values())
