"""Workers for programs, and for an operator's own session."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.roles import Scope
from generation.actions.workers import register_worker
from generation.models import CircuitBreaker, ModelVersion, Worker, WorkerSlot
from generation.types import JobStatus, WorkerState
from tests.builders import World, make_operator, make_person
from tests.callers import Program, assert_refused, browser_of, program_of
from tests.generation.builders import SYSTEM, ask_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(world: World) -> Worker:
    """A worker that makes a picture of Uma's."""
    worker = register_worker(access=SYSTEM, slot="render-1", engines=["preview"])
    ask_for(world.pets, world.uma).jobs.update(
        status=JobStatus.RUNNING, attempt_token=uuid4(), worker=worker, started_at=timezone.now()
    )
    return worker


@pytest.fixture
def olga(db: None) -> Program:
    """Olga's own browser."""
    return browser_of(make_operator())


def test_token_reads_machines_and_nobodys_work(world: World, worker) -> None:
    program = program_of(world.mallory, world.harbour, Scope.READ)

    (shown,) = program.call("get", "/workers/").json()["items"]

    assert (shown["name"], shown["status"], shown["jobs"]) == ("render-1", "busy", [])
    assert shown["slot"] == worker.slot_id


def test_token_of_an_operator_reads_no_more_than_anybodys(world: World, worker) -> None:
    world.ada.is_superuser = True
    world.ada.save(update_fields=["is_superuser"])

    (shown,) = program_of(world.ada, world.lantern).call("get", "/workers/").json()["items"]

    assert shown["jobs"] == []


def test_operator_reads_who_it_works_for(world: World, worker, olga) -> None:
    (shown,) = olga.call("get", "/workers/").json()["items"]

    assert shown["jobs"][0]["created_by"]["id"] == world.uma.pk
    assert shown["jobs"][0]["organization"] == "lantern"


def test_person_of_no_organization_finds_nothing(worker) -> None:
    assert_refused(browser_of(make_person("zoe")).call("get", "/workers/"), 404)


@pytest.mark.parametrize(
    ("deed", "state"), [("pause", WorkerState.PAUSED), ("drain", WorkerState.DRAINING)]
)
def test_operator_tells_a_worker_and_takes_it_back(worker, olga, deed: str, state) -> None:
    answer = olga.call("post", f"/workers/{worker.slot_id}/{deed}/")
    assert (answer.status_code, answer.json()["status"]) == (200, state.value)

    assert_refused(olga.call("post", f"/workers/{worker.slot_id}/{deed}/"), 409)
    answer = olga.call("post", f"/workers/{worker.slot_id}/resume/")
    assert answer.json()["status"] == "busy"


def test_operator_resets_one_model_or_all(worker, olga) -> None:
    path = f"/workers/{worker.slot_id}/reset/"
    model = ModelVersion.objects.get()
    CircuitBreaker.objects.create(
        slot=worker.slot,
        model_version=model,
        failures=5,
        open_until=timezone.now() + timedelta(minutes=5),
    )
    assert olga.call("get", "/workers/").json()["items"][0]["faults"][0]["is_open"]
    assert_refused(olga.call("post", path, {"model_version": 999}), 404)
    assert_refused(olga.call("post", path, {"model": model.pk}), 400, field="model")

    assert olga.call("post", path, {"model_version": model.pk}).json()["faults"] == []

    assert_refused(olga.call("post", path, {}), 409)


@pytest.mark.parametrize("deed", ["pause", "resume", "drain", "reset"])
def test_nobody_else_tells_a_worker_anything(world: World, worker, olga, deed: str) -> None:
    path = f"/workers/{worker.slot_id}/{deed}/"

    assert_refused(Program().call("post", path), 401)
    assert_refused(browser_of(world.ada).call("post", path), 403, code="not_permitted")
    assert_refused(program_of(world.ada, world.lantern).call("post", path), 403)
    assert_refused(olga.call("post", f"/workers/{worker.slot_id + 1}/{deed}/"), 404)
    assert WorkerSlot.objects.get().state == WorkerState.ACTIVE
