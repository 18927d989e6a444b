"""批示 → 督办单 → 反馈 → 销号, signed off by the issuer's office and never by the feedback's author."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.centres.supervision import api, decisions
from city1361.centres.supervision.api import SheetState, SheetStep
from city1361.centres.supervision.models import SupervisionSheet
from tests import cast
from tests.centres.command import people
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db
COMMANDER, DUTY, HANDLER = cast.TOWN_COMMANDER, cast.TOWN_DUTY_OFFICER, cast.TOWN_HANDLER


def issue(matter: Any = None, *targets: str, who: str = COMMANDER, **given: Any) -> api.InstructionView:
    codes = targets or (people.LAW,)
    return api.instruction_issue(
        by=cast.by(who), client_key=str(uuid4()), targets=[people.organisation(one) for one in codes],
        text="限期整治，举一反三", matter_id=matter.id if matter else None, **given,
    )  # fmt: skip


def take(sheet: api.SheetView, step: SheetStep, who: str = "") -> api.SheetView:
    acts = {
        SheetStep.FEED_BACK: api.sheet_feed_back,
        SheetStep.SIGN_OFF: api.sheet_sign_off,
        SheetStep.SEND_AGAIN: api.sheet_send_again,
    }
    who = who or (HANDLER if step is SheetStep.FEED_BACK else DUTY)
    return acts[step](by=cast.by(who), sheet_id=sheet.id, text="已整治")


def test_an_instruction_ends_with_its_last_sheet() -> None:
    matter = matters.handling()
    made = issue(matter, people.LAW, people.COMMUNITY, amount=4, unit="working_hour")
    assert made.number.startswith("PS119901001-")
    assert [one.number[-4:] for one in made.sheets] == ["0001", "0002"]
    sheet = made.sheets[0]
    assert not sheet.limit.example
    assert take(sheet, SheetStep.FEED_BACK).state is SheetState.TO_SIGN_OFF
    again = take(sheet, SheetStep.SEND_AGAIN)
    assert (again.state, again.returned_count, again.limit.due_at) == (SheetState.TO_ANSWER, 1, sheet.limit.due_at)
    take(sheet, SheetStep.FEED_BACK)
    assert take(sheet, SheetStep.SIGN_OFF).state is SheetState.SIGNED_OFF
    assert [one.step for one in matters.history(matter)][-5:] == ["instruct", "report_back", "instruct", "report_back", "instruct"]  # fmt: skip
    with matters.seen_by(DUTY) as asking:
        assert [one.number for one in api.sheets(**asking)] == [made.sheets[1].number]


STATES = {
    SheetState.TO_ANSWER: (),
    SheetState.TO_SIGN_OFF: (SheetStep.FEED_BACK,),
    SheetState.SIGNED_OFF: (SheetStep.FEED_BACK, SheetStep.SIGN_OFF),
}


@pytest.mark.parametrize("state", STATES)
def test_every_other_step_and_every_other_office_is_refused(state: SheetState) -> None:
    sheet = issue().sheets[0]
    for step in STATES[state]:
        take(sheet, step)
    for step in SheetStep:
        if (state, step) not in decisions.SHEET_STEPS:
            with pytest.raises(Conflict, match="wrong_step"):
                take(sheet, step)
            continue
        with pytest.raises(Refused, match=r"not_the_target|not_the_issuer"):
            take(sheet, step, cast.DISTRICT_DUTY_OFFICER)
        for nobody in (cast.GRID_WORKER, cast.SIBLING_DUTY_OFFICER, cast.RESIDENT):
            with pytest.raises(Missing):
                take(sheet, step, nobody)


def test_nobody_signs_off_his_own_feedback_not_even_in_the_data_base() -> None:
    sheet = issue(None, people.CENTRE).sheets[0]
    take(sheet, SheetStep.FEED_BACK, DUTY)
    with pytest.raises(Refused, match="author_himself"):
        take(sheet, SheetStep.SIGN_OFF, DUTY)
    with matters.seen_by(DUTY), pytest.raises(IntegrityError, match="another_person_signs_off"), transaction.atomic():
        row = SupervisionSheet.objects.get(pk=sheet.id)
        row.signed_by = row.feedback_by
        row.save()


def test_an_instruction_stays_within_the_issuers_area() -> None:
    with pytest.raises(Conflict, match="target_outside"):
        issue(None, people.SIBLING_CENTRE)
    with pytest.raises(Conflict, match="target_outside"):
        issue(None, people.DISTRICT_CENTRE)
    with pytest.raises(Invalid, match="bad_number_of_targets"):
        api.instruction_issue(by=cast.by(COMMANDER), client_key=str(uuid4()), targets=[], text="整治")
    assert issue(None, people.SIBLING_CENTRE, who=cast.CITY_DUTY_OFFICER).sheets
