"""One change to several pictures, for those who look after the work of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext

from accounts.access import Access
from accounts.errors import DomainError
from generation.actions.changing_lanes import change_lane, set_priority
from generation.actions.requesting import cancel_job, retry_job
from generation.models import GenerationJob
from generation.types import JobLane, JobPriority


class Deed(StrEnum):
    """What is done to each."""

    CANCEL = "cancel"
    RETRY = "retry"
    LANE = "lane"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is done to each, and where to."""

    deed: Deed
    lane: JobLane = JobLane.INTERACTIVE
    priority: JobPriority = JobPriority.NORMAL


@dataclass(slots=True)
class Outcome:
    """How many were changed, and how many were not, by the sentence that says why."""

    changed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def change_several(*, access: Access, jobs: Sequence[GenerationJob], change: Change) -> Outcome:
    """Change each picture that can be changed, in a transaction of its own.

    What the actor may not change, or what is not in the state for it, is skipped and counted.
    """
    outcome = Outcome()
    for job in jobs:
        try:
            with transaction.atomic():
                changed = _change(access, job, change)
        except DomainError as refusal:
            outcome.skipped[refusal.sentence] += 1
        else:
            outcome.changed += changed
            if not changed:
                outcome.skipped[gettext("It was so already.")] += 1
    return outcome


def _change(access: Access, job: GenerationJob, change: Change) -> bool:
    only = [job.pk]
    match change.deed:
        case Deed.CANCEL:
            cancel_job(access=access, job=job)
        case Deed.RETRY:
            retry_job(access=access, job=job)
        case Deed.LANE:
            moved = change_lane(access=access, request=job.request, lane=change.lane, only=only)
            return bool(moved)
        case Deed.PRIORITY:
            given = set_priority(
                access=access, request=job.request, priority=change.priority, only=only
            )
            return bool(given)
    return True
