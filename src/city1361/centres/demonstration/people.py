"""The people of the day: those of the cast on their posts, and synthetic ones on all others, made when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

BY = By.system("演示", channel="command")
RESIDENT = "resident"


class People:
    """Who holds a post, as one who acts. `members`: the cast of the instance by user name.

    What role a post has is told by the cast: the same post at the same level has the same role everywhere.
    """

    def __init__(self, members: Mapping[str, accounts.Member]) -> None:
        self.cast = {member.post: name for name, member in members.items() if member.post}
        self.roles = {_kind(member.post): member for member in members.values() if member.post}
        self.members = members
        self._known: dict[str, By] = {}

    def on(self, post: str, area: UUID | None = None) -> By:
        """The one on this post (its code). area: of somebody who is made, where it is not the post's own."""
        if post not in self._known:
            self._known[post] = _acting(self.cast.get(post) or self._made(post, area))
        return self._known[post]

    def resident(self, near: str) -> By:
        """A resident of the district with this code."""
        name = f"day_{near.lower()}_{RESIDENT}"
        if name not in self._known:
            self._known[name] = _acting(_account(name, self.members[RESIDENT], None, None))
        return self._known[name]

    def _made(self, post: str, area: UUID | None) -> str:
        found = organisations.post_by_code(post)
        like = self.roles.get(_kind(post)) or self.roles[_kind(post, "law_enforcement/enforcement")]
        own = areas.by_code(post.partition("/")[0])
        return _account(f"day_{post.lower().replace('/', '.')}", like, found.id, area or (own.id if own else None))


def _kind(post: str, rest: str = "") -> tuple[str, str]:
    """(level, kind of organisation and post). rest: instead of the post's own, as handling posts of a town are alike."""
    code, _, own = post.partition("/")
    area = areas.by_code(code)
    return area.level.value if area else "", rest or own


def _account(username: str, like: accounts.Member, post: UUID | None, area: UUID | None) -> str:
    """The synthetic account of this name, made with its appointment where it is missing. Nobody knows its password."""
    try:
        accounts.account_named(username)
    except Missing:
        with transaction.atomic():
            made = accounts.account_create(
                by=BY, username=username, title=like.title, demonstration=True, first_password=False
            )
            accounts.appointment_make(by=BY, account_id=made.id, role=like.role, post_id=post, area_id=area)
    return username


def _acting(username: str) -> By:
    standing = accounts.standing(accounts.account_named(username), None, clock.now())
    active = standing.active
    return By(
        account=standing.account,
        label=standing.shown,
        channel="command",
        appointment=active.id if active else None,
        organisation=active.organisation if active else None,
        post=active.post_code if active else "",
        trace="demonstration-day",
    )
