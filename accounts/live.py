"""Live news: one Redis channel per person. News may be lost; the database never depends on it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache

import redis
import structlog
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

CHANNEL_PREFIX = "atelier:person:"
DUE_PREFIX = "atelier:due:"


def channel_of(user_id: int) -> str:
    """The channel that carries a person's news and nobody else's."""
    return f"{CHANNEL_PREFIX}{user_id}"


@cache
def _connection(url: str) -> redis.Redis:
    # Short timeouts and no retries: news must never hold up the work that they are about.
    return redis.Redis.from_url(
        url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
    )


def tell(user_id: int, news: Mapping[str, object]) -> None:
    """Send a piece of news to a person's open pages. Never raises: without Redis it is dropped."""
    tell_all([user_id], news)


def tell_all(people: Collection[int], news: Mapping[str, object]) -> None:
    """Send one piece of news to several people in one turn: a Redis that hangs costs one second."""
    try:
        with _connection(settings.REDIS_URL).pipeline(transaction=False) as turn:
            for user_id in people:
                turn.publish(channel_of(user_id), json.dumps(news))
            turn.execute()
    except redis.RedisError as error:
        log.info("live.dropped", people=len(people), reason=str(error))


def is_due(what: str, seconds: float) -> bool:
    """Whether news of this kind may go out again: once in so many seconds, whoever asks first.

    For news that come in swarms and concern many people. Without Redis nothing is due.
    """
    try:
        key = f"{DUE_PREFIX}{what}"
        return bool(_connection(settings.REDIS_URL).set(key, 1, nx=True, px=int(seconds * 1000)))
    except redis.RedisError as error:
        log.info("live.dropped", what=what, reason=str(error))
        return False


def tell_access_changed(user_id: int) -> None:
    """Close the person's open streams and let their pages look again at what they may see."""
    tell(user_id, {"type": "access"})
