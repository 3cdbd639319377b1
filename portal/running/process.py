"""One child process: how it is started, read, stopped, and when it may be started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

TETHER = Path(__file__).with_name("tether.py")
LONGEST_PAUSE = 30.0
"""Seconds between two starts of a child that keeps dying: 1, 2, 4, 8, 16, then always 30."""
STEADY_AFTER = 60.0
"""Seconds of life after which earlier deaths are forgotten."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run, under which name in the log, and when and how patiently to stop it."""

    name: str
    command: tuple[str, ...]
    stop_order: int = 0
    stop_seconds: float = 5.0
    keep_open: tuple[int, ...] = ()
    """File descriptors that the process inherits."""


class Child:
    """The process of a plan: one life after another."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.start_again_at: float | None = None
        self._deaths = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._rest = b""

    def start(self) -> int:
        """Start the process; return the file descriptor on which it can be heard.

        The process leads a group of its own: Ctrl-C in the terminal is the parent's business.
        """
        self._process = subprocess.Popen(  # noqa: S603  # our own commands, no shell
            [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *self.plan.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=self.plan.keep_open,
            start_new_session=True,
        )
        self._started_at = time.monotonic()
        self.start_again_at = None
        os.set_blocking(self._output, False)
        return self._output

    @property
    def pid(self) -> int:
        """Process id of the present or last life."""
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def how_it_ended(self) -> str:
        """The end in words: `exit status 1`, `killed by SIGKILL`."""
        code = self._process.returncode if self._process else 0
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"

    @property
    def _output(self) -> int:
        assert self._process is not None  # noqa: S101  # started before it is heard
        assert self._process.stdout is not None  # noqa: S101
        return self._process.stdout.fileno()

    def read(self) -> tuple[list[str], bool]:
        """The whole lines that are waiting, and whether these were the last."""
        lines: list[bytes] = []
        ended = False
        try:
            while chunk := os.read(self._output, 65536):
                *whole, self._rest = (self._rest + chunk).split(b"\n")
                lines += whole
            ended = True
        except BlockingIOError:
            pass
        if ended and self._rest:
            lines, self._rest = [*lines, self._rest], b""
        return [line.decode(errors="replace").rstrip("\r") for line in lines], ended

    def pause(self) -> float:
        """Note a death; return how many seconds pass before the next start."""
        if time.monotonic() - self._started_at > STEADY_AFTER:
            self._deaths = 0
        seconds = min(LONGEST_PAUSE, 2.0**self._deaths)
        self._deaths += 1
        self.start_again_at = time.monotonic() + seconds
        return seconds

    def ask_to_stop(self) -> None:
        """Send SIGTERM; the process may take `stop_seconds`."""
        if self._process is not None and self.running:
            self._process.terminate()

    def end(self) -> None:
        """Kill what is left of the process and of everything that it started."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Give the pipe back."""
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
