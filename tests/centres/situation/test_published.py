"""The official formulae against a published month; each number opens just its rows; corrections of a closed month."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.models import Matter
from city1361.centres.situation import api
from city1361.centres.situation.decisions import Formula, Fraction, worked_out
from tests import cast
from tests.centres.execution import matters
from tests.centres.situation import published

SYSTEM = By.system("封存")


def seen(who: str, period: execution.Period, **more: Any) -> api.Board:
    with matters.seen_by(who) as asking:
        return api.figures(scope=asking["scope"], period=period, **more)


def rows(who: str, address: str) -> int:
    """How many matters the desk lists at an address."""
    query = dict(parse_qsl(urlsplit(address).query))
    with matters.seen_by(who) as asking:
        return execution.counted(**asking, **query)


@pytest.mark.django_db
def test_the_month_comes_out_as_it_was_published_at_every_level_and_opens_its_rows() -> None:
    period = published.fill()
    api.fold()
    for who in (cast.TOWN_DUTY_OFFICER, cast.DISTRICT_DUTY_OFFICER, cast.CITY_DUTY_OFFICER):
        board = seen(who, period)
        values = {one.code: one.value for one in board.figures}
        assert (values["reported_count"], values["filed_count"], values["filing"]) == (1054, 996, 94.50)
        assert (values["due_count"], values["closing"], values["on_time_closing"]) == (972, 93.72, 75.82)
        assert board["closing"].fraction == Fraction(911, 972, 28)
        assert board["closing"].before == 91.1
        assert {line.label: line.count for line in board["closing"].left_out} == {"作废": 20, "挂账": 8, "延期": 0}
    _each_number_opens_its_rows(cast.CITY_DUTY_OFFICER, board)
    kinds = _by("by_type", cast.TOWN_DUTY_OFFICER, period)
    assert {kind: kinds[kind].value for kind in kinds} == {published.EVENTS: 94.35, published.COMPONENTS: 56.25}
    assert rows(cast.TOWN_DUTY_OFFICER, kinds[published.COMPONENTS].address) == 9
    town, district = (seen(who, period).area.id for who in (cast.TOWN_DUTY_OFFICER, cast.DISTRICT_DUTY_OFFICER))
    towns = _by("by_area", cast.DISTRICT_DUTY_OFFICER, period)
    assert towns[str(town)].value == 93.72
    assert {one.value for key, one in towns.items() if key != str(town)} == {None}
    assert _by("by_area", cast.CITY_DUTY_OFFICER, period)[str(district)].fraction == Fraction(911, 972, 28)
    late = _by("by_area", cast.CITY_DUTY_OFFICER, period, "overdue")[str(district)]
    assert late.value == board["overdue"].value == rows(cast.CITY_DUTY_OFFICER, late.address) > 60
    assert api.check(SYSTEM).differing == 0


def _by(name: str, who: str, period: execution.Period, code: str = "closing") -> dict[str, api.AreaFigure]:
    with matters.seen_by(who) as asking:
        return {one.key: one for one in getattr(api, name)(scope=asking["scope"], code=code, period=period)}


def _each_number_opens_its_rows(who: str, board: api.Board) -> None:
    for one in board.figures:
        if not one.address.startswith("/desk/"):
            continue
        assert rows(who, one.address) == one.fraction.numerator, one.code
        if one.address_below:
            assert rows(who, one.address_below) == one.fraction.denominator, one.code
        for line in one.left_out:
            assert rows(who, line.address) == line.count, (one.code, line.label)


@pytest.mark.django_db
def test_a_closed_month_is_told_as_it_was_and_what_changed_since_is_marked() -> None:
    period = published.fill()
    with pytest.raises(Conflict, match="period_not_over"):
        api.period_close(by=SYSTEM, period=execution.period_now(execution.PeriodKind.MONTH))
    assert api.period_close(by=SYSTEM, period=period) > 2
    assert api.period_close(by=SYSTEM, period=period) == 0
    board = seen(cast.TOWN_DUTY_OFFICER, period)
    assert board.closed_at is not None
    assert [one.code for one in board.figures if one.correction] == []
    with database.scoped(Scope.everything()):
        some = Matter.objects.filter(state="closed").values_list("id", flat=True)[:9]
        Matter.objects.filter(pk__in=list(some)).update(state="handling", result="", closed_at=None, rework_count=1)
    api.fold()
    board = seen(cast.TOWN_DUTY_OFFICER, period)
    closing = board["closing"]
    assert closing.correction is not None
    assert (closing.value, closing.correction.value) == (92.8, 93.72)
    assert closing.correction.at == board.closed_at
    assert board["rework"].value == 0.93
    assert board["filing"].correction is None
    page = cast.client(cast.TOWN_DUTY_OFFICER).get(f"/situation/?period={period.text}").content.decode()
    assert "更正" in page
    assert "公布93.72%" in page


@pytest.mark.django_db
def test_periods_are_closed_by_themselves_each_once() -> None:
    matters.closed()
    now = clock.now()
    with clock.frozen(now + timedelta(days=1)):
        assert api.close_due(SYSTEM) >= 1
        assert api.close_due(SYSTEM) == 0
    with clock.frozen(now + timedelta(days=40)):
        assert api.close_due(SYSTEM) >= 39 + 5 + 1
        with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
            points = api.trend(scope=asking["scope"], code="in_hand", points=10)
            assert [one.known for one in points] == [True] * 10
            flow = api.trend(scope=asking["scope"], code="closed_count", kind=execution.PeriodKind.MONTH, points=3)
            assert sum(one.value or 0 for one in flow) == 1


@pytest.mark.django_db
def test_nobody_sees_figures_outside_his_area() -> None:
    matters.handling()
    api.fold()
    month = execution.period_now(execution.PeriodKind.MONTH)
    mine = seen(cast.TOWN_DUTY_OFFICER, month)
    assert mine["in_hand"].value == 1
    assert seen(cast.SIBLING_DUTY_OFFICER, month)["in_hand"].value == 0
    with pytest.raises(Missing):
        seen(cast.SIBLING_DUTY_OFFICER, month, area=mine.area.id)
    with pytest.raises(Missing):
        seen(cast.TOWN_DUTY_OFFICER, month, area=seen(cast.DISTRICT_DUTY_OFFICER, month).area.id)
    assert seen(cast.CITY_DUTY_OFFICER, month, area=mine.area.id)["in_hand"].value == 1
    with pytest.raises(Missing), matters.seen_by(cast.GRID_WORKER) as asking:
        api.figures(scope=asking["scope"])


@pytest.mark.django_db
def test_rates_stand_beside_what_citizens_say_and_every_figure_says_what_it_is() -> None:
    board = seen(cast.TOWN_DUTY_OFFICER, execution.period_now(execution.PeriodKind.MONTH))
    assert board["closing"].companion == "solution"
    assert board["solution"].companion == "closing"
    for one in board.figures:
        assert all((one.label, one.definition, one.responsible, one.address)), one.code
        assert one.moment <= clock.now()
        assert one.stock == (one.period == "")
    with pytest.raises(ValueError, match="unheard_of"):
        api.register_figure(
            api.Figure("x", "x", ("x",), api.FigureUnit.MATTERS, Formula(("unheard_of",)), "unheard_of")
        )


@pytest.mark.django_db
def test_a_rate_tells_what_it_was_before_an_extension() -> None:
    with clock.frozen(matters.coming_workday()):
        matter = matters.handling()
        asked = execution.matter_request_extend(
            by=cast.by(cast.TOWN_HANDLER), matter_id=matter.id, expected_version=matter.version, reason="等货",
            amount=10, unit="natural_hour",
        )  # fmt: skip
        matter = execution.matter_extend(
            by=cast.by(cast.TOWN_COMMANDER), matter_id=matter.id, expected_version=asked.version
        )
    with clock.frozen(matter.total.due_at - timedelta(hours=5)):
        matters.closed(matters.checked(matters.close_requested(matter)))
    api.fold()
    due = execution.period_at(execution.PeriodKind.MONTH, matter.total.due_at)
    on_time = seen(cast.TOWN_DUTY_OFFICER, due)["on_time_closing"]
    assert (on_time.fraction.numerator, on_time.fraction.denominator) == (1, 1)
    assert (on_time.value, on_time.before) == (100.0, 0.0)
    assert api.check(SYSTEM).differing == 0


def test_formulae_against_figures_worked_by_hand() -> None:
    """Ten were reached, two of them with unreasonable claims; six of the others say that it is solved."""
    said = {"visited": 10, "contacted": 7, "reasonable": 8, "solved_said": 6, "unreasonable": 2}
    declared = api.declared()
    solution = worked_out(declared["solution"].formula, said)
    assert (solution.percent, solution.percent_before, solution.left_out) == (75.0, 60.0, 2)
    assert worked_out(declared["response"].formula, said).percent == 70.0
    assert worked_out(declared["closing"].formula, {}).percent is None
    due = {"due": 100, "on_time": 80, "on_time_by_extension": 5, "extended": 8, "reworked": 3, "shelved_of_due": 25}
    on_time = worked_out(declared["on_time_closing"].formula, due)
    assert (on_time.percent, on_time.percent_before) == (80.0, 60.0)
    assert worked_out(declared["extension"].formula, due).percent == 8.0
    assert worked_out(declared["rework"].formula, due).percent == 3.0
    # Published shares: 953 of 996 by one source.
    assert Fraction(953, 996).percent == 95.68
