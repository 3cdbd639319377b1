"""One web process: `python -m portal.running.web FD` serves on an inherited listening socket."""

from __future__ import annotations

import gc
import socket
import sys
import warnings
from types import FrameType

import uvicorn
from django.urls import get_resolver

from portal.live import end_streams

GRACE_SECONDS = 3
"""How long open requests may go on after SIGTERM; live streams end at once."""


class WebServer(uvicorn.Server):
    """Ends the live streams first, because they would never end by themselves."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note the signal (uvicorn's hook)."""
        end_streams()
        super().handle_exit(sig, frame)


def main(descriptor: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    # WhiteNoise hands static files over as Django's synchronous file responses; they are small
    # and kept by the browsers, so that reading them whole is no harm worth a warning a file.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
    config = uvicorn.Config(
        "portal.asgi:application",
        lifespan="off",
        log_config=None,  # Django's settings have configured the logs
        access_log=False,
        proxy_headers=False,  # the settings say which proxies to believe
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _settle(config)
    WebServer(config).run(sockets=[socket.socket(fileno=descriptor)])


def _settle(config: uvicorn.Config) -> None:
    """Import everything now and let the garbage collector leave it alone from here on.

    Otherwise the first visitor waits for the imports, and now and then a page waits tens of
    milliseconds while the collector walks through modules that stay anyway.
    """
    config.load()
    get_resolver().reverse_dict  # noqa: B018  # imports every view, forms included
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main(int(sys.argv[1]))
