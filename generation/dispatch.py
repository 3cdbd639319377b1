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
from rq.serializers import JSONSerializer

from generation.queries.waiting import waiting_count
from generation.queries.workers import workers_by_pool

log = structlog.get_logger(__name__)

TICKET = "generation.worker.tasks.serve_ticket"
QUEUE = "gpu"
DEFAULT_POOL = "gpu"
# A worker finds its next ticket lying there while it draws; more would only be taken in vain.
TICKETS_FOR_EACH = 2
# Whoever takes a ticket goes on for this long while there is work, then looks after RQ's affairs.
TICKET_SECONDS = 60


def gpu_queue(connection: redis.Redis | None = None, *, pool: str = "") -> Queue:
    """The queue that tickets of a pool go through; without one the pool of this process's worker.

    The queue of the usual pool is the configured one, whose name it has always had. Those of other
    pools are on the same server and need no configuration of their own.
    """
    pool = pool or settings.WORKER_POOL
    if pool == DEFAULT_POOL:
        return django_rq.get_queue(QUEUE, connection=connection)
    return Queue(
        f"{QUEUE}-{pool}",
        connection=connection or django_rq.get_connection(QUEUE),
        serializer=JSONSerializer,  # tickets are data; pickled ones could carry code
    )


def ring() -> None:
    """Make sure that tickets lie ready while jobs wait, for every pool that has workers.

    No more than two lie there for each worker, so that none turns in circles over jobs that it
    cannot start. Never raises: without Redis nothing is rung now, and the dispatcher rings again as
    soon as it is back. Tickets of a pool whose workers have gone lie there and do no harm.
    """
    pools = workers_by_pool()
    if not pools:
        return  # a worker that comes rings for itself
    waiting = waiting_count(up_to=TICKETS_FOR_EACH * max(pools.values()))
    try:
        for pool, workers in pools.items():
            _ring_in(pool, min(waiting, TICKETS_FOR_EACH * workers))
    except redis.RedisError as error:
        log.warning("dispatch.not_rung", reason=str(error))


def _ring_in(pool: str, wanted: int) -> None:
    queue = gpu_queue(pool=pool)
    for _ in range(wanted - queue.count):
        queue.enqueue(
            TICKET,
            job_timeout=_longest_answer(),
            result_ttl=0,
            failure_ttl=3600,
        )


def _longest_answer() -> int:
    """The seconds after which RQ may take a ticket for lost.

    When a ticket's time is over, one picture is being drawn and the next one may be claimed.
    """
    return TICKET_SECONDS + 2 * settings.JOB_TIME_LIMIT_SECONDS + 120
