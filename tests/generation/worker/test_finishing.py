"""The finisher: in order, beside the drawing, never more than it has room for."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from generation.worker.finishing import Finisher
from generation.worker.outcomes import GivenUp, Why


def outcome(number: int) -> Any:
    return GivenUp(SimpleNamespace(job=SimpleNamespace(pk=number)), Why.LOST)


def number_of(given: Any) -> int:
    return given.claim.job.pk


def test_everything_handed_over_is_settled_in_order_before_it_closes() -> None:
    settled: list[int] = []

    def settle(given: Any) -> None:
        time.sleep(0.02)
        settled.append(number_of(given))

    finisher = Finisher(settle, on_fault=lambda: None)
    finisher.start()
    for number in range(6):
        finisher.hand(outcome(number))
    finisher.close()

    assert settled == list(range(6))


def test_handing_over_does_not_wait_while_there_is_room_and_waits_when_there_is_none() -> None:
    go_on = threading.Event()
    finisher = Finisher(lambda _: go_on.wait(5), on_fault=lambda: None, room=2)
    finisher.start()
    for number in range(3):  # one being settled, two waiting
        finisher.hand(outcome(number))
        time.sleep(0.05)
    one_more = threading.Thread(target=finisher.hand, args=[outcome(3)])

    one_more.start()
    one_more.join(0.2)
    assert one_more.is_alive()
    go_on.set()
    one_more.join(5)

    assert not one_more.is_alive()
    finisher.close()


def test_outcome_that_cannot_be_settled_is_a_fault_and_the_others_are_still_settled() -> None:
    settled: list[int] = []
    faults: list[str] = []

    def settle(given: Any) -> None:
        if number_of(given) == 1:
            raise OperationalError("the database is away")
        settled.append(number_of(given))

    finisher = Finisher(settle, on_fault=lambda: faults.append(threading.current_thread().name))
    finisher.start()
    for number in range(3):
        finisher.hand(outcome(number))
    finisher.close()

    assert settled == [0, 2]
    assert faults == ["finisher"]


@pytest.mark.django_db(transaction=True)
def test_waiting_ends_when_all_is_settled() -> None:
    settled: list[int] = []
    finisher = Finisher(
        lambda given: (time.sleep(0.05), settled.append(number_of(given)))[0],
        on_fault=lambda: None,
    )
    finisher.start()
    for number in range(3):
        finisher.hand(outcome(number))

    finisher.wait()

    assert settled == [0, 1, 2]
    finisher.close()
