"""When the next job is claimed: late enough to be fair, early enough to be there."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from generation.engines.base import Phase, Progress
from generation.worker.foresight import Foresight


def steps_seen(foresight: Foresight, *, pace: float, total: int, up_to: int) -> float:
    """Let the engine begin steps 0 to `up_to`, each `pace` seconds long; the moment of the last."""
    for step in range(up_to + 1):
        foresight.see(Progress(Phase.DENOISING, step, total), step * pace)
    return up_to * pace


def test_estimate_counts_as_long_as_nothing_better_is_known() -> None:
    foresight = Foresight(estimate=10, started=100, lead=0.5)

    assert foresight.claim_at == 109.5

    foresight.see(Progress(Phase.ENCODING, 0, 1), 100.1)
    foresight.see(Progress(Phase.DENOISING, 0, 8), 100.2)

    assert foresight.claim_at == 109.5


def test_nothing_is_claimed_while_a_model_loads_however_long_it_takes() -> None:
    foresight = Foresight(estimate=2, started=0, lead=0.1)

    foresight.see(Progress(Phase.LOADING, 0, 3), 0.01)
    assert math.isinf(foresight.claim_at)
    foresight.see(Progress(Phase.LOADING, 3, 3), 180)
    assert math.isinf(foresight.claim_at)

    foresight.see(Progress(Phase.ENCODING, 0, 1), 200)
    assert foresight.claim_at == 201.9


def test_engine_that_says_nothing_of_encoding_counts_from_its_first_step() -> None:
    foresight = Foresight(estimate=2, started=0, lead=0.1)

    foresight.see(Progress(Phase.LOADING, 0, 1), 0)
    foresight.see(Progress(Phase.DENOISING, 0, 8), 50)

    assert foresight.claim_at == 51.9


def test_steps_that_are_slower_than_estimated_put_the_claim_off() -> None:
    foresight = Foresight(estimate=1, started=0, lead=0.1)

    now = steps_seen(foresight, pace=2, total=8, up_to=1)

    assert now == 2
    assert foresight.claim_at == 14  # when the last of eight steps begins


def test_steps_that_are_faster_than_estimated_bring_it_forward() -> None:
    foresight = Foresight(estimate=100, started=0, lead=0.1)

    steps_seen(foresight, pace=0.5, total=8, up_to=2)

    assert foresight.claim_at == 3.5


def test_very_fast_steps_leave_the_lead() -> None:
    foresight = Foresight(estimate=100, started=0, lead=0.1)

    steps_seen(foresight, pace=0.01, total=50, up_to=10)

    assert math.isclose(foresight.claim_at, 0.4)


@given(pace=st.floats(0.001, 60), total=st.integers(1, 100), estimate=st.floats(0, 1000))
def test_at_the_last_step_and_while_decoding_the_moment_has_come(
    pace: float, total: int, estimate: float
) -> None:
    foresight = Foresight(estimate=estimate, started=0)

    now = steps_seen(foresight, pace=pace, total=total, up_to=total - 1)

    assert foresight.claim_at <= now
    foresight.see(Progress(Phase.DECODING, 0, 1), now + pace)
    assert foresight.claim_at <= now + pace
