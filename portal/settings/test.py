"""Settings of the test suite: fast hashing, plain static files, everything else as in service."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

TEST_DIR = Path(os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="atelier-test-")))
os.environ.setdefault("ATELIER_SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("ATELIER_PREVIEW_STEP_SECONDS", "0")
os.environ.setdefault("ATELIER_LANGUAGE", "en")
os.environ.setdefault("ATELIER_CANARY", "off")  # tests of canaries switch them on
os.environ.setdefault("ATELIER_API_READS_PER_MINUTE", "1000000")
os.environ.setdefault("ATELIER_API_WRITES_PER_MINUTE", "1000000")

from portal.settings.base import *  # noqa: E402, F403
from portal.settings.base import DATABASES, MIDDLEWARE, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = [entry for entry in MIDDLEWARE if "whitenoise" not in entry]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: browser and worker tests open it from other threads and processes.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}
else:
    # Threads of the tests' own servers hold connections of a pool for too long.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
