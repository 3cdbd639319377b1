"""Editing a request that waits, also while a worker claims one of its pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import (
    InvalidInput,
    InvalidTransition,
    LimitExceeded,
    NotPermitted,
    NotVisible,
)
from accounts.models import AuditEvent
from assets.actions.templating import retire_template
from assets.models import ImageUse
from assets.types import UseKind
from generation.actions.editing import edit_request
from generation.actions.policies import change_policy
from generation.actions.requesting import cancel_job, cancel_request, retry_job
from generation.actions.running import Claim, claim_next_job, hand_back
from generation.actions.workers import register_worker
from generation.checked_asks import ask_of
from generation.limits import PolicyValues
from generation.models import GenerationJob, GenerationRequest, ModelVersion
from generation.types import JobLane, JobStatus
from tests.assets.builders import make_image, make_template
from tests.builders import World, access_of, open_at_all_hours
from tests.concurrency import at_once
from tests.generation.builders import SYSTEM, ask_for, make_model, make_runner, run_all

pytestmark = pytest.mark.django_db

OLD = {"prompt": "A quiet lake", "width": 128, "steps": 2, "cfg": 1.0, "seed": 100}
NEW = {"prompt": "A stormy sea", "width": 256, "steps": 3, "cfg": 2.0, "seed": 500}


def fresh(request: GenerationRequest) -> GenerationRequest:
    return GenerationRequest.objects.select_related(
        "project__organization", "template_version", "model_version", "parent_image"
    ).get(pk=request.pk)


def edit(request: GenerationRequest, person=None, **changes: object) -> GenerationRequest:
    """Edit what is different, as the request's maker or somebody else."""
    request = fresh(request)
    ask = replace(ask_of(request, request.jobs.order_by("index")), **changes)
    edit_request(access=access_of(person or request.created_by), request=request, ask=ask)
    return fresh(request)


def claim() -> Claim | None:
    worker = register_worker(access=SYSTEM, engines=["preview"])
    return claim_next_job(access=SYSTEM, worker=worker)


def columns(request: GenerationRequest, *names: str) -> list[tuple]:
    return list(request.jobs.order_by("index").values_list(*names))


def test_request_and_pictures_get_the_new_settings(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2, **OLD)
    before = columns(request, "pk", "position", "queued_at")

    edited = edit(request, **NEW, lane=JobLane.BACKGROUND)

    assert {name: getattr(edited, name) for name in NEW} == NEW
    assert (edited.prompt_typed, edited.count) == (NEW["prompt"], 2)
    assert edited.edited_at is not None
    assert columns(request, "seed", "steps", "lane") == [(500, 3, 1), (501, 3, 1)]
    assert columns(request, "pk", "position", "queued_at") == before


def test_another_picture_to_begin_with_counts_as_a_reuse_of_it(world: World) -> None:
    make_model("Z-Image-Turbo", is_default=True)
    one, other = make_image(world.pets, world.uma), make_image(world.pets, world.uma)
    request = ask_for(world.pets, world.uma, input_image_uid=one.uid, strength=0.4)

    edit(request, input_image_uid=other.uid)
    edit(request, prompt="A quiet lake")

    uses = ImageUse.objects.order_by("pk").values_list("image_id", "kind", "request_id")
    assert list(uses) == [
        (one.pk, UseKind.INPUT, request.pk),
        (other.pk, UseKind.INPUT, request.pk),
    ]


def test_a_larger_picture_needs_and_costs_more(world: World) -> None:
    request = ask_for(world.pets, world.uma, **OLD)
    [(demand, seconds)] = columns(request, "demand__side", "estimated_seconds")

    edit(request, width=1024, height=1024)

    [(needed, estimate)] = columns(request, "demand__side", "estimated_seconds")
    assert needed > demand
    assert estimate > seconds


