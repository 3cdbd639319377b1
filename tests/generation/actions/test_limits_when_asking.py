"""What the limits refuse when somebody asks, in which words, and when it is over."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.errors import DomainError, InvalidInput, LimitExceeded
from accounts.roles import Role
from generation.actions.models import register_model
from generation.actions.policies import change_policy
from generation.actions.requesting import cancel_request, request_images, retry_job
from generation.actions.running import cancel_attempt, claim_next_job, fail_attempt
from generation.actions.workers import register_worker
from generation.costing import work_of
from generation.limits import HoursRule, PolicyValues
from generation.models import GenerationJob, GenerationRequest, ModelVersion, UsageCounter
from generation.types import ImageAsk, JobStatus
from tests.builders import World, access_of, join, open_at_all_hours
from tests.clock import Clock
from tests.concurrency import at_once
from tests.generation.builders import (
    DOG,
    SYSTEM,
    ask_for,
    make_preview_model,
    make_runner,
    run_all,
)

MORNINGS = {
    "timezone": "Asia/Shanghai",
    "windows": {str(day): [["09:00", "12:00"]] for day in range(5)},
    "holidays": ["2026-12-02"],
    "extra_days": ["2026-12-05"],
}

pytestmark = pytest.mark.django_db


def limit(world: World, **said: object) -> None:
    """Limit the project of the pets; the organization is open at all hours."""
    change_policy(access=access_of(world.ada), project=world.pets, values=PolicyValues(**said))


def refusal(world: World, person: str = "uma", project: str = "pets", **changes: object) -> str:
    """The sentence that refuses an ask, and nothing was written down for it."""
    before = GenerationRequest.objects.count(), GenerationJob.objects.count()
    with pytest.raises(DomainError) as refused:
        ask_for(getattr(world, project), getattr(world, person), **changes)
    assert (GenerationRequest.objects.count(), GenerationJob.objects.count()) == before
    expected = 422 if isinstance(refused.value, InvalidInput) else 429
    assert refused.value.http_status == expected
    return refused.value.sentence


@pytest.mark.parametrize(
    ("said", "allowed", "refused", "sentence"),
    [
        (
            {"max_side": 256},
            {"width": 256, "height": 256},
            {"width": 272},
            "The largest side in this project is 256 pixels.",
        ),
        (
            {"max_side": 256},
            {},
            {"height": 512},
            "The largest side in this project is 256 pixels.",
        ),
        (
            {"max_pixels": 512 * 512},
            {"width": 1024, "height": 256},
            {"width": 1024, "height": 272},
            (
                "A picture in this project has at most 262,144 pixels: at a width of 1024 "
                "it can be 256 high."
            ),
        ),
        ({"min_steps": 4}, {"steps": 4}, {"steps": 3}, "Choose between 4 and 50 steps."),
        ({"max_steps": 6}, {"steps": 6}, {"steps": 7}, "Choose between 1 and 6 steps."),
        (
            {"max_images_per_request": 3},
            {"count": 3},
            {"count": 4},
            "One request can hold 1 to 3 pictures in this project.",
        ),
    ],
)
def test_one_ask_keeps_to_the_limits_of_its_project(
    world: World, said: dict, allowed: dict, refused: dict, sentence: str
) -> None:
    limit(world, **said)

    assert refusal(world, **refused) == sentence
    assert ask_for(world.pets, world.uma, **({"steps": 4} | allowed))
    assert ask_for(world.products, world.uma, **{**refused, "count": 1})


def test_two_hundred_pictures_are_one_request(world: World) -> None:
    open_at_all_hours(world.lantern, max_images_per_request=200, max_waiting_per_person=200)

    assert ask_for(world.pets, world.uma, count=200).jobs.count() == 200
    assert "You have 200 pictures waiting and may have 200." in refusal(world)


def test_waiting_pictures_count_where_the_limit_is_stated(world: World) -> None:
    open_at_all_hours(world.lantern, max_waiting_per_person=5)
    limit(world, max_waiting_per_person=3)
    ask_for(world.products, world.uma, count=3)

    assert refusal(world, count=4) == (
        "You have 0 pictures waiting in this project and may have 3. "
        "Wait for some to finish, or cancel some."
    )
    ask_for(world.pets, world.uma, count=2)
    assert refusal(world) == (
        "You have 5 pictures waiting and may have 5. Wait for some to finish, or cancel some."
    )
    ask_for(world.pets, world.rita, count=3)


def test_what_waits_in_another_organization_is_nobodys_business(world: World) -> None:
    open_at_all_hours(world.lantern, max_waiting_per_person=2, max_requests_per_minute=1)
    join(world.uma, world.harbour, Role.USER)
    ask_for(world.harbour_project, world.uma, count=4)

    assert ask_for(world.pets, world.uma, count=2)


def test_asking_too_often_is_over_after_a_minute(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    open_at_all_hours(world.lantern, max_requests_per_minute=2)
    ask_for(world.pets, world.uma)
    clock.move(seconds=20)
    ask_for(world.products, world.uma)

    assert refusal(world) == "You may ask 2 times in a minute. Try again in 40 seconds."
    ask_for(world.pets, world.rita)
    clock.move(seconds=40)
    ask_for(world.pets, world.uma)


def test_a_projects_own_rate_counts_its_own_requests(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    limit(world, max_requests_per_minute=1)
    ask_for(world.products, world.uma)

    ask_for(world.pets, world.uma)
    assert refusal(world) == "You may ask once in a minute. Try again in 60 seconds."
    ask_for(world.products, world.uma)


def test_models_that_are_not_allowed_are_refused_and_not_chosen(world: World) -> None:
    default = make_preview_model()
    other = register_model(access=SYSTEM, name="Other", revision="1", engine="preview")
    limit(world, allowed_models=[other.pk])

    assert refusal(world, model_version_id=default.pk) == (
        "This model may not be used in this project. Choose another one."
    )
    assert ask_for(world.pets, world.uma).model_version == other
    assert ask_for(world.products, world.uma).model_version == default


# --- Quotas -----------------------------------------------------------------------------------


def made(world: World, person: str = "uma", count: int = 1, project: str = "pets") -> None:
    """Pictures of the person that are finished."""
    ask_for(getattr(world, project), getattr(world, person), count=count)
    run_all(make_runner())


def test_pictures_of_one_person_in_a_day(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T21:30:00+08:00")
    limit(world, person_images_per_day=3)
    made(world, count=2)

    assert refusal(world, count=2) == (
        "You have 1 of 3 pictures left today in this project, and this needs 2. "
        "Ask for fewer, or wait: it starts anew at 00:00, in 2\xa0hours."
    )
    assert refusal(world, count=4) == (
        "This needs 4 pictures, and one person may have 3 a day in this project. "
        "Ask for fewer, or ask an admin to raise the limit."
    )
    ask_for(world.pets, world.uma)
    assert refusal(world) == (
        "You have used 3 of 3 pictures today in this project. "
        "It starts anew at 00:00, in 2\xa0hours."
    )
    ask_for(world.pets, world.rita, count=3)
    ask_for(world.products, world.uma, count=3)


def test_the_day_of_a_quota_is_the_organizations(world: World, clock: Clock) -> None:
    world.lantern.time_zone = "America/New_York"
    world.lantern.save(update_fields=["time_zone"])
    clock.set("2026-12-02T04:30:00+00:00")  # half past eleven in the evening over there
    limit(world, person_images_per_day=1)
    made(world)

    assert "It starts anew at 00:00, in 30\xa0minutes." in refusal(world)
    clock.move(minutes=31)
    made(world)


@pytest.mark.parametrize(
    ("quota", "sentence"),
    [
        ({"images_per_day": 2}, "Everybody together has used 2 of 2 pictures today in this"),
        ({"images_per_month": 2}, "Everybody together has used 2 of 2 pictures this month in this"),
        ({"person_images_per_month": 2}, "You have used 2 of 2 pictures this month in this"),
    ],
)
def test_a_period_ends_and_begins_anew(
    world: World, clock: Clock, quota: dict, sentence: str
) -> None:
    clock.set("2026-12-31T20:00:00+08:00")
    limit(world, **quota)
    made(world, count=2)

    assert sentence in refusal(world)
    clock.set("2027-01-01T00:00:01+08:00")
    ask_for(world.pets, world.uma, count=2)


def test_the_organizations_quota_counts_in_all_its_projects(world: World) -> None:
    open_at_all_hours(world.lantern, person_images_per_day=3, images_per_day=4)
    made(world, count=2)
    ask_for(world.products, world.uma)

    assert "You have used 3 of 3 pictures today in this organization." in refusal(world)
    ask_for(world.products, world.rita)
    assert "Everybody together has used 4 of 4 pictures today in this organization." in refusal(
        world, "rita"
    )
    ask_for(world.harbour_project, world.mallory, count=4)


@pytest.mark.parametrize(
    ("quota", "sentence"),
    [
        ("person_gpu_seconds_per_day", "one person may have 25 s a day in this project"),
        ("person_gpu_seconds_per_month", "one person may have 25 s a month in this project"),
        ("gpu_seconds_per_day", "everybody together may have 25 s a day in this project"),
        ("gpu_seconds_per_month", "everybody together may have 25 s a month in this project"),
    ],
)
def test_gpu_seconds_are_estimated_before_they_are_known(
    world: World, quota: str, sentence: str
) -> None:
    ten_seconds_each()
    limit(world, **{quota: 25})

    assert sentence in refusal(world, count=3)
    ask_for(world.pets, world.uma, count=2)
    assert "left" in refusal(world)


def ten_seconds_each() -> None:
    """Every picture of these tests is estimated to take ten seconds."""
    work = work_of(width=DOG.width, height=DOG.height, steps=DOG.steps, cfg=DOG.cfg)
    make_preview_model()
    ModelVersion.objects.update(seconds_per_tflop=10 / work)


def test_of_several_quotas_the_one_that_lasts_longest_is_told(world: World) -> None:
    limit(world, person_images_per_day=1, images_per_month=1)
    made(world)

    assert "this month" in refusal(world)


# --- What is counted --------------------------------------------------------------------------


def counted(world: World) -> tuple[int, float]:
    """Pictures and GPU seconds of Uma today, in the project."""
    row = UsageCounter.objects.filter(
        project_key=world.pets.pk, person_key=world.uma.pk, period="day"
    ).first()
    return (row.images, row.gpu_seconds) if row else (0, 0.0)


def test_a_failure_costs_gpu_seconds_and_no_picture(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    ask_for(world.pets, world.uma)
    claim = claim_next_job(
        access=SYSTEM, worker=register_worker(access=SYSTEM, engines=["preview"])
    )
    clock.move(seconds=7)
    fail_attempt(access=SYSTEM, claim=claim, code="engine_failure", message="It broke.")

    assert counted(world) == (0, 7.0)


def test_a_picture_that_is_stopped_costs_what_it_took(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    request = ask_for(world.pets, world.uma)
    claim = claim_next_job(
        access=SYSTEM, worker=register_worker(access=SYSTEM, engines=["preview"])
    )
    cancel_request(access=access_of(world.uma), request=request)
    clock.move(seconds=3)
    cancel_attempt(access=SYSTEM, claim=claim)

    assert request.jobs.get().status == JobStatus.CANCELLED
    assert counted(world) == (0, 3.0)


def test_what_is_cancelled_before_it_starts_costs_nothing(world: World) -> None:
    limit(world, person_images_per_day=2)
    cancel_request(access=access_of(world.uma), request=ask_for(world.pets, world.uma, count=2))

    assert counted(world) == (0, 0.0)
    made(world, count=2)
    images, seconds = counted(world)
    assert images == 2
    assert seconds > 0


def test_a_picture_counts_in_the_period_in_which_it_is_finished(world: World, clock: Clock) -> None:
    clock.set("2026-12-31T23:59:00+08:00")
    ask_for(world.pets, world.uma)
    clock.set("2027-01-01T00:01:00+08:00")
    run_all(make_runner())

    rows = UsageCounter.objects.filter(project_key=world.pets.pk, person_key=world.uma.pk)
    starts = {f"{row.starts_at.astimezone(clock().tzinfo):%Y-%m-%d %H:%M}" for row in rows}
    assert starts == {"2027-01-01 00:00"}
    assert {row.period for row in rows} == {"day", "month"}


# --- Hours ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ("2026-12-01T08:59:00+08:00", "They begin at 09:00."),
        ("2026-12-01T12:00:00+08:00", "They begin Thu at 09:00."),  # tomorrow is a holiday
        ("2026-12-02T10:00:00+08:00", "They begin tomorrow at 09:00."),
        ("2026-12-04T13:00:00+08:00", "They begin tomorrow at 09:00."),  # a Saturday made up
        ("2026-12-06T10:00:00+08:00", "They begin tomorrow at 09:00."),
    ],
)
def test_outside_the_working_hours_asks_are_refused_where_the_rule_says_so(
    world: World, clock: Clock, now: str, sentence: str
) -> None:
    clock.set(now)
    limit(world, hours_rule=HoursRule.REFUSE, hours=MORNINGS)

    assert refusal(world) == f"Pictures are made in the working hours only. {sentence}"


@pytest.mark.parametrize(
    "now",
    ["2026-12-01T09:00:00+08:00", "2026-12-05T11:59:59+08:00", "2026-12-01T02:00:00+00:00"],
)
def test_inside_the_working_hours_nothing_is_refused(world: World, clock: Clock, now: str) -> None:
    clock.set(now)
    limit(world, hours_rule=HoursRule.REFUSE, hours=MORNINGS)

    assert ask_for(world.pets, world.uma)


def test_hours_without_an_opening_say_so(world: World) -> None:
    limit(
        world,
        hours_rule=HoursRule.REFUSE,
        hours={"timezone": "UTC", "windows": {}},
    )

    assert refusal(world) == "Pictures are made in the working hours only, and none are set."


def test_work_that_starts_in_the_working_hours_can_be_asked_for_before(
    world: World, clock: Clock
) -> None:
    now = clock.set("2026-12-01T08:00:00+08:00")
    limit(world, hours_rule=HoursRule.REFUSE, hours=MORNINGS)

    assert ask_for(world.pets, world.uma, start_at=now.replace(hour=10))
    assert "working hours" in refusal(world, start_at=now.replace(hour=14))


def test_outside_the_working_hours_asks_are_kept_where_the_rule_says_so(
    world: World, clock: Clock
) -> None:
    clock.set("2026-12-01T20:00:00+08:00")
    limit(world, hours_rule=HoursRule.KEEP, hours=MORNINGS)

    assert ask_for(world.pets, world.uma).jobs.get().status == JobStatus.QUEUED


# --- Trying again -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"person_images_per_day": 1}, "You have used 1 of 1 picture today in this project."),
        ({"hours_rule": HoursRule.REFUSE, "hours": MORNINGS}, "in the working hours only"),
        ({"allowed_models": "other"}, "This model may not be used in this project."),
    ],
)
def test_trying_again_is_no_way_around_the_limits(
    world: World, clock: Clock, said: dict, sentence: str
) -> None:
    clock.set("2026-12-01T20:00:00+08:00")
    request = ask_for(world.pets, world.uma)
    cancel_request(access=access_of(world.uma), request=request)
    made(world)
    if said.get("allowed_models"):
        other = register_model(access=SYSTEM, name="Other", revision="1", engine="preview")
        said = {"allowed_models": [other.pk]}
    limit(world, **said)

    with pytest.raises((LimitExceeded, InvalidInput)) as refused:
        retry_job(access=access_of(world.uma), job=request.jobs.get())

    assert sentence in refused.value.sentence
    assert request.jobs.get().status == JobStatus.CANCELLED


# --- At one moment ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("quota", ["images_per_day", "person_images_per_day"])
def test_asks_of_one_moment_do_not_pass_a_quota_together(world: World, quota: str) -> None:
    make_preview_model()
    open_at_all_hours(world.lantern, **{quota: 4})
    people = [world.uma, world.rita, world.ada, world.paul]
    if quota.startswith("person"):
        people = [world.uma] * 4
    accesses = [access_of(person) for person in people]

    def ask(number: int) -> GenerationRequest:
        return request_images(
            access=accesses[number],
            project=world.pets,
            ask=ImageAsk(
                prompt=DOG.prompt, width=128, height=128, steps=2, count=3, ticket=uuid4()
            ),
        )

    answers = at_once(4, ask, refusal=LimitExceeded)

    assert len([answer for answer in answers if answer]) == 1
    assert GenerationJob.objects.count() == 3
