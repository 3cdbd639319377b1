"""Policies and usage through the API."""

from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from accounts.roles import Scope
from generation.limits import HoursRule, PolicyValues
from generation.queries.limits import policy_of, policy_of_organization
from tests.builders import World, open_at_all_hours
from tests.callers import assert_refused, program_of
from tests.clock import Clock
from tests.generation.builders import ask_for, make_preview_model, make_runner, run_all

HOURS = {
    "timezone": "Asia/Shanghai",
    "windows": {"0": [["09:00", "12:00"], ["13:00", "18:00"]]},
    "holidays": ["2026-12-07"],
    "extra_days": [],
}

pytestmark = pytest.mark.django_db


def addresses(world: World) -> tuple[str, str]:
    return f"/projects/{world.pets.pk}/policy/", f"/organizations/{world.lantern.slug}/policy/"


def test_ada_reads_what_a_policy_says_and_what_holds(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T20:00:00+08:00")
    open_at_all_hours(world.lantern, hours_rule=HoursRule.REFUSE, hours=HOURS, max_side=512)
    program = program_of(world.ada, world.lantern)

    answer = program.call("get", addresses(world)[0]).json()

    assert answer["says"]["max_side"] is None
    assert answer["holds"]["max_side"] == 512
    assert answer["holds"]["hours"] == [HOURS]
    assert answer["holds"]["refuses_outside_hours"] is True
    assert answer["holds"]["is_open"] is False
    assert answer["holds"]["opens_at"] == "2026-12-14T01:00:00Z"
    assert answer["holds"]["allowed_models"] is None
    assert [caps["scope"] for caps in answer["holds"]["caps"]] == ["project", "organization"]
    assert answer["holds"]["caps"][1]["max_running_per_person"] == 2
    above = program.call("get", addresses(world)[1]).json()
    assert above["says"]["max_side"] == 512
    assert above["says"]["hours"] == HOURS


def test_ada_changes_what_she_names_and_nothing_else(world: World) -> None:
    model = make_preview_model()
    program = program_of(world.ada, world.lantern)
    project, organization = addresses(world)
    program.call("patch", project, {"max_side": 512, "shrink": True})

    answer = program.call(
        "patch",
        project,
        {"max_side": None, "allowed_models": [model.pk], "hours_rule": "keep", "hours": HOURS},
    )

    assert answer.status_code == 200
    assert policy_of(world.pets.pk) == PolicyValues(
        allowed_models=[model.pk], hours_rule="keep", hours=HOURS, shrink=True
    )
    assert answer.json()["holds"]["max_side"] == 1024
    assert AuditEvent.objects.filter(action="generation.policy.changed").count() == 2
    assert program.call("patch", organization, {"images_per_day": 9}).status_code == 200
    assert policy_of_organization(world.lantern.pk).images_per_day == 9
    assert policy_of_organization(world.lantern.pk).hours_rule == "always"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"max_side": 255}, "max_side"),
        ({"max_side": 4097}, "max_side"),
        ({"max_side": "512.5"}, "max_side"),
        ({"max_side": True}, "max_side"),
        ({"max_sides": 512}, "max_sides"),
        ({"shrink": "perhaps"}, "shrink"),
        ({"hours_rule": "never"}, "hours_rule"),
        ({"hours": "always"}, "hours"),
        ({"hours": {"timezone": "Mars"}}, "hours.timezone"),
        ({"hours": {"timezone": "UTC", "windows": {"0": [["a", "b"]]}}}, "hours.windows.0"),
        ({"hours": {"timezone": "UTC", "week": {}}}, "hours.week"),
        ({"allowed_models": ["x"]}, "allowed_models.0"),
        ({"allowed_models": [424242]}, "allowed_models"),
        ({"allowed_models": []}, "allowed_models"),
        ({"min_steps": 9, "max_steps": 4}, "max_steps"),
        ([], ""),
    ],
)
def test_nonsense_is_refused_with_its_field(world: World, body: object, field: str) -> None:
    program = program_of(world.ada, world.lantern)
    for address in addresses(world):
        fault = assert_refused(program.call("patch", address, body), 400)
        assert fault["field"] == field

    assert policy_of(world.pets.pk) == PolicyValues()


@pytest.mark.parametrize(
    ("person", "status"), [("uma", 403), ("rita", 403), ("paul", 403), ("mallory", 404)]
)
def test_others_neither_read_nor_change_a_policy(world: World, person: str, status: int) -> None:
    somebody = getattr(world, person)
    program = program_of(somebody, world.harbour if person == "mallory" else world.lantern)
    for address in addresses(world):
        assert_refused(program.call("get", address), status)
        assert_refused(program.call("patch", address, {"max_side": 512}), status)

    assert policy_of(world.pets.pk) == PolicyValues()


def test_a_token_needs_the_scope(world: World) -> None:
    program = program_of(world.ada, world.lantern, Scope.READ, Scope.GENERATE, Scope.REVIEW)
    for address in addresses(world):
        assert_refused(program.call("get", address), 403, code="scope_missing")
        assert_refused(program.call("patch", address, {}), 403, code="scope_missing")


def test_uma_sees_how_much_of_her_quotas_is_used(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T20:00:00+08:00")
    open_at_all_hours(world.lantern, person_images_per_day=4, images_per_month=100)
    for person, count in ((world.uma, 2), (world.rita, 3)):
        ask_for(world.pets, person, count=count)
    run_all(make_runner())
    ask_for(world.products, world.uma)
    program = program_of(world.uma, world.lantern, Scope.READ)

    answer = program.call("get", f"/projects/{world.pets.pk}/usage/").json()

    assert (answer["is_open"], answer["opens_at"]) == (True, "2026-12-01T12:00:00Z")
    own, everybody = answer["quotas"]
    assert own == {
        "scope": "organization",
        "who": "person",
        "unit": "images",
        "period": "day",
        "most": 4.0,
        "used": 2.0,
        "reserved": 1.0,
        "resets_at": "2026-12-01T16:00:00Z",
    }
    assert (everybody["used"], everybody["reserved"]) == (5.0, 1.0)
    assert everybody["resets_at"] == "2026-12-31T16:00:00Z"
    above = program.call("get", f"/organizations/{world.lantern.slug}/usage/").json()
    assert above == answer


def test_usage_is_no_strangers_business(world: World) -> None:
    program = program_of(world.mallory, world.harbour)

    assert_refused(program.call("get", f"/projects/{world.pets.pk}/usage/"), 404)
    assert_refused(program.call("get", f"/organizations/{world.lantern.slug}/usage/"), 404)
    paul = program_of(world.paul, world.lantern)
    assert_refused(paul.call("get", f"/projects/{world.products.pk}/usage/"), 404)
    assert paul.call("get", f"/projects/{world.pets.pk}/usage/").json()["quotas"] == []


def test_a_program_that_names_no_model_gets_one_that_may_be_used(world: World) -> None:
    default = make_preview_model()
    other = type(default).objects.create(
        name="Other", revision="1", engine="preview", default_steps=30
    )
    admin = program_of(world.ada, world.lantern)
    admin.call("patch", addresses(world)[0], {"allowed_models": [other.pk], "max_steps": 12})

    made = program_of(world.uma, world.lantern).call(
        "post", f"/projects/{world.pets.pk}/requests/", {"prompt": "一只猫"}
    )

    assert made.status_code == 201, made.content
    assert (made.json()["model_version"], made.json()["steps"]) == (other.pk, 12)
