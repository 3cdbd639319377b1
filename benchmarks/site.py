"""A whole site for one benchmark: its own database, Redis and archive, real worker processes.

Importing this module sets up Django in a temporary directory; do it once, before anything else of
the project is imported.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

DIRECTORY = Path(tempfile.mkdtemp(prefix="atelier-bench-"))
STAMPS = DIRECTORY / "stamps"
LOG = DIRECTORY / "worker.log"

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
os.environ["DATA_DIR"] = str(DIRECTORY)
os.environ["ATELIER_LOG_FORMAT"] = "json"
os.environ.setdefault("BENCH_SECONDS", "0.2")
os.environ.setdefault("BENCH_SIDE", "1024")
os.environ["BENCH_STAMPS"] = str(STAMPS)

import django  # noqa: E402

django.setup()

import redis  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from accounts import grants  # noqa: E402
from accounts.access import Access, Actor  # noqa: E402
from accounts.grants import access_for  # noqa: E402
from accounts.models import Membership, Organization, Project, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks.sleeping_engine import Stamp, read_stamps  # noqa: E402
from generation.actions.models import register_model  # noqa: E402
from generation.actions.requesting import request_images  # noqa: E402
from generation.limits import HoursRule  # noqa: E402
from generation.models import GenerationJob, ModelVersion, OrganizationPolicy  # noqa: E402
from generation.types import ImageAsk, JobStatus  # noqa: E402
from portal.embedded_redis import command, url_of, wait_until_ready  # noqa: E402

SYSTEM = Access.system("benchmark")
SIDE = int(os.environ["BENCH_SIDE"])


@contextlib.contextmanager
def site(people: int) -> Iterator[list[User]]:
    """The site with its people, each of whom may have work waiting without limit."""
    server = subprocess.Popen(command(DIRECTORY / "redis"), stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(url_of(DIRECTORY / "redis"), server)
        call_command("migrate", interactive=False, verbosity=0)
        register_model(
            access=SYSTEM, name="Sleeping", revision="1", engine="sleeping", is_default=True
        )
        yield _make_people(people)
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(DIRECTORY, ignore_errors=True)


@contextlib.contextmanager
def workers(count: int = 1) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Real worker processes, warm when the block begins and stopped when it ends."""
    with LOG.open("ab") as log:
        warm = _warm_workers()
        processes = [
            subprocess.Popen(
                [sys.executable, "manage.py", "gpu_worker", "--slot", f"bench-{number}"], stderr=log
            )
            for number in range(count)
        ]
        try:
            wait_for(lambda: _warm_workers() == warm + count, seconds=60)
            time.sleep(1)  # they still have to reach their queue
            yield processes
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(30)


def ask(person: User, *, count: int = 1, side: int = SIDE) -> None:
    """The person asks for pictures, as a form or the API does."""
    request_images(
        access=access_for(person, Actor(label=str(person), user_id=person.pk)),
        project=Project.objects.get(),
        ask=ImageAsk(
            prompt="a benchmark",
            width=side,
            height=side,
            count=count,
            model_version_id=ModelVersion.objects.get(engine="sleeping").pk,
        ),
    )


def ask_in_turn(people: list[User], count: int) -> None:
    """The people ask for `count` pictures together, four at a time, one person after the other."""
    for number in range(0, count, 4):
        ask(people[number // 4 % len(people)], count=min(4, count - number))


def wait_until_drawn(count: int, *, seconds: float = 300) -> list[Stamp]:
    """Wait for so many archived pictures since the stamps were last read; return their stamps."""
    done = GenerationJob.objects.filter(status=JobStatus.SUCCEEDED)
    wait_for(lambda: done.count() == count, seconds=seconds)
    stamps = read_stamps(STAMPS)
    if len({stamp.seed for stamp in stamps}) != len(stamps):
        raise AssertionError("a picture was drawn twice")
    return stamps


def forget() -> None:
    """Begin anew: no jobs, no stamps, no tickets."""
    GenerationJob.objects.all().delete()
    STAMPS.write_text("")
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        connection.flushall()


def wait_for(condition, *, seconds: float) -> None:  # noqa: ANN001
    """Return when the condition holds; give up with the end of the worker's log."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(LOG.read_text()[-4000:] if LOG.exists() else "no log")
        time.sleep(0.05)


def load() -> str:
    """How busy the machine is with other things, for the heading of a table."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def _warm_workers() -> int:
    return LOG.read_text().count('"worker.warm"') if LOG.exists() else 0


def _make_people(count: int) -> list[User]:
    organization = Organization.objects.create(name="Benchmark", slug="benchmark")
    Project.objects.create(organization=organization, name="Benchmark")
    OrganizationPolicy.objects.create(
        organization=organization,
        hours_rule=HoursRule.ALWAYS,
        max_images_per_request=4,
        max_people_running=100,
        max_waiting_per_person=100_000,
        max_requests_per_minute=100_000,
    )
    people = [
        User.objects.create_user(f"person{number}@example.com", name=f"Person {number}")
        for number in range(count)
    ]
    for person in people:
        Membership.objects.create(user=person, organization=organization, role=Role.USER.value)
        grants.apply(user_id=person.pk, organization_id=organization.pk)
    return people
