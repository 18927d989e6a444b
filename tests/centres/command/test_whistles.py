"""A town whistles; departments answer, arrive, help; whoever does not answer is dispatched by the centre above."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.centres.command import api, decisions, limits
from city1361.centres.command.api import Answer, CallState, CallStep, Side
from city1361.centres.execution import api as execution
from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.centres.command import people
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db
DUTY, DISTRICT, SERVICE = cast.TOWN_DUTY_OFFICER, cast.DISTRICT_DUTY_OFFICER, "service_officer"


@pytest.fixture(autouse=True)
def service() -> None:
    people.officer(SERVICE, f"{people.COMMUNITY}/service")


def soon() -> Any:
    return clock.now() + timedelta(hours=1)


GIVEN = {
    CallStep.ACCEPT: lambda: Answer(responder="维护班组", arrive_by=soon()),
    CallStep.DECLINE: lambda: Answer(text="设备在检修", clause="镇街履职事项清单第12项"),
    CallStep.ARRIVE: Answer,
    CallStep.HELP: lambda: Answer(text="已抽水"),
    CallStep.RATE_WHISTLE: lambda: Answer(grade="satisfied"),
    CallStep.RATE_HELP: lambda: Answer(grade="fair", text="来得稍晚"),
    CallStep.ASK_DISPATCH: lambda: Answer(text="仍需支援"),
    CallStep.CALL_OFF: lambda: Answer(text="已自行处置"),
    CallStep.ORDER: lambda: Answer(text="请即到场", arrive_by=soon()),
    CallStep.STAND_DOWN: lambda: Answer(text="不再需要"),
}
ACTIONS = {Side.CALLED: api.call_answer, Side.CALLER: api.call_follow, Side.DISPATCHER: api.call_dispatch}
WHO = {Side.CALLED: SERVICE, Side.CALLER: DUTY, Side.DISPATCHER: DISTRICT}


def blow(matter: Any = None, *called: str, who: str = DUTY, **given: Any) -> api.WhistleView:
    codes = called or (people.COMMUNITY,)
    about = {"matter_id": matter.id} if matter else {"area_id": matters.grid(), "title": "低洼路段积水"}
    return api.whistle_blow(
        by=cast.by(who), **{"client_key": str(uuid4()), "called": [people.organisation(one) for one in codes],
        "demand": "请携水泵到场", **about, **given},
    )  # fmt: skip


def take(call_id: UUID, step: CallStep, who: str = "", given: Answer | None = None) -> api.CallView:
    side = decisions.SIDE_OF[step]
    given = given or GIVEN.get(step, Answer)()
    return ACTIONS[side](by=cast.by(who or WHO[side]), call_id=call_id, step=step, given=given)


def look(call_id: UUID, who: str) -> api.CallView:
    with matters.seen_by(who) as asking:
        return api.call(**asking, call_id=call_id)


WAYS: dict[CallState, tuple[CallStep, ...]] = {
    CallState.DELIVERED: (),
    CallState.READ: (CallStep.LOOK,),
    CallState.ACCEPTED: (CallStep.ACCEPT,),
    CallState.DECLINED: (CallStep.DECLINE,),
    CallState.AWAITING_DISPATCH: (CallStep.DECLINE, CallStep.ASK_DISPATCH),
    CallState.ORDERED: (CallStep.DECLINE, CallStep.ASK_DISPATCH, CallStep.ORDER),
    CallState.ARRIVED: (CallStep.ACCEPT, CallStep.ARRIVE),
    CallState.HELPED: (CallStep.ACCEPT, CallStep.ARRIVE, CallStep.HELP),
    CallState.CALLED_OFF: (CallStep.CALL_OFF,),
}


def in_state(state: CallState, matter: Any = None) -> UUID:
    call = blow(matter).calls[0].id
    for step in WAYS[state]:
        take(call, step)
    return call


def test_the_whole_way_of_a_whistle_stands_in_the_matters_history() -> None:
    matter = matters.handling()
    call = blow(matter, people.COMMUNITY).calls[0]
    assert (call.state, call.strip) == (CallState.DELIVERED, (True, False, False, False))
    assert execution.Participation.ASSIST in {one.role for one in matters.look(matter, SERVICE).participants}
    assert take(call.id, CallStep.LOOK).strip == (True, True, False, False)
    assert take(call.id, CallStep.ACCEPT).strip == (True, True, True, False)
    assert take(call.id, CallStep.ARRIVE).strip == (True, True, True, True)
    helped = take(call.id, CallStep.HELP)
    assert helped.state is CallState.HELPED
    assert helped.ended_at
    assert take(call.id, CallStep.RATE_HELP).help_grade == "fair"
    assert take(call.id, CallStep.RATE_WHISTLE).whistle_grade == "satisfied"
    lines = [(one.step, one.organisation) for one in matters.history(matter) if one.step in ("whistle", "report_back")]
    assert [step for step, _ in lines] == ["whistle", "report_back", "report_back", "report_back"]
    assert "社区事务服务中心" in lines[1][1]
    shown = look(call.id, DUTY)
    assert [one.step for one in shown.entries] == ["look", "accept", "arrive", "help", "rate_help", "rate_whistle"]
    assert matters.look(matter, DUTY).state is execution.MatterState.HANDLING


def test_a_call_is_declined_with_a_clause_and_takes_part_no_more() -> None:
    matter = matters.handling()
    call = blow(matter).calls[0]
    with pytest.raises(Invalid, match="text_needed"):
        take(call.id, CallStep.DECLINE, given=Answer(text="忙不过来"))
    declined = take(call.id, CallStep.DECLINE)
    assert declined.clause
    assert CallStep.ASK_DISPATCH in look(call.id, DUTY).steps
    assert people.organisation(people.COMMUNITY) not in {one.organisation.id for one in matters.look(matter, DUTY).participants}  # fmt: skip
    take(call.id, CallStep.ASK_DISPATCH)
    ordered = take(call.id, CallStep.ORDER)
    assert (ordered.state, ordered.ordered_at is not None) == (CallState.ORDERED, True)
    assert CallStep.DECLINE not in look(call.id, SERVICE).steps
    assert people.organisation(people.COMMUNITY) in {one.organisation.id for one in matters.look(matter, DUTY).participants}  # fmt: skip


@pytest.mark.parametrize("state", CallState)
def test_every_other_step_is_refused_in_every_state(state: CallState) -> None:
    call = in_state(state)
    for step in GIVEN:
        if (state, step) in decisions.TRANSITIONS:
            continue
        with pytest.raises(Conflict, match="wrong_step"):
            take(call, step)
    assert look(call, DUTY).state is state


@pytest.mark.parametrize("state", CallState)
def test_every_step_is_refused_to_every_other_side(state: CallState) -> None:
    call = in_state(state)
    for step in (one for before, one in decisions.TRANSITIONS if before is state and one in GIVEN):
        side = decisions.SIDE_OF[step]
        strangers = {Side.CALLED: [cast.TOWN_HANDLER, DUTY], Side.CALLER: [DISTRICT], Side.DISPATCHER: []}[side]
        for stranger in strangers:
            with pytest.raises(Refused, match=decisions.NOT_THAT_SIDE[side][0]):
                take(call, step, stranger)
        for nobody in (cast.GRID_WORKER, cast.TOWN_CHECKER, cast.SIBLING_DUTY_OFFICER):
            with pytest.raises(Missing):
                take(call, step, nobody)
    assert look(call, DUTY).state is state


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (people.CENTRE, "own_organisation"),
        (people.LAW, "target_leads"),
        (people.SIBLING_CENTRE, "out_of_reach"),
        (people.DISTRICT_CENTRE, "out_of_reach"),
        (people.COMMUNITY, "taking_part_already"),
    ],
)
def test_a_whistle_that_makes_no_sense_is_refused_with_its_reason(target: str, code: str) -> None:
    matter = matters.handling()
    blow(matter, people.COMMUNITY)
    with pytest.raises(Conflict, match=code) as refused:
        blow(matter, target)
    assert refused.value.remedy


def test_whoever_was_called_cannot_call_back_whoever_called_him() -> None:
    matter = matters.handling()
    people.officer("service_whistler", f"{people.COMMUNITY}/service", "town_duty_officer")
    blow(matter, people.COMMUNITY)
    with pytest.raises(Conflict, match="circular_assist"):
        blow(matter, people.CENTRE, who="service_whistler")


def test_a_chain_of_calls_is_followed_to_its_beginning_and_ends_even_in_a_ring() -> None:
    a, b, c, d = (uuid4() for _ in range(4))
    assert decisions.chain(a, {a: b, b: c}) == [b, c]
    assert decisions.chain(a, {a: b, b: a}) == [b, a]
    standing = decisions.Standing(called_by={a: b, b: c})
    refused = decisions.refuse_targets(a, [d, c], standing, {c, d})
    assert refused
    assert (refused.code, refused.organisation) == ("circular_assist", c)
    assert decisions.refuse_targets(a, [d], standing, {c, d}) is None


def test_the_same_key_gets_the_same_whistle() -> None:
    matter, key = matters.handling(), str(uuid4())
    first, second = blow(matter, client_key=key), blow(matter, client_key=key)
    assert first.id == second.id
    assert first.number.startswith("CS119901001-")
    with pytest.raises(Invalid, match="bad_number_called"):
        blow(matter, called=[])


def test_the_limit_is_counted_by_the_calendar_and_turns_amber_before_it_ends() -> None:
    with clock.frozen(matters.coming_workday(then_two_days_off=True) + timedelta(hours=7)):  # 17:08 before two days off
        call = blow(matters.reported(cast.GRID_WORKER)).calls[0]
        assert call.limit.due_at == calendar.add_working_minutes(clock.now(), 120)
        assert call.limit.due_at - clock.now() > timedelta(days=2)
        assert clock.now() < call.limit.amber_at < call.limit.due_at
        assert calendar.working_minutes_between(call.limit.amber_at, call.limit.due_at) == 30
        urgent = blow(matters.reported(cast.GRID_WORKER, urgency="urgent")).calls[0]
        assert urgent.limit.due_at - clock.now() == timedelta(minutes=10)


def test_a_whistle_about_an_area_stays_within_ones_own() -> None:
    made = blow()
    assert made.matter is None
    assert made.title == "低洼路段积水"
    with pytest.raises(Missing):
        blow(area_id=matters.grid(matters.SIBLING_GRID))
    with pytest.raises(Missing):
        look(made.calls[0].id, cast.SIBLING_DUTY_OFFICER)


def test_a_matter_that_has_ended_calls_nobody() -> None:
    with pytest.raises(Conflict, match="matter_ended"):
        blow(matters.closed())


def test_the_limit_is_the_dated_parameter_of_the_city_and_marked_until_somebody_confirms_it() -> None:
    area = matters.grid()
    assert limits.limit_of("whistle_answer", "pressing", area) == limits.Limit(30, "minute", example=True)
    known = rules.library(areas.today(), area).book.parameters
    assert {f"{which}_{urgency}" for which, by in limits.EXAMPLES.items() for urgency in by} <= set(known)


def test_the_page_of_a_matter_leads_the_called_to_their_call_and_nobody_else() -> None:
    matter = matters.handling()
    call = blow(matter).calls[0]
    pages = {who: cast.client(who).get(f"/desk/matters/{matter.id}/").content.decode() for who in (SERVICE, DUTY)}
    button = f'<a class="button" href="/command/calls/{call.id}/">处理吹哨</a>'
    assert button in pages[SERVICE]
    assert button not in pages[DUTY]
    assert '我的待办 <b class="number">1</b>' in pages[SERVICE]
