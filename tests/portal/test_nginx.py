"""The nginx configuration in `deploy/`, run by a real nginx in front of a real site."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
CONFIG = Path(settings.BASE_DIR) / "deploy" / "nginx.conf"

pytestmark = pytest.mark.skipif(
    not Path(NGINX).exists() and not os.environ.get("CI"),
    reason="no nginx: apt-get install nginx-light",
)


class Site(BaseHTTPRequestHandler):
    """What stands behind nginx here: says which headers arrived."""

    def do_GET(self) -> None:
        body = "\n".join(f"{name}: {value}" for name, value in self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def log_message(self, *_arguments: object) -> None:
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def front(tmp_path: Path) -> Iterator[str]:
    """The address of nginx with our configuration; only addresses and files are changed."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    port = free_port()
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key,
         "-out", certificate, "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    ours = CONFIG.read_text(encoding="utf-8")
    for written, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server 127.0.0.1:8000": f"server 127.0.0.1:{site.server_port}",
        "/etc/ssl/atelier.example.pem": str(certificate),
        "/etc/ssl/atelier.example.key": str(key),
    }.items():
        assert written in ours
        ours = ours.replace(written, here)
    whole = tmp_path / "nginx.conf"
    temp = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root it would work as nobody, who may not write into the test's folder.
    user = "user root; " if os.geteuid() == 0 else ""
    whole.write_text(
        f"{user}daemon off; worker_processes 1; pid {tmp_path}/nginx.pid; error_log stderr;\n"
        f"events {{}}\nhttp {{ access_log off; {temp}\n{ours}\n}}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([NGINX, "-c", str(whole), "-p", str(tmp_path), "-e", "stderr"])
    _wait_for(port, process)
    yield f"https://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
    site.shutdown()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None, "nginx refused the configuration"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx does not listen")


def ask(address: str, data: bytes | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of one call."""
    trusting = ssl._create_unverified_context()
    request = urllib.request.Request(address, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, context=trusting, timeout=5) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


def test_client_cannot_pretend_to_be_somebody_else(front: str) -> None:
    status, seen, _headers = ask(
        f"{front}/", **{"X-Forwarded-For": "9.9.9.9", "X-Forwarded-Proto": "http"}
    )

    assert status == 200
    assert "X-Forwarded-For: 127.0.0.1" in seen
    assert "X-Forwarded-Proto: https" in seen
    assert "9.9.9.9" not in seen


def test_loop_that_writes_is_stopped_and_told_when_to_come_back(front: str) -> None:
    answers = [ask(f"{front}/projects/1/generate/", data=b"x") for _ in range(80)]

    statuses = Counter(status for status, _body, _headers in answers)
    assert statuses[200] >= 41  # the burst and the first
    assert statuses[429] >= 10
    _status, body, headers = next(each for each in answers if each[0] == 429)
    assert headers["Retry-After"] == "5"
    assert "请求太频繁" in body
    assert ask(f"{front}/projects/1/gallery/")[0] == 200  # reading goes on


def test_only_imports_send_much_at_once(front: str) -> None:
    much = b"x" * (10 * 1024 * 1024)

    pieces = "/imports/6f1c2d3e-0000-4000-8000-000000000000/pieces/"
    assert ask(front + pieces, much)[0] == 200
    assert ask(f"{front}/projects/7/import/", much)[0] == 200
    # Refused by its announced length, before any of it is read: the call breaks off or is told so.
    with socket.create_connection(("127.0.0.1", int(front.rpartition(":")[2]))) as plain:
        context = ssl._create_unverified_context()
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
            head = f"POST /projects/7/ HTTP/1.1\r\nHost: a\r\nContent-Length: {len(much)}\r\n\r\n"
            connection.sendall(head.encode())
            assert b" 413 " in connection.recv(200)


def test_guessing_passwords_is_stopped_before_the_site_hears_of_it(front: str) -> None:
    statuses = Counter(ask(f"{front}/accounts/login/")[0] for _ in range(80))

    assert statuses[200] <= 63
    assert statuses[429] >= 17


def test_opening_a_wall_of_pictures_is_nobody_s_loop(front: str) -> None:
    statuses = Counter(ask(f"{front}/images/{number}/file/")[0] for number in range(200))

    assert statuses == {200: 200}
