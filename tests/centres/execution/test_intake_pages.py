"""The desk's intake from the outside: pasted chat text, 补录 with its real times, what is told while typing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import LateEntry, MatterState
from city1361.centres.execution.models import MatterIntake
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.centres.execution import matters

OFFICER = cast.TOWN_DUTY_OFFICER
MOMENT = "%Y-%m-%dT%H:%M"

pytestmark = pytest.mark.django_db


def local(ago: timedelta) -> str:
    return timezone.localtime(clock.now() - ago).strftime(MOMENT)


def key_in(text: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', text)
    assert found is not None
    return found.group(1)


def test_pasted_text_fills_a_form_that_shows_what_was_found_and_is_filed_as_corrected() -> None:
    officer = cast.client(OFFICER)
    grid = areas.lineage(matters.grid())
    assert grid.village is not None
    pasted = f"张三 10:08\n{grid.village.short_name}中山路12号井盖破损，很危险\n电话138 0000 1234"
    page = officer.post("/desk/intake/chat/", {"text": pasted, "read": "1"}).content.decode()
    assert "文中找到" in page
    assert 'value="13800001234"' in page
    assert "中山路12号" in page
    assert "文中提到“危险”，建议较急" in page
    filed = {
        "key": key_in(page), "matter_type": "01003", "description": "井盖破损，已核对", "urgency": "urgent",
        "area": str(matters.grid()), "address": "中山路14号", "contact_phone": "13800001234",
    }  # fmt: skip
    answer = officer.post("/desk/intake/chat/", filed, follow=True)
    text = answer.content.decode()
    assert "已登记" in text
    assert "中山路14号" in text
    with matters.seen_by(OFFICER) as asking:
        (row,) = execution.my_list(**asking, tab="all").rows
        intake = execution.intake_of(scope=asking["scope"], matter_id=row.id)
        assert intake is not None
        assert intake.kind == "chat"
    again = officer.post("/desk/intake/chat/", filed, follow=True)
    assert row.number in again.content.decode()
    missing = officer.post("/desk/intake/chat/", {**filed, "area": ""})
    assert missing.status_code == 422
    assert cast.client(cast.TOWN_HANDLER).get("/desk/intake/chat/").status_code == 404


def test_the_pasted_text_is_not_written_to_the_log(caplog: Any, capfd: Any) -> None:
    cast.client(OFFICER).post("/desk/intake/chat/", {"text": "王小明：电话13899990000，家里漏水", "read": "1"})
    said = caplog.text + "".join(capfd.readouterr())
    assert "13899990000" not in said
    assert "王小明" not in said


def entry(**changed: Any) -> LateEntry:
    now = clock.now()
    given = {
        "occurred_at": now - timedelta(hours=3),
        "handled_first_at": now - timedelta(hours=2),
        "handled_by": "综合行政执法岗",
        "reason": "电话处置在先",
        **changed,
    }
    return LateEntry(**given)


def filed_late(late: LateEntry, who: str = OFFICER, key: str = "late-0001") -> Any:
    return execution.matter_file_late(
        by=cast.by(who), entry=late, client_key=key, matter_type="01003", description="井盖破损", area_id=matters.grid()
    )


def test_what_was_done_first_is_entered_with_the_real_times_and_counted_apart() -> None:
    late = entry()
    made = filed_late(late)
    assert filed_late(late).id == made.id
    matters.reported()
    assert made.filed_after_the_fact
    assert made.occurred_at == late.occurred_at
    assert made.total.started_at > late.handled_first_at
    with matters.seen_by(OFFICER) as asking:
        row = MatterIntake.objects.get(matter=made.id)
        (counted,) = execution.late_statistics(scope=asking["scope"], since=areas.today(), until=areas.today())
        assert (
            execution.late_statistics(
                scope=asking["scope"], since=areas.today() - timedelta(days=9), until=areas.today() - timedelta(days=8)
            )[0].entries
            == 0
        )
    assert (row.handled_by, row.reason, row.handled_after) == ("综合行政执法岗", "电话处置在先", 60)
    assert row.entered_after == 120
    assert (counted.entries, counted.reports, counted.share) == (1, 2, 0.5)
    assert (counted.handled_after, counted.entered_after) == (60, 120)
    with matters.seen_by(cast.DISTRICT_DUTY_OFFICER) as asking:
        whole = execution.late_statistics(scope=asking["scope"], since=areas.today(), until=areas.today())
    assert [one.entries for one in whole] == [1, 1]
    with matters.seen_by(cast.SIBLING_DUTY_OFFICER) as asking:
        assert (
            execution.late_statistics(scope=asking["scope"], since=areas.today(), until=areas.today())[0].entries == 0
        )
    actions = [one.action for one in evidence.entries_about("matter", made.id)]
    assert actions.count("execution.file_after_the_fact") == 1


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"occurred_at": timedelta(hours=-1)}, "occurred_at"),
        ({"handled_first_at": timedelta(hours=-1)}, "handled_first_at"),
        ({"handled_first_at": timedelta(hours=4)}, "handled_first_at"),
        ({"occurred_at": timedelta(days=400)}, "occurred_at"),
        ({"reason": " "}, "reason"),
        ({"handled_by": ""}, "handled_by"),
    ],
)
def test_times_in_the_wrong_order_ahead_or_without_reason_are_refused(changed: dict[str, Any], where: str) -> None:
    now = clock.now()
    given = {name: now - value if isinstance(value, timedelta) else value for name, value in changed.items()}
    with pytest.raises(Invalid) as caught:
        filed_late(entry(**given))
    assert caught.value.where == where
    with matters.seen_by(OFFICER) as asking:
        assert execution.counted(**asking) == 0


def test_only_who_may_enters_after_the_fact_and_an_ordinary_report_does_not_become_one() -> None:
    with pytest.raises(Missing):
        filed_late(entry(), cast.TOWN_HANDLER)
    with matters.seen_by(OFFICER) as asking:
        assert execution.counted(**asking) == 0
    ordinary = matters.reported()
    with pytest.raises(Conflict):
        execution.late_entry_record(by=cast.by(OFFICER), matter_id=ordinary.id, entry=entry())


def test_the_page_of_late_entries_keeps_what_was_typed_and_shows_the_numbers() -> None:
    officer = cast.client(OFFICER)
    page = officer.get("/desk/intake/late/").content.decode()
    given = {
        "key": key_in(page), "matter_type": "01003", "description": "井盖破损", "urgency": "normal",
        "area": str(matters.grid()), "occurred_at": local(timedelta(hours=1)),
        "handled_first_at": local(timedelta(hours=2)), "handled_by": "执法岗", "reason": "电话处置在先",
    }  # fmt: skip
    wrong = officer.post("/desk/intake/late/", given)
    assert wrong.status_code == 422
    assert "先行处置时间早于发生时间" in wrong.content.decode()
    assert "电话处置在先" in wrong.content.decode()
    right = officer.post("/desk/intake/late/", {**given, "handled_first_at": local(timedelta(minutes=30))}, follow=True)
    assert "已补录" in right.content.decode()
    assert "100.0%" in officer.get("/desk/intake/late/").content.decode()


def test_while_typing_a_reporter_hears_a_number_and_an_official_which() -> None:
    old = matters.reported(cast.GRID_WORKER, description="井盖破损，很危险", address="中山路12号")
    typed = {"matter_type": "01003", "description": "井盖破损了", "area": str(matters.grid())}

    def asked(who: str, **changed: str) -> Any:
        answer = cast.client(who).post("/report/similar/", {**typed, **changed})
        assert answer["Cache-Control"] == "no-store"
        return answer.json()

    resident = asked(cast.RESIDENT)
    assert (resident["count"], resident["text"], resident["found"]) == (1, "附近已有1件类似上报", [])
    assert old.number not in str(resident)
    official = asked(OFFICER)
    assert official["found"][0]["title"].startswith(old.number)
    assert "同一网格" in official["found"][0]["why"]
    assert "相同的词：井盖破损" in official["found"][0]["why"]
    assert asked(cast.RESIDENT, matter_type="D02")["count"] == 0
    assert asked(cast.RESIDENT, area="", lon="nonsense")["count"] == 0
    assert cast.client(cast.SECURITY_ADMIN).post("/report/similar/", typed).status_code == 404


def test_a_joined_report_shows_the_kept_matter_and_may_be_disputed_on_its_own_page() -> None:
    kept = matters.reported(cast.GRID_WORKER)
    mine = matters.reported(cast.RESIDENT)
    execution.matter_merge(by=cast.by(OFFICER), matter_id=mine.id, kept_id=kept.id, expected_version=mine.version)
    kept = matters.closed(
        matters.checked(matters.close_requested(matters.handling(matters.admitted(matters.look(kept, OFFICER)))))
    )
    resident = cast.client(cast.RESIDENT)
    page = resident.get(f"/my/reports/{mine.id}/").content.decode()
    assert "与您同一问题的上报已一并办理，另有1件" in page
    assert "已经办结" in page
    assert "没解决" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    told = {"answer": "reopen", "text": "井盖又松了", "version": version.group(1), "key": key_in(page)}
    assert "已重新办理" in resident.post(f"/my/reports/{mine.id}/answer/", told, follow=True).content.decode()
    assert matters.look(kept, OFFICER).state is MatterState.HANDLING


def test_at_admission_the_page_suggests_why_and_merging_and_splitting_go_through_it() -> None:
    kept = matters.reported(cast.GRID_WORKER, description="井盖破损，很危险")
    fresh = matters.reported(description="井盖破损，轮子会陷进去")
    officer = cast.client(OFFICER)
    page = officer.get(f"/desk/matters/{fresh.id}/").content.decode()
    assert "疑似重复" in page
    assert "同一网格" in page
    assert "井盖破损" in page
    assert kept.number in page
    assert kept.number not in cast.client(cast.TOWN_HANDLER).get(f"/desk/matters/{fresh.id}/").content.decode()
    form = officer.get(f"/desk/matters/{fresh.id}/merge/?kept={kept.number}").content.decode()
    told = {"key": key_in(form), "version": str(fresh.version), "number": kept.number, "reason": "同一个井盖"}
    assert officer.post(f"/desk/matters/{fresh.id}/merge/", {**told, "number": "SJ0"}).status_code == 422
    assert officer.post(f"/desk/matters/{fresh.id}/merge/", {**told, "number": fresh.number}).status_code == 409
    merged = officer.post(f"/desk/matters/{fresh.id}/merge/", told, follow=True).content.decode()
    assert "已并案" in merged
    assert fresh.number in merged
    gone = officer.get(f"/desk/matters/{fresh.id}/").content.decode()
    assert f"/desk/matters/{fresh.id}/split/" in gone
    assert officer.post(f"/desk/matters/{fresh.id}/split/", {"version": "2", "reason": ""}).status_code == 422
    back = officer.post(f"/desk/matters/{fresh.id}/split/", {"version": "2", "reason": "不是同一处"}, follow=True)
    assert "已拆分" in back.content.decode()
    assert cast.client(cast.TOWN_CHECKER).get(f"/desk/matters/{fresh.id}/merge/").status_code == 404


def test_a_place_is_found_by_words_within_the_scope_and_what_was_typed_is_kept() -> None:
    officer = cast.client(cast.TOWN_DUTY_OFFICER)
    grid = areas.lineage(matters.grid())
    words = f"{grid.village.short_name} {grid.grid.short_name}"  # type: ignore[union-attr]
    given = {"description": "路面塌陷", "area_words": words, "find": "area", "key": "k"}
    for address in ("/desk/intake/late/", "/desk/intake/chat/"):
        page = officer.post(address, given).content.decode()
        assert f'name="area" value="{matters.grid()}"' in page
        assert "路面塌陷</textarea>" in page
        assert "请更正后再提交" not in page
    found = officer.get("/desk/intake/places/", {"words": words}).json()["found"]
    assert [str(matters.grid()), str(grid)] in found
    sibling = cast.client(cast.SIBLING_DUTY_OFFICER)
    assert sibling.get("/desk/intake/places/", {"words": words}).json()["found"] == []
    everywhere = cast.client(cast.CITY_DUTY_OFFICER).get("/desk/intake/places/", {"words": words}).json()["found"]
    assert str(matters.grid()) in {one[0] for one in everywhere}, "the city's desk reaches every place"


def test_a_place_of_another_desk_is_refused_even_when_its_id_is_known() -> None:
    refused = cast.client(cast.SIBLING_DUTY_OFFICER).post(
        "/desk/intake/late/", {"area": str(matters.grid()), "key": "k"}
    )
    assert refused.status_code == 422
    assert "请从找到的区域中选择。" in refused.content.decode()
    nonsense = cast.client(cast.TOWN_DUTY_OFFICER).post("/desk/intake/late/", {"area": "'; --", "key": "k"})
    assert nonsense.status_code == 422


def test_more_than_fit_are_said_and_not_cut_in_silence() -> None:
    said = cast.client(cast.CITY_DUTY_OFFICER).get("/desk/intake/places/", {"words": "网格"}).json()
    assert len(said["found"]) == 20
    assert "请再写几个字" in said["said"]
