"""What the web process loads. It must start in a second and never hold a gigabyte of torch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT

CODE = """
import json, sys
import django
django.setup()
import portal.asgi
from django.core.checks import run_checks
from django.urls import get_resolver
run_checks()
count = len(list(get_resolver().url_patterns))
print(json.dumps({"patterns": count, "modules": sorted(sys.modules)}))
"""
HEAVY = {"torch", "torchvision", "diffsynth", "transformers", "safetensors", "numpy"}

# Modules beside the engines that only know: bounds, names, places of files, how to compare.
PURE = {
    f"generation.engines.{name}"
    for name in ("base", "canary", "checking", "families", "model_files", "weight_files")
}


def test_web_process_loads_no_engine(tmp_path: Path) -> None:
    environment = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings.base"}
    environment["PATH"] = ""
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    loaded = set(answer["modules"])

    assert answer["patterns"] > 3, "the addresses were loaded"
    assert loaded & HEAVY == set()
    assert {name for name in loaded if name.startswith("generation.engines.")} <= PURE
    assert not {name for name in loaded if name.startswith("generation.worker.")}
