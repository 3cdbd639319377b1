"""`/healthz`: what monitoring sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from generation.models import CircuitBreaker, ModelVersion, Worker, WorkerSlot
from generation.types import WorkerState


@pytest.fixture
def worker(db: None) -> Worker:
    """A worker that was seen a moment ago."""
    return Worker.objects.create(name="w", host="h", pid=1, last_seen_at=timezone.now())


def test_whole_site_is_well(worker, client: Client) -> None:
    response = client.get("/healthz")

    answer = response.json()
    assert answer.pop("worker_seen_seconds_ago") < 5
    assert (response.status_code, answer) == (
        200,
        {
            "status": "ok",
            "database": True,
            "redis": True,
            "archive": True,
            "worker": True,
            "all_workers_paused": False,
            "breaker_open": False,
        },
    )
    assert "no-store" in response["Cache-Control"]


def test_site_without_worker_is_degraded(db: None, client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["worker"] is False
    assert response.json()["worker_seen_seconds_ago"] is None


def test_silent_worker_counts_as_lost(worker, client: Client) -> None:
    worker.last_seen_at = timezone.now() - timedelta(seconds=60)
    worker.save(update_fields=["last_seen_at"])

    response = client.get("/healthz")

    assert response.status_code == 503
    assert 55 < response.json()["worker_seen_seconds_ago"] < 65


def test_stopped_worker_does_not_count(worker, client: Client) -> None:
    worker.stopped_at = timezone.now()
    worker.save(update_fields=["stopped_at"])

    assert client.get("/healthz").status_code == 503


def test_pause_and_open_breaker_ask_for_attention_and_leave_the_site_whole(
    worker, client: Client
) -> None:
    slot = WorkerSlot.objects.create(name="w", state=WorkerState.PAUSED)
    Worker.objects.update(slot=slot)
    model = ModelVersion.objects.create(name="Preview", engine="preview")
    CircuitBreaker.objects.create(
        slot=slot, model_version=model, open_until=timezone.now() + timedelta(minutes=5)
    )

    response = client.get("/healthz")

    assert (response.status_code, response.json()["status"]) == (200, "attention")
    assert response.json()["all_workers_paused"] is True
    assert response.json()["breaker_open"] is True


def test_missing_redis_is_told(worker, client: Client, tmp_path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    response = client.get("/healthz")

    assert (response.status_code, response.json()["redis"]) == (503, False)


def test_archive_that_cannot_be_written_is_told(worker, client: Client, settings, tmp_path) -> None:
    occupied = tmp_path / "a file"
    occupied.touch()
    settings.STORAGES = {
        **settings.STORAGES,
        "archive": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": occupied},
        },
    }

    response = client.get("/healthz")

    assert (response.status_code, response.json()["archive"]) == (503, False)


def test_health_names_nobody(worker, world, client_for) -> None:
    text = client_for(world.ada).get("/healthz").content.decode()

    assert "Lantern" not in text
    assert "ada" not in text
