"""What deploy/ holds is what nginx and systemd take, and does what docs/how-to/deploy.md says of it."""

from __future__ import annotations

import http.client
import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment.proxy import DEPLOY, NAME, NGINX, certificate, configured, free_port

ANALYZE = shutil.which("systemd-analyze")
EXPOSED_AT_MOST = 2.0  # of 10, as systemd-analyze counts


dead = set[int]()


class Host(http.server.BaseHTTPRequestHandler):
    """Says which host it is and what it was told of the caller."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        port = self.connection.getsockname()[1]
        if port in dead:  # hangs up without a word
            self.close_connection = True
            return
        told = f"{port} {self.headers['X-Forwarded-For']} {self.headers['X-Forwarded-Proto']}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told.encode())

    def log_message(self, format: str, *words: object) -> None:
        """Silence."""


@pytest.fixture
def hosts() -> Iterator[list[http.server.ThreadingHTTPServer]]:
    both = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) for _ in range(2)]
    for one in both:
        threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()
    yield both
    for one in both:
        one.shutdown()
        one.server_close()


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")
def test_nginx_takes_the_configuration_and_asks_the_other_host_when_one_is_away(
    tmp_path: Path, hosts: list[http.server.ThreadingHTTPServer]
) -> None:
    trust, tls, nobody = certificate(tmp_path), free_port(), free_port()
    first, second = (one.server_port for one in hosts)
    ports = {
        "127.0.0.1:8361": first,
        "127.0.0.1:8371": second,
        "127.0.0.1:8362": nobody,
        "127.0.0.1:8372": second,
    }
    whole = configured(tmp_path, tls, ports)
    said = subprocess.run([str(NGINX), "-t", "-c", whole], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    with subprocess.Popen([str(NGINX), "-c", whole], stderr=subprocess.DEVNULL) as nginx:
        try:
            answers = [asked(tls, trust, "/") for _ in range(4)]
            assert {port for port, _, _ in answers} == {str(first), str(second)}
            # Who calls cannot choose his own address, and the hosts know that it came through TLS.
            assert {(address, scheme) for _, address, scheme in answers} == {("127.0.0.1", "https")}
            assert asked(tls, trust, "/live")[0] == str(second)
            dead.add(first)
            assert {asked(tls, trust, "/")[0] for _ in range(4)} == {str(second)}
        finally:
            nginx.terminate()


def asked(port: int, trust: ssl.SSLContext, path: str) -> list[str]:
    """What the host behind answered, over verified TLS."""
    end = time.monotonic() + 20
    while True:
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=trust, timeout=10)
        try:
            with socket.create_connection(("127.0.0.1", port), 10) as plain:
                connection.sock = trust.wrap_socket(plain, server_hostname=NAME)
                connection.request("GET", path, headers={"Host": NAME, "X-Forwarded-For": "203.0.113.9"})
                answer = connection.getresponse()
                text = answer.read().decode()
                assert answer.status == 200, text
                return text.split()
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        finally:
            connection.close()


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed here")
def test_the_units_are_taken_by_systemd_and_expose_little(tmp_path: Path) -> None:
    for unit in (DEPLOY / "systemd").iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/city1361/bin/city1361", "/bin/true"))
    units = sorted(tmp_path.iterdir())
    services = [unit for unit in units if unit.suffix == ".service"]
    assert len(services) >= 6
    verified = subprocess.run([str(ANALYZE), "verify", *units], capture_output=True, text=True, check=False)
    assert "city1361-" not in verified.stderr, verified.stderr
    words: list[str | Path] = [
        str(ANALYZE),
        "security",
        "--offline=true",
        f"--threshold={int(EXPOSED_AT_MOST * 10)}",
        *services,
    ]
    exposed = subprocess.run(words, capture_output=True, text=True, check=False)
    assert exposed.returncode == 0, exposed.stdout[-400:]


def test_every_verb_that_a_unit_starts_is_there() -> None:
    from city1361.cli import city1361

    verbs = {
        line.split("/opt/city1361/bin/city1361 ")[1].split()[0]
        for unit in (DEPLOY / "systemd").glob("*.service")
        for line in unit.read_text().splitlines()
        if line.startswith("ExecStart=/opt/city1361/")
    }
    assert verbs == {"web", "live", "worker", "doctor", "evidence", "database"}
    assert verbs <= set(city1361.commands) | {"doctor", "evidence"}
