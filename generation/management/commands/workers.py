"""`manage.py workers`: what the workers page shows, and what it can do, in a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import Access
from accounts.errors import DomainError, NotVisible
from generation.actions.slots import forget_slot, reset_breakers, set_slot_state
from generation.queries.machines import Machine, machines_of, slot_named
from generation.tiers import GB
from generation.types import WorkerState
from generation.wording import ago_words

HEADS = ("NAME", "STATE", "POOL", "VERSION", "DEVICE", "MEMORY", "MODEL", "NOW", "SEEN")
STATES = {
    "pause": WorkerState.PAUSED,
    "resume": WorkerState.ACTIVE,
    "drain": WorkerState.DRAINING,
}


class Command(BaseCommand):
    """Shows the workers, and tells them to pause, resume or drain."""

    help = "List the workers; pause, resume or drain one; forget its failures."

    def add_arguments(self, parser: CommandParser) -> None:
        """One thing to do, to the worker with a name; without any the table alone."""
        deeds = parser.add_mutually_exclusive_group()
        deeds.add_argument("--pause", metavar="NAME", help="take no more pictures, stay warm")
        deeds.add_argument("--resume", metavar="NAME", help="go on")
        deeds.add_argument("--drain", metavar="NAME", help="as --pause, and free the GPU's memory")
        deeds.add_argument("--reset-breakers", metavar="NAME", help="forget failures, try at once")
        deeds.add_argument("--forget", metavar="NAME", help="take a place off the list")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, then show how things stand."""
        access = Access.system("workers")
        try:
            self._do(access, options)
        except NotVisible as error:
            message = "There is no worker of this name. `manage.py workers` lists them."
            raise CommandError(message) from error
        except DomainError as error:
            raise CommandError(error.sentence) from error
        machines = machines_of(access)
        if not machines:
            self.stdout.write("No worker has ever come.")
            return
        self._table([HEADS, *(_row(machine) for machine in machines)])
        for machine in machines:
            self._faults(machine)

    def _do(self, access: Access, options: dict[str, Any]) -> None:
        for option, state in STATES.items():
            if options[option]:
                slot = slot_named(access, options[option])
                set_slot_state(access=access, slot=slot, state=state)
        if options["reset_breakers"]:
            reset_breakers(access=access, slot=slot_named(access, options["reset_breakers"]))
        if options["forget"]:
            forget_slot(access=access, slot=slot_named(access, options["forget"]))

    def _table(self, rows: Sequence[Sequence[str]]) -> None:
        widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (
                cell + " " * (width - _columns(cell))
                for cell, width in zip(row, widths, strict=True)
            )
            self.stdout.write("  ".join(cells).rstrip())

    def _faults(self, machine: Machine) -> None:
        for fault in machine.faults:
            until = f", left alone until {fault.open_until:%H:%M:%S} UTC" if fault.is_open else ""
            self.stdout.write(
                f"{machine.name}: {fault.model} failed {fault.failures} times in a row"
                f" ({fault.code}){until}. {fault.message}".rstrip()
            )


def _row(machine: Machine) -> tuple[str, ...]:
    worker = machine.worker
    model = str(worker.resident_model) if worker.resident_model else "-"
    now = ", ".join(f"{job.created_by}/{job.project.name}" for job in machine.jobs)
    return (
        machine.name,
        _state(machine),
        worker.pool,
        worker.version or "?",
        worker.device or "-",
        _memory(machine),
        model,
        now or "-",
        ago_words(worker.last_seen_at),
    )


def _state(machine: Machine) -> str:
    told = machine.slot_state
    if not machine.is_live and told != WorkerState.ACTIVE:
        return f"gone, {told.value}"
    return machine.status


def _memory(machine: Machine) -> str:
    worker = machine.worker
    if worker.free_bytes is None or worker.total_bytes is None:
        return "-"
    tier = f" ({machine.tier.name})" if machine.tier else ""
    return f"{worker.free_bytes / GB:.1f} of {worker.total_bytes / GB:.1f} GB free{tier}"


def _columns(text: str) -> int:
    """How wide a terminal draws the text: Chinese characters take two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
