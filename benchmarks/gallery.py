"""What a page of the gallery costs with ten thousand, a hundred thousand and a million images.

    python -m benchmarks.gallery [--sizes 10000 100000 1000000] [--rounds 60] [--http 200]
                                 [--keep DIRECTORY] [--fill-only]

Makes a database for each size (SQLite in a temporary directory, or databases `bench_<size>` on the
server of DATABASE_URL) and fills it with a seeded archive (`portal.demo`); a smaller one is the
beginning of a larger one. With `--keep` they stay, and the next run finds them filled. Then it asks
at each size what a member of three projects asks of the largest one: pages, searches, filters,
facets, suggestions. Printed are the median and p95 in milliseconds of everything between the
question and the rows in memory, the number of queries, and whether a plan scans the images. Then
the whole answer: the page with its cards from a web process as it is shipped, signed in, one
request after the other. Beside it, on the same rows in the same run: the same words looked for with
LIKE, page and count, as galleries without an index do, and with trigrams (FTS5's, or pg_trgm). At
last the cost of adding an image.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

DIRECTORY = Path(tempfile.mkdtemp(prefix="atelier-bench-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.base"
os.environ["DATA_DIR"] = str(DIRECTORY)
os.environ["ATELIER_LOG_LEVEL"] = "ERROR"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.access import Access, Actor  # noqa: E402
from accounts.grants import access_for  # noqa: E402
from accounts.models import Project, User  # noqa: E402
from assets.actions.indexing import index_images  # noqa: E402
from assets.models import Image  # noqa: E402
from assets.queries.facets import facet_counts  # noqa: E402
from assets.queries.gallery import GallerySearch  # noqa: E402
from assets.queries.suggesting import suggest  # noqa: E402
from portal.demo.many import Place, analyze, filling, make_places  # noqa: E402
from portal.running.preparing import build  # noqa: E402

SLUG = "bench"
PAGE = 50


@dataclass(slots=True)
class Times:
    """Milliseconds of one question, and what it did."""

    milliseconds: list[float] = field(default_factory=list)
    queries: int = 0
    found: int = 0
    scans: list[str] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.milliseconds)

    def percentile(self, share: float) -> float:
        """The one below which the share lies."""
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def main() -> None:
    """Fill, ask, print; once for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--http", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--fill-only", action="store_true")
    arguments = parser.parse_args()
    sizes = sorted(arguments.sizes)
    print(f"{connection.vendor}, page of {PAGE}, {arguments.rounds} rounds, load {_load()}")
    ours: dict[str, list[Times]] = {}
    for size in sizes:
        with _database(size, arguments.keep):
            place = _filled(size, arguments.seed)
            if not arguments.fill_only:
                print(f"\n=== {Image.objects.count():,} images, load {_load()}")
                _measure(place, arguments, ours)
    _print_ratios(ours, sizes)


@contextlib.contextmanager
def _database(size: int, keep: Path | None) -> Iterator[None]:
    """A database of its own for one size, which stays if it is to be kept."""
    name = f"bench_{size}"
    if connection.vendor == "sqlite":
        directory = (keep or DIRECTORY) / name
        directory.mkdir(parents=True, exist_ok=True)
        name = str(directory / "atelier.sqlite3")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {name}")
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    build(lambda _sentence: None)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        if connection.vendor != "sqlite" and not keep:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _filled(size: int, seed: int) -> Place:
    """Fill the database if it is new; the largest project."""
    if not Project.objects.exists():
        began = time.monotonic()
        for _made in filling(places=make_places(slug=SLUG), images=size, seed=seed, pool=None):
            pass
        print(f"{size:,} images filled in {time.monotonic() - began:.0f} s")
    analyze()
    project = Project.objects.select_related("organization").order_by("pk")[0]
    return Place(project, list(User.objects.filter(images__project=project).distinct()[:1]), 1.0)


