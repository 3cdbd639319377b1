"""`manage.py canaries`: what is so, and deciding about it without a browser."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from generation.actions.canaries import check_canaries
from generation.actions.workers import register_worker
from tests.generation.builders import SYSTEM, make_model
from tests.generation.canary_engines import UpgradedEngine

pytestmark = pytest.mark.django_db


def canaries(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("canaries", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture(autouse=True)
def _canaries_are_drawn(settings) -> None:
    settings.CANARY = "show"


@pytest.fixture
def _drifted() -> None:
    model = make_model("Z-Image-Turbo")
    worker = register_worker(access=SYSTEM, slot="gpu-0", engines=["preview"])
    for engine in (UpgradedEngine(by=0, version="1"), UpgradedEngine(by=40, version="2")):
        check_canaries(access=SYSTEM, worker=worker, engine=engine, model=model)


def test_before_the_first_one_it_says_so() -> None:
    make_model("Z-Image-Turbo")

    assert canaries() == ["No canary was drawn yet."]


@pytest.mark.usefixtures("_drifted")
def test_drift_is_told_with_its_size_and_what_has_changed() -> None:
    [line] = canaries()

    assert line.startswith("Z-Image-Turbo on gpu-0: drifted; difference ")
    assert line.endswith("(up to 6 is the same); torch 1 → 2")


@pytest.mark.usefixtures("_drifted")
def test_what_a_model_draws_now_is_accepted() -> None:
    assert canaries("--accept", "Z-Image-Turbo") == ["Z-Image-Turbo on gpu-0: stored"]
    with pytest.raises(CommandError, match="nothing to accept"):
        canaries("--accept", "Z-Image-Turbo")


@pytest.mark.usefixtures("_drifted")
def test_references_are_forgotten() -> None:
    assert canaries("--reset", "Z-Image-Turbo") == ["No canary was drawn yet."]
    with pytest.raises(CommandError, match="has no canaries"):
        canaries("--reset", "Z-Image-Turbo")
