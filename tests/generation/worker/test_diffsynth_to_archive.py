"""The real pipeline, on a tiny random-weight checkpoint, through a real worker to the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.models import Image
from assets.provenance.reading import read as read_provenance
from assets.storage import read
from generation.actions.models import register_model
from generation.models import GenerationJob
from generation.types import JobStatus
from tests.builders import World
from tests.generation.builders import SYSTEM, ask_for
from tests.generation.processes import running, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_real_pipeline_fills_the_archive_through_the_worker(
    world: World, tiny_checkpoint: Path
) -> None:
    model = register_model(
        access=SYSTEM,
        name="Z-Image-Turbo",
        revision="tiny",
        engine="diffsynth",
        is_default=True,
    )
    ask_for(world.pets, world.uma, count=2, steps=3, model_version_id=model.pk)

    with running(
        "gpu_worker",
        TEST_ENGINE="tests.engines.tiny_checkpoint.engine.TinyDiffSynthEngine",
        TEST_MODEL_ROOT=str(tiny_checkpoint),
        OMP_NUM_THREADS="1",
    ):
        wait_for(
            lambda: not GenerationJob.objects.exclude(status=JobStatus.SUCCEEDED).exists(),
            seconds=120,
            what="two pictures of the real pipeline",
        )

    first, second = Image.objects.order_by("seed")
    assert (first.width, first.height, first.is_preview) == (128, 128, False)
    assert read(first.path) != read(second.path)
    engine = first.metadata["engine"]
    assert engine["libraries"]["diffsynth"]
    assert engine["dtype"] == "bfloat16"
    assert first.metadata["model"]["weight_hashes"]
    assert first.metadata["timing"]["denoise"] > 0
    found = read_provenance(read(first.path))
    assert "Model: Z-Image-Turbo" in found.infotext
