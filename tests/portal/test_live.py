"""Live events, over a real connection to a real server with a real Redis."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import Client

from accounts.live import tell, tell_access_changed
from generation.types import JobLane
from portal import live
from portal.embedded_redis import command, url_of, wait_until_ready
from portal.live_hub import Hub
from tests.generation.builders import ask_for, make_runner

Listen = Callable[..., "Listener"]


class Listener:
    """A browser's end of a stream."""

    def __init__(self, address: str, client: Client | None, headers: dict[str, str]) -> None:
        self.client = client
        place = urlsplit(address)
        self.connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=10)
        if client is not None:
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", **headers}
        self.connection.request("GET", "/events/", headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def line(self) -> str | None:
        """The next line that says something; `None` when the stream has ended."""
        while line := self.response.readline():
            if text := line.decode().strip():
                return text
        return None

    def news(self) -> object:
        """The next piece of news, comments and settings skipped; `None` at the end."""
        while (line := self.line()) is not None:
            if line.startswith("data: "):
                return json.loads(line.removeprefix("data: "))
        return None

    def close(self) -> None:
        self.response.close()
        self.connection.close()


@pytest.fixture
def listen(asgi_server: str, client_for) -> Iterator[Listen]:
    """`listen(world.uma)` opens a stream as Uma, `listen()` as a stranger.

    `listen(client=browser)` opens one in a browser that is there already.
    """
    listeners: list[Listener] = []

    def listen(person=None, client: Client | None = None, **headers: str) -> Listener:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = client_for(person) if person else client
        listeners.append(Listener(asgi_server, client, named))
        return listeners[-1]

    yield listen
    for listener in listeners:
        listener.close()


def test_news_arrive_as_they_are_told(listen, world) -> None:
    stream = listen(world.uma)

    tell(world.uma.pk, {"type": "step", "step": 3})
    tell(world.uma.pk, {"type": "step", "step": 4})

    assert stream.status == 200
    assert stream.response.headers["Content-Type"].startswith("text/event-stream")
    assert stream.news() == {"type": "step", "step": 3}
    assert stream.news() == {"type": "step", "step": 4}


def test_stream_begins_with_how_soon_to_come_back(listen, world) -> None:
    assert listen(world.uma).line() == "retry: 3000"


def test_nobody_hears_the_news_of_somebody_else(listen, world) -> None:
    of_uma, of_rita = listen(world.uma), listen(world.rita)

    tell(world.uma.pk, {"type": "job", "for": "uma"})
    tell(world.rita.pk, {"type": "job", "for": "rita"})

    assert of_rita.news() == {"type": "job", "for": "rita"}
    assert of_uma.news() == {"type": "job", "for": "uma"}


def test_every_open_page_of_a_person_hears_the_news(listen, world) -> None:
    streams = [listen(world.uma), listen(world.uma)]

    tell(world.uma.pk, {"type": "queue"})

    assert [stream.news() for stream in streams] == [{"type": "queue"}] * 2


def test_stranger_is_asked_to_sign_in(listen, world) -> None:
    assert listen().status == 401


def test_made_up_session_is_a_stranger(listen, world) -> None:
    assert listen(Cookie=f"{settings.SESSION_COOKIE_NAME}=abcdefghijklmnop").status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_page_of_another_site_may_not_listen(listen, world, headers) -> None:
    assert listen(world.uma, **headers).status == 403


def test_page_of_this_site_may_listen(listen, world, asgi_server) -> None:
    assert listen(world.uma, Origin=asgi_server, Sec_Fetch_Site="same-origin").status == 200


def test_only_get_is_answered(asgi_server, world) -> None:
    place = urlsplit(asgi_server)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=5)
    connection.request("POST", "/events/", body=b"x")

    assert connection.getresponse().status == 405
    connection.close()


def test_changed_access_is_told_and_ends_the_stream(listen, world) -> None:
    stream = listen(world.uma)

    tell_access_changed(world.uma.pk)

    assert stream.news() == {"type": "access"}
    assert stream.news() is None


def test_deactivated_person_does_not_come_back(listen, world) -> None:
    stream = listen(world.uma)
    world.uma.is_active = False
    world.uma.save(update_fields=["is_active"])
    tell_access_changed(world.uma.pk)

    assert stream.news() == {"type": "access"}
    assert stream.news() is None
    assert listen(client=stream.client).status == 401


def test_signing_out_ends_the_stream(listen, world) -> None:
    stream = listen(world.uma)
    browser = Client()
    browser.cookies = stream.client.cookies.copy()

    browser.post("/accounts/logout/")

    assert stream.news() is None
    assert listen(client=stream.client).status == 401


