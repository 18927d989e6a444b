"""A line between a program and its data base that can be made slow or cut: a proxy in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from types import TracebackType


class Line:
    """Listens on `port` of 127.0.0.1 and carries bytes to the server. delay: seconds that each piece waits, each way."""

    def __init__(self, server_port: int) -> None:
        self.server_port, self.delay, self.is_cut, self.port, self.carried = server_port, 0.0, False, 0, 0
        self.loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self.loop.run_forever, name="line", daemon=True)

    def __enter__(self) -> Line:
        self._thread.start()
        self.server = self._do(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._do(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def cut(self) -> None:
        """Every connection ends with a reset, and no new one is made, until `mend`."""
        self.is_cut = True
        self._do(self._reset())

    def mend(self) -> None:
        self.is_cut = False

    def _do(self, work):  # type: ignore[no-untyped-def]
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    async def _reset(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _close(self) -> None:
        self.server.close()
        await self._reset()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.server_port)
        both = {writer, there_writer}
        self._open |= both
        try:
            await asyncio.gather(self._carry(reader, there_writer), self._carry(there_reader, writer))
        finally:
            self._open -= both
            for one in both:
                one.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(piece)
                await writer.drain()
                self.carried += len(piece)
        writer.transport.abort()
