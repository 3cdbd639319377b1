"""Asking, taking back, asking again."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.errors import (
    InvalidInput,
    InvalidTransition,
    LimitExceeded,
    NotPermitted,
    NotVisible,
)
from accounts.models import AuditEvent
from generation.actions.policies import change_policy
from generation.actions.requesting import cancel_job, cancel_request, request_images, retry_job
from generation.limits import PolicyValues
from generation.models import GenerationJob, GenerationRequest
from generation.types import ImageAsk, JobStatus
from tests.builders import World, access_of
from tests.concurrency import at_once
from tests.generation.builders import DOG, ask_for, make_preview_model

pytestmark = pytest.mark.django_db


def refused(world: World, **changes: object) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        ask_for(world.pets, world.uma, **changes)
    assert not GenerationRequest.objects.exists()
    return caught.value


def test_each_picture_is_a_waiting_job_with_its_own_seed(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=3, seed=7)

    jobs = request.jobs.order_by("index")
    assert [(job.seed, job.status) for job in jobs] == [
        (7, JobStatus.QUEUED),
        (8, JobStatus.QUEUED),
        (9, JobStatus.QUEUED),
    ]


def test_without_a_seed_one_is_drawn(world: World) -> None:
    seeds = {ask_for(world.pets, world.uma, seed=None).seed for _ in range(4)}

    assert len(seeds) == 4


def test_submitting_a_form_twice_asks_once(world: World) -> None:
    ticket = uuid4()

    first = ask_for(world.pets, world.uma, ticket=ticket)
    second = ask_for(world.pets, world.uma, ticket=ticket)

    assert first == second
    assert GenerationJob.objects.count() == 1


def test_two_people_may_use_the_same_ticket(world: World) -> None:
    ticket = uuid4()

    assert ask_for(world.pets, world.uma, ticket=ticket) != ask_for(
        world.pets, world.rita, ticket=ticket
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prompt": "  \n"}, "prompt"),
        ({"prompt": "长" * 4001}, "prompt"),
        ({"width": 1040}, "width"),
        ({"height": 100}, "height"),
        ({"height": 0}, "height"),
        ({"width": -64}, "width"),
        ({"steps": 0}, "steps"),
        ({"steps": 51}, "steps"),
        ({"cfg": -1.0}, "cfg"),
        ({"cfg": float("nan")}, "cfg"),
        ({"cfg": float("inf")}, "cfg"),
        ({"count": 0}, "count"),
        ({"count": 5}, "count"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"model_version_id": 99999}, "model_version"),
        ({"template_version_id": 99999}, "template_version"),
    ],
)
def test_bad_value_is_refused_with_its_field_and_changes_nothing(
    world: World, changes: dict[str, object], field: str
) -> None:
    assert refused(world, **changes).field == field


def test_policy_of_the_project_decides_the_largest_side(world: World) -> None:
    change_policy(
        access=access_of(world.ada), project=world.pets, values=PolicyValues(max_side=512)
    )

    assert "512" in refused(world, width=768).sentence


def test_waiting_pictures_are_limited_per_person(world: World) -> None:
    change_policy(
        access=access_of(world.ada),
        project=world.pets,
        values=PolicyValues(max_waiting_per_person=4),
    )
    ask_for(world.pets, world.uma, count=3)

    with pytest.raises(LimitExceeded, match="3 pictures waiting"):
        ask_for(world.pets, world.uma, count=2)
    ask_for(world.pets, world.rita, count=4)


def test_cancelling_and_trying_again_is_no_way_around_the_limit(world: World) -> None:
    change_policy(
        access=access_of(world.ada),
        project=world.pets,
        values=PolicyValues(max_waiting_per_person=4),
    )
    first = ask_for(world.pets, world.uma, count=4)
    cancel_request(access=access_of(world.uma), request=first)
    ask_for(world.pets, world.uma, count=4)

    with pytest.raises(LimitExceeded, match="4 pictures waiting"):
        retry_job(access=access_of(world.uma), job=first.jobs.first())

    assert set(first.jobs.values_list("status", flat=True)) == {JobStatus.CANCELLED}


@pytest.mark.django_db(transaction=True)
def test_asks_of_one_moment_do_not_get_past_the_limit_together(world: World) -> None:
    make_preview_model()
    change_policy(
        access=access_of(world.ada),
        project=world.pets,
        values=PolicyValues(max_waiting_per_person=4),
    )

    answers = at_once(
        6, lambda _number: ask_for(world.pets, world.uma, count=2), refusal=LimitExceeded
    )

    assert [answer is not None for answer in answers].count(True) == 2
    assert GenerationJob.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_form_sent_twice_at_one_moment_asks_once(world: World) -> None:
    make_preview_model()
    ticket = uuid4()

    answers = at_once(6, lambda _number: ask_for(world.pets, world.uma, ticket=ticket))

    assert len(set(answers)) == 1
    assert GenerationJob.objects.count() == 1


def test_stranger_cannot_ask(world: World) -> None:
    with pytest.raises(NotVisible):
        ask_for(world.pets, world.mallory)


def test_policy_beyond_all_bounds_is_refused(world: World) -> None:
    with pytest.raises(InvalidInput) as caught:
        change_policy(
            access=access_of(world.ada), project=world.pets, values=PolicyValues(max_side=100_000)
        )

    assert caught.value.field == "max_side"


def test_only_project_admins_change_the_policy(world: World) -> None:
    with pytest.raises(NotPermitted):
        change_policy(access=access_of(world.rita), project=world.pets, values=PolicyValues())


def test_waiting_job_is_cancelled_at_once(world: World) -> None:
    job = ask_for(world.pets, world.uma).jobs.get()

    cancel_job(access=access_of(world.uma), job=job)

    job.refresh_from_db()
    assert (job.status, job.finished_at is not None) == (JobStatus.CANCELLED, True)


def test_cancelling_twice_loses_cleanly(world: World) -> None:
    job = ask_for(world.pets, world.uma).jobs.get()
    cancel_job(access=access_of(world.uma), job=job)

    with pytest.raises(InvalidTransition):
        cancel_job(access=access_of(world.uma), job=job)


def test_whole_request_is_cancelled(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=4)

    assert cancel_request(access=access_of(world.uma), request=request) == 4


def test_others_work_is_cancelled_by_project_admins_only(world: World) -> None:
    job = ask_for(world.pets, world.uma).jobs.get()

    with pytest.raises(NotPermitted):
        cancel_job(access=access_of(world.rita), job=job)
    cancel_job(access=access_of(world.ada), job=job)


def test_cancelled_job_is_tried_again_with_its_seed(world: World) -> None:
    job = ask_for(world.pets, world.uma, seed=5).jobs.get()
    cancel_job(access=access_of(world.uma), job=job)

    retry_job(access=access_of(world.uma), job=job)

    job.refresh_from_db()
    assert (job.status, job.seed, job.finished_at) == (JobStatus.QUEUED, 5, None)


def test_waiting_job_cannot_be_tried_again(world: World) -> None:
    job = ask_for(world.pets, world.uma).jobs.get()

    with pytest.raises(InvalidTransition):
        retry_job(access=access_of(world.uma), job=job)


def test_asking_leaves_a_trace_in_the_audit_trail(world: World) -> None:
    ask_for(world.pets, world.uma, count=2)

    event = AuditEvent.objects.get(action="generation.request.created")
    assert (event.actor_id, event.project, event.data["count"]) == (world.uma.pk, world.pets, 2)


def test_parent_of_another_organization_is_not_taken(world: World) -> None:
    make_preview_model()
    request = request_images(
        access=access_of(world.uma),
        project=world.pets,
        ask=ImageAsk(prompt=DOG.prompt, width=128, height=128, parent_uid=uuid4(), ticket=uuid4()),
    )

    assert request.parent_image is None
