"""What a claim and a look at the line cost with 10, 1,000 and 100,000 waiting jobs.

    python -m benchmarks.claim_cost [--people 40] [--claims 50]

Makes a database of its own (SQLite in a temporary directory, or a test database on the server of
DATABASE_URL), fills it, and times `claim_next_job` as a worker calls it, and `line_of` as a page
does that shows a waiting job of somebody: the first one, and the last one of their line. Printed
are the median and p95 in milliseconds, and how the scheduler's query is executed. Both must stay
flat once every person has more jobs waiting than are read of one (`queries.lines`).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from datetime import timedelta
from uuid import uuid4

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="atelier-bench-"))
os.environ["ATELIER_LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import grants  # noqa: E402
from accounts.access import Access  # noqa: E402
from accounts.models import Membership, Organization, Project, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from generation.actions.models import register_model  # noqa: E402
from generation.actions.running import claim_next_job  # noqa: E402
from generation.actions.workers import register_worker, retire_worker  # noqa: E402
from generation.demands import demand_of  # noqa: E402
from generation.limits import HoursRule  # noqa: E402
from generation.models import (  # noqa: E402
    GenerationJob,
    GenerationRequest,
    OrganizationPolicy,
    Worker,
)
from generation.queries.places import line_of  # noqa: E402
from generation.queries.waiting import explain_heads  # noqa: E402

SYSTEM = Access.system("benchmark")
SIZES = (10, 1_000, 100_000)


def main() -> None:
    """Fill, claim, print; once per size."""
    arguments = _arguments()
    config = setup_databases(verbosity=0, interactive=False)
    try:
        project, people = _make_people(arguments.people)
        print(f"{connection.vendor}, {arguments.people} people, {arguments.claims} claims each")
        smallest: dict[str, float] = {}
        for size in SIZES:
            _fill(project, people, size)
            print(f"{size:8,} waiting")
            worker = register_worker(access=SYSTEM, slot="benchmark", engines=["preview"])
            for name, times in (
                ("look at the first", _looks(people, last=False)),
                ("look at the last", _looks(people, last=True)),
                ("claim", _claims(worker, min(arguments.claims, size))),
            ):
                times.sort()
                median, p95 = statistics.median(times), times[int(len(times) * 0.95)]
                smallest.setdefault(name, median)
                print(
                    f"{name:>24}: median {median:7.2f} ms, p95 {p95:7.2f} ms, "
                    f"{median / smallest[name]:5.2f} x the smallest"
                )
            retire_worker(access=SYSTEM, worker_id=worker.pk)
        print("\nhow the first job of everybody is found:")
        print(explain_heads())
    finally:
        teardown_databases(config, verbosity=0)


def _make_people(count: int) -> tuple[Project, list[User]]:
    organization = Organization.objects.create(name="Benchmark", slug="benchmark")
    project = Project.objects.create(organization=organization, name="Benchmark")
    OrganizationPolicy.objects.create(
        organization=organization,
        hours_rule=HoursRule.ALWAYS,
        max_running_per_person=1_000_000,
        max_people_running=1_000_000,
    )
    people = [
        User.objects.create_user(f"person{number}@example.com", name=f"Person {number}")
        for number in range(count)
    ]
    for person in people:
        Membership.objects.create(user=person, organization=organization, role=Role.USER.value)
        grants.apply(user_id=person.pk, organization_id=organization.pk)
    return project, people


def _fill(project: Project, people: list[User], size: int) -> None:
    GenerationJob.objects.all().delete()
    model = register_model(access=SYSTEM, name="Preview", revision="1", engine="preview")
    requests = [
        GenerationRequest.objects.create(
            project=project,
            created_by=person,
            prompt="x",
            prompt_typed="x",
            model_version=model,
            width=512,
            height=512,
            steps=8,
            cfg=1,
            seed=1,
            count=1,
        )
        for person in people
    ]
    demand = demand_of(model, width=512, height=512, may_shrink=False)
    now = timezone.now()
    GenerationJob.objects.bulk_create(
        (
            GenerationJob(
                id=uuid4(),
                request=requests[number % len(people)],
                project=project,
                created_by=people[number % len(people)],
                index=number,
                seed=number,
                steps=8,
                engine="preview",
                demand=demand,
                position=number,
                estimated_seconds=1.0,
                queued_at=now + timedelta(milliseconds=number),
            )
            for number in range(size)
        ),
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _looks(people: list[User], *, last: bool) -> list[float]:
    """A page of each of ten people; with `last` it shows the end of their line."""
    times = []
    for person in people[:10]:
        waiting = GenerationJob.objects.filter(created_by=person).order_by("position")
        job = waiting.last() if last else waiting.first()
        if job is not None:
            started = time.perf_counter()
            line_of([job])
            times.append((time.perf_counter() - started) * 1000)
    return times


def _claims(worker: Worker, count: int) -> list[float]:
    times = []
    for _ in range(count):
        started = time.perf_counter()
        assert claim_next_job(access=SYSTEM, worker=worker)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--claims", type=int, default=50)
    return parser.parse_args()


if __name__ == "__main__":
    main()
