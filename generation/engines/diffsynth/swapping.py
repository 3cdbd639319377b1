"""Putting one thing in the place of another, large, that serves until then.

Knows nothing of models: what is brought, put in place and dropped is the caller's. The caller's
functions must not keep what they bring, and neither does this module.
"""

from collections.abc import Callable
from typing import TypeVar

from generation.engines.base import EngineError, OutOfMemory
from generation.engines.diffsynth.faults import explain_loading

T = TypeVar("T")


def swap(
    *,
    beside: bool,
    bring: Callable[[], T],
    put: Callable[[T], None],
    drop: Callable[[], None],
    bring_back: Callable[[], T],
) -> EngineError | None:
    """Replace the old by the new; the failure, if there was one.

    With `beside` the new is brought while the old is still there, and only a lack of memory makes
    it go first. Otherwise the old goes first, and is brought back when the new fails. After a
    failure the old serves again, unless bringing it back failed too: then `put` was not called
    since `drop`, and nothing is there.
    """
    if beside:
        failure = attempt(bring, put)
        if not isinstance(failure, OutOfMemory):
            return failure
    drop()
    failure = attempt(bring, put)
    # After a fatal failure nothing can be loaded in this process; trying would only take time.
    if failure is not None and not failure.fatal:
        drop()
        attempt(bring_back, put)
    return failure


def attempt(bring: Callable[[], T], put: Callable[[T], None]) -> EngineError | None:
    """Bring and put in place. A failure is returned, so that no traceback keeps what was begun."""
    try:
        put(bring())
    except Exception as error:  # noqa: BLE001 - every kind is mapped
        return explain_loading(error)
    return None
