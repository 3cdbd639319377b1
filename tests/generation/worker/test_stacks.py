"""A process that hangs says where."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from generation.worker.stacks import stack_file, stack_of

# A lock that is never given back and a call that keeps the interpreter's lock, in two threads.
HANGING = """
import sys, threading, time
from uuid import UUID
import django
from django.conf import settings
settings.configure(DATA_DIR=sys.argv[1])
from generation.worker.stacks import stack_on_signal

def wait_for_a_lock_for_ever():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()

def compute_without_giving_way():
    print("ready", flush=True)
    sum(range(10**11))

with stack_on_signal(UUID(sys.argv[2])):
    threading.Thread(target=wait_for_a_lock_for_ever, daemon=True).start()
    compute_without_giving_way()
"""


@pytest.fixture(autouse=True)
def _data_dir(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@contextmanager
def hanging(directory: Path, worker_id: UUID) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING, str(directory), str(worker_id)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()


def test_every_thread_of_a_process_that_hangs_is_seen_and_it_lives_on(tmp_path: Path) -> None:
    worker_id = uuid4()

    with hanging(tmp_path, worker_id) as process:
        stack = stack_of(worker_id, process.pid)

        assert "in wait_for_a_lock_for_ever" in stack
        assert "in compute_without_giving_way" in stack
        assert process.poll() is None
    assert not stack_file(worker_id).exists()


def test_process_that_has_no_file_yet_is_not_sent_a_signal_that_would_end_it() -> None:
    assert stack_of(uuid4(), os.getpid()) == ""


def test_process_that_is_gone_is_noticed(tmp_path: Path) -> None:
    worker_id = uuid4()
    with hanging(tmp_path, worker_id) as process:
        pass

    with pytest.raises(ProcessLookupError):
        stack_of(worker_id, process.pid)
