"""Where rows, files and the secret key live: here by default, on servers if so configured."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from environs import Env

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"  # readers and the one writer do not wait for each other
    "PRAGMA cache_size=-65536;"  # 64 MiB of pages in memory
    "PRAGMA mmap_size=268435456;"
)


def database(env: Env, data_dir: Path) -> dict[str, Any]:
    """The database of `DATABASE_URL`, or a SQLite file in the data directory."""
    settings: dict[str, Any] = env.dj_db_url(
        "DATABASE_URL", default=f"sqlite:///{data_dir / 'atelier.sqlite3'}"
    )
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {
            "init_command": SQLITE_PRAGMAS,
            # Take the write lock when a transaction begins: no "database is locked" half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        }
    else:
        settings["CONN_MAX_AGE"] = 0
        settings["CONN_HEALTH_CHECKS"] = True
        # Compiling a query costs more than any of ours takes.
        options = {"options": "-c jit=off", **settings.get("OPTIONS", {})}
        settings["OPTIONS"] = {**options, "pool": True}
    return settings


def archive_storage(env: Env, data_dir: Path) -> dict[str, Any]:
    """The archive's files: a private directory, or an S3 bucket when one is named."""
    bucket = env.str("ARCHIVE_S3_BUCKET", default="")
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": data_dir / "archive", "base_url": None},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("ARCHIVE_S3_ENDPOINT_URL", default="") or None,
            "region_name": env.str("ARCHIVE_S3_REGION", default="") or None,
            "access_key": env.str("ARCHIVE_S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("ARCHIVE_S3_SECRET_KEY", default="") or None,
            "file_overwrite": True,  # names are hashes of the content
            "default_acl": "private",
            "querystring_auth": True,
        },
    }


def secret_key(given: str, data_dir: Path) -> str:
    """The given key, or one that is made once and kept beside the data for its owner's eyes."""
    if given:
        return given
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        temporary = data_dir / f"secret-key.{secrets.token_hex(4)}"
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            # A second process that starts at the same moment must not replace the key.
            path.hardlink_to(temporary)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text(encoding="ascii").strip()
