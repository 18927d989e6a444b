"""Counting attempts holds over connections and cannot be outrun; hashing is bounded."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Unavailable
from city1361.platform.assurance.security.accounts import attempts, hashing
from city1361.platform.assurance.security.accounts.models import Attempt


def _alone(function: object, *args: object, **kwargs: object) -> object:
    try:
        return function(*args, **kwargs)  # type: ignore[operator]
    finally:
        connection.close()


def test_twenty_guesses_at_once_are_five_guesses(committed: object) -> None:
    barrier = threading.Barrier(20)

    def guess() -> object:
        barrier.wait(timeout=30)
        return attempts.begin(account="somebody", address="10.1.3.61")

    with ThreadPoolExecutor(20) as pool:
        answers = [future.result() for future in [pool.submit(_alone, guess) for _ in range(20)]]
    assert sum(answer is None for answer in answers) == 5
    assert [attempt.failures for attempt in Attempt.objects.all()] == [5, 5]


def test_one_code_shown_ten_times_at_once_counts_once(committed: object) -> None:
    with ThreadPoolExecutor(10) as pool:
        spent = list(pool.map(lambda _: _alone(attempts.spend_code, "account", "123456"), range(10)))
    assert sum(bool(one) for one in spent) == 1


@pytest.mark.django_db
def test_a_refused_attempt_is_not_counted_against_the_other_name() -> None:
    for _ in range(5):
        attempts.begin(account="somebody")
    assert attempts.begin(account="somebody", address="10.1.3.61") is not None
    assert not Attempt.objects.filter(failures=1).exists()


@pytest.mark.django_db
def test_the_table_names_nobody() -> None:
    attempts.begin(account="town_duty_officer", address="10.1.3.61")
    assert not [row for row in Attempt.objects.all() if "duty" in row.key or "10.1" in row.key]


@pytest.mark.django_db
def test_failures_are_forgotten_after_an_hour_of_peace() -> None:
    moment = clock.now()
    with clock.frozen(moment):
        for _ in range(4):
            attempts.begin(account="somebody")
    with clock.frozen(moment + timedelta(hours=1)):
        assert attempts.begin(account="somebody") is None
        assert Attempt.objects.get().failures == 1


@pytest.mark.django_db
def test_an_office_may_mistype_ten_times_an_hour_all_day_and_a_burst_is_stopped() -> None:
    began = clock.now()
    for number in range(80):
        with clock.frozen(began + timedelta(minutes=6 * number)):
            assert attempts.begin(address="10.1.3.61") is None, f"locked out after {number} slips"
    with clock.frozen(began + timedelta(hours=8)):
        answers = [attempts.begin(address="10.1.3.61") for _ in range(60)]
    assert 45 <= sum(answer is None for answer in answers) <= 50


@pytest.mark.django_db
def test_old_rows_go_and_running_waits_stay() -> None:
    moment = clock.now()
    with clock.frozen(moment):
        attempts.begin(account="past")
        attempts.spend_code("account", "123456")
    with clock.frozen(moment + timedelta(minutes=59)):
        for _ in range(5):
            attempts.begin(account="present")
    with clock.frozen(moment + timedelta(minutes=60)):
        assert attempts.forget_old() == 1  # the code; the attempt is exactly one hour old
    with clock.frozen(moment + timedelta(minutes=61)):
        assert attempts.forget_old() == 1
    assert Attempt.objects.get().failures == 5


@pytest.mark.django_db
def test_a_code_may_come_up_again_when_its_time_is_long_past() -> None:
    moment = clock.now()
    with clock.frozen(moment):
        assert attempts.spend_code("account", "123456")
        assert not attempts.spend_code("account", "123456")
        assert attempts.spend_code("another", "123456")
    with clock.frozen(moment + attempts.CODES_COUNT_ONCE_FOR + timedelta(seconds=1)):
        assert attempts.spend_code("account", "123456")


def test_no_more_than_two_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, guard = 0, 0, threading.Lock()

    class Watched(threading.BoundedSemaphore):
        def acquire(self, *args: object, **kwargs: object) -> bool:  # type: ignore[override]
            nonlocal running, most
            taken = super().acquire(*args, **kwargs)  # type: ignore[arg-type]
            with guard:
                running += 1
                most = max(most, running)
            return taken

        def release(self, n: int = 1) -> None:
            nonlocal running
            with guard:
                running -= 1
            super().release(n)

    monkeypatch.setattr(hashing, "_turns", Watched(hashing.AT_ONCE))
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: make_password(f"passphrase {number}"), range(6)))
    assert most == hashing.AT_ONCE


def test_a_queue_that_does_not_move_refuses_instead_of_piling_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "PATIENCE", 0.01)
    monkeypatch.setattr(hashing, "_turns", threading.BoundedSemaphore(1))
    hashing._turns.acquire()
    with pytest.raises(Unavailable, match="busy_signing_in"):
        make_password("passphrase")
