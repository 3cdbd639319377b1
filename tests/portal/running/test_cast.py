"""Which processes a machine runs."""

from __future__ import annotations

import pytest

from portal.running import cast


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cast.socket, "gethostname", lambda: "render")


def told(plan) -> tuple[str, ...]:
    return plan.command[plan.command.index("gpu_worker") + 1 :]


def test_one_worker_is_the_usual(settings) -> None:
    (plan,) = cast.workers(0)

    assert (plan.name, told(plan)) == ("worker", ("--slot", "render-1"))


def test_every_device_gets_a_worker_with_a_name_that_stays(settings) -> None:
    settings.WORKERS, settings.WORKER_DEVICES = 2, ["cuda:0", "cuda:1"]

    plans = cast.workers(0)

    assert [plan.name for plan in plans] == ["worker-1", "worker-2"]
    assert [told(plan) for plan in plans] == [
        ("--slot", "render-1", "--device", "cuda:0"),
        ("--slot", "render-2", "--device", "cuda:1"),
    ]
    assert {plan.stop_order for plan in plans} == {1}


def test_given_name_goes_before_the_number(settings) -> None:
    settings.WORKER_NAME = "big"
    assert told(cast.workers(0)[0]) == ("--slot", "big")

    settings.WORKERS = 2

    assert [told(plan)[1] for plan in cast.workers(0)] == ["big-1", "big-2"]


def test_machine_for_pages_only_has_no_worker(settings) -> None:
    settings.WORKERS = 0

    assert cast.workers(0) == []
    assert cast.dispatcher(0).name == "dispatcher"