def test_another_model_means_another_engine(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    other = ModelVersion.objects.create(name="Other", revision="1", engine="diffsynth")

    edit(request, model_version_id=other.pk)

    assert columns(request, "engine", "demand__model_version") == [("diffsynth", other.pk)]


def test_fewer_pictures_are_taken_from_the_end_and_more_are_added_there(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=3, seed=10)

    assert edit(request, count=1).count == 1
    assert columns(request, "index", "seed") == [(0, 10)]
    assert edit(request, count=4).count == 4
    assert columns(request, "index", "seed") == [(0, 10), (1, 11), (2, 12), (3, 13)]
    assert len(set(columns(request, "position"))) == 1


def test_cancelled_pictures_come_back_before_new_ones_are_made(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=3)
    cancel_job(access=access_of(world.uma), job=request.jobs.get(index=1))

    edit(request, count=2)
    assert columns(request, "status") == [("queued",), ("cancelled",), ("queued",)]
    edit(request, count=4)
    assert columns(request, "status") == [("queued",)] * 4


def test_a_cancelled_picture_that_is_tried_again_has_the_new_settings(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2, **OLD)
    cancelled = request.jobs.select_related("request__model_version").get(index=1)
    cancel_job(access=access_of(world.uma), job=cancelled)
    edit(request, width=1024, height=1024, seed=500, steps=3)

    retry_job(access=access_of(world.uma), job=cancelled)

    assert columns(request, "seed", "steps", "demand__side") == [(500, 3, 1024), (501, 3, 1024)]


def test_a_time_to_start_is_edited_as_well(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    later = timezone.now() + timedelta(hours=3)

    edit(request, start_at=later)
    assert columns(request, "status", "start_at") == [("scheduled", later)] * 2
    edit(request, start_at=None)
    assert columns(request, "status", "start_at") == [("queued", None)] * 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prompt": "  "}, "prompt"),
        ({"width": 4096}, "width"),
        ({"steps": 51}, "steps"),
        ({"count": 5}, "count"),
        ({"count": 0}, "count"),
        ({"model_version_id": 4242}, "model_version"),
    ],
)
def test_the_checks_of_asking_hold_and_nothing_changes(
    world: World, changes: dict[str, object], field: str
) -> None:
    request = ask_for(world.pets, world.uma)
    before = GenerationRequest.objects.values().get(), GenerationJob.objects.values().get()

    with pytest.raises(InvalidInput) as caught:
        edit(request, **changes)

    assert caught.value.field == field
    assert (GenerationRequest.objects.values().get(), GenerationJob.objects.values().get()) == (
        before
    )


