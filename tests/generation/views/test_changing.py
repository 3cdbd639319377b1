"""Cancelling and trying again, with and without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from generation.actions.requesting import cancel_job
from generation.types import JobStatus
from tests.builders import World, access_of
from tests.generation.builders import ask_for

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def statuses(request) -> list[str]:
    return list(request.jobs.order_by("index").values_list("status", flat=True))


def test_uma_cancels_what_is_left_of_her_request(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=2)

    answer = client_for(world.uma).post(
        reverse("generation:request-cancel", kwargs={"request_id": request.pk})
    )

    assert answer.url == reverse("generation:request", kwargs={"request_id": request.pk})
    assert statuses(request) == [JobStatus.CANCELLED] * 2


def test_with_scripts_the_answer_is_the_moving_part(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    job = request.jobs.first()

    answer = client_for(world.uma).post(
        reverse("generation:job-cancel", kwargs={"job_id": job.pk}), headers=HTMX
    )

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert sorted(statuses(request)) == [JobStatus.CANCELLED, JobStatus.QUEUED]


def test_a_cancelled_picture_is_tried_again_with_its_seed(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    job = request.jobs.get()
    cancel_job(access=access_of(world.uma), job=job)

    client_for(world.uma).post(reverse("generation:job-retry", kwargs={"job_id": job.pk}))

    job.refresh_from_db()
    assert (job.status, job.seed) == (JobStatus.QUEUED, 123456)


def test_cancelling_twice_is_a_conflict(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    url = reverse("generation:request-cancel", kwargs={"request_id": request.pk})
    client = client_for(world.uma)
    client.post(url)

    assert client.post(url).status_code == 409


def test_a_colleague_cannot_cancel_but_an_admin_can(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    url = reverse("generation:request-cancel", kwargs={"request_id": request.pk})

    assert client_for(world.rita).post(url).status_code == 403
    assert statuses(request) == [JobStatus.QUEUED]
    assert client_for(world.ada).post(url).status_code == 302
    assert statuses(request) == [JobStatus.CANCELLED]
