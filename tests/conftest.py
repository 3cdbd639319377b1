"""What every test may ask for: people, projects, clients, a real Redis."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop of its own

import pytest
import redis
from django.conf import settings
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as property_tests

from portal.embedded_redis import command, url_of, wait_until_ready
from tests.builders import World, make_world

# What is true stays true on a busy machine, where making an example may take seconds.
property_tests.register_profile(
    "atelier", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
property_tests.load_profile("atelier")

pytest_plugins = ["tests.engines.fixtures", "tests.browser", "tests.clock"]


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real Redis server that lives as long as the test run."""
    directory = Path(tmp_path_factory.mktemp("redis"))
    process = subprocess.Popen(command(directory))
    url = url_of(directory)
    wait_until_ready(url, process)
    yield url
    process.terminate()
    process.wait(10)


@pytest.fixture(autouse=True)
def _redis_of_the_tests(redis_server: str) -> Iterator[None]:
    """Every test talks to the test server, emptied first."""
    before, queue_before = settings.REDIS_URL, settings.RQ_QUEUES["gpu"]["URL"]
    settings.REDIS_URL = redis_server
    settings.RQ_QUEUES["gpu"]["URL"] = redis_server
    with redis.Redis.from_url(redis_server) as connection:
        connection.flushall()
    yield
    settings.REDIS_URL, settings.RQ_QUEUES["gpu"]["URL"] = before, queue_before


@pytest.fixture(autouse=True)
def _files_of_the_test(tmp_path: Path, settings: object) -> None:
    """Every test has an archive of its own."""
    options = {"location": tmp_path / "archive", "base_url": None}
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "default": {"BACKEND": backend, "OPTIONS": options},
        "archive": {"BACKEND": backend, "OPTIONS": options},
    }


@pytest.fixture(autouse=True)
def _language_of_the_test() -> Iterator[None]:
    """Sentences are English again, whatever the last visitor of the test before has asked for."""
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> World:
    """Two organizations and their people: see `tests.builders.make_world`."""
    return make_world()


@pytest.fixture
def client_for():  # a factory
    """`client_for(world.uma)` is a browser in which Uma is signed in."""

    def client_for(person) -> Client:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_for
