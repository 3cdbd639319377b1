"""Several people at one moment, each with a database connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Answer = TypeVar("Answer")


class _Nothing(Exception):
    """Never raised: nothing is refused."""


def at_once(
    count: int, do: Callable[[int], Answer], *, refusal: type[Exception] = _Nothing
) -> list[Answer | None]:
    """What `do(0)`, `do(1)`, ... answer when all begin together; `None` for a `refusal`.

    On PostgreSQL they run side by side; SQLite lets one write after the other.
    """
    begin = threading.Barrier(count)

    def one(number: int) -> Answer | None:
        try:
            begin.wait(10)
            return do(number)
        except refusal:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as people:
        return list(people.map(one, range(count)))
