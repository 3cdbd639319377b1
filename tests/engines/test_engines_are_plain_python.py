"""Engines know nothing of Django, and only the real one, once it loads, knows torch."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("django", "torch", "diffsynth", "transformers")


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("generation.engines.base", (*HEAVY, "numpy")),
        ("generation.engines.checking", (*HEAVY, "numpy")),
        ("generation.engines.families", (*HEAVY, "numpy", "PIL")),
        ("generation.engines.weight_files", (*HEAVY, "numpy", "PIL")),
        ("generation.engines.canary", (*HEAVY, "numpy")),
        ("generation.engines.preview", HEAVY),
        ("generation.engines.diffsynth", HEAVY),
    ],
)
def test_importing_an_engine_stays_light(module, unwanted):
    code = f"import sys, {module}; print([m for m in {unwanted!r} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
