"""System checks: each finds its fault, and has nothing to say about the site as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks

from portal import checks

PREVIEW = {"ENGINE": "generation.engines.preview.PreviewEngine", "OPTIONS": {}}


def ids(messages) -> list[str]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_site_as_it_is_has_no_fault() -> None:
    assert run_checks() == []


def test_engine_that_does_not_exist(settings) -> None:
    settings.GENERATION_ENGINES = {"preview": PREVIEW, "other": {"ENGINE": "nowhere.at.all.Engine"}}

    messages = checks.check_engines(None)

    assert ids(messages) == ["portal.E001"]
    assert "'other'" in messages[0].msg


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A directory that looks like a model."""
    for part, patterns in checks.MODEL_PARTS.items():
        (tmp_path / part).mkdir()
        (tmp_path / part / patterns[0].replace("*", "model")).touch()
    return tmp_path


def test_complete_model(model) -> None:
    assert checks.missing_parts(model) == []


def test_complete_model_in_a_folder_of_its_own(model) -> None:
    assert checks.missing_parts(model.parent) == []


def test_model_without_tokenizer(model, settings) -> None:
    (model / "tokenizer" / "tokenizer.json").unlink()
    settings.MODEL_DIR = str(model)

    messages = checks.check_model(None)

    assert "portal.E003" in ids(messages)
    assert "tokenizer" in messages[-1].msg


def test_model_directory_that_is_empty(tmp_path) -> None:
    assert checks.missing_parts(tmp_path) == [f"no model found in {tmp_path}"]


def test_archive_in_the_way_of_a_file(settings, tmp_path) -> None:
    (tmp_path / "file").touch()
    settings.STORAGES = {
        **settings.STORAGES,
        "archive": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "file" / "archive"},
        },
    }

    assert ids(checks.check_archive(None)) == ["portal.E004"]


def test_queue_that_pickles(settings) -> None:
    settings.RQ_QUEUES = {"gpu": {"URL": "redis://x"}}

    assert ids(checks.check_queue(None)) == ["portal.E005"]


def test_fewer_workers_than_devices(settings) -> None:
    settings.WORKER_DEVICES = ["cuda:0", "cuda:1"]
    settings.WORKERS = 1

    messages = checks.check_workers(None)

    assert ids(messages) == ["portal.W007"]
    assert messages[0].msg.endswith("cuda:1.")
    settings.WORKERS = 0  # web only: on purpose
    assert checks.check_workers(None) == []


@pytest.mark.parametrize("key", ["short", "x" * 50])
def test_weak_secret(settings, key) -> None:
    settings.SECRET_KEY = key

    assert ids(checks.check_secret_key(None)) == ["portal.E006"]
