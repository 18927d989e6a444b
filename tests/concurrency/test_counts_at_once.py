"""Counts under several writers at once, folded and checked meanwhile: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connections

from city1361.base.database import api as database
from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.execution.models import Matter
from city1361.centres.situation import api
from city1361.centres.situation.models import Counter, MatterDelta
from tests.centres.execution import matters

WRITERS, EACH = 4, 6
SYSTEM = By.system("核对")


def begun(problems: list[object], *works: Callable[[], None]) -> list[threading.Thread]:
    """A thread for each; what goes wrong in one is kept."""

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    return threads


def test_counts_are_exact_while_matters_move_and_are_added_up_and_checked(committed: object) -> None:
    matters.reported()
    done = threading.Event()
    problems: list[object] = []

    def write() -> None:
        for place in range(EACH):
            matter = matters.admitted()
            if place % 2:
                matters.handling(matter)

    def fold() -> None:
        while not done.is_set():
            api.fold()
            done.wait(0.02)

    def check() -> None:
        while not done.is_set():
            problems.extend(api.check(SYSTEM).differences)

    writers, keepers = begun(problems, *[write] * WRITERS), begun(problems, fold, fold, check)
    for thread in writers:
        thread.join()
    done.set()
    for thread in keepers:
        thread.join()
    assert problems == []
    api.fold()
    with database.scoped(Scope.everything()):
        assert MatterDelta.objects.count() == 0
        town = Matter.objects.first().town_id
        summed = {"reported": 0, "in_handling": 0, "in_admitted": 0}
        for row in Counter.objects.filter(area_id=town, type="").values(*summed):
            for name in summed:
                summed[name] += row[name] or 0
    assert summed == {
        "reported": WRITERS * EACH + 1,
        "in_handling": WRITERS * EACH // 2,
        "in_admitted": WRITERS * EACH // 2,
    }
    assert api.check(SYSTEM).differing == 0


def test_counting_anew_while_matters_move_is_exact(committed: object) -> None:
    for _ in range(3):
        matters.reported()
    problems: list[object] = []

    def write() -> None:
        for _ in range(EACH):
            matters.admitted()

    writers = begun(problems, write, write)
    for _ in range(3):
        api.rebuild(SYSTEM)
        api.fold()
    for thread in writers:
        thread.join()
    assert problems == []
    assert api.check(SYSTEM).differing == 0
