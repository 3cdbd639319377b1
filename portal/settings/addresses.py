"""Under which names this machine can be reached: the defaults of ATELIER_HOSTS and ATELIER_URL."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
WILDCARDS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  # compared with, not bound to
SIOCGIFADDR = 0x8915  # Linux: the IPv4 address of an interface, netdevice(7)


def own_hosts(bind: str) -> list[str]:
    """Host names and addresses that reach a server bound to `bind`.

    A wildcard means every name of the machine, so that `make run HOST=0.0.0.0` just works for the
    people in the same office; anything else means that address and the loopback names.
    """
    if bind in WILDCARDS:
        return [*LOOPBACK, *own_addresses(), *own_names()]
    shown = f"[{bind}]" if ":" in bind else bind
    return [*LOOPBACK, *({shown} - set(LOOPBACK))]


def own_names() -> list[str]:
    """The host's name as the office network may know it. Never asks a name server."""
    name = socket.gethostname().lower()
    return [name] if "." in name else [name, f"{name}.local", f"{name}.lan"]


def own_addresses() -> list[str]:
    """IPv4 addresses of the machine's interfaces, without the loopback (empty where unknown)."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _index, name in socket.if_nameindex():
            question = struct.pack("256s", name.encode()[:15])
            with contextlib.suppress(OSError):  # an interface without an address
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, question)
                found.append(socket.inet_ntoa(answer[20:24]))
    return [address for address in found if not address.startswith("127.")]


def site_url(bind: str, port: int) -> str:
    """The address to put into links when none is configured."""
    if bind in WILDCARDS:
        bind = next(iter(own_addresses()), "127.0.0.1")
    host = f"[{bind}]" if ":" in bind else bind
    return f"http://{host}:{port}"
