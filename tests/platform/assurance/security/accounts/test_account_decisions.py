"""Back-off, session limits, separation of duties and readable passwords, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.platform.assurance.security.accounts import decisions

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LIMITS = {"idle": timedelta(minutes=30), "longest": timedelta(hours=12)}


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_four_failures_cost_nothing_and_the_fifth_a_minute() -> None:
    waits = [decisions.wait_after(failures) for failures in range(1, 12)]
    assert waits[:4] == [timedelta(0)] * 4
    assert waits[4:9] == [minutes(1), minutes(2), minutes(4), minutes(8), minutes(15)]


@given(st.integers(0, 10_000), st.integers(1, 100))
def test_waits_never_shrink_and_never_exceed_fifteen_minutes(failures: int, free: int) -> None:
    assert decisions.wait_after(failures, free) <= decisions.wait_after(failures + 1, free) <= minutes(15)


@pytest.mark.parametrize(
    ("age", "idle", "over"),
    [(60, 29.9, False), (60, 30, True), (719, 1, False), (720, 0, True), (0, 0, False)],
)
def test_a_session_ends_when_idle_or_old(age: float, idle: float, over: bool) -> None:
    assert decisions.session_over(NOW - minutes(age), NOW - minutes(idle), NOW, **LIMITS) is over


def test_separation_counts_from_either_side() -> None:
    rules = {"system_admin": ["audit_admin"], "audit_admin": []}
    assert decisions.conflict(["audit_admin", "system_admin"], rules) == ("audit_admin", "system_admin")
    assert decisions.conflict(["system_admin", "audit_admin"], {"audit_admin": ["system_admin"]})
    assert decisions.conflict(["system_admin", "town_duty_officer"], rules) is None
    assert decisions.conflict(["system_admin", "system_admin"], rules) is None


@given(st.lists(st.integers(0, len(decisions.PASSWORD_ALPHABET) - 1), min_size=16, max_size=16))
def test_passwords_read_as_four_groups_of_unmistakable_signs(numbers: list[int]) -> None:
    password = decisions.readable_password(numbers)
    assert [len(group) for group in password.split("-")] == [4, 4, 4, 4]
    assert not set(password) & set("0o1li")


def test_a_password_of_too_few_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="16 numbers"):
        decisions.readable_password([1, 2, 3])


def test_the_alphabet_gives_seventy_nine_bits() -> None:
    assert len(set(decisions.PASSWORD_ALPHABET)) == len(decisions.PASSWORD_ALPHABET)
    assert len(decisions.PASSWORD_ALPHABET) ** 16 > 2**79 * 0.9
