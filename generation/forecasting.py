"""Which place in the line a waiting job has. Pure: it plays the scheduler forward.

The same rule that picks the next job (`scheduling.in_order`) is asked again and again, as if every
picture took equally long: whenever no worker is free, the job that has run longest ends. So the
place that a page shows is the one the scheduler would give, as long as nobody joins or leaves.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterable
from uuid import UUID

from generation.scheduling import Candidate, Ledger, Running, RunningJob, in_order
from generation.types import JobLane


def places(
    waiting: Iterable[Candidate],
    *,
    running: Iterable[RunningJob],
    ledger: Ledger,
    workers: int,
    up_to: int,
) -> dict[UUID, int]:
    """The places of the first `up_to` waiting jobs, counted from 1.

    `waiting` holds every waiting job in the order of each person's line; `running` has one entry
    per running job, the one that began first at the front. `workers` is how many can run at once,
    at least 1.
    """
    lines = _by_owner(waiting)
    busy = deque(running)
    ledger = copy.deepcopy(ledger)
    found: dict[UUID, int] = {}
    while lines and len(found) < up_to:
        while len(busy) >= workers:
            busy.popleft()
        heads = [line[0] for line in lines.values()]
        order = in_order(heads, running=Running(busy), ledger=ledger)
        if order:
            chosen = order[0]
            key = _line_of(chosen)
            lines[key].popleft()
            if not lines[key]:
                del lines[key]
            found[chosen.job_id] = len(found) + 1
            ledger.charge(chosen)
            busy.append(RunningJob(chosen.person_id, chosen.project_id, chosen.organization_id))
        elif busy:
            busy.popleft()
        else:
            break
    return found


def _line_of(job: Candidate) -> tuple[int, int, JobLane]:
    return job.person_id, job.project_id, job.lane


def _by_owner(
    waiting: Iterable[Candidate],
) -> dict[tuple[int, int, JobLane], deque[Candidate]]:
    lines: dict[tuple[int, int, JobLane], deque[Candidate]] = {}
    for each in waiting:
        lines.setdefault(_line_of(each), deque()).append(each)
    return lines
