"""Single pictures through the API, and the models that make them."""

from __future__ import annotations

import pytest

from accounts.roles import Scope
from generation.models import GenerationJob, ModelVersion
from generation.types import JobStatus
from tests.callers import assert_refused, browser_of, program_of
from tests.generation.builders import ask_for


@pytest.fixture(params=["token", "session"])
def uma(request, world):
    """Uma, through a program or her browser."""
    if request.param == "token":
        return program_of(world.uma, world.lantern)
    return browser_of(world.uma)


@pytest.fixture
def job(world) -> GenerationJob:
    """A waiting picture of Uma's."""
    return ask_for(world.pets, world.uma).jobs.get()


def test_a_picture_is_cancelled_and_tried_again(world, uma, job) -> None:
    shown = uma.call("get", f"/jobs/{job.pk}/").json()
    assert (shown["status"], shown["request"]) == ("queued", str(job.request_id))

    cancelled = uma.call("post", f"/jobs/{job.pk}/cancel/")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert cancelled.json()["finished_at"]
    assert_refused(uma.call("post", f"/jobs/{job.pk}/cancel/"), 409)

    retried = uma.call("post", f"/jobs/{job.pk}/retry/")
    assert (retried.status_code, retried.json()["status"]) == (200, "queued")
    assert retried.json()["seed"] == job.seed
    assert_refused(uma.call("post", f"/jobs/{job.pk}/retry/"), 409)


def test_others_leave_it_alone(world, job) -> None:
    for step in ("cancel", "retry"):
        path = f"/jobs/{job.pk}/{step}/"
        assert_refused(browser_of(world.rita).call("post", path), 403, code="not_permitted")
        assert_refused(browser_of(world.mallory).call("post", path), 404)
    assert_refused(browser_of(world.mallory).call("get", f"/jobs/{job.pk}/"), 404)
    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED


def test_changing_needs_the_scope(world, job) -> None:
    reader = program_of(world.uma, world.lantern, Scope.READ)

    for step in ("cancel", "retry"):
        response = reader.call("post", f"/jobs/{job.pk}/{step}/")
        assert_refused(response, 403, code="scope_missing")


def test_the_models_that_take_requests_are_listed(world, uma, job) -> None:
    ModelVersion.objects.create(name="Old", engine="preview", is_enabled=False)

    items = uma.call("get", "/model-versions/").json()["items"]

    assert [(each["name"], each["is_default"]) for each in items] == [("Preview", True)]