def test_a_model_that_may_no_longer_be_used_is_refused(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    other = ModelVersion.objects.create(name="Other", revision="1", engine="preview")
    allowed = PolicyValues(allowed_models=[other.pk])
    change_policy(access=access_of(world.ada), project=world.pets, values=allowed)

    with pytest.raises(InvalidInput):
        edit(request, steps=3)


def test_more_pictures_than_may_wait_are_refused(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    open_at_all_hours(world.lantern, max_waiting_per_person=3)

    edit(request, count=3)
    with pytest.raises(LimitExceeded):
        edit(request, count=4)


def test_a_quota_counts_only_what_is_asked_for_more(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    open_at_all_hours(world.lantern, person_images_per_day=2)

    edit(request, prompt="Something else")
    edit(request, count=1)
    edit(request, count=2)
    with pytest.raises(LimitExceeded):
        edit(request, count=3)


def test_what_was_asked_often_can_still_be_edited(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    open_at_all_hours(world.lantern, max_requests_per_minute=1)

    edit(request, prompt="Something else")


def test_words_of_a_template_stay_after_it_was_retired(world: World) -> None:
    template = make_template(world.lantern, world.ada)
    version = template.versions.get()
    values = {"主体": "橘猫", "地点": "窗台"}
    request = ask_for(world.pets, world.uma, template_version_id=version.pk, template_values=values)
    retire_template(access=access_of(world.ada), template=template)

    edited = edit(request, steps=4)
    assert (edited.prompt, edited.template_version) == ("一只橘猫，坐在窗台上", version)
    edited = edit(request, template_version_id=None, steps=5)
    assert edited.template_version == version
    with pytest.raises(InvalidInput):
        edit(request, template_values={"主体": "狗", "地点": "窗台"})
    edited = edit(request, template_version_id=None, prompt="Now by hand")
    assert (edited.template_version, edited.template_values) == (None, {})


def test_what_has_begun_is_not_edited(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    claimed = claim()

    with pytest.raises(InvalidTransition, match="has begun"):
        edit(request, prompt="Something else")
    assert claimed is not None
    hand_back(access=SYSTEM, claim=claimed)  # a worker that stops has not begun
    assert edit(request, prompt="Something else").prompt == "Something else"


def test_what_has_ended_is_not_edited(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    run_all(make_runner())
    with pytest.raises(InvalidTransition, match="has begun"):
        edit(request, count=1, prompt="Something else")

    cancelled = ask_for(world.pets, world.uma)
    cancel_request(access=access_of(world.uma), request=cancelled)
    with pytest.raises(InvalidTransition, match="None of these"):
        edit(cancelled, count=1, prompt="Something else")


def test_whoever_read_an_older_version_does_not_overwrite_a_newer_one(world: World) -> None:
    request = fresh(ask_for(world.pets, world.uma))
    edit(request, prompt="The newer words")

    with pytest.raises(InvalidTransition):
        edit_request(
            access=access_of(world.uma),
            request=request,
            ask=replace(ask_of(request, request.jobs.all()), steps=5),
        )
    assert fresh(request).prompt == "The newer words"


def test_admins_change_the_settings_but_not_the_words(world: World) -> None:
    request = ask_for(world.pets, world.uma)

    edited = edit(request, world.ada, width=256, lane=JobLane.IDLE)
    assert (edited.width, edited.created_by) == (256, world.uma)
    with pytest.raises(NotPermitted, match="words"):
        edit(request, world.ada, prompt="Words of Ada")
    with pytest.raises(NotPermitted, match="words"):
        edit(request, world.ada, negative_prompt="Words of Ada")


def test_others_leave_it_alone(world: World) -> None:
    request = ask_for(world.pets, world.uma)

    with pytest.raises(NotPermitted):
        edit(request, world.rita, steps=3)
    with pytest.raises(NotVisible):
        edit(request, world.mallory, steps=3)


def test_the_trail_says_what_was_changed_but_not_the_words(world: World) -> None:
    edit(ask_for(world.pets, world.uma, **OLD), prompt="A secret", width=256)

    event = AuditEvent.objects.get(action="generation.request.edited")
    assert event.data == {"changed": ["prompt", "prompt_typed", "width"]}


@pytest.mark.django_db(transaction=True)
def test_a_picture_claimed_at_the_same_moment_is_all_old_or_all_new(world: World) -> None:
    """Whichever comes first: no picture is drawn with a mixture of two sets of settings."""
    outcomes = set()
    for _ in range(6):
        GenerationJob.objects.update(status=JobStatus.CANCELLED, finished_at="2026-01-01T00:00Z")
        request = ask_for(world.pets, world.uma, count=2, **OLD)

        def act(number: int, request=request):
            return claim() if number else edit(request, **NEW)

        edited, claimed = at_once(2, act, refusal=InvalidTransition)

        expected = NEW if edited else OLD
        drawn = claimed.job
        assert {name: getattr(drawn.request, name) for name in expected} == expected
        assert (drawn.seed, drawn.steps) == (expected["seed"] + drawn.index, expected["steps"])
        assert drawn.demand.side >= expected["width"]
        row = fresh(request)
        assert {name: getattr(row, name) for name in expected} == expected
        outcomes.add(bool(edited))
    assert outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_of_one_moment_one_wins_and_one_is_told(world: World) -> None:
    request = fresh(ask_for(world.pets, world.uma, count=2, seed=10))
    asks = [replace(ask_of(request, request.jobs.all()), seed=seed, steps=4) for seed in (100, 200)]

    def act(number: int) -> bool:
        edit_request(access=access_of(world.uma), request=request, ask=asks[number])
        return True

    answers = at_once(2, act, refusal=InvalidTransition)

    assert sorted(map(bool, answers)) == [False, True]
    winner = asks[answers.index(True)].seed
    assert columns(request, "seed") == [(winner,), (winner + 1,)]
