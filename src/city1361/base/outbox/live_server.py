"""`python -m city1361.base.outbox.live_server HOST PORT`: the live application under uvicorn."""

from __future__ import annotations

import socket
import sys

import uvicorn

from city1361 import configuration
from city1361.base.kernel import logs
from city1361.base.outbox.live import Live, LiveSettings


class LiveServer(uvicorn.Server):
    """Ends the open streams first when asked to stop: uvicorn alone would wait for them for ever."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self.live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.live.hub.close()
        await super().shutdown(sockets)


def configured() -> Live:
    """The live application of this installation."""
    return Live(
        LiveSettings(
            database_url=configuration.text("DATABASE_URL"),
            key=bytes.fromhex(configuration.text("LIVE_KEY")),
            origins=frozenset(configuration.words("CITY1361_ORIGINS")),
        )
    )


def server(live: Live, host: str, port: int) -> LiveServer:
    """The server, not yet running."""
    config = uvicorn.Config(
        live,
        host=host,
        port=port,
        lifespan="on",
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=3,
    )
    return LiveServer(config, live)


def main(host: str, port: str) -> None:
    """Serve until SIGTERM or SIGINT."""
    logs.configure(configuration.text("CITY1361_LOG_LEVEL"))
    server(configured(), host, int(port)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
