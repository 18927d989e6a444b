"""What must hold before an installation is brought up, and whether its servers answer."""

from __future__ import annotations

import http.client
import os
import platform
import socket

from city1361.base.kernel.errors import Conflict, Invalid
from city1361.running.texts import tell


def check_machine() -> str:
    """Refuse an operating system that cannot work; returns what was found."""
    if platform.system() not in ("Linux", "Darwin"):
        raise Invalid(
            "system_not_supported",
            tell("不支持的操作系统：{system}", system=platform.system()),
            remedy=tell("请在 Linux 或 macOS 上运行"),
        )
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPU"


def check_ports(host: str, *ports: int) -> None:
    """Refuse ports that somebody else listens on."""
    for port in ports:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise Conflict(
                    "port_taken",
                    tell("端口 {port} 已被占用", port=port) + f" ({error.strerror})",
                    remedy=tell("请用 --port 指定另一个端口（其后两个端口也须空闲）"),
                ) from error


def answers(host: str, port: int, path: str) -> bool:
    """Whether a server answers there without a fault of its own."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
