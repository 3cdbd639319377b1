"""Programs that call too often."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from rest_framework.throttling import SimpleRateThrottle

from tests.callers import assert_refused, browser_of, program_of


@pytest.fixture(autouse=True)
def _three_a_minute(monkeypatch) -> None:
    caches["memory"].clear()
    for scope in ("read", "write", "visitor"):
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, "3/min")


def test_the_fourth_read_in_a_minute_waits(world) -> None:
    program = program_of(world.uma, world.lantern)
    for _ in range(3):
        assert program.call("get", "/me/").status_code == 200

    response = program.call("get", "/me/")

    assert_refused(response, 429, code="throttled")
    assert 0 < int(response["Retry-After"]) <= 60
    assert browser_of(world.rita).call("get", "/me/").status_code == 200


def test_the_fourth_write_in_a_minute_waits_whichever_token_it_comes_with(world) -> None:
    path = "/organizations/lantern/projects/"
    for number in range(3):
        program = program_of(world.ada, world.lantern, name=f"script {number}")
        assert program.call("post", path, {"name": f"Project {number}"}).status_code == 201

    assert_refused(browser_of(world.ada).call("post", path, {"name": "One more"}), 429)
    assert browser_of(world.ada).call("get", "/me/").status_code == 200


def test_visitors_read_the_schema_only_so_often(client, db) -> None:
    for _ in range(3):
        assert client.get("/api/v1/schema/").status_code == 200

    assert_refused(client.get("/api/v1/schema/"), 429)


def test_counts_of_many_addresses_are_all_kept(db) -> None:
    addresses = [f"login:{number}" for number in range(400)]

    for address in addresses:
        caches["default"].set(address, [1.0], 300)

    assert len(caches["default"].get_many(addresses)) == 400
