"""The form of a matter's type: answered by whoever the matter is with, once at a time, its personal answers apart."""

from __future__ import annotations

from typing import Any

import pytest

from city1361.base.database import api as database
from city1361.base.evidence.models import EvidenceEntry, EvidencePersonal
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.models import Matter
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast

pytestmark = pytest.mark.django_db
GRID = "119901001001001"
SITE = {"site": "示例工地", "problem": ["dust"], "caller_phone": "13911112222"}


def reported(**more: Any) -> execution.MatterView:
    return execution.matter_report(
        by=cast.by(cast.GRID_WORKER), client_key=str(new_id()), matter_type="08004", description="扬尘",
        area_id=areas.by_code(GRID).id, **more,
    )  # fmt: skip


def kept(matter: execution.MatterView) -> Matter:
    with database.scoped(Scope.everything()):
        return Matter.objects.get(pk=matter.id)


def seen(matter: execution.MatterView, who: str) -> execution.FormView:
    scope = cast.scope(who)
    with database.scoped(scope):
        return execution.form_view(by=cast.by(who), scope=scope, matter_id=matter.id)


def answer(matter: execution.MatterView, who: str = cast.TOWN_DUTY_OFFICER, **answers: Any) -> execution.MatterView:
    return execution.matter_answer_form(
        by=cast.by(who), matter_id=matter.id, expected_version=matter.version, answers=answers
    )


def test_a_report_says_what_it_knows_and_a_wrong_answer_is_named() -> None:
    made = reported(answers={"site": "示例工地"})
    assert kept(made).form_answers == {"version": 1, "answers": {"site": "示例工地"}}
    with pytest.raises(Invalid) as wrong:
        reported(answers={"site": "示例工地", "problem": ["noise", "ghosts"]})
    assert wrong.value.where == "answers.problem"
    with pytest.raises(Invalid) as without:
        execution.matter_report(
            by=cast.by(cast.GRID_WORKER), client_key=str(new_id()), matter_type="R02", description="破损",
            area_id=areas.by_code(GRID).id, answers={"site": "x"},
        )  # fmt: skip
    assert without.value.code == "type_without_form"


def test_personal_answers_are_sealed_kept_erasable_and_hidden_from_those_far_away() -> None:
    made = answer(reported(), **SITE)
    row = kept(made)
    assert "13911112222" not in str(row.form_answers)
    with database.scoped(Scope.everything()):
        entry = EvidenceEntry.objects.order_by("-id").first()
    assert entry is not None
    told = bytes(entry.canon).decode()
    assert "示例工地" in told
    assert "13911112222" not in told
    with database.scoped(Scope.everything()):
        assert EvidencePersonal.objects.filter(entry_id=entry.id).exists()
    near, far = seen(made, cast.TOWN_DUTY_OFFICER), seen(made, cast.DISTRICT_DUTY_OFFICER)
    assert "13911112222" in {one.text for one in near.answers}
    assert [one.text for one in far.answers if one.personal] == ["已隐藏"]
    assert (near.may_answer, far.may_answer, far.given) == (True, False, {})


def test_who_it_is_not_with_does_not_answer_and_two_at_once_do_not_overwrite() -> None:
    made = reported()
    with pytest.raises((Missing, Refused)):
        answer(made, cast.DISTRICT_DUTY_OFFICER, **SITE)
    with pytest.raises(Missing):
        answer(made, cast.SIBLING_DUTY_OFFICER, **SITE)
    answer(made, **SITE)
    with pytest.raises(Conflict) as second:
        answer(made, cast.GRID_WORKER, **SITE)
    assert second.value.code == "form_answered"


def test_the_page_asks_says_what_is_wrong_and_keeps_what_was_typed() -> None:
    made = reported()
    officer, address = cast.client(cast.TOWN_DUTY_OFFICER), f"/desk/matters/{made.id}/form/"
    assert "工地名称" in officer.get(address).content.decode()
    given = {"version": made.version, "answers.problem": ["dust"], "answers.site": ""}
    wrong = officer.post(address, given)
    assert wrong.status_code == 422
    assert "请填写“工地名称”" in wrong.content.decode()
    right = officer.post(address, {**given, "answers.site": "示例工地"})
    assert right.status_code == 302
    assert "示例工地" in officer.get(f"/desk/matters/{made.id}/").content.decode()
    assert cast.client(cast.SIBLING_DUTY_OFFICER).get(address).status_code == 404
