"""Of two policies the tighter one holds; what none says is said by the defaults."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from generation.limits import (
    HoursRule,
    PolicyValues,
    rules_of,
)

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
    allowed_models=st.none() | st.lists(st.integers(1, 5), unique=True),
    hours_rule=st.sampled_from(["", *HoursRule.values]),
    images_per_day=numbers,
)


@given(policies, policies)
def test_a_project_is_never_looser_than_its_organization(project, organization) -> None:
    alone = rules_of(organization=organization, time_zone=SHANGHAI).limits
    both = rules_of(project=project, organization=organization, time_zone=SHANGHAI).limits

    for name in ("max_side", "max_pixels", "max_steps", "max_images_per_request"):  # fmt: skip
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
