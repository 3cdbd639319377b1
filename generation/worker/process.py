"""A warm worker process: RQ brings tickets, the runner does jobs, one at a time, never forking.

RQ's ordinary worker forks for every job; the model would be loaded again each time, and CUDA
cannot be used in a child of a process that has touched it. `SimpleWorker` runs the job in place.
"""

from __future__ import annotations

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

from generation.dispatch import TICKET, gpu_queue, ring
from generation.engines.base import EngineError, ModelRef
from generation.models import Worker
from generation.queries.models import enabled_models
from generation.worker.hosting import EngineHost
from generation.worker.runner import Runner

log = structlog.get_logger(__name__)

# After a request to stop, a picture may take this long to finish before it is handed back.
GRACE_SECONDS = 5.0
# RQ looks up from waiting this often (its TTL less 15 s), and is gone for RQ after the TTL.
RQ_TTL_SECONDS = 30
# A worker outlives this long a time without Redis, trying once a second.
REDIS_PATIENCE_SECONDS = 120


class WorkerProcess:
    """The state of this process: its engines, its row, whether it shall stop."""

    def __init__(self, host: EngineHost, worker: Worker) -> None:
        self.host = host
        self.worker = worker
        self.faulty = False
        self._stop_at: float | None = None
        self._runner = Runner(host=host, worker=worker, must_stop=self.must_stop)

    def ask_to_stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take no more jobs; the running one has `grace_seconds` to finish."""
        self._stop_at = time.monotonic() + grace_seconds

    def must_stop(self) -> bool:
        """Whether the running job has to be handed back now."""
        return self._stop_at is not None and time.monotonic() >= self._stop_at

    def serve(self) -> None:
        """Answer one ticket: run the next job, if there is one.

        Nothing is rung here: a job that ends rings for the next one, and while nothing can start
        (everybody at their limit, jobs of other engines) the dispatcher's bell once a second is
        enough.
        """
        if self._stop_at is not None:
            return
        try:
            self._runner.run_next()
        except Exception:
            # The job's row could not be settled, or the engine is beyond repair: end this life,
            # a new one recovers the job.
            log.exception("worker.faulty")
            self.faulty = True

    def warm_up(self) -> None:
        """Load the model that people will most likely ask for; a failure is left to its jobs."""
        model = enabled_models().filter(engine__in=self.host.names).first()
        if model is None:
            return
        log.info("worker.loading", model=model.name)
        started = time.perf_counter()
        try:
            self.host.warm_up(model.engine, ModelRef(model.name, model.revision))
        except EngineError as error:
            log.error("worker.not_warm", reason=error.message, detail=error.detail)  # noqa: TRY400
        else:
            log.info(
                "worker.warm", model=model.name, seconds=round(time.perf_counter() - started, 2)
            )


class GpuWorker(SimpleWorker):
    """RQ's side of a worker process."""

    process: WorkerProcess

    def handle_warm_shutdown_request(self) -> None:
        """First SIGTERM or Ctrl-C: finish soon, or hand the job back."""
        log.info("worker.stopping")
        self.process.ask_to_stop()

    def request_force_stop(self, signum: int, frame: Any) -> None:
        """Second signal: hand the job back at its next step."""
        self.process.ask_to_stop(grace_seconds=0)

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
    ring()
    rq_worker.work(logging_level="WARNING")
    return not process.faulty
