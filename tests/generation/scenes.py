"""Scenes for the forecast: who waits, who runs, who could do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from generation.gates import Gates
from generation.limits import NO_CAPS, Caps, Limits, Rules
from generation.pacing import Pace, Spread
from generation.scene import Scene, Server, Waiting, WaitingLine
from generation.scheduling import Candidate, Ledger
from generation.types import JobLane

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)  # a Monday
UMA, RITA, PAUL = 1, 2, 3
PETS = 1
ALL_KINDS = frozenset(range(10))
OPEN = Rules(
    limits=Limits(), project_caps=NO_CAPS, organization_caps=NO_CAPS, quotas=(), time_zone="UTC"
)


def waiting(number: int, *, person: int = UMA, takes: float = 10.0, **options: object) -> Waiting:
    """The waiting job of this number; a greater number came later. It takes exactly `takes`."""
    cap = options.pop("cap", None)
    values: dict[str, object] = {
        "job_id": UUID(int=number),
        "organization_id": 1,
        "person_id": person,
        "project_id": PETS,
        "queued_at": NOW + timedelta(seconds=number - 10_000),
        "seconds": takes,
        "project_caps": Caps(per_person=cap),  # type: ignore[arg-type]
        "lane": JobLane.INTERACTIVE,
        "model_id": 1,
    }
    return Waiting(Candidate(**{**values, **options}), Spread(takes, takes, takes))  # type: ignore[arg-type]


def varying(job: Waiting, *, by: float = 0.5) -> Waiting:
    """The same job, of which nobody knows exactly how long it takes."""
    likely = job.takes.likely
    return replace(job, takes=Spread(likely * (1 - by), likely, likely * (1 + by)))


def lines_of(jobs: Iterable[Waiting]) -> list[WaitingLine]:
    """The jobs, each in the line of its person, project, lane and model."""
    lines: dict[tuple[int, int, JobLane, int], list[Waiting]] = {}
    for job in jobs:
        each = job.candidate
        key = each.person_id, each.project_id, each.lane, each.model_id
        lines.setdefault(key, []).append(job)
    return [WaitingLine(demand_id=key[3], jobs=line) for key, line in lines.items()]


def scene(*jobs: Waiting, workers: int = 1, **options: object) -> Scene:
    """The jobs in front of so many workers that can do everything and have model 1 loaded."""
    values: dict[str, object] = {
        "lines": lines_of(jobs),
        "servers": [Server(demands=ALL_KINDS, resident=1)] * workers,
        "ledger": Ledger(),
        "gates": gates_of(OPEN),
        "pace": Pace(),
    }
    return Scene(**{**values, **options})  # type: ignore[arg-type]


def gates_of(rules: Rules, uses: object = None) -> Gates:
    """The same rules in three projects."""
    return Gates(dict.fromkeys((1, 2, 3), rules), uses or {}, now=NOW)  # type: ignore[arg-type]
