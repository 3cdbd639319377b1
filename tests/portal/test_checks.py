"""System checks: each finds its fault, and has nothing to say about the site as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.checks import run_checks

from portal import checks
from tests.engines.layouts import lay_out

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
    """A directory that looks like a model, in one that holds nothing else."""
    return lay_out(tmp_path / "models" / "Z-Image-Turbo")


def configure(settings, *directories: Path) -> None:
    """The settings of a site with these model directories."""
    settings.MODEL_DIR = os.pathsep.join(map(str, directories))
    settings.GENERATION_ENGINES = {
        "diffsynth": {
            "ENGINE": "generation.engines.diffsynth.DiffSynthEngine",
            "OPTIONS": {"model_root": settings.MODEL_DIR},
        }
    }


def test_complete_model(model, settings) -> None:
    configure(settings, model)

    assert "portal.E003" not in ids(checks.check_model(None))
    assert checks.missing_parts(str(model)) == []


def test_complete_model_in_a_folder_of_its_own(model) -> None:
    assert checks.missing_parts(str(model.parent)) == []


def test_one_of_several_directories_has_the_model(model, tmp_path) -> None:
    (tmp_path / "other").mkdir()

    assert checks.missing_parts(f"{tmp_path / 'other'}{os.pathsep}{model.parent}") == []


def test_parts_that_models_share_may_lie_in_another_directory(model, tmp_path) -> None:
    other = tmp_path / "other"
    lay_out(other / "Z-Image", "transformer")

    assert checks.missing_parts(f"{other}{os.pathsep}{model.parent}") == []
    [missing] = checks.missing_parts(str(other))
    assert "Z-Image: The model is incomplete: the text encoder is missing." in missing


def test_model_without_tokenizer(model, settings) -> None:
    (model / "tokenizer" / "tokenizer.json").unlink()
    configure(settings, model)

    messages = checks.check_model(None)

    assert "portal.E003" in ids(messages)
    assert "tokenizer" in messages[-1].msg


def test_an_incomplete_model_beside_a_complete_one_stops_nothing(model, settings) -> None:
    lay_out(model.parent / "Z-Image-Omni-Base", "transformer")
    configure(settings, model.parent)

    messages = checks.check_model(None)

    assert ids(messages)[-1] == "portal.W003"
    assert "the image reader (SigLIP) is missing" in messages[-1].msg
    assert not any(message.is_serious() for message in messages)


def test_model_directory_that_is_empty(tmp_path, settings) -> None:
    configure(settings, tmp_path)

    messages = checks.check_model(None)

    assert ids(messages)[-1] == "portal.E003"
    assert f"no model found in {tmp_path}" in messages[-1].msg


def test_directory_of_loras_that_is_not_there(settings, tmp_path) -> None:
    settings.LORA_DIR = str(tmp_path)
    assert checks.check_loras(None) == []

    settings.LORA_DIR = str(tmp_path / "missing")
    assert ids(checks.check_loras(None)) == ["portal.W004"]


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
