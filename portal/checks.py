"""System checks: what is configured wrongly is said at the start, with a way out.

They run before every command of `manage.py`, the web process included, and never import an engine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution
from django.core.files.storage import FileSystemStorage

from assets.storage import archive_storage
from generation.engines.families import FAMILIES
from generation.engines.model_files import directory_of
from generation.engines.weight_files import roots_of
from generation.known_models import incomplete_models, models_here
from portal.health import require_writable

Apps = Sequence[AppConfig] | None

SHORTEST_SECRET = 32


@register()
def check_engines(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Every engine can be imported by the worker, as far as can be told without importing it."""
    found: list[CheckMessage] = []
    for name, engine in settings.GENERATION_ENGINES.items():
        path = str(engine["ENGINE"])
        if not _exists(path.rpartition(".")[0]):
            found.append(
                Error(
                    f"The engine {name!r} cannot be imported: there is no module for {path!r}.",
                    hint="Name a class in GENERATION_ENGINES as package.module.Class.",
                    id="portal.E001",
                )
            )
    return found


@register()
def check_model(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """A configured model is complete, and the libraries that run it are installed."""
    if not settings.MODEL_DIR:
        return []
    found: list[CheckMessage] = []
    if not (_exists("torch") and _exists("diffsynth")):
        found.append(
            Caution(
                "ATELIER_MODEL_DIR is set, but torch or diffsynth is not installed here.",
                hint="A worker needs them; `make run` installs them when the variable is set.",
                id="portal.W002",
            )
        )
    missing = missing_parts(settings.MODEL_DIR)
    if missing:
        serves = any(not each.is_preview for each in models_here(settings.GENERATION_ENGINES))
        kind, number = (Caution, "W003") if serves else (Error, "E003")
        found.append(
            kind(
                f"Not all of ATELIER_MODEL_DIR can be served: {' '.join(missing)}",
                hint="ATELIER_MODEL_DIR names a directory with transformer/, text_encoder/, vae/ "
                "and tokenizer/ as in the repository Tongyi-MAI/Z-Image-Turbo, or directories "
                f"that hold such models by name, with {os.pathsep!r} between them.",
                id=f"portal.{number}",
            )
        )
    return found


def missing_parts(setting: str) -> list[str]:
    """What is missing of the models below the directories of `setting`; empty when complete.

    A model without a folder of its own is not missed, unless there is no model at all.
    """
    roots = roots_of(setting)
    missing = [f"{name}: {reason}" for name, reason in incomplete_models(roots)]
    if missing or any(directory_of(roots, family.name) for family in FAMILIES):
        return missing
    return [f"no model found in {' or '.join(map(str, roots))}."]


@register()
def check_loras(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The directory of LoRAs is there."""
    if not settings.LORA_DIR or Path(settings.LORA_DIR).is_dir():
        return []
    return [
        Caution(
            f"ATELIER_LORA_DIR is no directory: {settings.LORA_DIR}.",
            hint="Name the directory of LoRA files, or leave the variable away.",
            id="portal.W004",
        )
    ]


@register()
def check_archive(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """A local archive can be written."""
    storage = archive_storage()
    if not isinstance(storage, FileSystemStorage):
        return []
    try:
        require_writable(Path(storage.location))
    except OSError as error:
        return [
            Error(
                f"The archive cannot keep pictures: {error}.",
                hint="Choose another directory with DATA_DIR, or give this one to the user that "
                "runs Atelier.",
                id="portal.E004",
            )
        ]
    return []


@register()
def check_queue(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The GPU queue exists and carries nothing that can run code."""
    queue = settings.RQ_QUEUES.get("gpu", {})
    if queue.get("SERIALIZER") == "rq.serializers.JSONSerializer":
        return []
    return [
        Error(
            "RQ_QUEUES needs a queue 'gpu' with the JSON serializer.",
            hint="RQ's default is pickle: whoever can write to Redis could run code in a worker.",
            id="portal.E005",
        )
    ]


@register()
def check_workers(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Every device that was named for a worker gets one."""
    count, devices = settings.WORKERS, settings.WORKER_DEVICES
    if not 0 < count < len(devices):
        return []
    return [
        Caution(
            f"ATELIER_WORKERS={count} leaves devices idle: {', '.join(devices[count:])}.",
            hint="Leave ATELIER_WORKERS unset to have one worker for each of "
            "ATELIER_WORKER_DEVICES.",
            id="portal.W007",
        )
    ]


@register()
def check_secret_key(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Sessions and links are signed with something that cannot be guessed."""
    if len(settings.SECRET_KEY) >= SHORTEST_SECRET and len(set(settings.SECRET_KEY)) > 7:
        return []
    return [
        Error(
            f"ATELIER_SECRET_KEY is weak: it needs at least {SHORTEST_SECRET} varied characters.",
            hint="Leave it unset to have one made in the data directory, or make one with "
            "python -c 'import secrets; print(secrets.token_urlsafe(64))'.",
            id="portal.E006",
        )
    ]


def _exists(module: str) -> bool:
    """Whether the module could be imported; imports its parents only."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
