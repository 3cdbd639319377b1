"""What must be true before the first process starts; each failure is a sentence with a way out."""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

from accounts.access import Access
from portal.running.translations import compile_translations

LEAST_FREE_BYTES = 500_000_000
LONGEST_SOCKET_PATH = 100
"""The kernel takes 107 bytes for the path of a Unix socket; some are kept in reserve."""
LOCK_SECONDS = 20


class NotReady(Exception):
    """The site cannot start; the message says what to do."""


def require_space(directory: Path) -> None:
    """The data directory exists, can be written, has room, and fits into a socket's path."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotReady(
            f"The data directory {directory} cannot be made: {error.strerror}."
        ) from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise NotReady(f"The data directory {directory} cannot be written by this user.")
    if len(os.fsencode(directory / "redis" / "redis.sock")) > LONGEST_SOCKET_PATH:
        raise NotReady(
            f"The path {directory} is too long for a socket. Choose a shorter one with DATA_DIR=."
        )
    free = shutil.disk_usage(directory).free
    if free < LEAST_FREE_BYTES:
        raise NotReady(
            f"The disk of {directory} is almost full: {free / 1e6:.0f} MB are free and at least "
            f"{LEAST_FREE_BYTES / 1e6:.0f} MB are needed. Free some space, or choose another disk "
            "with DATA_DIR=."
        )


def lock(directory: Path, say: Callable[[str], None]) -> int:
    """Take the data directory for this run; return the descriptor that holds it.

    Children inherit the descriptor, so the directory is free again only when the last process of
    a run has gone, even after `kill -9` of the parent.
    """
    descriptor = os.open(directory / "running.lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LOCK_SECONDS
    waiting = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 20, 0).decode() or "unknown"
            if _alive(owner) or time.monotonic() > deadline:
                os.close(descriptor)
                raise NotReady(
                    f"An Atelier already runs on {directory} (process {owner}). Stop it first, or "
                    "choose another directory with DATA_DIR= and another PORT=."
                ) from None
            if not waiting:
                say("The processes of the last run are still stopping; waiting for them.")
                waiting = True
            time.sleep(0.2)
        else:
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            return descriptor


def _alive(pid: str) -> bool:
    return pid.isdigit() and Path(f"/proc/{pid}").exists()


def build(say: Callable[[str], None]) -> None:
    """Compile translations and collect static files, when they changed."""
    for path in settings.LOCALE_PATHS:
        if compile_translations(Path(path)):
            say("Compiled the translations.")
    stamp = Path(settings.DATA_DIR) / "static.stamp"
    fingerprint = static_fingerprint()
    if not Path(settings.STATIC_ROOT).is_dir() or _read(stamp) != fingerprint:
        say("Collecting the static files ...")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(fingerprint, encoding="ascii")


def static_fingerprint() -> str:
    """Changes whenever a static file is added, removed or touched, or moves to other settings."""
    seen = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            seen.update(f"{path}\0{status.st_mtime_ns}\0{status.st_size}\n".encode())
    return seen.hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""


def migrate(say: Callable[[str], None]) -> None:
    """Bring the database to the present shape."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        raise NotReady(
            f"The database does not work: {str(error).strip()}. Look at DATABASE_URL, or at the "
            f"directory {settings.DATA_DIR}."
        ) from error
    say("The database is ready.")


def index(say: Callable[[str], None]) -> None:
    """Put images of before there was a search index into it; none are left after the first time."""
    # The data are locked before Django is set up, which models cannot be imported without.
    from assets.actions.rebuilding import index_missing  # noqa: PLC0415

    done = 0
    for progress in index_missing(access=Access.system("serve")):
        done = progress.done
        if done % 10_000 == 0:
            say(f"{done} pictures are in the search index.")
    if done:
        say("All pictures are in the search index.")


def fill(say: Callable[[str], None]) -> None:
    """Register the models and LoRAs of the settings and, the first time, make the demo."""
    call_command("register_models", verbosity=0)
    if settings.LORA_DIR:
        try:
            call_command("register_loras", stdout=Spoken(say))
        except CommandError as error:  # a disk that is not there must not keep the site down
            say(str(error))
    # An upgrade may have changed what a role may do.
    call_command("sync_grants", stdout=io.StringIO())
    if settings.DEMO:
        call_command("seed_demo", stdout=Spoken(say))
    connections.close_all()


class Spoken(io.StringIO):
    """Lets a command speak through `say`, line by line."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self._say = say

    def write(self, text: str) -> int:
        """Say what is not blank."""
        for line in filter(str.strip, text.splitlines()):
            self._say(line)
        return len(text)
