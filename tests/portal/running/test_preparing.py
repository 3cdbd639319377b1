"""What is asked of the machine before the start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.running import preparing
from portal.running.preparing import NotReady
from tests.engines.layouts import write_safetensors

ROOT = Path(__file__).resolve().parents[3]


def test_data_directory_is_made(tmp_path) -> None:
    preparing.require_space(tmp_path / "new" / "data")

    assert (tmp_path / "new" / "data").is_dir()


def test_full_disk_gets_a_sentence_with_a_way_out(tmp_path, monkeypatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=12_000_000)
    monkeypatch.setattr(preparing.shutil, "disk_usage", lambda _path: usage)

    with pytest.raises(NotReady, match=r"almost full: 12 MB are free .* DATA_DIR="):
        preparing.require_space(tmp_path)


def test_directory_in_the_way_of_a_file_gets_a_sentence(tmp_path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotReady, match="cannot be made"):
        preparing.require_space(tmp_path / "file" / "data")


def test_path_too_long_for_a_socket_gets_a_sentence(tmp_path) -> None:
    with pytest.raises(NotReady, match="too long for a socket"):
        preparing.require_space(tmp_path / ("x" * 100))


def test_second_run_on_the_same_data_is_refused(tmp_path) -> None:
    held = preparing.lock(tmp_path, print)

    with pytest.raises(NotReady, match=rf"already runs on .* \(process {os.getpid()}\)"):
        preparing.lock(tmp_path, print)

    os.close(held)


def test_data_is_free_again_when_the_last_child_of_a_killed_run_has_gone(tmp_path) -> None:
    code = f"""if True:
        import subprocess, sys; sys.path.insert(0, {str(ROOT)!r})
        import os; os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
        from pathlib import Path
        from portal.running.preparing import lock
        held = lock(Path({str(tmp_path)!r}), print)
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1)"], pass_fds=[held])
    """
    subprocess.run([sys.executable, "-c", code], check=True)
    said: list[str] = []

    os.close(preparing.lock(tmp_path, said.append))

    assert said == ["The processes of the last run are still stopping; waiting for them."]


def test_static_files_are_collected_when_they_changed_and_only_then(settings, tmp_path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}", encoding="utf-8")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.LOCALE_PATHS = []
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    said: list[str] = []

    preparing.build(said.append)
    preparing.build(said.append)
    assert said == ["Collecting the static files ..."]

    (source / "b.css").write_text("b {}", encoding="utf-8")
    preparing.build(said.append)
    assert len(said) == 2
    assert (tmp_path / "static" / "b.css").exists()


@pytest.mark.django_db
def test_loras_are_registered_at_the_start_and_a_missing_directory_stops_nothing(
    settings, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(preparing.connections, "close_all", lambda: None)
    settings.DEMO = False
    settings.LORA_DIR = str(tmp_path / "loras")
    said: list[str] = []

    preparing.fill(said.append)
    write_safetensors(tmp_path / "loras/ink.safetensors")
    preparing.fill(said.append)
    preparing.fill(said.append)

    assert said == [
        f"ATELIER_LORA_DIR is no directory: {tmp_path / 'loras'}.",
        "ink: registered (ink.safetensors).",
    ]
