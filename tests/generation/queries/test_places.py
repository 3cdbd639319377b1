"""The line as pages show it, against what the scheduler then does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from generation.actions.models import register_model
from generation.actions.policies import change_policy
from generation.actions.running import claim_next_job
from generation.holding import Hold, HoldKind
from generation.limits import HoursRule, PolicyValues
from generation.models import (
    CircuitBreaker,
    GenerationJob,
    ModelVersion,
    UsageCounter,
    Worker,
    WorkerSlot,
)
from generation.queries.lines import READ_OF_EACH, read_lines
from generation.queries.places import Line, line_of
from generation.queries.situation import read_situation
from generation.quotas import Period, period_start
from generation.types import JobLane, JobStatus, WorkerState
from generation.working_hours import WorkingHours
from tests.builders import World, access_of, open_at_all_hours
from tests.generation.builders import SYSTEM, ask_for, make_preview_model, make_runner, run_all

pytestmark = pytest.mark.django_db(transaction=True)


def waiting_jobs() -> list[GenerationJob]:
    return list(GenerationJob.objects.filter(status=JobStatus.QUEUED))


def by_number(line: Line) -> list[object]:
    return sorted(line.places, key=lambda job_id: line.places[job_id].number or 0)


def allow(world: World, **values: object) -> None:
    change_policy(access=access_of(world.ada), project=world.pets, values=PolicyValues(**values))


def test_pictures_are_made_in_the_order_that_was_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as they take what was estimated; what they really took is paid for afterwards."""
    runner = make_runner()
    for project, person, count in (
        (world.pets, world.uma, 4),
        (world.products, world.uma, 2),
        (world.pets, world.rita, 2),
        (world.harbour_project, world.mallory, 1),
    ):
        ask_for(project, person, count=count)
    estimate = GenerationJob.objects.earliest("queued_at").estimated_seconds
    monkeypatch.setattr("generation.actions.running._gpu_seconds", lambda _result: estimate)
    shown = by_number(line_of(waiting_jobs()))

    assert run_all(runner) == 9

    made = GenerationJob.objects.order_by("started_at").values_list("pk", flat=True)
    assert list(made) == shown


def test_the_line_takes_as_many_questions_however_long_it_is(world: World) -> None:
    make_runner()
    open_at_all_hours(world.lantern, person_images_per_day=500, images_per_month=9000)
    ask_for(world.pets, world.uma)
    with CaptureQueriesContext(connection) as few:
        line_of(waiting_jobs())
    for person in (world.uma, world.rita, world.ada):
        for _ in range(4):
            ask_for(world.pets, person, count=3, steps=3)
            ask_for(world.products, person, count=1, width=512, height=512)
    GenerationJob.objects.filter(created_by=world.ada).update(
        status=JobStatus.SCHEDULED, start_at=timezone.now() + timedelta(hours=1)
    )

    with CaptureQueriesContext(connection) as many:
        line = line_of(waiting_jobs())

    assert len(many) <= len(few) + 1  # the further jobs of somebody whose line is long
    assert len(many) <= 14
    assert sorted(place.number for place in line.places.values()) == list(range(1, 34))


