"""Who acts, as a value: it is copied into evidence and never points at a row."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class By:
    """The one who acts. `label` is the title shown to others, never a person's name.

    `post` is the post's code, `channel` one of web, api, job, command; `trace` joins logs, jobs and evidence.
    `on_behalf_of` holds the title of the person represented (AB岗, 秘书代办): both are then shown.
    """

    account: UUID | None
    label: str
    channel: str
    appointment: UUID | None = None
    organisation: UUID | None = None
    post: str = ""
    trace: str = ""
    on_behalf_of: str = ""

    @classmethod
    def system(cls, label: str, *, channel: str = "job", trace: str = "") -> By:
        """The system itself: a periodic job or a command. Actions see it as having no account."""
        return cls(account=None, label=label, channel=channel, trace=trace)

    @property
    def is_system(self) -> bool:
        return self.account is None and self.channel in ("job", "command")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is about: a kind of thing, its id, and the readable label of the moment."""

    kind: str
    id: UUID | str
    label: str = ""
