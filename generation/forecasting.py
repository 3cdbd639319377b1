"""Which place in the line a waiting job has. Pure: it plays the scheduler forward.

The same rule that picks the next job (`scheduling.in_order`) is asked again and again, as if every
picture took equally long: whenever no worker is free, the job that has run longest ends. So the
place that a page shows is the one the scheduler would give, as long as nobody joins or leaves.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from generation.scheduling import Candidate, in_order

Owner = tuple[int, int]
"""A person in a project."""


def places(
    waiting: Iterable[Candidate],
    *,
    running: Iterable[Owner],
    last_served: Mapping[int, datetime],
    workers: int,
    now: datetime,
    up_to: int,
) -> dict[UUID, int]:
    """The places of the first `up_to` waiting jobs, counted from 1.

    `waiting` holds every waiting job, the oldest first; `running` has one entry per running job,
    the one that began first at the front. `workers` is how many can run at once, at least 1.
    """
    lines = _by_owner(waiting)
    busy = deque(running)
    served = dict(last_served)
    found: dict[UUID, int] = {}
    while lines and len(found) < up_to:
        while len(busy) >= workers:
            busy.popleft()
        heads = [line[0] for line in lines.values()]
        order = in_order(heads, running=Counter(busy), last_served=served)
        if order:
            chosen = order[0]
            owner = (chosen.person_id, chosen.project_id)
            lines[owner].popleft()
            if not lines[owner]:
                del lines[owner]
            found[chosen.job_id] = len(found) + 1
            served[chosen.person_id] = now + timedelta(microseconds=len(found))
            busy.append(owner)
        elif busy:
            busy.popleft()
        else:
            break
    return found


def _by_owner(waiting: Iterable[Candidate]) -> dict[Owner, deque[Candidate]]:
    lines: dict[Owner, deque[Candidate]] = {}
    for each in waiting:
        lines.setdefault((each.person_id, each.project_id), deque()).append(each)
    return lines
