"""Ringing the bell: tickets in RQ tell workers that there is work.

A ticket names no job. Whoever takes one asks the database which job is next, so a lost, doubled or
late ticket changes nothing about the work. The dispatcher process and every worker make sure that
there are tickets as long as jobs wait.
"""

from __future__ import annotations

import django_rq
import redis
import structlog
from django.conf import settings
from rq import Queue

from generation.queries.waiting import waiting_count

log = structlog.get_logger(__name__)

TICKET = "generation.worker.tasks.serve_ticket"
QUEUE = "gpu"
# Enough for every worker to find its next ticket lying there; more would only be taken in vain.
MOST_TICKETS = 8
# Whoever takes a ticket goes on for this long while there is work, then looks after RQ's affairs.
TICKET_SECONDS = 60


def gpu_queue(connection: redis.Redis | None = None) -> Queue:
    """The queue that tickets go through."""
    return django_rq.get_queue(QUEUE, connection=connection)


def ring() -> None:
    """Make sure that tickets lie ready while jobs wait. Never raises.

    Without Redis nothing is rung now; the dispatcher rings again as soon as it is back.
    """
    try:
        queue = gpu_queue()
        missing = waiting_count(up_to=MOST_TICKETS) - queue.count
        for _ in range(missing):
            queue.enqueue(
                TICKET,
                job_timeout=_longest_answer(),
                result_ttl=0,
                failure_ttl=3600,
            )
    except redis.RedisError as error:
        log.warning("dispatch.not_rung", reason=str(error))


def _longest_answer() -> int:
    """The seconds after which RQ may take a ticket for lost.

    When a ticket's time is over, one picture is being drawn and the next one may be claimed.
    """
    return TICKET_SECONDS + 2 * settings.JOB_TIME_LIMIT_SECONDS + 120
