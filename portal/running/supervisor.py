"""The parent of the site's processes: relays their words, starts the dead again, stops them all."""

from __future__ import annotations

import selectors
import signal
import time
from collections.abc import Callable
from types import FrameType

from portal.running.output import Output
from portal.running.process import Child, Plan

TICK = 0.2


class Supervisor:
    """Looks after children from one thread.

    One thread on purpose: the kernel ends a tethered child when the *thread* that started it ends.
    """

    def __init__(self, output: Output) -> None:
        self.output = output
        self.children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._requests_to_stop = 0
        self._watching = False

    def start(self, plan: Plan) -> Child:
        """Start a child; it is looked after once `watch` runs."""
        child = Child(plan)
        self.children.append(child)
        self._launch(child)
        return child

    def take_signals(self) -> None:
        """Let the first Ctrl-C or SIGTERM end `watch`, and the second end all patience.

        Before `watch`, the first one raises `KeyboardInterrupt` in whatever is being prepared.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def watch(self, on_tick: Callable[[], None]) -> None:
        """Relay, restart and call `on_tick` until asked to stop."""
        self._watching = True
        while not self._requests_to_stop:
            self._relay(TICK)
            for child in self.children:
                self._look_after(child)
            on_tick()

    def stop_all(self) -> None:
        """Stop the children in the order of their plans; what does not go in time is killed."""
        for place in sorted({child.plan.stop_order for child in self.children}):
            self._stop([child for child in self.children if child.plan.stop_order == place])

    def _stop(self, group: list[Child]) -> None:
        for child in group:
            child.ask_to_stop()
        deadline = time.monotonic() + max(child.plan.stop_seconds for child in group)
        while any(child.running for child in group) and time.monotonic() < deadline:
            if self._requests_to_stop > 1:
                break
            self._relay(TICK / 4)
        for child in group:
            if child.running:
                self.output.say(f"The {child.plan.name} process did not stop in time; killing it.")
            self._bury(child)

    def _launch(self, child: Child) -> None:
        self._selector.register(child.start(), selectors.EVENT_READ, child)

    def _relay(self, seconds: float) -> None:
        if not self._selector.get_map():
            time.sleep(seconds)
        for key, _events in self._selector.select(seconds):
            self._repeat(key.data)

    def _repeat(self, child: Child) -> None:
        lines, ended = child.read()
        for line in lines:
            self.output.line(child.plan.name, line)
        if ended:
            self._forget_output(child)

    def _forget_output(self, child: Child) -> None:
        for key in [*self._selector.get_map().values()]:
            if key.data is child:
                self._selector.unregister(key.fd)
        child.close()

    def _bury(self, child: Child) -> None:
        """Kill its leftovers, then repeat its last words."""
        child.end()
        if any(key.data is child for key in self._selector.get_map().values()):
            self._repeat(child)
            self._forget_output(child)

    def _look_after(self, child: Child) -> None:
        if child.running:
            return
        if child.start_again_at is None:
            self._bury(child)
            seconds = child.pause()
            self.output.say(
                f"The {child.plan.name} process ended ({child.how_it_ended}). "
                f"Starting it again in {seconds:.0f} s."
            )
        elif time.monotonic() >= child.start_again_at:
            self._launch(child)

    def ask_to_stop(self) -> None:
        """End `watch` at its next turn; asked twice, end all patience."""
        self._requests_to_stop += 1

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.ask_to_stop()
        if not self._watching and self._requests_to_stop == 1:
            raise KeyboardInterrupt
