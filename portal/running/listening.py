"""The address of the site: taken once by the parent, shared by the web processes."""

from __future__ import annotations

import errno
import ipaddress
import socket

BACKLOG = 2048


class AddressTaken(Exception):
    """Nobody can listen there; the message says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that child processes inherit.

    Held by the parent, so connections wait while a web process is started again.

    Raises:
        AddressTaken: the port is in use, reserved, or the address is not this machine's.
    """
    try:
        return socket.create_server(
            (host, port),
            family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            backlog=BACKLOG,
        )
    except (OSError, OverflowError) as error:
        raise AddressTaken(_sentence(host, port, error)) from error


def _sentence(host: str, port: int, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program (perhaps an Atelier that still runs). "
            f"Choose another: make run PORT={port + 1}"
        )
    if number == errno.EACCES:
        return f"Port {port} needs root. Choose one above 1023, for example: make run PORT=8000"
    return f"Cannot listen on {host}, port {port}: {error}."


def browser_addresses(host: str, port: int, own: list[str]) -> list[str]:
    """URLs to type into a browser; for a wildcard host those of the machine's `own` addresses."""
    wildcard = host in {"0.0.0.0", "::", ""}  # noqa: S104  # a comparison, not a bind
    hosts = ["127.0.0.1", *(name for name in own if _is_address(name))] if wildcard else [host]
    shown = [f"[{name}]" if ":" in name else name for name in hosts]
    return [f"http://{name}:{port}/" for name in shown]


def _is_address(name: str) -> bool:
    try:
        return not ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
