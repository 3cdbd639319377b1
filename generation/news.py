"""What open pages hear about the work. Hints only: pages read the truth from the database."""

from __future__ import annotations

from uuid import UUID

from accounts.live import tell, tell_all
from generation.engines.base import Progress
from generation.queries.waiting import people_waiting
from generation.types import JobStatus


def tell_step(person_id: int, request_id: UUID, job_id: UUID, progress: Progress) -> None:
    """A running job came one step further."""
    tell(
        person_id,
        {
            "type": "step",
            "request": str(request_id),
            "job": str(job_id),
            "phase": progress.phase.value,
            "step": progress.step,
            "steps": progress.steps,
        },
    )


def tell_job(person_id: int, request_id: UUID, job_id: UUID, status: JobStatus) -> None:
    """A job changed its status."""
    tell(
        person_id,
        {"type": "job", "request": str(request_id), "job": str(job_id), "status": status.value},
    )


def tell_line_changed(person_id: int) -> None:
    """What the person has waiting was changed: moved, edited, put off."""
    tell(person_id, {"type": "queue"})


def tell_queue_moved() -> None:
    """Everybody who waits may have a new place."""
    tell_all(people_waiting(), {"type": "queue"})
