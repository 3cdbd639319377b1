"""`manage.py gpu_worker`: one process that keeps the model warm and makes pictures."""

from __future__ import annotations

import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.access import Access
from generation.actions.workers import register_worker, retire_worker
from generation.queries.models import ids_of_models
from generation.worker.hosting import EngineHost
from generation.worker.process import WorkerProcess, work
from generation.worker.pulse import start_pulse
from generation.worker.stacks import stack_on_signal


class Command(BaseCommand):
    """Load the engines and answer tickets until a signal says stop."""

    help = "Make pictures: load the model once, then run jobs one after the other."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one life of a worker; exit with 1 when it broke, so that it is started again."""
        access = Access.system("gpu-worker")
        host = EngineHost(settings.GENERATION_ENGINES)
        worker = register_worker(
            access=access,
            slot=settings.WORKER_NAME or socket.gethostname(),
            engines=host.names,
            model_ids=ids_of_models(settings.WORKER_MODELS),
            pool=settings.WORKER_POOL,
        )
        process = WorkerProcess(host, worker)
        with stack_on_signal(worker.pk):
            healthy = self._live(access, process)
        if not healthy:
            sys.exit(1)

    def _live(self, access: Access, process: WorkerProcess) -> bool:
        worker = process.worker
        heart = start_pulse(worker.pk)
        try:
            process.warm_up()
            return work(process)
        finally:
            retire_worker(access=access, worker_id=worker.pk)
            if heart.stdin:
                heart.stdin.close()
            heart.wait(10)
