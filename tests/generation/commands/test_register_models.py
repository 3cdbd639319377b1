"""Registering models: what is on disk is offered, and what an operator decided stays."""

from __future__ import annotations

import os
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from generation.actions.workers import register_worker
from generation.models import ModelVersion, Worker
from generation.queries.models import enabled_models
from tests.engines.layouts import lay_out
from tests.generation.builders import SYSTEM

pytestmark = pytest.mark.django_db

PREVIEW = {"ENGINE": "generation.engines.preview.PreviewEngine", "OPTIONS": {}}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A directory of models: Z-Image-Turbo, and Z-Image as its own part."""
    lay_out(tmp_path / "models/Z-Image-Turbo")
    lay_out(tmp_path / "models/Z-Image", "transformer")
    return tmp_path / "models"


@pytest.fixture
def register(settings, models):
    """`register(*directories)` configures them and runs the command; returns what it said."""

    def register(*directories: Path) -> str:
        settings.MODEL_DIR = os.pathsep.join(map(str, directories))
        settings.GENERATION_ENGINES = {"preview": PREVIEW}
        if directories:
            options = {"model_root": settings.MODEL_DIR}
            settings.GENERATION_ENGINES["diffsynth"] = {"ENGINE": "x", "OPTIONS": options}
        out = StringIO()
        call_command("register_models", stdout=out)
        return out.getvalue()

    return register


def offered() -> list[str]:
    return [model.name for model in enabled_models()]


def test_what_is_on_disk_is_offered_with_turbo_as_the_default(register, models) -> None:
    said = register(models)

    assert said == "Served here: Z-Image-Turbo, Z-Image, Preview.\n"
    assert offered() == ["Z-Image-Turbo", "Preview", "Z-Image"]
    turbo = ModelVersion.objects.get(is_default=True)
    assert (turbo.name, turbo.revision) == ("Z-Image-Turbo", "Tongyi-MAI/Z-Image-Turbo")
    assert (turbo.default_steps, turbo.default_cfg, turbo.licence) == (8, 1, "Apache-2.0")
    base = ModelVersion.objects.get(name="Z-Image")
    assert (base.default_steps, base.default_cfg, base.takes_input_image) == (50, 4, True)
    assert base.description
    assert not ModelVersion.objects.filter(name="Z-Image-Omni-Base").exists()


def test_models_come_from_several_directories(register, models, tmp_path) -> None:
    lay_out(tmp_path / "disk/Z-Image-Omni-Base", "transformer", "siglip")

    register(models, tmp_path / "disk")

    omni = enabled_models().get(name="Z-Image-Omni-Base")
    assert (omni.default_steps, omni.default_cfg) == (40, 4)


def test_an_incomplete_model_is_not_offered_and_the_command_says_why(register, models) -> None:
    lay_out(models / "Z-Image-Omni-Base", "transformer")

    said = register(models)

    assert "Not served: Z-Image-Omni-Base. The model is incomplete: the image reader" in said
    assert "Z-Image-Omni-Base" not in offered()


def test_without_turbo_another_model_is_the_default(register, tmp_path) -> None:
    lay_out(tmp_path / "own/Z-Image")

    register(tmp_path / "own")

    assert offered()[0] == "Z-Image"


def test_preview_is_the_default_until_there_is_a_model(register, models) -> None:
    assert register() == "Served here: Preview.\n"
    assert offered() == ["Preview"]

    register(models)

    assert offered()[0] == "Z-Image-Turbo"


def test_a_model_that_is_gone_is_not_offered_and_comes_back_as_it_was(register, models) -> None:
    register(models)
    ModelVersion.objects.filter(name="Z-Image").update(default_steps=30)
    shutil.move(models / "Z-Image", models.parent / "Z-Image")

    register(models)
    assert offered() == ["Z-Image-Turbo", "Preview"]

    shutil.move(models.parent / "Z-Image", models / "Z-Image")
    register(models)
    assert enabled_models().get(name="Z-Image").default_steps == 30


def test_what_an_operator_decided_stays(register, models) -> None:
    register(models)
    ModelVersion.objects.filter(name="Z-Image-Turbo").update(is_enabled=False, is_default=False)
    ModelVersion.objects.filter(name="Z-Image").update(
        is_default=True, default_cfg=5, description="Ours."
    )
    ModelVersion.objects.filter(name="Preview").update(is_enabled=False, retired_at=timezone.now())

    register(models)

    assert offered() == ["Z-Image"]
    base = ModelVersion.objects.get(is_default=True)
    assert (base.name, base.default_cfg, base.description) == ("Z-Image", 5, "Ours.")


def test_what_another_machine_serves_stays_on_offer(register, models) -> None:
    register(models)
    elsewhere = register_worker(access=SYSTEM, engines=["diffsynth"])
    Worker.objects.filter(pk=elsewhere.pk).update(host="gpu-2")

    register()

    assert {"Z-Image-Turbo", "Z-Image"} <= set(offered())
