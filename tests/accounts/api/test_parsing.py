"""Bodies that are not honest JSON."""

from __future__ import annotations

import pytest

from tests.callers import API, assert_refused, browser_of

PATH = f"{API}/organizations/lantern/projects/"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"name": NaN}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"name": ' + b"9" * 5000 + b"}", 400),
        (b'{"name": "' + b"x" * 1024 * 1024 + b'"}', 413),
    ],
    ids=["unfinished", "not a number", "not text", "deep", "long number", "large"],
)
def test_it_is_refused_and_nothing_breaks(world, body: bytes, status: int) -> None:
    response = browser_of(world.ada).post(PATH, body, content_type="application/json")

    assert_refused(response, status)


def test_other_formats_are_refused_by_name(world) -> None:
    response = browser_of(world.ada).post(PATH, {"name": "New"})

    assert_refused(response, 415, code="unsupported_media_type")
