"""A warm worker process: RQ brings tickets, the runner draws, one picture at a time, never forking.

RQ's ordinary worker forks for every job; the model would be loaded again each time, and CUDA
cannot be used in a child of a process that has touched it. `SimpleWorker` runs the job in place.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
import time
from typing import Any

import redis
import structlog
from django.conf import settings
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from rq import SimpleWorker
from rq.exceptions import DeserializationError
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty

from accounts.access import Access
from generation.actions.workers import report_device
from generation.dispatch import TICKET, TICKET_SECONDS, gpu_queue, ring
from generation.engines.base import EngineError, ModelRef
from generation.models import ModelVersion, Worker
from generation.queries.models import enabled_models
from generation.queries.workers import is_draining
from generation.worker.hosting import EngineHost
from generation.worker.runner import Runner
from generation.worker.stopping import Stop

log = structlog.get_logger(__name__)

# After a request to stop, a picture may take this long to finish before it is handed back.
GRACE_SECONDS = 5.0
# RQ looks up from waiting this often (its TTL less 15 s), and is gone for RQ after the TTL.
RQ_TTL_SECONDS = 30
# Threads give way to each other this quickly.
SWITCH_SECONDS = 0.0005
# A worker outlives this long a time without Redis, trying once a second.
REDIS_PATIENCE_SECONDS = 120


class WorkerProcess:
    """The state of this process: its engines, its row, its pipeline, whether it shall stop."""

    def __init__(self, host: EngineHost, worker: Worker) -> None:
        self.host = host
        self.worker = worker
        self.faulty = False
        self.stop = Stop()
        self.runner = Runner(host=host, worker=worker, stop=self.stop, on_fault=self._break)

    def serve(self) -> None:
        """Answer one ticket: draw pictures for as long as there are any, but return now and then.

        Nothing is rung here: a job that ends rings for the next one, and while nothing can start
        (everybody at their limit, jobs of other engines) the dispatcher's bell once a second is
        enough. The last pictures may still be on their way into the archive when this returns.
        """
        try:
            self.runner.run(seconds=TICKET_SECONDS)
        except Exception:
            # The database does not answer, or the engine is beyond repair: end this life, a new
            # one goes on.
            log.exception("worker.faulty")
            self.faulty = True

    def _break(self) -> None:
        """A job's row could not be settled: end this life, so that somebody recovers the job."""
        self.faulty = True
        os.kill(os.getpid(), signal.SIGTERM)  # RQ may be waiting for a ticket in the main thread

    def warm_up(self) -> None:
        """Load the model that people will most likely ask for; a failure is left to its jobs."""
        model = enabled_models().filter(engine__in=self.host.names).first()
        if model is None or is_draining(self.worker.pk):
            self._tell_device(None)
            return
        log.info("worker.loading", model=model.name)
        started = time.perf_counter()
        try:
            self.host.warm_up(model.engine, ModelRef(model.name, model.revision))
        except EngineError as error:
            log.error("worker.not_warm", reason=error.message, detail=error.detail)  # noqa: TRY400
            self._tell_device(None)
        else:
            self._tell_device(model)
            log.info(
                "worker.warm", model=model.name, seconds=round(time.perf_counter() - started, 2)
            )

    def _tell_device(self, model: ModelVersion | None) -> None:
        """Say what this process runs on, and what it holds."""
        memory = self.host.engine(model.engine).memory() if model else None
        report_device(
            access=Access.system("gpu-worker"),
            worker_id=self.worker.pk,
            device=memory.name if memory else platform.processor() or platform.machine(),
            memory=memory,
            resident_model_id=model.pk if model else None,
        )


class NoDeathPenalty(BaseDeathPenalty):
    """RQ's alarm, switched off.

    It would raise an exception in the middle of whatever the main thread does, between taking a
    claim and drawing it for example, and it cannot end a kernel that hangs. The pulse ends a worker
    whose job runs over its time, from outside.
    """

    def setup_death_penalty(self) -> None:
        """Set no alarm."""

    def cancel_death_penalty(self) -> None:
        """There is none."""


class GpuWorker(SimpleWorker):
    """RQ's side of a worker process."""

    death_penalty_class = NoDeathPenalty
    process: WorkerProcess

    def handle_warm_shutdown_request(self) -> None:
        """First SIGTERM or Ctrl-C: finish soon, or hand the job back."""
        log.info("worker.stopping")
        self.process.stop.ask(GRACE_SECONDS)

    def request_force_stop(self, signum: int, frame: Any) -> None:
        """Second signal: hand the job back at its next step."""
        self.process.stop.ask(0)

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Answer a ticket, and end this life when it went beyond repair.

        A ticket names the function to call. Ours is the only one that is called here, so that
        writing to Redis does not mean running code in the worker.
        """
        if not is_ticket(job):
            log.error("worker.refused", ticket=job.id)
            job.delete()
            ring()  # it may have stood in the place of a real one
            return
        super().execute_job(job, queue)
        if self.process.faulty:
            self._stop_requested = True


def is_ticket(job: Job) -> bool:
    """Whether the job is a ticket as `dispatch.ring` makes them, with nothing else in it."""
    try:
        named = (job.func_name, job.args, job.kwargs)
    except (DeserializationError, TypeError, ValueError):
        return False
    written = job.to_dict(include_meta=False, include_result=False)
    calls_back = job.webhooks or any(
        value for key, value in written.items() if key.endswith("_callback_name")
    )
    return named == (TICKET, [], {}) and not calls_back


_current: WorkerProcess | None = None


def current() -> WorkerProcess:
    """The worker that this process is. Tickets find it here, since RQ calls plain functions."""
    if _current is None:
        message = "Tickets are answered by `manage.py gpu_worker` only."
        raise RuntimeError(message)
    return _current


def work(process: WorkerProcess) -> bool:
    """Answer tickets until a signal says stop; `False` when the process broke."""
    global _current  # noqa: PLW0603  # RQ calls functions by name; they need to find the process
    _current = process
    connection = redis.Redis.from_url(
        settings.REDIS_URL, retry=Retry(ConstantBackoff(1), REDIS_PATIENCE_SECONDS)
    )
    rq_worker = GpuWorker(
        [gpu_queue(connection)],
        name=process.worker.pk.hex,
        connection=connection,
        serializer=JSONSerializer,  # tickets are data; pickled ones could carry code
        worker_ttl=RQ_TTL_SECONDS,
        maintenance_interval=RQ_TTL_SECONDS,
    )
    rq_worker.process = process
    # A thread that wants the interpreter's lock waits this long until it may interrupt the one that
    # has it. At Python's 5 ms the drawing thread would lose that much after each of an engine's
    # steps while another thread works. The kernels themselves run without the lock.
    sys.setswitchinterval(SWITCH_SECONDS)
    with process.runner:
        ring()
        rq_worker.work(logging_level="WARNING")
        # What is in the pipeline is finished, whatever RQ's own handlers think of another signal.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: process.stop.ask(0))
    return not process.faulty
