"""500 pictures of 20 people while everything that can break breaks, at random moments.

The seed of the schedule is printed; `CHAOS_SEED=<number>` repeats it as far as processes repeat
themselves.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections

from accounts.models import Organization, Project, User
from accounts.roles import Role
from assets.models import Image, PendingFile
from assets.storage import archive_storage, read, sha256_of
from generation.models import GenerationJob, Worker
from generation.types import FINAL, JobStatus
from tests.builders import join, make_person, open_at_all_hours
from tests.callers import API, secret_of
from tests.generation.builders import make_preview_model
from tests.generation.chaos.caps import stop_watching, times_exceeded, watch_caps
from tests.generation.chaos.site import ChaosSite
from tests.generation.processes import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PICTURES = 500
SETTLED_WITHIN = 150


@dataclass
class Person:
    """Somebody who asks through the API, again and again until they are answered."""

    user: User
    project: Project
    secret: str

    def call(
        self, site: ChaosSite, method: str, path: str, body: object = None
    ) -> tuple[int, dict]:
        """Status and answer of one call; 0 when nobody answered."""
        request = urllib.request.Request(
            f"{site.address}{API}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}
        except (OSError, ValueError):
            return 0, {}


@dataclass
class Crowd:
    """What 20 people do meanwhile, and what they were told."""

    site: ChaosSite
    people: list[Person]
    dice: random.Random
    asked: int = 0
    jobs: dict[str, Person] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    refused: Counter[int] = field(default_factory=Counter)

    def ask_for_all(self) -> None:
        """Ask until `PICTURES` are asked for; an answer that got lost is asked for again."""
        while self.asked < PICTURES:
            person = self.dice.choice(self.people)
            body = {
                "prompt": f"chaos {self.asked}",
                "count": min(self.dice.randint(1, 4), PICTURES - self.asked),
                "width": 64,
                "height": 64,
                "steps": 4,
                "seed": self.asked * 10,
                "ticket": str(uuid4()),
            }
            path = f"/projects/{person.project.pk}/requests/"
            while (answer := person.call(self.site, "POST", path, body))[0] not in (200, 201):
                self.refused[answer[0]] += 1
                time.sleep(0.2)
            self.asked += body["count"]
            self.jobs |= {job["id"]: person for job in answer[1]["jobs"]}
            time.sleep(self.dice.uniform(0, 0.3))

    def change_their_minds(self, stop: threading.Event) -> None:
        """Cancel a picture now and then; remember what was promised."""
        while not stop.wait(0.8):
            open_jobs = [job for job in [*self.jobs] if job not in self.cancelled]
            if open_jobs:
                job = self.dice.choice(open_jobs[-60:])
                status, _answer = self.jobs[job].call(self.site, "POST", f"/jobs/{job}/cancel/")
                if status == 200:
                    self.cancelled.add(job)


@pytest.fixture
def seed() -> int:
    number = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"\nCHAOS_SEED={number}")
    return number


@pytest.fixture
def site(tmp_path: Path, seed: int) -> Iterator[ChaosSite]:
    watch_caps()
    made = ChaosSite(tmp_path, seed)
    made.start()
    yield made
    made.stop()
    stop_watching()


def make_people() -> list[Person]:
    """Two organizations of ten, with caps that bind: three workers are more than they may keep."""
    make_preview_model()
    caps = {"lantern": {"max_running_per_person": 1, "max_people_running": 2},
            "harbour": {"max_running_per_person": 2, "max_running": 2}}  # fmt: skip
    people = []
    for slug, limits in caps.items():
        organization = Organization.objects.create(name=slug, slug=slug)
        open_at_all_hours(organization, max_waiting_per_person=60, **limits)
        project = Project.objects.create(organization=organization, name="Chaos")
        for number in range(10):
            user = make_person(f"{slug}{number}")
            join(user, organization, Role.USER)
            people.append(Person(user, project, secret_of(user, organization)))
    return people


def disturbances(site: ChaosSite, dice: random.Random) -> list[tuple[str, Callable[[], None]]]:
    """Everything that happens, in random order."""
    workers = [f"worker-{number}" for number in range(3)]
    killed = [*dice.choices(workers, k=6), "web", "web", "dispatcher", "dispatcher"]
    plan: list[tuple[str, Callable[[], None]]] = [
        (f"kill -9 {name}", lambda name=name: site.kill(name)) for name in killed
    ]
    plan += [("FLUSHALL", site.wipe_redis)] * 2
    plan += [
        ("Redis down for 10 s", lambda: site.stop_redis_for(10)),
        ("database down for 5 s", lambda: site.stop_database_for(5)),
        ("disk full for 3 s", lambda: site.fill_disk_for(3)),
        ("clock an hour ahead", lambda: site.turn_clock(3600)),
        ("clock right again", lambda: site.turn_clock(0)),
        ("clock an hour behind", lambda: site.turn_clock(-3600)),
    ]
    dice.shuffle(plan)
    return plan


def test_nothing_is_lost_or_doubled_whatever_breaks(site: ChaosSite, seed: int) -> None:
    dice = random.Random(seed)
    crowd = Crowd(site, make_people(), random.Random(seed + 1))
    stop = threading.Event()
    asking = threading.Thread(target=crowd.ask_for_all, daemon=True)
    cancelling = threading.Thread(target=crowd.change_their_minds, args=[stop], daemon=True)
    asking.start()
    cancelling.start()

    for what, happen in disturbances(site, dice):
        time.sleep(dice.uniform(1, 3))
        print(f"{time.strftime('%X')} {what}; {crowd.asked} asked for")
        happen()
    site.turn_clock(0)
    asking.join(SETTLED_WITHIN)
    stop.set()
    cancelling.join(40)
    connections.close_all()  # a database that was down has thrown this process out as well
    assert crowd.asked == PICTURES, crowd.refused

    unfinished = GenerationJob.objects.exclude(status__in=sorted(FINAL))
    wait_for(lambda: not unfinished.exists(), seconds=SETTLED_WITHIN, what="every job has ended")
    site.stop()

    assert_everything_holds(crowd)


def assert_everything_holds(crowd: Crowd) -> None:
    jobs = list(GenerationJob.objects.select_related("image"))
    print(Counter(job.status for job in jobs), f"{len(crowd.cancelled)} cancels were promised")
    assert len(jobs) == PICTURES
    assert {str(job.pk) for job in jobs} == set(crowd.jobs)

    kept = [job.image for job in jobs if job.image]
    assert {job.pk for job in jobs if job.image} == {
        job.pk for job in jobs if job.status == JobStatus.SUCCEEDED
    }
    assert len({image.pk for image in kept}) == len(kept) == Image.objects.count()
    assert len(kept) > PICTURES / 2
    for image in kept:
        assert sha256_of(read(image.path)) == image.sha256

    statuses = {str(job.pk): job.status for job in jobs}
    assert {statuses[job] for job in crowd.cancelled} <= {JobStatus.CANCELLED}
    assert times_exceeded() == 0
    root = Path(archive_storage().location)
    files = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    rows = set(Image.objects.values_list("path", flat=True)) | set(
        Image.objects.values_list("renditions__path", flat=True)
    )
    assert rows <= files
    promised = set(PendingFile.objects.values_list("path", flat=True))
    assert files - rows <= promised, "a file that no row and no promise speaks for"
    assert not Worker.objects.filter(stopped_at__isnull=True, jobs__status=JobStatus.RUNNING)
