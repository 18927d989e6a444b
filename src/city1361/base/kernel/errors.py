"""What can go wrong for a user, as values: what, where, and what to do about it.

Messages are zh-Hans with `{name}` places; the edge (page or API) translates the message first and fills the
places afterwards, so this module needs no translation machinery.
"""

from __future__ import annotations

from typing import Any, ClassVar


class Problem(Exception):
    """Something a user can understand and act on.

    code: stable snake_case identifier. message: what is wrong. where: the field or place. remedy: what to do.
    params: values for the places in message and remedy; they are shown, so they never hold personal data.
    """

    status: ClassVar[int] = 500

    def __init__(
        self, code: str, message: str, *, where: str = "", remedy: str = "", params: dict[str, Any] | None = None
    ) -> None:
        super().__init__(code, message, where)
        self.code = code
        self.message = message
        self.where = where
        self.remedy = remedy
        self.params = params or {}

    def __str__(self) -> str:
        text = self.message.format_map(_Places(self.params))
        return f"{self.code}: {text}" + (f" ({self.where})" if self.where else "")


class Invalid(Problem):
    """The input is wrong."""

    status = 422


class Missing(Problem):
    """Not there, or not for this person: the two look alike."""

    status = 404

    def __init__(self, code: str = "missing", message: str = "未找到该内容", **rest: Any) -> None:
        rest.setdefault("remedy", "请核对地址或编号；如确有需要，请联系管理员")
        super().__init__(code, message, **rest)


class Conflict(Problem):
    """The request is well formed but contradicts what is already there."""

    status = 409


class Stale(Problem):
    """Somebody else was first. `changes` lists what happened since: dicts with step, who, at."""

    status = 412

    def __init__(self, code: str, message: str, *, changes: list[dict[str, Any]] | None = None, **rest: Any) -> None:
        super().__init__(code, message, **rest)
        self.changes = changes or []


class Refused(Problem):
    """Known to this person, but not allowed, and the reason may be told."""

    status = 403


class Unauthenticated(Problem):
    """Nobody is signed in, or the session has ended."""

    status = 401


class TooLarge(Problem):
    """More than the limit."""

    status = 413


class TooMany(Problem):
    """Too often."""

    status = 429


class Unavailable(Problem):
    """Not now; the same request may be repeated."""

    status = 503


class _Places(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def fill(text: str, params: dict[str, Any]) -> str:
    """`text` with its `{name}` places filled; an unknown place stays as written instead of failing."""
    return text.format_map(_Places(params))
