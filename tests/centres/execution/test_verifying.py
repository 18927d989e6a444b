"""核实 before filing: public reports are looked at on the spot by somebody else than reported them."""

from __future__ import annotations

import pytest

from city1361.base.kernel.errors import Missing, Refused
from city1361.base.kernel.ids import new_id
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterState
from city1361.centres.execution.models import MatterRules
from city1361.platform.components.processes import api as processes
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _public_reports_are_verified() -> None:
    row = MatterRules.objects.get()
    row.content["verify_before_filing"] = ["resident"]
    row.edition = new_id()
    row.save()


def verify(matter: execution.MatterView, who: str, *, passed: bool = True, text: str = "属实") -> execution.MatterView:
    return execution.matter_verify(
        by=cast.by(who), matter_id=matter.id, expected_version=matter.version, passed=passed, text=text
    )


def test_a_public_report_waits_for_verification_and_others_do_not() -> None:
    public = matters.reported()
    assert public.state is MatterState.VERIFYING
    assert matters.reported(cast.GRID_WORKER).state is MatterState.REPORTED
    assert matters.reported(urgency="urgent").state is MatterState.REPORTED
    with matters.seen_by(cast.GRID_WORKER) as asking:
        waiting = processes.work_items(asking["scope"], asking["by"])
        assert [(item.kind, item.subject_id) for item in waiting.items] == [("verify", public.id)]
        assert public.id in {row.id for row in execution.my_list(**asking).rows}
    verified = verify(public, cast.GRID_WORKER)
    assert (verified.state, verified.verified) == (MatterState.REPORTED, True)
    with matters.seen_by(cast.GRID_WORKER) as asking:
        assert processes.work_items(asking["scope"], asking["by"]).items == ()
    assert matters.admitted(verified).state is MatterState.ADMITTED


def test_the_reporter_does_not_verify_his_own_report() -> None:
    matter = matters.reported(cast.GRID_WORKER)
    sent = execution.matter_send_verify(
        by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=matter.id, expected_version=matter.version
    )
    assert sent.state is MatterState.VERIFYING
    with pytest.raises(Refused, match="上报人不能核实"):
        verify(sent, cast.GRID_WORKER)
    with pytest.raises(Missing):
        verify(sent, cast.TOWN_DUTY_OFFICER)
    denied = verify(sent, cast.TOWN_CHECKER, passed=False, text="井盖完好")
    assert (denied.state, denied.verified) == (MatterState.REPORTED, False)
    assert matters.history(denied)[-1].text == "井盖完好"


def test_work_items_follow_the_matter_from_post_to_post() -> None:
    def waiting(who: str) -> list[str]:
        with matters.seen_by(who) as asking:
            return [item.kind for item in processes.work_items(asking["scope"], asking["by"]).items]

    matter = matters.reported(cast.GRID_WORKER)
    assert (waiting(cast.TOWN_DUTY_OFFICER), waiting(cast.TOWN_HANDLER)) == (["admit"], [])
    matter = matters.admitted(matter)
    assert (waiting(cast.TOWN_DUTY_OFFICER), waiting(cast.TOWN_HANDLER)) == ([], ["acknowledge"])
    matter = matters.handling(matter)
    assert waiting(cast.TOWN_HANDLER) == ["handle"]
    asked = execution.matter_request_extend(
        by=cast.by(cast.TOWN_HANDLER), matter_id=matter.id, expected_version=matter.version, reason="等货", amount=1,
        unit="working_day",
    )  # fmt: skip
    assert waiting(cast.TOWN_COMMANDER) == ["approve"]
    granted = execution.matter_extend(
        by=cast.by(cast.TOWN_COMMANDER), matter_id=matter.id, expected_version=asked.version
    )
    assert (waiting(cast.TOWN_COMMANDER), waiting(cast.TOWN_HANDLER)) == ([], ["handle"])
    with matters.seen_by(cast.TOWN_HANDLER) as asking:
        item = processes.work_items(asking["scope"], asking["by"]).items[0]
    assert granted.stage is not None
    assert (item.due_at, item.title) == (granted.stage.due_at, granted.title)
    matter = matters.close_requested(granted)
    assert (waiting(cast.TOWN_CHECKER), waiting(cast.TOWN_HANDLER)) == (["check"], [])
    matters.checked(matter)
    assert (waiting(cast.TOWN_CHECKER), waiting(cast.TOWN_DUTY_OFFICER)) == ([], ["close"])
