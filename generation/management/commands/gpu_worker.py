"""`manage.py gpu_worker`: one process that keeps the model warm and makes pictures."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from accounts.access import Access
from generation.actions.workers import register_worker, retire_worker
from generation.queries.models import ids_of_models
from generation.slot_names import slot_name
from generation.worker.hosting import EngineHost
from generation.worker.process import WorkerProcess, work
from generation.worker.pulse import start_pulse
from generation.worker.stacks import stack_on_signal


class Command(BaseCommand):
    """Load the engines and answer tickets until a signal says stop."""

    help = "Make pictures: load the model once, then run jobs one after the other."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which place it fills, and with which device; `manage.py serve` gives both."""
        parser.add_argument("--slot", default="", help="name of its place (ATELIER_WORKER_NAME)")
        parser.add_argument(
            "--device", default="", help="cuda:1, for example (ATELIER_MODEL_DEVICE)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one life of a worker; exit with 1 when it broke, so that it is started again."""
        access = Access.system("gpu-worker")
        call_command("register_models", add_only=True, verbosity=0)
        host = EngineHost(on_device(settings.GENERATION_ENGINES, options["device"]))
        worker = register_worker(
            access=access,
            slot=options["slot"] or slot_name(socket.gethostname(), given=settings.WORKER_NAME),
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


def on_device(engines: Mapping[str, Mapping[str, Any]], device: str) -> dict[str, dict[str, Any]]:
    """The engines' settings, with this device for those that have one; empty changes nothing."""
    return {
        name: {
            **entry,
            "OPTIONS": {
                **entry.get("OPTIONS", {}),
                **({"device": device} if device and "device" in entry.get("OPTIONS", {}) else {}),
            },
        }
        for name, entry in engines.items()
    }
