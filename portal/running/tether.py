"""Become another program that ends when its parent does, however the parent ends.

    python tether.py PARENT_PID program argument ...

On Linux the kernel sends SIGTERM when the parent dies, even by `kill -9`; elsewhere the program
simply runs. A file of its own, so that it costs milliseconds and imports nothing of the site.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def main(parent: int, command: list[str]) -> None:
    """Tie this process to `parent`, then turn into `command`."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it died before we were tied to it
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606  # the supervisor's own command, no shell


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
