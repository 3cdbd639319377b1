"""Settings of a site that exists for a benchmark: all as in service, with a GPU that sleeps."""

from __future__ import annotations

import os

from portal.settings.base import *  # noqa: F403

GENERATION_ENGINES = {
    "sleeping": {
        "ENGINE": "benchmarks.sleeping_engine.SleepingEngine",
        "OPTIONS": {
            "seconds": float(os.environ["BENCH_SECONDS"]),
            "side": int(os.environ["BENCH_SIDE"]),
            "stamps": os.environ["BENCH_STAMPS"],
        },
    }
}
