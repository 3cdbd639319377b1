"""News on its way to Redis."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import redis
from django.conf import settings

from accounts.live import channel_of, tell_all


def test_news_for_several_people_reaches_each_of_them() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as connection, connection.pubsub() as listening:
        listening.subscribe(channel_of(1), channel_of(2))
        for _ in range(2):
            listening.get_message(timeout=5)

        tell_all([1, 2], {"type": "queue"})

        heard = [listening.get_message(timeout=5) for _ in range(2)]

    assert {message["channel"].decode() for message in heard} == {channel_of(1), channel_of(2)}
    assert {json.loads(message["data"])["type"] for message in heard} == {"queue"}


def test_redis_that_hangs_holds_up_the_news_for_many_once_only(tmp_path: Path) -> None:
    address = tmp_path / "hangs.sock"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(address))
        silent.listen(50)
        settings.REDIS_URL = f"unix://{address}"
        began = time.monotonic()

        tell_all(range(20), {"type": "queue"})

    assert time.monotonic() - began < 4