def _measure(place: Place, arguments: argparse.Namespace, ours: dict[str, list[Times]]) -> None:
    project = place.project
    access = _access()
    print(f"{'':34} {'median':>8} {'p95':>8}  queries  found")
    for name, ask in _questions(access, project).items():
        times = _ask(ask, arguments.rounds)
        ours.setdefault(name, []).append(times)
        _print(name, times)
    _beside(project, max(arguments.rounds // 12, 3))
    with _web_process() as port:
        for name, query in _PAGES.items():
            times = _fetch(port, project, query, arguments.http)
            ours.setdefault(f"HTTP {name}", []).append(times)
            print(
                f"{'HTTP ' + name:34} {times.median:8.2f} {times.percentile(0.95):8.2f}"
                f"  p99 {times.percentile(0.99):.2f}, {times.found:,} bytes"
            )
    times = _insert(place, arguments.rounds)
    ours.setdefault("index one image", []).append(times)
    _print("index one image", times)


_PAGES = {"first page": "", "熊猫": "熊猫", "masterpiece": "masterpiece", "five filters": "*five*"}
_FIVE = 'status:approved model:"Z-Image-Turbo" steps:8 size:1024x1024 date:{year}-01..{year}-06'


def _five_filters() -> str:
    newest = Image.objects.order_by("-id").values_list("archived_at", flat=True)[0]
    return _FIVE.format(year=newest.year)


def _questions(access: Access, project: Project) -> Mapping[str, Callable[[], int]]:
    """What is asked; each answers how many rows it got."""
    deep = (
        Image.objects.filter(project=project)
        .order_by("-id")
        .values_list("pk", flat=True)[_half(project)]
    )

    def page(query: str = "", **params: str) -> Callable[[], int]:
        def ask() -> int:
            search = GallerySearch.from_query({"q": query, **params})
            return len(search.page(access, project.pk, size=PAGE).images)

        return ask

    def facets(query: str) -> Callable[[], int]:
        def ask() -> int:
            search = GallerySearch.from_query({"q": query})
            return facet_counts(access, search.prepared(access, project.pk)).counted

        return ask

    def suggestions(prefix: str) -> Callable[[], int]:
        return lambda: len(suggest(access, project.pk, ["tag", "model", "by", "lora"], prefix))

    return {
        "first page": page(),
        "page in the middle": page(cursor=str(deep)),
        "rare: axolotl": page("axolotl"),
        "rare: 蝾螈": page("蝾螈"),
        "common: masterpiece": page("masterpiece"),
        "熊猫": page("熊猫"),
        "猫": page("猫"),
        "的": page("的"),
        "红色围巾": page("红色围巾"),
        "赛博朋克城市": page("赛博朋克城市"),
        'phrase: "红色围巾"': page('"红色围巾"'),
        "mixed: masterpiece 围巾": page("masterpiece 围巾"),
        "two: masterpiece axolotl": page("masterpiece axolotl"),
        "as typed: mast": page("mast"),
        "without: 猫 -masterpiece": page("猫 -masterpiece"),
        "no hit": page("zzzzqqq"),
        "five filters": page(_five_filters()),
        "five filters and 熊猫": page(f"熊猫 {_five_filters()}"),
        "best rated": page("sort:rating"),
        "most reused": page("sort:reused"),
        "facets of everything": facets(""),
        "facets of 熊猫": facets("熊猫"),
        "facets of masterpiece": facets("masterpiece"),
        "suggestions for 春": suggestions("春"),
        "suggestions for z": suggestions("z"),
    }


def _half(project: Project) -> int:
    return Image.objects.filter(project=project).count() // 2


def _ask(ask: Callable[[], int], rounds: int) -> Times:
    times = Times()
    with CaptureQueriesContext(connection) as captured:
        times.found = ask()
    times.queries = len(captured)
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        times.milliseconds.append((time.perf_counter() - began) * 1000)
    times.scans = [line for query in captured.captured_queries for line in _scans(query["sql"])]
    return times


def _scans(sql: str) -> list[str]:
    """The lines of a plan that read a whole large table. Reading an index in order is none."""
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
        return []
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql.replace("%", "%%"), [])
        lines = [str(row[-1]).strip() for row in cursor.fetchall()]
    if connection.vendor == "sqlite":
        return [
            line
            for line in lines
            if line.startswith("SCAN assets_") and "USING" not in line and "VIRTUAL" not in line
        ]
    return [line for line in lines if "Seq Scan on assets_image" in line]


def _beside(project: Project, rounds: int) -> None:
    """The same words without our index: LIKE with its count, then trigrams."""
    print("beside it, on the same rows:")
    for word in ("axolotl", "masterpiece", "熊猫", "猫", "红色围巾"):
        like = _ask(lambda word=word: _like(project, word), rounds)
        _print(f"  LIKE, page and count: {word}", like)
    with _trigrams() as look_for:
        for word in ("axolotl", "masterpiece", "熊猫", "红色围巾"):
            trigram = _ask(lambda word=word: look_for(project, word), rounds)
            _print(f"  trigram, page: {word}", trigram)


def _like(project: Project, word: str) -> int:
    where = "project_id = %s AND (prompt LIKE %s OR negative_prompt LIKE %s)"
    values = [project.pk, f"%{word}%", f"%{word}%"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, uid, prompt FROM assets_image WHERE {where} ORDER BY id DESC LIMIT {PAGE}",
            values,
        )
        rows = cursor.fetchall()
        cursor.execute(f"SELECT COUNT(*) FROM assets_image WHERE {where}", values)
        cursor.fetchone()
    return len(rows)


@contextlib.contextmanager
def _trigrams() -> Iterator[Callable[[Project, str], int]]:
    """A trigram index over the prompts, there only while it is measured."""
    began = time.monotonic()
    if connection.vendor == "sqlite":
        make = [
            (
                "CREATE VIRTUAL TABLE bench_trigram USING fts5(prompt, tokenize='trigram',"
                " content='', detail=none)"
            ),
            "INSERT INTO bench_trigram (rowid, prompt) SELECT id, prompt FROM assets_image",
        ]
        drop = "DROP TABLE bench_trigram"
    else:
        make = [
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            "CREATE INDEX bench_trigram ON assets_image USING gin (prompt gin_trgm_ops)",
        ]
        drop = "DROP INDEX bench_trigram"
    with connection.cursor() as cursor:
        for statement in make:
            cursor.execute(statement)
    print(f"  (trigram index built in {time.monotonic() - began:.0f} s)")
    try:
        yield _by_trigram
    finally:
        with connection.cursor() as cursor:
            cursor.execute(drop)


def _by_trigram(project: Project, word: str) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # `detail=none` knows no phrases: the trigrams of the word are looked for together.
            parts = [word[at : at + 3] for at in range(len(word) - 2)] or [word]
            match = " AND ".join(f'"{part}"' for part in parts)
            cursor.execute(
                "SELECT i.id, i.uid, i.prompt FROM bench_trigram t"
                " JOIN assets_image i ON i.id = t.rowid"
                " WHERE bench_trigram MATCH %s AND i.project_id = %s AND i.prompt LIKE %s"
                f" ORDER BY t.rowid DESC LIMIT {PAGE}",
                [match, project.pk, f"%{word}%"],
            )
        else:
            cursor.execute(
                "SELECT id, uid, prompt FROM assets_image WHERE project_id = %s"
                f" AND prompt LIKE %s ORDER BY id DESC LIMIT {PAGE}",
                [project.pk, f"%{word}%"],
            )
        return len(cursor.fetchall())


@contextlib.contextmanager
def _web_process() -> Iterator[int]:
    """One web process as `manage.py serve` starts it; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.set_inheritable(True)
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.running.web", str(listening.fileno())],
            pass_fds=[listening.fileno()],
            env={**os.environ, **_database_for_children()},
        )
        try:
            yield listening.getsockname()[1]
        finally:
            process.terminate()
            process.wait(15)


def _database_for_children() -> dict[str, str]:
    if connection.vendor == "sqlite":
        return {"DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}"}
    url = os.environ["DATABASE_URL"]
    return {"DATABASE_URL": url.rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"}


def _fetch(port: int, project: Project, query: str, count: int) -> Times:
    """Ask for the page, one request after the other on one connection, signed in."""
    query = _five_filters() if query == "*five*" else query
    address = f"/projects/{project.pk}/" + (f"?{urlencode({'q': query})}" if query else "")
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={_session()}", "Host": "localhost"}
    times = Times()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in range(count + 10):
        began = time.perf_counter()
        client.request("GET", address, headers=headers)
        response = client.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"GET {address} answered {response.status}: {body[:300]!r}")
        if number >= 10:  # the first ones fill caches, as they do once after a start
            times.milliseconds.append((time.perf_counter() - began) * 1000)
        times.found = len(body)
    client.close()
    return times


def _session() -> str:
    person = _person()
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _insert(place: Place, rounds: int) -> Times:
    """What the index adds to archiving one image, commit included."""
    times = Times(queries=0, found=1)
    newest = list(
        Image.objects.filter(project=place.project).order_by("-id").values_list("pk")[:rounds]
    )
    for (image_id,) in newest:
        began = time.perf_counter()
        with transaction.atomic():
            index_images(image_ids=[image_id])
        times.milliseconds.append((time.perf_counter() - began) * 1000)
    return times


def _access() -> Access:
    person = _person()
    return access_for(person, Actor(label=str(person), user_id=person.pk))


def _person() -> User:
    return User.objects.get(email=f"{SLUG}@example.com")


def _print(name: str, times: Times) -> None:
    print(
        f"{name:34} {times.median:8.2f} {times.percentile(0.95):8.2f}  {times.queries:7}"
        f"  {times.found:5}" + "".join(f"\n    SCANS: {line}" for line in times.scans)
    )


def _print_ratios(ours: Mapping[str, list[Times]], sizes: list[int]) -> None:
    if len(sizes) < 2:
        return
    print(f"\nmedian at {sizes[-1]:,} images : median at {sizes[0]:,}")
    for name, times in ours.items():
        print(f"{name:34} {times[-1].median / times[0].median:8.2f}")


def _load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


if __name__ == "__main__":
    main()
