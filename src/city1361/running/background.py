"""The background load of demonstration rows, as the supervisor sees it: lines of progress from a child."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from city1361.running.children import Lifeline, Program
from city1361.running.progress import Progress
from city1361.running.texts import tell

SAY_EVERY_SECONDS = 10.0


class Background:
    """A program that runs once beside the others. `finished` is called when it ended well."""

    def __init__(self, program: Program, lifeline: Lifeline, progress: Progress, finished: Callable[[], None]) -> None:
        self.program = program
        self.progress = progress
        self.finished = finished
        self.process, self.out = program.start_heard(lifeline)
        self._rest = b""
        self._said = time.monotonic()
        self._any = False

    def hear(self) -> bool:
        """Take what it says; False at its end. Progress is told now and then, everything else goes into its log."""
        piece = os.read(self.out.fileno(), 65536)
        if not piece:
            self._end()
            return False
        *lines, self._rest = (self._rest + piece).split(b"\n")
        with self.program.log.open("ab") as log:
            for line in lines:
                log.write(line + b"\n")
                self._tell(line.decode(errors="replace").split(" ", 5))
        return True

    def _tell(self, words: list[str]) -> None:
        if len(words) != 6 or words[0] != "progress":
            return
        _, place, places, done, total, _ = words
        self._any = True
        if time.monotonic() - self._said >= SAY_EVERY_SECONDS:
            self._said = time.monotonic()
            part = f" ({place}/{places})" if places != "1" else ""
            self.progress.say(f" · {tell('后台载入演示数据：{done}/{total}', done=done, total=total)}{part}")

    def _end(self) -> None:
        if self.process.wait() == 0:
            self.finished()
            if self._any:
                self.progress.say(f" ✓ {tell('演示数据已载入')}")
        else:
            text = tell("演示数据载入失败，下次启动时继续；日志：{log}", log=self.program.log)
            self.progress.say(f" ! {text}")