def test_nobody_who_waits_costs_nothing(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    run_all(make_runner())

    with CaptureQueriesContext(connection) as asked:
        list(request.jobs.all())
        assert line_of(request.jobs.all()) == Line()

    assert len(asked) == 2  # the jobs themselves


def test_a_long_line_is_counted_and_not_read(world: World) -> None:
    make_runner()
    long, short = ask_for(world.pets, world.uma), ask_for(world.pets, world.rita)
    job = long.jobs.get()
    GenerationJob.objects.bulk_create(
        GenerationJob(
            request=long,
            project_id=job.project_id,
            created_by_id=job.created_by_id,
            index=index,
            seed=index,
            steps=2,
            engine=job.engine,
            demand_id=job.demand_id,
            position=job.position,
            estimated_seconds=job.estimated_seconds,
            queued_at=job.queued_at,
        )
        for index in range(1, 500)
    )
    demands = {job.demand_id: job.demand}

    waiters = read_lines(demands.keys(), demands)

    lines = sorted((len(line.jobs), line.unread) for line in waiters.lines)
    assert lines == [(1, 0), (READ_OF_EACH, 200 - READ_OF_EACH)]
    assert len(waiters.jobs) == READ_OF_EACH + 1
    # Whose jobs are shown has places further back than that, and nobody else is the worse for it.
    far = long.jobs.get(index=60)
    line = line_of([far, short.jobs.get()])
    assert line.place_of(far).number == 62
    assert line.place_of(short.jobs.get()).number == 2
    beyond = long.jobs.get(index=450)
    place = line_of([beyond]).place_of(beyond)
    assert (place.number, place.starts, place.hold) == (None, None, None)


def test_what_no_worker_there_can_make_has_no_place(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    make_runner()
    ModelVersion.objects.update(engine="another")
    job = request.jobs.get()

    place = line_of([job]).place_of(job)

    assert not place.has_worker
    assert place.number is None
    assert place.starts is None


def test_a_picture_that_began_meanwhile_has_no_place(world: World) -> None:
    runner = make_runner()
    job = ask_for(world.pets, world.uma).jobs.get()
    run_all(runner)

    assert line_of([job]).place_of(job).number is None


def test_the_speed_that_was_learned_since_the_ask_counts(world: World) -> None:
    make_runner()
    first, second = ask_for(world.pets, world.uma, count=2).jobs.all()
    before = line_of([first]).place_of(first).done
    ModelVersion.objects.update(seconds_per_tflop=1.0)

    after = line_of([first]).place_of(first).done

    assert before is not None
    assert after is not None
    assert after.likely - 10 == pytest.approx(100 * (before.likely - 10))  # ten to load the model
    assert line_of([second]).place_of(second).number == 2


# --- Every reason, and that the claim has the same ----------------------------------------------


@dataclass(frozen=True)
class Case:
    """Something that holds a picture of Uma's back, and what the page is told about it."""

    arrange: Callable[[World, GenerationJob], object]
    expected: Hold
    comes: bool = False  # whether it can be foreseen when it is over


def run_of(world: World, *people: object, project: object = None) -> None:
    """A picture of each of these people runs, on some other worker."""
    for person in people:
        ask_for(project or world.pets, person).jobs.update(
            status=JobStatus.RUNNING,
            attempt_token=uuid4(),
            started_at=timezone.now(),
            phase="encoding",
        )


def scheduled(_world: World, job: GenerationJob) -> None:
    GenerationJob.objects.filter(pk=job.pk).update(status=JobStatus.SCHEDULED, start_at=SOON)


def closed(world: World, _job: GenerationJob) -> None:
    tomorrow = (timezone.now() + timedelta(days=2)).date()
    hours = WorkingHours.from_json(
        {"timezone": "UTC", "windows": {str(tomorrow.weekday()): [["09:00", "10:00"]]}}
    )
    allow(world, hours_rule=HoursRule.KEEP.value, hours=hours.to_json())


def used_up(world: World, _job: GenerationJob) -> None:
    allow(world, person_images_per_day=1)
    start = period_start(Period.DAY, timezone.now(), world.lantern.time_zone)
    UsageCounter.objects.create(
        organization=world.lantern,
        project_key=world.pets.pk,
        person_key=world.uma.pk,
        period=Period.DAY.value,
        starts_at=start,
        images=1,
    )


def other_model_only(world: World, _job: GenerationJob) -> None:
    other = register_model(access=SYSTEM, name="Other", revision="1", engine="other")
    allow(world, allowed_models=[other.pk])


def broken(_world: World, job: GenerationJob) -> None:
    CircuitBreaker.objects.create(
        slot=WorkerSlot.objects.get(),
        model_version=job.demand.model_version,
        failures=5,
        open_until=SOON,
        code="gpu_fault",
    )


def being_tried(_world: World, job: GenerationJob) -> None:
    CircuitBreaker.objects.create(
        slot=WorkerSlot.objects.get(),
        model_version=job.demand.model_version,
        failures=6,
        open_until=timezone.now() - timedelta(minutes=1),
        probing_since=timezone.now(),
        code="gpu_fault",
    )


def short_of_memory(_world: World, _job: GenerationJob) -> None:
    Worker.objects.update(free_bytes=2**30, held_bytes=0)


SOON = timezone.now() + timedelta(hours=12)  # however long the tests take
CASES = {
    HoldKind.SCHEDULED: Case(scheduled, Hold(HoldKind.SCHEDULED, until=SOON), comes=True),
    HoldKind.OWN_RUNNING: Case(
        lambda world, _job: run_of(world, world.uma, world.uma),
        Hold(HoldKind.OWN_RUNNING, 2),
        comes=True,
    ),
    HoldKind.TEAM_RUNNING: Case(
        lambda world, _job: (allow(world, max_running=1), run_of(world, world.rita)),
        Hold(HoldKind.TEAM_RUNNING, 1),
        comes=True,
    ),
    HoldKind.PEOPLE_RUNNING: Case(
        lambda world, _job: run_of(world, world.rita, world.ada, world.paul),
        Hold(HoldKind.PEOPLE_RUNNING, 3),
        comes=True,
    ),
    HoldKind.CLOSED: Case(closed, Hold(HoldKind.CLOSED), comes=True),
    HoldKind.QUOTA: Case(used_up, Hold(HoldKind.QUOTA), comes=True),
    HoldKind.MODEL_NOT_ALLOWED: Case(other_model_only, Hold(HoldKind.MODEL_NOT_ALLOWED)),
    HoldKind.PAUSED: Case(
        lambda _world, _job: WorkerSlot.objects.update(state=WorkerState.DRAINING),
        Hold(HoldKind.PAUSED),
    ),
    "breaker": Case(broken, Hold(HoldKind.PAUSED, 5, until=SOON, code="gpu_fault"), comes=True),
    "probe": Case(being_tried, Hold(HoldKind.PAUSED, 6, code="gpu_fault"), comes=True),
    HoldKind.MEMORY: Case(short_of_memory, Hold(HoldKind.MEMORY, 1024)),
    HoldKind.NO_WORKER: Case(
        lambda _world, _job: Worker.objects.update(stopped_at=timezone.now()),
        Hold(HoldKind.NO_WORKER),
    ),
}


def test_every_reason_is_tried_here() -> None:
    assert set(HoldKind) <= CASES.keys()


@pytest.mark.parametrize("case", CASES.values(), ids=map(str, CASES))
def test_the_reason_that_is_shown_is_the_one_of_the_claim(world: World, case: Case) -> None:
    runner = make_runner()
    job = ask_for(world.pets, world.uma, width=1024, height=1024).jobs.get()
    free = line_of([job]).place_of(job)
    assert (free.hold, free.number) == (None, 1)
    case.arrange(world, job)
    job.refresh_from_db()

    place = line_of([job]).place_of(job)

    assert place.hold is not None
    expected = case.expected
    assert (place.hold.kind, place.hold.count, place.hold.code) == (
        expected.kind,
        expected.count,
        expected.code,
    )
    if expected.until:
        assert place.hold.until == expected.until
    assert (place.starts is not None) == case.comes
    if place.hold.until and place.starts:
        wait = (place.hold.until - place.now).total_seconds()
        assert place.starts.earliest >= wait - 1e-3
    assert claim_next_job(access=SYSTEM, worker=runner.worker) is None


def test_a_picture_that_may_be_made_smaller_does_not_wait_for_memory(world: World) -> None:
    make_runner()
    make_preview_model()
    job = ask_for(world.pets, world.uma, width=1024, height=1024, may_shrink=True).jobs.get()
    short_of_memory(world, job)

    assert line_of([job]).place_of(job).hold is None


def test_a_quiet_lane_is_said_with_the_place(world: World) -> None:
    make_runner()
    job = ask_for(world.pets, world.uma, lane=JobLane.IDLE).jobs.get()

    place = line_of([job]).place_of(job)

    with translation.override("en"):
        said = place.reason(is_maker=True)
    assert said == "It starts when the GPU has nothing else to do."
    assert place.starts is not None
    assert place.starts.latest is None


def test_the_situation_knows_what_people_asked_for_lately(world: World) -> None:
    runner = make_runner()
    ask_for(world.pets, world.rita, count=2)
    run_all(runner)
    ask_for(world.pets, world.uma)

    situation = read_situation(waiting_jobs())

    people: Iterable[int] = (each.job.candidate.person_id for each in situation._asked(60.0))
    assert sorted(people) == sorted([world.rita.pk, world.rita.pk, world.uma.pk])
    assert len(situation.latest) == 2
