"""A disk that is full while a marker file exists."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class SmallDisk(FileSystemStorage):
    """Local files, except that writing fails as on a full disk while `marker` exists."""

    def __init__(self, *, marker: Path, **options: Any) -> None:
        super().__init__(**options)
        self._marker = marker

    def _save(self, name: str, content: Any) -> str:
        if self._marker.exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super()._save(name, content)
