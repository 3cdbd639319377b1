"""The two plain ways to make pictures from a queue, to be measured beside ours.

One job, one picture: take it from Redis, let the engine draw, save the files, take the next. No
database, no rows, no fairness, no progress: whatever they leave out makes them faster here.

    python -m benchmarks.plain_workers rq|brpop
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from assets.provenance.writing import PNG_PACKING, WEBP_METHOD
from assets.renditions import KINDS
from benchmarks.sleeping_engine import SleepingEngine
from generation.engines.base import ImageSpec, ModelRef

QUEUE = "plain"
JOB = "benchmarks.plain_workers.draw_and_save"
DRAWN = "plain:drawn"


def draw_and_save(seed: int, with_renditions: bool) -> None:  # noqa: FBT001
    """One picture, from the engine to the disk."""
    spec = ImageSpec(prompt="a benchmark", seed=seed, model=ModelRef("Sleeping", "1"))
    picture = _engine().generate(spec).picture
    directory = Path(os.environ["DATA_DIR"]) / "plain"
    directory.mkdir(exist_ok=True)
    name = uuid4().hex
    file = io.BytesIO()
    picture.save(file, "PNG", **PNG_PACKING)
    _write(directory / f"{name}.png", file.getvalue())
    for kind in KINDS if with_renditions else ():
        small = picture.copy()
        small.thumbnail((kind.side, kind.side))
        file = io.BytesIO()
        small.save(file, "WEBP", quality=kind.quality, method=WEBP_METHOD)
        _write(directory / f"{name}-{kind.name}.webp", file.getvalue())
    _connection().incr(DRAWN)


def enqueue_rq(seed: int, *, with_renditions: bool) -> None:
    """Ask the worker of RQ for a picture."""
    queue = Queue(QUEUE, connection=_connection(), serializer=JSONSerializer)
    queue.enqueue(JOB, seed, with_renditions, result_ttl=0)


def enqueue_brpop(seed: int, *, with_renditions: bool) -> None:
    """Ask the bare loop for a picture."""
    _connection().lpush(f"{QUEUE}:list", json.dumps([seed, with_renditions]))


@contextlib.contextmanager
def running(loop: str) -> Iterator[subprocess.Popen[bytes]]:
    """The process `rq` or `brpop`, killed when the block ends."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.plain_workers", loop])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Work until killed."""
    if sys.argv[1] == "rq":
        SimpleWorker([QUEUE], connection=_connection(), serializer=JSONSerializer).work(
            logging_level="WARNING"
        )
    while True:
        message = _connection().brpop([f"{QUEUE}:list"])
        draw_and_save(*json.loads(message[1]))


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@cache
def _connection() -> redis.Redis:
    path = Path(os.environ["DATA_DIR"]) / "redis" / "redis.sock"
    return redis.Redis(unix_socket_path=str(path), socket_timeout=None)


@cache
def _engine() -> SleepingEngine:
    return SleepingEngine(
        seconds=float(os.environ["BENCH_SECONDS"]),
        side=int(os.environ["BENCH_SIDE"]),
        stamps=os.environ["BENCH_STAMPS"],
    )


if __name__ == "__main__":
    _engine(), _connection()
    main()
