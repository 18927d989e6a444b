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
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
ANALYZE = shutil.which("systemd-analyze")
EXPOSED_AT_MOST = 2.0  # of 10, as systemd-analyze counts
NAME = "city.example"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate of this test's own in `folder`, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(text)
    return ssl.create_default_context(cafile=str(folder / "fullchain.pem"))


@pytest.fixture
def hosts() -> Iterator[list[http.server.ThreadingHTTPServer]]:
    both = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) for _ in range(2)]
    for one in both:
        threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()
    yield both
    for one in both:
        one.shutdown()
        one.server_close()


def configured(folder: Path, tls: int, ports: dict[str, int]) -> Path:
    """The configuration of the tree, with the ports and folders of this test and nothing else changed."""
    text = (DEPLOY / "nginx" / "city1361.conf").read_text().replace("/etc/city1361/tls", str(folder))
    for before, after in ports.items():
        assert before in text
        text = text.replace(before, f"127.0.0.1:{after}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl")
    temporary = "".join(f"{name}_temp_path {folder / name};\n" for name in ("client_body", "proxy"))
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; master_process off; pid {folder / 'pid'}; error_log {folder / 'log'};\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n"
    )
    return whole


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
