"""Every step in every state by every kind of actor: generated from the drawn process and the table of permissions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city1361.base.evidence import api as evidence
from city1361.base.kernel.errors import Conflict, Missing, Refused
from city1361.centres.execution import decisions
from city1361.centres.execution.decisions import Actor, Asked, Facts, Plan, Refusal
from city1361.centres.execution.steps.step_taking import ACTIONS, REASONS
from city1361.centres.execution.terms import NOTED_STEPS, PERMISSION_OF, ExclusionKind, MatterState, Step
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.centres.execution import matters
from tests.centres.execution.roads import drawn

TOWN, DISTRICT, TEAM, OTHER = (UUID(int=number) for number in (1, 2, 3, 4))
POST, BESIDE = "town/team/enforcement", "town/team/duty"
ACTORS = {
    "reporter": Actor(UUID(int=11)),
    "centre": Actor(UUID(int=12), TOWN, "town/centre/duty"),
    "commander": Actor(UUID(int=13), TOWN, "town/centre/commander"),
    "checker": Actor(UUID(int=14), TOWN, "town/centre/check"),
    "lead": Actor(UUID(int=15), TEAM, POST),
    "assistant": Actor(UUID(int=16), TEAM, BESIDE),
    "upper": Actor(UUID(int=17), DISTRICT, "district/centre/duty"),
    "stranger": Actor(UUID(int=18), OTHER, "other/centre/duty"),
    "system": Actor(None, system=True),
}
SITUATIONS: dict[str, dict[str, object]] = {
    "plain": {},
    "delegated": {"delegate_post": BESIDE},
    "asked": {"asked": Asked(ExclusionKind.EXTENDED, UUID(int=15))},
    "asked by the commander": {"asked": Asked(ExclusionKind.VOIDED, UUID(int=13))},
    "paused": {"paused": True},
    "shelved": {"shelved": True, "shelved_owner": TEAM},
    "designated": {"designated": True},
    "agreed": {"agreed": True},
    "with a centre": {"lead": TOWN, "lead_post": "", "handed_by": DISTRICT},
}


def facts(state: MatterState, situation: str) -> Facts:
    known = Facts(
        state, TOWN, UUID(int=11), TEAM, POST, frozenset({UUID(int=15)}), handed_by=TOWN, ruling_centre=DISTRICT,
        current_centre=TOWN,
    )  # fmt: skip
    return replace(known, **SITUATIONS[situation])  # type: ignore[arg-type]


def expected(known: Facts, step: Step, who: str) -> bool:  # noqa: C901, PLR0911, PLR0912 - one sentence each
    """Written a second time, from the sentences of the practice and not from the code."""
    handles = (who == "lead" and known.lead == TEAM) or (who in CENTRE and known.lead == TOWN)
    deputy = who == "assistant" and bool(known.delegate_post) and known.lead == TEAM
    still = known.paused or known.shelved
    asked_himself = known.asked is not None and ACTORS[who].account == known.asked.by
    if still and step not in STILL:
        return False
    if who == "system":
        return step is Step.ACKNOWLEDGE or (step is Step.REQUEST_RULING and known.state is MatterState.DISPATCHING)
    if step in (Step.AGREE, Step.REOPEN):
        return who == "reporter" and not known.agreed
    if step in (Step.VERIFY_PASS, Step.VERIFY_FAIL):
        return who not in ("reporter", "system")
    if step in (Step.CHECK_PASS, Step.CHECK_FAIL, Step.CLOSE):
        return who in CENTRE
    if step is Step.DESIGNATE:
        return who == "upper"
    if step in (Step.ACKNOWLEDGE, Step.REPORT_PROGRESS, Step.REQUEST_CLOSE):
        return handles or deputy
    if step is Step.SEND_BACK:
        return (handles or deputy) and not known.designated
    if step in (Step.TRANSFER, Step.DELEGATE):
        return handles
    if step is Step.TAKE_BACK:
        gave = "upper" if known.handed_by == DISTRICT else None
        before = who == gave if gave else who in CENTRE
        return before if known.state is MatterState.ADMITTED else handles and bool(known.delegate_post)
    if step in ASKING:
        return (who in CENTRE or handles or deputy) and known.asked is None
    if step in (Step.CC, Step.RESUME):
        return (who in CENTRE or handles or deputy) and (step is Step.CC or known.paused)
    if step in GRANTING:
        granted = known.asked is not None and GRANTING[step] in (None, known.asked.kind)
        return who in CENTRE and granted and not asked_himself
    if step in (Step.REVIEW_SHELVED, Step.UNSHELVE):
        return known.shelved and (who in CENTRE or who in ("lead", "assistant"))
    return who in CENTRE


CENTRE = ("centre", "commander", "checker")
ASKING = (Step.REQUEST_PAUSE, Step.REQUEST_SHELVE, Step.REQUEST_EXTEND, Step.REQUEST_VOID)
GRANTING = {
    Step.PAUSE: ExclusionKind.PAUSED,
    Step.SHELVE_MATTER: ExclusionKind.SHELVED_MATTER,
    Step.EXTEND: ExclusionKind.EXTENDED,
    Step.VOID: ExclusionKind.VOIDED,
    Step.REJECT_REQUEST: None,
}
STILL = {
    Step.REPORT_PROGRESS, Step.CC, Step.RESUME, Step.REQUEST_VOID, Step.REVIEW_SHELVED, Step.UNSHELVE, *GRANTING,
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_step_in_every_state_by_everybody(situation: str) -> None:
    wrong = []
    for state, step, who in product(MatterState, set(PERMISSION_OF) - {Step.REPORT}, ACTORS):
        known = facts(state, situation)
        decided = decisions.plan(known, step, ACTORS[who], drawn())
        drawn_here = step in decisions.steps_from(state, drawn())
        allowed = drawn_here and expected(known, step, who)
        if isinstance(decided, Plan) != allowed:
            wrong.append(f"{state} {step} by {who}: {decided}")
        if isinstance(decided, Refusal) and not drawn_here:
            assert decided.of_state
    assert wrong == []


def test_the_drawing_knows_every_step_and_no_other() -> None:
    drawn_steps = {step for station in drawn().stations.values() for step in station.steps}
    assert drawn_steps == set(PERMISSION_OF) - {Step.REPORT}
    assert drawn_steps.isdisjoint(NOTED_STEPS)
    assert {station.state for station in drawn().stations.values()} == {
        *(state for state in MatterState if state.is_open), MatterState.CLOSED,
    }  # fmt: skip


def test_the_second_return_goes_to_the_ruling_and_the_first_does_not() -> None:
    for state in (MatterState.ADMITTED, MatterState.DISPATCHING, MatterState.HANDLING):
        once = replace(facts(state, "with a centre"), returned_count=1)
        assert drawn().after(once, Step.SEND_BACK) is MatterState.DISPATCHING
        assert drawn().after(replace(once, returned_count=2), Step.SEND_BACK) is MatterState.DESIGNATING


def test_who_is_given_it_decides_where_it_goes_after_the_receipt() -> None:
    assert drawn().after(facts(MatterState.ADMITTED, "plain"), Step.ACKNOWLEDGE) is MatterState.HANDLING
    assert drawn().after(facts(MatterState.ADMITTED, "with a centre"), Step.ACKNOWLEDGE) is MatterState.DISPATCHING


@given(st.lists(st.sampled_from(sorted(set(PERMISSION_OF) - {Step.REPORT})), max_size=30), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_walk_leaves_the_drawing(steps: list[Step], to_centre: bool) -> None:
    """Whatever is tried in whatever order: a matter stands at a station or has ended, and returns only count up."""
    known = facts(MatterState.REPORTED, "with a centre" if to_centre else "plain")
    for step in steps:
        if step not in decisions.steps_from(known.state, drawn()):
            continue
        returned = known.returned_count + (step is Step.SEND_BACK)
        known = replace(known, returned_count=returned)
        after = drawn().after(known, step)
        assert after is not MatterState.DESIGNATING or step in (Step.SEND_BACK, Step.REQUEST_RULING)
        known = replace(known, state=after)
        if not after.is_open and drawn().station(after) is None:
            break


# What each action is told where only the refusal matters.
GIVEN: dict[str, object] = {
    "reason": "理由", "text": "说明", "handler_post": UUID(int=9), "lower_centre": UUID(int=9), "party": "centre:9",
    "own_post": UUID(int=9), "organisation": UUID(int=9), "owner": UUID(int=9), "amount": 1, "unit": "working_day",
    "result": "solved",
}  # fmt: skip


@pytest.mark.django_db
def test_a_sample_in_the_data_base_leaves_nothing_behind() -> None:
    """Every action by people who may not, in a state where it does not stand: refused, and nothing is written."""
    GIVEN["review_on"] = areas.today() + timedelta(days=9)
    matter = matters.close_requested()
    before = [(one.step, one.version) for one in matters.history(matter)]
    entries = len(evidence.entries_about("matter", matter.id))
    tried = 0
    for step, who in product(
        ACTIONS, (cast.TOWN_HANDLER, cast.TOWN_DUTY_OFFICER, cast.RESIDENT, cast.DISTRICT_HANDLER)
    ):
        names = [
            {"text": "reason"}.get(name, name) if _asks_reason(step) else name for name in decisions.NEEDS[step][0]
        ]
        given = {name: GIVEN[name] for name in names if name in GIVEN}
        with pytest.raises((Conflict, Missing, Refused)):
            ACTIONS[step](by=cast.by(who), matter_id=matter.id, expected_version=matter.version, **given)
        tried += 1
    assert tried == len(ACTIONS) * 4
    assert [(one.step, one.version) for one in matters.history(matter)] == before
    assert len(evidence.entries_about("matter", matter.id)) == entries > 0


def _asks_reason(step: Step) -> bool:
    return step in REASONS
