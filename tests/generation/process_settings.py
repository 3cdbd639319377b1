"""Settings of a worker process that a test has started: the test's own database and archive."""

from __future__ import annotations

import os

from portal.settings.test import *  # noqa: F403
from portal.settings.test import DATABASES, GENERATION_ENGINES, STORAGES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE_NAME"]
_files = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": os.environ["TEST_ARCHIVE"], "base_url": None},
}
STORAGES = {**STORAGES, "default": _files, "archive": _files}
if "TEST_ARCHIVE_SECONDS" in os.environ:
    _files["BACKEND"] = "tests.generation.slow_files.SlowFiles"
if "TEST_ENGINE" in os.environ:
    GENERATION_ENGINES["diffsynth"] = {
        "ENGINE": os.environ["TEST_ENGINE"],
        "OPTIONS": {"model_root": os.environ["TEST_MODEL_ROOT"], "device": "cpu"},
    }
