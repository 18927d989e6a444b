"""nginx as deploy/nginx has it, with ports and folders of this machine, and a certificate made for it."""

from __future__ import annotations

import shutil
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
NAME = "city.example"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for NAME in `folder`, and what trusts it."""
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


def configured(folder: Path, tls: int, ports: Mapping[str, int], head: str = "master_process off;") -> Path:
    """The configuration of the tree, with other ports and folders and nothing else changed."""
    text = (DEPLOY / "nginx" / "city1361.conf").read_text().replace("/etc/city1361/tls", str(folder))
    for before, after in ports.items():
        assert before in text
        text = text.replace(before, f"127.0.0.1:{after}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl")
    temporary = "".join(f"{name}_temp_path {folder / name};\n" for name in ("client_body", "proxy"))
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; {head} pid {folder / 'pid'}; error_log {folder / 'log'};\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n"
    )
    return whole