def test_stream_ends_in_time_so_that_access_is_checked_again(listen, world, monkeypatch) -> None:
    monkeypatch.setattr(live, "STREAM_SECONDS", 0.3)

    assert listen(world.uma).news() is None


def test_silence_is_filled_with_comments(listen, world, monkeypatch) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_SECONDS", 0.05)
    stream = listen(world.uma)

    assert [stream.line(), stream.line()] == ["retry: 3000", ": still here"]


def test_server_that_stops_ends_its_streams_at_once(listen, world) -> None:
    stream = listen(world.uma)

    live.end_streams()

    assert stream.news() is None


def test_open_streams_hold_no_database_connection(listen, world, client_for) -> None:
    browser = client_for(world.uma)
    opened: list[BaseDatabaseWrapper] = []

    def note(connection: BaseDatabaseWrapper, **_signal: object) -> None:
        opened.append(connection)

    connection_created.connect(note)
    streams = [listen(client=browser) for _ in range(20)]
    connection_created.disconnect(note)

    assert [stream.status for stream in streams] == [200] * 20
    assert opened, "somebody looked the session up"
    assert [wrapper for wrapper in opened if wrapper.connection is not None] == []


def test_closed_page_leaves_nothing_behind(listen, world) -> None:
    stream = listen(world.uma)
    hubs = [hub for hub in Hub._of_loops.values() if hub.open_streams]
    assert [hub.open_streams for hub in hubs] == [1]

    stream.close()

    assert eventually(lambda: hubs[0].open_streams == 0)


@pytest.fixture
def own_redis(tmp_path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """A Redis that the test may stop and start; the site listens to it."""
    started: list[subprocess.Popen[bytes]] = []
    before = settings.REDIS_URL
    settings.REDIS_URL = url_of(tmp_path)

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(command(tmp_path)))
        wait_until_ready(settings.REDIS_URL, started[-1])
        return started[-1]

    yield start
    settings.REDIS_URL = before
    for process in started:
        process.kill()
        process.wait()


def test_stream_outlives_a_redis_that_is_restarted(own_redis, listen, world) -> None:
    process = own_redis()
    stream = listen(world.uma)
    tell(world.uma.pk, {"type": "step", "step": 1})
    assert stream.news() == {"type": "step", "step": 1}

    process.kill()
    process.wait()
    own_redis()

    assert stream.news() == {"type": "queue"}, "pages look again after an outage"
    tell(world.uma.pk, {"type": "step", "step": 2})
    assert stream.news() == {"type": "step", "step": 2}


def test_stream_opens_while_redis_is_away(own_redis, listen, world, monkeypatch) -> None:
    monkeypatch.setattr(live, "SUBSCRIBE_SECONDS", 0.1)
    stream = listen(world.uma)
    assert stream.status == 200

    own_redis()

    assert stream.news() == {"type": "queue"}


def test_what_is_not_news_is_left_out(listen, world) -> None:
    stream = listen(world.uma)

    with redis.Redis.from_url(settings.REDIS_URL) as server:
        server.publish(f"atelier:person:{world.uma.pk}", b"\xff not json")
        server.publish("atelier:person:nobody", b"{}")
    tell(world.uma.pk, {"type": "job"})

    assert stream.news() == {"type": "job"}


def test_line_break_in_a_piece_does_not_end_its_event() -> None:
    assert live.frames([b'{"a":\n1}', b"{}"]) == b'data: {"a":\ndata: 1}\n\ndata: {}\n\n'


def eventually(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether the condition becomes true in time."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def test_who_waits_hears_that_the_line_moves_and_nothing_of_the_others(listen, world) -> None:
    runner = make_runner()
    mine = ask_for(world.pets, world.uma)
    ask_for(world.pets, world.rita, lane=JobLane.BACKGROUND)
    of_rita, of_uma = listen(world.rita), listen(world.uma)

    assert runner.run_next()
    tell(world.rita.pk, {"type": "end"})
    tell(world.uma.pk, {"type": "end"})

    heard = list(iter(of_rita.news, {"type": "end"}))
    assert {"type": "queue"} in heard
    # That a picture hangs in a gallery of hers is no secret; whose it is and what it shows would be.
    arrived = {"type": "arrived", "project": world.pets.pk}
    assert all(news in ({"type": "queue"}, arrived) for news in heard)
    told = list(iter(of_uma.news, {"type": "end"}))
    assert {news["type"] for news in told} >= {"job", "step"}
    assert {news.get("request", str(mine.pk)) for news in told} == {str(mine.pk)}
