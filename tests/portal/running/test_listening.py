"""Taking an address, and saying why not."""

from __future__ import annotations

import socket

import pytest

from portal.running.listening import AddressTaken, browser_addresses, listen


def test_free_port_is_taken_for_the_children() -> None:
    with listen("127.0.0.1", 0) as listening:
        socket.create_connection(listening.getsockname(), timeout=2).close()


def test_taken_port_gets_a_sentence_with_a_way_out() -> None:
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]

        with pytest.raises(
            AddressTaken, match=rf"Port {port} is taken .* make run PORT={port + 1}"
        ):
            listen("127.0.0.1", port)


def test_foreign_address_gets_a_sentence() -> None:
    with pytest.raises(AddressTaken, match=r"Cannot listen on 203\.0\.113\.7"):
        listen("203.0.113.7", 8000)


def test_number_that_is_no_port_gets_a_sentence() -> None:
    with pytest.raises(AddressTaken, match="Cannot listen"):
        listen("127.0.0.1", 99999)


def test_addresses_to_type_into_a_browser() -> None:
    assert browser_addresses("127.0.0.1", 8000, []) == ["http://127.0.0.1:8000/"]
    assert browser_addresses("::1", 8000, []) == ["http://[::1]:8000/"]
    assert browser_addresses("0.0.0.0", 80, ["192.0.2.7"]) == [
        "http://127.0.0.1:80/",
        "http://192.0.2.7:80/",
    ]
