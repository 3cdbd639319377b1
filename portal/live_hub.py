"""Hands the news of Redis to the open streams of this process: one subscription for everybody."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import chain
from weakref import WeakKeyDictionary

import redis.asyncio
import structlog
from django.conf import settings
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from accounts.live import CHANNEL_PREFIX

log = structlog.get_logger(__name__)

KEPT_NEWS = 64
"""Pieces of news that wait for a slow reader; older ones are dropped, the pages read again."""
PING_SECONDS = 20.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
"""Seconds between attempts to reach a Redis that is away; doubled from one to the next."""
LOOK_AGAIN = b'{"type": "queue"}'
"""What pages are told after an outage, in which anything may have happened."""


class Subscription:
    """The news that wait for one stream. Belongs to one event loop."""

    def __init__(self) -> None:
        self.ended = False
        self._news: deque[bytes] = deque(maxlen=KEPT_NEWS)
        self._something = asyncio.Event()

    def put(self, piece: bytes) -> None:
        """Add a piece of news, at the price of the oldest when the reader is too slow."""
        self._news.append(piece)
        self._something.set()

    def end(self) -> None:
        """No more news: the stream sends what waits and closes."""
        self.ended = True
        self._something.set()

    async def next(self, seconds: float) -> list[bytes]:
        """What has come, as soon as something has; an empty list after `seconds` of silence."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._something.wait()
        news = list(self._news)
        self._news.clear()
        if not self.ended:
            self._something.clear()
        return news


class Hub:
    """Listens to everybody's channel while at least one stream is open."""

    _of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()

    def __init__(self) -> None:
        self._streams: defaultdict[int, set[Subscription]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None
        self._subscribed = asyncio.Event()
        self._lost = False

    @classmethod
    def here(cls) -> Hub:
        """The hub of the running event loop."""
        return cls._of_loops.setdefault(asyncio.get_running_loop(), cls())

    @classmethod
    def end_all_streams(cls) -> None:
        """End every stream of the process; safe in a signal handler and from any thread."""
        for loop, hub in list(cls._of_loops.items()):
            with contextlib.suppress(RuntimeError):  # the loop is closed: so are its streams
                loop.call_soon_threadsafe(hub.end_streams)

    @contextlib.contextmanager
    def subscription(self, person_id: int) -> Iterator[Subscription]:
        """News of one person, for as long as the block runs."""
        subscription = Subscription()
        self._streams[person_id].add(subscription)
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen(), name="live news")
        try:
            yield subscription
        finally:
            self._streams[person_id].discard(subscription)
            if not self._streams[person_id]:
                del self._streams[person_id]
            if not self._streams:
                self._listening.cancel()
                self._listening = None
                self._subscribed.clear()

    async def heard(self, seconds: float) -> None:
        """Return once Redis is listened to, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._subscribed.wait()

    def end_streams(self) -> None:
        """End the streams of this hub; only from within its loop."""
        for subscription in chain.from_iterable(self._streams.values()):
            subscription.end()

    @property
    def open_streams(self) -> int:
        """How many streams are open in this process."""
        return sum(map(len, self._streams.values()))

    async def _listen(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            try:
                async with (
                    redis.asyncio.Redis.from_url(
                        settings.REDIS_URL, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
                    ) as connection,
                    connection.pubsub() as channels,
                ):
                    await channels.psubscribe(f"{CHANNEL_PREFIX}*")
                    await self._relay(channels)
            except (RedisError, OSError) as error:
                if not self._lost:
                    pause = SHORTEST_PAUSE
                    log.warning("live.redis_lost", reason=str(error))
                self._lost = True
                self._subscribed.clear()
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _relay(self, channels: PubSub) -> None:
        while True:
            message = await channels.get_message(timeout=PING_SECONDS)
            if message is None:
                await channels.ping()  # notices a connection that is only half there
            elif message["type"] == "psubscribe":
                self._welcome_back()
            elif message["type"] == "pmessage":
                self._hand_out(message["channel"].decode(), message["data"])

    def _welcome_back(self) -> None:
        self._subscribed.set()
        if self._lost:
            self._lost = False
            log.info("live.redis_back")
            for subscription in chain.from_iterable(self._streams.values()):
                subscription.put(LOOK_AGAIN)

    def _hand_out(self, channel: str, piece: bytes) -> None:
        person = channel.removeprefix(CHANNEL_PREFIX)
        if not person.isdecimal():
            return
        try:
            kind = json.loads(piece).get("type")
        except (ValueError, AttributeError):
            log.warning("live.not_news", channel=channel)
            return
        for subscription in self._streams.get(int(person), ()):
            if kind != "session":
                subscription.put(piece)
            if kind in {"access", "session"}:
                subscription.end()
