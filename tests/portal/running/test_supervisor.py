"""The supervisor with real processes."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from portal.running import process
from portal.running.output import Output
from portal.running.process import Child, Plan
from portal.running.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[3]


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-u", "-c", textwrap.dedent(code))


SLEEP = python("import time; print('here'); time.sleep(60)")
STUBBORN = python(
    "from signal import *; import time; signal(SIGTERM, SIG_IGN); print('no'); time.sleep(60)"
)


class Scene:
    """A supervisor whose words are kept, and which is told to stop by a condition."""

    def __init__(self) -> None:
        self.said = io.StringIO()
        self.supervisor = Supervisor(Output(self.said))

    @property
    def words(self) -> str:
        return self.said.getvalue()

    def watch_until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds

        def tick() -> None:
            if condition():
                self.supervisor.ask_to_stop()
            assert time.monotonic() < deadline, self.words

        self.supervisor.watch(tick)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def eventually(condition: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_lines_carry_the_name_of_their_process() -> None:
    scene = Scene()
    scene.supervisor.start(Plan("web", python("print('one\\n二'); print('end', end='')")))

    scene.watch_until(lambda: "ended" in scene.words)
    scene.supervisor.stop_all()

    assert scene.words.splitlines()[:3] == [
        "web         | one",
        "web         | 二",
        "web         | end",
    ]


def test_killed_process_is_started_again() -> None:
    scene = Scene()
    child = scene.supervisor.start(Plan("worker", SLEEP))
    first = child.pid

    def killed_and_back() -> bool:
        if "here" in scene.words and child.pid == first and "ended" not in scene.words:
            os.kill(first, signal.SIGKILL)
        return scene.words.count("here") == 2

    scene.watch_until(killed_and_back)

    assert "The worker process ended (killed by SIGKILL). Starting it again in 1 s." in scene.words
    assert child.pid != first
    scene.supervisor.stop_all()


def test_pauses_grow_and_are_forgotten_after_a_steady_life(monkeypatch) -> None:
    child = Child(Plan("worker", SLEEP))
    now = [1000.0]
    child._started_at = now[0]
    monkeypatch.setattr(process.time, "monotonic", lambda: now[0])

    assert [child.pause() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]

    child._started_at = now[0]
    now[0] += process.STEADY_AFTER + 1
    assert child.pause() == 1


def test_processes_stop_in_the_order_of_their_plans() -> None:
    code = """
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("bye")))
        print("here"); time.sleep(60)
    """
    scene = Scene()
    for name, order in (("redis", 3), ("worker", 1), ("web", 0), ("dispatcher", 2)):
        scene.supervisor.start(Plan(name, python(code), stop_order=order))

    scene.watch_until(lambda: scene.words.count("here") == 4)
    scene.supervisor.stop_all()

    goodbyes = [line.split()[0] for line in scene.words.splitlines() if line.endswith("bye")]
    assert goodbyes == ["web", "worker", "dispatcher", "redis"]


def test_process_that_does_not_stop_is_killed() -> None:
    scene = Scene()
    child = scene.supervisor.start(Plan("worker", STUBBORN, stop_seconds=0.3))

    scene.watch_until(lambda: "no" in scene.words)
    scene.supervisor.stop_all()

    assert "did not stop in time" in scene.words
    assert not alive(child.pid)


def test_grandchildren_go_with_their_parent() -> None:
    scene = Scene()
    code = """
        import subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print("pid", child.pid); time.sleep(60)
    """
    scene.supervisor.start(Plan("worker", python(code)))
    scene.watch_until(lambda: "pid" in scene.words)
    grandchild = int(scene.words.split()[-1])

    scene.supervisor.stop_all()

    assert eventually(lambda: not alive(grandchild))


def test_killed_parent_takes_its_children_with_it() -> None:
    code = f"""
        import sys; sys.path.insert(0, {str(ROOT)!r})
        from portal.running.output import Output
        from portal.running.process import Plan
        from portal.running.supervisor import Supervisor
        supervisor = Supervisor(Output())
        command = (sys.executable, "-c", "import time; time.sleep(60)")
        child = supervisor.start(Plan("worker", command))
        print(child.pid, flush=True)
        supervisor.watch(lambda: None)
    """
    parent = subprocess.Popen(python(code), stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.3)  # the tether is tied
    assert alive(child)

    parent.kill()
    parent.wait()

    assert eventually(lambda: not alive(child))
    parent.stdout.close()


def test_signal_before_the_watch_interrupts_the_preparation() -> None:
    code = f"""
        import sys, time; sys.path.insert(0, {str(ROOT)!r})
        from portal.running.output import Output
        from portal.running.supervisor import Supervisor
        supervisor = Supervisor(Output())
        supervisor.take_signals()
        try:
            print("preparing", flush=True)
            time.sleep(60)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
    """
    parent = subprocess.Popen(python(code), stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    parent.stdout.readline()

    parent.send_signal(signal.SIGTERM)

    assert parent.communicate(timeout=5)[0] == "interrupted\n"
