"""The words of accounts: what may be done with them, and the values others read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from city1361.base.kernel.scope import AreaRef


class Permission(StrEnum):
    """What may be done with accounts. One's own password, second factor and sessions need no permission."""

    CREATE_ACCOUNT = "accounts.create_account"
    DISABLE_ACCOUNT = "accounts.disable_account"
    ENABLE_ACCOUNT = "accounts.enable_account"
    RENEW_PASSWORD = "accounts.renew_password"  # noqa: S105 - the name of a permission
    RESET_SECOND_FACTOR = "accounts.reset_second_factor"
    MAKE_APPOINTMENT = "accounts.make_appointment"
    END_APPOINTMENT = "accounts.end_appointment"


class OwnAction(StrEnum):
    """What people do with their own account; evidence calls it so."""

    CHANGE_PASSWORD = "accounts.change_own_password"  # noqa: S105 - the name of an action
    ADD_SECOND_FACTOR = "accounts.add_own_second_factor"
    REMOVE_SECOND_FACTOR = "accounts.remove_own_second_factor"
    RENEW_RECOVERY_CODES = "accounts.renew_own_recovery_codes"


class Duty(StrEnum):
    """What somebody signed in must do before anything else."""

    CHANGE_PASSWORD = "change_password"  # noqa: S105 - the name of a duty
    ADD_SECOND_FACTOR = "add_second_factor"


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role of this city: what it may do, at which levels, and with which roles one person cannot combine it."""

    code: str
    name: str
    name_en: str
    permissions: frozenset[str]
    levels: frozenset[str]
    staff: bool
    incompatible_with: frozenset[str]


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """Somebody on a post, now. Residents have neither post, organisation nor area."""

    id: UUID
    role: RoleView
    main: bool
    valid_from: datetime
    valid_to: datetime | None
    post: UUID | None = None
    post_code: str = ""
    post_name: str = ""
    organisation: UUID | None = None
    organisation_name: str = ""
    area: AreaRef | None = None
    area_name: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands at this moment: the active appointment first, then the others, and open duties."""

    account: UUID
    username: str
    title: str
    appointments: tuple[AppointmentView, ...]
    duties: tuple[Duty, ...]

    @property
    def active(self) -> AppointmentView | None:
        return self.appointments[0] if self.appointments else None

    @property
    def shown(self) -> str:
        """The title others see: the person's own under the main appointment, the post's under another."""
        active = self.active
        return active.post_name or self.title if active and not active.main else self.title


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account just made, with its first password in clear: shown once, stored nowhere."""

    id: UUID
    username: str
    password: str
