"""Children end when their supervisor does, even when it is killed outright.

The supervisor holds the writing end of a pipe whose reading end is each child's standard input: when it dies, however
it dies, the child reads the end and ends its whole group.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 8.0
CALL = "CITY1361_CALL"


def end_with_parent() -> None:
    """For a worker process of a child: have the kernel (Linux only) kill it when the child dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def hold(lifeline: int = 0) -> None:
    """Stay alive only as long as the other end of `lifeline` (a file descriptor) is open.

    To be called by a process that leads its own group: the whole group is ended with it.
    """
    threading.Thread(target=_wait, args=(lifeline,), name="lifeline", daemon=True).start()


def wait_for_call() -> None:
    """Return at once, or, in a program that stands by, when it is called. Ends the program when nobody will call."""
    call = os.environ.pop(CALL, "")
    if call and not os.read(int(call), 1):
        raise SystemExit(0)


def _wait(lifeline: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(lifeline, 64):
            pass
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)
