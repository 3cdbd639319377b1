"""Whether this worker shall stop, and how soon."""

from __future__ import annotations

import time


class Stop:
    """A request to stop, set by a signal and read by everybody.

    Signal handlers run in the drawing thread, in the middle of whatever it does. So this is plain
    attributes: a lock or an event could already be held by the very code that was interrupted.
    """

    def __init__(self) -> None:
        self._at: float | None = None

    def ask(self, grace_seconds: float) -> None:
        """Begin no more pictures; the one being drawn has `grace_seconds`. Only ever shortens."""
        at = time.monotonic() + grace_seconds
        self._at = at if self._at is None else min(self._at, at)

    @property
    def asked(self) -> bool:
        """Whether no more pictures may begin."""
        return self._at is not None

    @property
    def overdue(self) -> bool:
        """Whether the picture being drawn has to be handed back now."""
        return self._at is not None and time.monotonic() >= self._at
