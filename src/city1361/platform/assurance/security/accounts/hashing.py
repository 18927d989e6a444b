"""Argon2id with a bound on how many hashes run at once: each takes 64 MiB and a processor for a tenth of a second."""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

from city1361.base.kernel.errors import Unavailable

AT_ONCE = 2
PATIENCE = 10  # seconds an attempt waits for its turn before it is refused
_turns = threading.BoundedSemaphore(AT_ONCE)


class _Turn:
    """A turn at the hasher of this process. Raises Unavailable when the queue does not move."""

    def __enter__(self) -> None:
        if not _turns.acquire(timeout=PATIENCE):
            raise Unavailable("busy_signing_in", "登录的人太多，请稍后再试", remedy="请在一分钟后重试")

    def __exit__(self, *_: object) -> None:
        _turns.release()


class BoundedArgon2Hasher(Argon2PasswordHasher):
    """RFC 9106's second recommended option (t=3, m=64 MiB), one lane, so that a hash takes one processor.

    Without the bound a hundred sign-ins at once would take 6.4 GiB; with it they wait in line.
    """

    time_cost = 3
    memory_cost = 65_536  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _Turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _Turn():
            return super().verify(password, encoded)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: Argon2's cost is in its parameters, and an outdated hash is renewed at the next sign-in."""
