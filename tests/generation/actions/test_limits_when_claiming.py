"""What the limits keep waiting when a worker asks for its next job."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Project, User
from generation.actions.models import register_model
from generation.actions.policies import change_policy
from generation.actions.running import Claim, cancel_attempt, claim_next_job, fail_attempt
from generation.actions.workers import register_worker
from generation.costing import work_of
from generation.limits import HoursRule, PolicyValues
from generation.models import GenerationJob, ModelVersion, Worker
from generation.types import JobLane, JobStatus
from tests.builders import World, access_of, open_at_all_hours
from tests.clock import Clock
from tests.concurrency import at_once
from tests.generation.builders import DOG, SYSTEM, ask_for, make_preview_model

MORNINGS = {
    "timezone": "Asia/Shanghai",
    "windows": {str(day): [["09:00", "12:00"]] for day in range(5)},
    "holidays": ["2026-12-02"],
    "extra_days": ["2026-12-05"],
}

pytestmark = pytest.mark.django_db


def limit(world: World, project: str = "pets", **said: object) -> None:
    """Limit a project; the organization is open at all hours."""
    change_policy(
        access=access_of(world.ada), project=getattr(world, project), values=PolicyValues(**said)
    )


def worker() -> Worker:
    return register_worker(access=SYSTEM, engines=["preview"])


def claim() -> Claim | None:
    """What a worker that is free gets."""
    return claim_next_job(access=SYSTEM, worker=worker())


def claim_all() -> list[tuple[User, Project]]:
    """Whose jobs start when there are workers enough, and where, until nothing can start."""
    started = []
    while claimed := claim():
        started.append((claimed.job.created_by, claimed.job.project))
    return started


# --- How much at once -------------------------------------------------------------------------


def test_pictures_of_one_person_at_once_in_the_organization(world: World) -> None:
    open_at_all_hours(world.lantern, max_running_per_person=3)
    ask_for(world.pets, world.uma, count=4)
    ask_for(world.products, world.uma, count=4)
    ask_for(world.pets, world.rita, count=1)

    people = [person for person, _project in claim_all()]

    assert (people.count(world.uma), people.count(world.rita)) == (3, 1)


def test_pictures_of_one_person_at_once_in_a_project(world: World) -> None:
    open_at_all_hours(world.lantern, max_running_per_person=4)
    limit(world, max_running_per_person=1)
    ask_for(world.pets, world.uma, count=4)
    ask_for(world.products, world.uma, count=4)

    projects = [project for _person, project in claim_all()]

    assert (projects.count(world.pets), projects.count(world.products)) == (1, 3)


def test_pictures_of_everybody_at_once(world: World) -> None:
    open_at_all_hours(world.lantern, max_running=3, max_running_per_person=2)
    for person in (world.uma, world.rita):
        ask_for(world.pets, person, count=4)
    ask_for(world.harbour_project, world.mallory, count=2)

    started = claim_all()

    assert len([project for _person, project in started if project != world.harbour_project]) == 3
    assert len(started) == 5


def test_people_at_once(world: World) -> None:
    open_at_all_hours(world.lantern, max_people_running=2, max_running_per_person=2)
    for person in (world.uma, world.rita, world.paul, world.ada):
        ask_for(world.pets, person, count=2)

    people = [person for person, _project in claim_all()]

    assert len(people) == 4
    assert len(set(people)) == 2


def test_the_next_starts_when_one_has_ended(world: World) -> None:
    open_at_all_hours(world.lantern, max_running=1)
    ask_for(world.pets, world.uma, count=2)
    first = claim()
    assert first
    assert claim() is None

    cancel_attempt(access=SYSTEM, claim=first)

    assert claim()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("caps", "started", "people"),
    [
        ({"max_running": 3, "max_running_per_person": 8, "max_people_running": 8}, 3, 3),
        ({"max_running_per_person": 1, "max_people_running": 8}, 4, 4),
        ({"max_running_per_person": 8, "max_people_running": 2}, 8, 2),
        ({"images_per_day": 5, "max_running_per_person": 8, "max_people_running": 8}, 5, 4),
    ],
)
def test_eight_workers_of_one_moment_pass_no_cap_of_the_organization_together(
    world: World, caps: dict, started: int, people: int
) -> None:
    for project in (world.pets, world.products):
        for person in (world.uma, world.rita, world.ada):
            ask_for(project, person, count=4)
    ask_for(world.pets, world.paul, count=4)
    open_at_all_hours(world.lantern, **caps)
    workers = [worker() for _ in range(8)]

    claims = at_once(8, lambda number: claim_next_job(access=SYSTEM, worker=workers[number]))

    taken = [claimed.job for claimed in claims if claimed]
    assert len({job.pk for job in taken}) == len(taken) == started
    assert len({job.created_by_id for job in taken}) <= people
    assert GenerationJob.objects.filter(status=JobStatus.RUNNING).count() == started


# --- Quotas -----------------------------------------------------------------------------------


def finish(claimed: Claim | None, clock: Clock, *, seconds: float) -> None:
    """The attempt ends after some seconds, without a picture."""
    assert claimed
    clock.move(seconds=seconds)
    fail_attempt(access=SYSTEM, claim=claimed, code="engine_failure", message="It broke.")


def test_pictures_beyond_a_quota_wait_for_the_next_day(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T23:00:00+08:00")
    open_at_all_hours(world.lantern, max_running_per_person=8)
    ask_for(world.pets, world.uma, count=3)
    limit(world, person_images_per_day=2)  # set after they were asked for

    assert len(claim_all()) == 2
    clock.set("2026-12-02T00:00:00+08:00")
    assert claim() is None, "those that run count in the period in which they end"
    for claimed in GenerationJob.objects.filter(status=JobStatus.RUNNING):
        cancel_attempt(access=SYSTEM, claim=Claim(claimed, claimed.attempt_token))
    assert claim()


def test_estimates_that_were_too_low_stop_the_next_picture(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    make_preview_model()
    work = work_of(width=DOG.width, height=DOG.height, steps=DOG.steps, cfg=DOG.cfg)
    ModelVersion.objects.update(seconds_per_tflop=10 / work)
    limit(world, person_gpu_seconds_per_day=30)
    ask_for(world.pets, world.uma, count=3)

    finish(claim(), clock, seconds=25)  # took more than twice as long as was thought

    assert claim() is None
    ask_for(world.pets, world.rita)
    assert [person for person, _project in claim_all()] == [world.rita]
    clock.set("2026-12-02T00:00:00+08:00")
    assert claim()


def test_everybodys_quota_holds_everybody(world: World, clock: Clock) -> None:
    clock.set("2026-12-31T20:00:00+08:00")
    for person in (world.uma, world.rita):
        ask_for(world.pets, person, count=2)
        ask_for(world.products, person)
    limit(world, images_per_month=1)

    started = claim_all()

    assert [project for _person, project in started].count(world.pets) == 1
    assert [project for _person, project in started].count(world.products) == 2


# --- Models -----------------------------------------------------------------------------------


def test_work_for_a_model_that_is_no_longer_allowed_waits(world: World) -> None:
    model = make_preview_model()
    other = register_model(access=SYSTEM, name="Other", revision="1", engine="preview")
    ask_for(world.pets, world.uma)
    ask_for(world.pets, world.uma, model_version_id=other.pk)
    limit(world, allowed_models=[other.pk])

    started = claim()

    assert started
    assert started.job.request.model_version == other
    assert claim() is None
    limit(world, allowed_models=[other.pk, model.pk])
    assert claim()


# --- Hours ------------------------------------------------------------------------------------

OUTSIDE = [
    "2026-12-01T08:59:59+08:00",
    "2026-12-01T12:00:00+08:00",  # closed just now
    "2026-12-01T10:00:00+00:00",  # six in the evening over there
    "2026-12-02T10:00:00+08:00",  # a holiday
    "2026-12-06T10:00:00+08:00",  # a Sunday
]
INSIDE = [
    "2026-12-01T09:00:00+08:00",
    "2026-12-01T11:59:59+08:00",
    "2026-12-01T02:00:00+00:00",
    "2026-12-05T10:00:00+08:00",  # a Saturday that is made up
]
RULES = [HoursRule.KEEP, HoursRule.REFUSE]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("now", OUTSIDE)
def test_nothing_starts_outside_the_working_hours(
    world: World, clock: Clock, now: str, rule: HoursRule
) -> None:
    clock.set(now)
    ask_for(world.pets, world.uma)
    ask_for(world.products, world.rita)
    limit(world, hours_rule=rule, hours=MORNINGS)

    assert claim_all() == [(world.rita, world.products)]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("now", INSIDE)
def test_work_starts_inside_the_working_hours(
    world: World, clock: Clock, now: str, rule: HoursRule
) -> None:
    clock.set(now)
    ask_for(world.pets, world.uma)
    limit(world, hours_rule=rule, hours=MORNINGS)

    assert claim_all() == [(world.uma, world.pets)]


def test_what_was_kept_starts_in_the_morning(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T20:00:00+08:00")
    limit(world, hours_rule=HoursRule.KEEP, hours=MORNINGS)
    ask_for(world.pets, world.uma)

    assert claim() is None
    clock.set("2026-12-02T09:30:00+08:00")  # a holiday
    assert claim() is None
    clock.set("2026-12-03T09:00:00+08:00")
    assert claim()


def test_no_lane_is_quicker_than_the_working_hours(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T20:00:00+08:00")
    limit(world, hours_rule=HoursRule.KEEP, hours=MORNINGS)
    for lane in JobLane:
        ask_for(world.pets, world.uma, lane=lane)

    assert claim() is None


def test_the_organizations_hours_close_all_its_projects_and_no_others(
    world: World, clock: Clock
) -> None:
    clock.set("2026-12-01T20:00:00+08:00")
    ask_for(world.pets, world.uma)
    ask_for(world.harbour_project, world.mallory)
    open_at_all_hours(world.lantern, hours_rule=HoursRule.KEEP, hours=MORNINGS)
    limit(world, hours_rule=HoursRule.ALWAYS)

    assert claim_all() == [(world.mallory, world.harbour_project)]


@pytest.mark.parametrize(
    "loosen",
    [
        lambda world: limit(world, hours_rule=HoursRule.ALWAYS),
        limit,
    ],
)
def test_new_hours_hold_from_the_next_claim_on(
    world: World, clock: Clock, loosen: Callable[[World], None]
) -> None:
    clock.set("2026-12-01T20:00:00+08:00")
    limit(world, hours_rule=HoursRule.KEEP, hours=MORNINGS)
    ask_for(world.pets, world.uma)
    assert claim() is None

    loosen(world)

    assert claim()


def test_what_already_waits_keeps_the_size_it_was_promised(world: World) -> None:
    ask_for(world.pets, world.uma, width=512, steps=20)
    limit(world, max_side=256, max_steps=10)

    assert claim()
