"""Changing the policy of an organization and of a project."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.errors import InvalidInput, NotPermitted, NotVisible
from accounts.models import AuditEvent
from accounts.wording import details_of, sentence_of
from generation.actions.models import register_model
from generation.actions.policies import change_organization_policy, change_policy
from generation.limits import NOTHING_SAID, HoursRule, PolicyValues
from generation.queries.limits import policy_of, policy_of_organization, rules_of_project
from tests.builders import World, access_of
from tests.generation.builders import SYSTEM, make_preview_model

HOURS = {"timezone": "Asia/Shanghai", "windows": {"0": [["09:00", "18:00"]]}}

pytestmark = pytest.mark.django_db


def change(world: World, person: str = "ada", **said: object) -> None:
    change_policy(
        access=access_of(getattr(world, person)),
        project=world.pets,
        values=PolicyValues(**said),
    )


def change_above(world: World, person: str = "ada", **said: object) -> None:
    change_organization_policy(
        access=access_of(getattr(world, person)),
        organization=world.lantern,
        values=PolicyValues(**said),
    )


def told() -> list[str]:
    return details_of(AuditEvent.objects.filter(action="generation.policy.changed").latest("pk"))


def test_what_an_organization_says_holds_in_all_its_projects(world: World) -> None:
    change_above(world, max_side=512)
    change(world, max_side=2048)

    for project in (world.pets, world.products):
        assert rules_of_project(project.pk).limits.max_side == 512
    assert rules_of_project(world.harbour_project.pk).limits.max_side == 1024


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        ("uma", NotPermitted),
        ("rita", NotPermitted),
        ("paul", NotPermitted),
        ("mallory", NotVisible),
    ],
)
def test_others_change_nothing(world: World, person: str, refusal: type[Exception]) -> None:
    before = policy_of_organization(world.lantern.pk)

    with pytest.raises(refusal):
        change(world, person, max_side=512)
    with pytest.raises(refusal):
        change_above(world, person, max_side=512)

    assert policy_of(world.pets.pk) == NOTHING_SAID
    assert policy_of_organization(world.lantern.pk) == before
    assert not AuditEvent.objects.filter(action="generation.policy.changed").exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"max_side": 255}, "max_side"),
        ({"max_side": 4097}, "max_side"),
        ({"retention_days": 0}, "retention_days"),
        ({"images_per_day": -1}, "images_per_day"),
        ({"max_steps": 4, "min_steps": 9}, "max_steps"),
        ({"allowed_models": [424242]}, "allowed_models"),
        ({"allowed_models": []}, "allowed_models"),
        ({"hours_rule": "sometimes"}, "hours_rule"),
        ({"hours": {"timezone": "Mars/Olympus"}}, "hours.timezone"),
        ({"hours": {**HOURS, "windows": {"0": [["9", "25:00"]]}}}, "hours.windows.0"),
        ({"hours": {**HOURS, "holidays": ["2026-02-30"]}}, "hours.holidays"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(world: World, said: dict, field: str) -> None:
    for do in (change, change_above):
        with pytest.raises(InvalidInput) as refused:
            do(world, **said)
        assert refused.value.field == field

    assert policy_of(world.pets.pk) == NOTHING_SAID


def test_a_project_cannot_leave_nothing_of_what_the_organization_allows(world: World) -> None:
    model = make_preview_model()
    other = register_model(access=SYSTEM, name="Other", revision="1", engine="preview").pk
    change_above(world, max_steps=10, allowed_models=[model.pk])

    for said in ({"min_steps": 20}, {"allowed_models": [other]}):
        with pytest.raises(InvalidInput):
            change(world, **said)


def test_the_trail_tells_what_was_and_what_is(world: World) -> None:
    model = make_preview_model()
    change(world, max_side=512)
    change(
        world,
        max_side=768,
        allowed_models=[model.pk],
        hours_rule=HoursRule.REFUSE,
        hours={**HOURS, "holidays": ["2026-10-01", "2026-10-02"]},
        shrink=True,
        person_gpu_seconds_per_day=3600,
        retention_days=1,
    )

    event = AuditEvent.objects.latest("pk")
    assert sentence_of(event) == "<b>Ada</b> changed the limits of <b>宠物主题</b>"
    assert (event.organization, event.project) == (world.lantern, world.pets)
    assert told() == [
        "Largest side in pixels: 512 → 768",
        "GPU seconds of one person in a day: not set → 60 min",
        "Models that may be used: not set → Preview",
        "Outside the working hours: not set → Refuse it",
        "Working hours: not set → Mon 09:00-18:00; Asia/Shanghai; holidays 2026-10-01..2026-10-02",
        "Draw smaller when the memory of the GPU is short: not set → yes",
        "Days that finished requests are kept: not set → 1 day",
    ]


def test_taking_back_is_told_as_well_and_changing_nothing_is_not(world: World) -> None:
    change(world, max_side=512, max_running=3)
    events = AuditEvent.objects.count()
    change(world, max_side=512, max_running=3)
    assert AuditEvent.objects.count() == events

    change_policy(access=access_of(world.ada), project=world.pets, values=NOTHING_SAID)

    assert policy_of(world.pets.pk) == NOTHING_SAID
    assert told() == [
        "Largest side in pixels: 512 → not set",
        "Pictures of everybody at once: 3 → not set",
    ]


def test_the_organizations_change_is_told_of_the_organization(world: World) -> None:
    said = policy_of_organization(world.lantern.pk)
    change_organization_policy(
        access=access_of(world.ada),
        organization=world.lantern,
        values=replace(said, hours_rule=""),
    )

    event = AuditEvent.objects.latest("pk")
    assert (event.target_label, event.project) == ("Lantern 灯笼", None)
    assert told() == [
        "Outside the working hours: No working hours: pictures are made at any time → not set"
    ]


@pytest.mark.parametrize(
    "changed", [None, [], {"max_side": 5}, {"gone": [1, 2]}, {"hours": [{}, 1]}]
)
def test_a_trail_of_another_version_is_told_as_far_as_it_is_known(changed: object) -> None:
    event = AuditEvent(action="generation.policy.changed", data={"changed": changed})

    assert all(line.startswith("Working hours: …") for line in details_of(event))
