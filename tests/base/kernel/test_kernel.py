"""Ids order by time, the clock can be stopped, and nobody is allowed anything by default."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.base.kernel import clock, ids, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing, Problem, fill
from city1361.base.kernel.scope import Scope

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_ids_of_one_process_only_grow_even_when_the_clock_steps_back() -> None:
    with clock.frozen(NOON):
        first = [ids.new_id() for _ in range(1000)]
    with clock.frozen(NOON - timedelta(hours=2)):
        second = [ids.new_id() for _ in range(1000)]
    assert first + second == sorted(set(first + second))


def test_ids_of_many_threads_never_meet() -> None:
    made: list[UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(ids.new_id() for _ in range(500))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4000


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_a_bound_is_the_smallest_id_of_its_millisecond(moment: datetime) -> None:
    bound = ids.id_at(moment)
    assert bound.version == 7
    assert ids.moment_of(bound) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert ids.id_at(moment + timedelta(milliseconds=1)) > bound


def test_an_id_of_another_version_carries_no_moment() -> None:
    with pytest.raises(ValueError, match="version 4"):
        ids.moment_of(uuid4())


def test_the_clock_stops_at_aware_moments_only() -> None:
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2026, 1, 1)):
        pass
    with clock.frozen(NOON):
        assert clock.now() == NOON


def test_without_an_authoriser_everything_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_authoriser", None)
    monkeypatch.setattr(registry, "_resolver", None)
    by = By(account=uuid4(), label="值班员", channel="web")
    with pytest.raises(Missing):
        registry.authorise(by, "execution.admit_matter")
    assert registry.scope_of(by) == Scope.nothing()
    assert not Scope.nothing().allows("anything")


def test_a_person_on_the_web_is_never_the_system() -> None:
    assert not By(account=None, label="", channel="web").is_system
    assert By.system("定时任务").is_system


def test_a_problem_says_what_and_where_and_survives_unknown_places() -> None:
    problem = Problem("unknown_type", "没有“{kind}”这一类型", where="matter_type", params={"kind": "99999"})
    assert str(problem) == "unknown_type: 没有“99999”这一类型 (matter_type)"
    assert fill("{a} {b}", {"a": 1}) == "1 {b}"


def test_package_sections_stand_in_their_order_and_read_the_file_of_their_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_package_sections", {})
    for name, place, files in (("rules", 30, ()), ("forms", 10, ("forms/*.yaml",)), ("matters", 30, ())):
        registry.register_package_section(name, place, lambda _: [], lambda _, __: "", files=files)
    found = registry.package_sections()
    assert [section.name for section in found] == ["forms", "matters", "rules"]
    assert [section.files for section in found] == [("forms/*.yaml",), ("matters.yaml",), ("rules.yaml",)]
