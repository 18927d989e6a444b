"""The embedded data base under the supervisor's eye: when its server dies, however, it is brought back."""

from __future__ import annotations

import time
from collections.abc import Callable

from city1361.base.database.without_django import EmbeddedServer, Urls
from city1361.base.kernel.errors import Problem
from city1361.running.children import FIRST_WAIT, LONGEST_WAIT
from city1361.running.progress import Progress
from city1361.running.texts import tell


class KeptDatabase:
    """Starts a server again that is gone; what was committed is recovered by PostgreSQL.

    moved(urls): called when it came back under another address, as somebody else has taken its port.
    """

    def __init__(self, server: EmbeddedServer, progress: Progress, moved: Callable[[Urls], None]) -> None:
        self.server, self.progress, self.moved = server, progress, moved
        self.urls = server.urls
        self._wait, self._due = FIRST_WAIT, 0.0

    def watch(self) -> None:
        """Look once. A start that fails (a full disk) is said and tried again, ever later."""
        if time.monotonic() < self._due or self.server.seems_alive:
            return
        self.progress.say(f" ! {tell('数据库意外退出，正在恢复；日志：{log}', log=self.server.place.log)}")
        try:
            urls = self.server.start()
        except Problem as problem:
            self._due = time.monotonic() + self._wait
            self._wait = min(self._wait * 3, LONGEST_WAIT)
            self.progress.say(f" ! {problem}")
            return
        self._wait, self._due = FIRST_WAIT, 0.0
        self.progress.say(f" · {tell('数据库已恢复')}")
        if urls != self.urls:
            self.urls = urls
            self.moved(urls)
