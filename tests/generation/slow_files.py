"""An archive on a slow disk, so that a worker can be caught while it writes."""

from __future__ import annotations

import os
import time

from django.core.files.storage import FileSystemStorage


class SlowFiles(FileSystemStorage):
    """Takes TEST_ARCHIVE_SECONDS to look whether a file is there, which comes before each write."""

    def exists(self, name: str) -> bool:
        time.sleep(float(os.environ["TEST_ARCHIVE_SECONDS"]))
        return super().exists(name)
