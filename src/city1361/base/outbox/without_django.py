"""The second door of base.outbox: the live process, which never loads Django."""

from city1361.base.outbox.live_server import main as serve_live

__all__ = ["serve_live"]
