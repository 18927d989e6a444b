"""我的待办 from the outside: boxes, filters, claiming, watching, and nothing decided in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.components.processes import api, registration
from city1361.platform.portals.official import inbox_rows
from city1361.platform.portals.official.shifts import on_duty
from tests import cast

TOWN, OFFICER = "119901001", cast.TOWN_DUTY_OFFICER
ZONE = ZoneInfo("Asia/Shanghai")
SHIFTS = [
    {"code": "day", "name": "白班", "starts": "08:30", "ends": "20:30"},
    {"code": "night", "name": "夜班", "starts": "20:30", "ends": "08:30"},
]


@pytest.mark.parametrize(
    ("at", "code", "starts", "ends"),
    [
        ("2026-11-23T08:30", "day", "2026-11-23T08:30", "2026-11-23T20:30"),
        ("2026-11-23T20:29", "day", "2026-11-23T08:30", "2026-11-23T20:30"),
        ("2026-11-23T20:30", "night", "2026-11-23T20:30", "2026-11-24T08:30"),
        ("2026-11-23T03:00", "night", "2026-11-22T20:30", "2026-11-23T08:30"),
    ],
)
def test_the_night_shift_goes_on_past_midnight(at: str, code: str, starts: str, ends: str) -> None:
    found = on_duty(SHIFTS, datetime.fromisoformat(at).replace(tzinfo=ZONE))
    assert found is not None
    local = [moment.strftime("%Y-%m-%dT%H:%M") for moment in (found.starts, found.ends)]
    assert (found.code, *local) == (code, starts, ends)


def test_without_declared_shifts_nobody_is_asked_about_them() -> None:
    assert on_duty([], datetime(2026, 11, 23, 9, tzinfo=ZONE)) is None
    assert on_duty(SHIFTS[:1], datetime(2026, 11, 23, 23, tzinfo=ZONE)) is None


@pytest.fixture
def kinds(db: None) -> Iterator[None]:
    before = dict(registration._kinds)
    api.register_work_item_kind(api.Kind("test_order", "测试督办"))
    api.register_work_item_kind(api.Kind("test_note", "测试知会", bulk=True))
    yield
    registration._kinds.clear()
    registration._kinds.update(before)


def put(title: str, *, kind: str = "test_order", minutes: int | None = None, **more: Any) -> UUID:
    """A work item of the town's duty post."""
    centre = organisations.organisation_by_code(f"{TOWN}/command_centre")
    lineage = areas.lineage(areas.by_code(TOWN).id)
    due = None if minutes is None else clock.now() + timedelta(minutes=minutes)
    amber = None if due is None else due - timedelta(minutes=30)
    assert lineage.district
    new = api.WorkItemNew(
        kind=kind,
        title=title,
        holder=api.WorkItemHolder(centre.id),
        area=api.AreaColumns(lineage.city.id, lineage.district.id, lineage.lowest.id),
        address="/desk/",
        due_at=due,
        amber_at=amber,
        **more,
    )
    with database.scoped(Scope.everything()):
        return api.work_item_open(By.system("测试"), new)[0]


def look(who: str = OFFICER, query: str = "") -> str:
    answer = cast.client(who).get(f"/inbox/{query}")
    assert answer.status_code == 200, answer.content.decode()[:800]
    text: str = answer.content.decode()
    return text


def do(act: str, *items: UUID, who: str = OFFICER, **more: Any) -> str:
    answer = cast.client(who).post(
        "/inbox/act/", {"act": act, "items": [str(one) for one in items], **more}, follow=True
    )
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


@pytest.mark.usefixtures("kinds")
class TestTheInbox:
    """What a duty officer sees and may do."""

    def test_each_box_shows_its_own_and_counts(self) -> None:
        first, second = put("路口积水督办", minutes=20), put("渣土车夜查", minutes=600)
        text = look()
        assert text.index("路口积水督办") < text.index("渣土车夜查"), "what is due first stands first"
        do("claim", first)
        do("watch", second)
        assert "路口积水督办" not in look()
        assert "路口积水督办" in look(query="?box=claimed")
        assert "渣土车夜查" in look(query="?box=watched")
        do("release", first, box="claimed")
        assert "路口积水督办" in look()
        assert "路口积水督办" not in look(cast.SIBLING_DUTY_OFFICER)

    def test_amber_before_due_and_red_after(self) -> None:
        put("从容", minutes=600)
        put("临近", minutes=20)
        put("逾期", minutes=-5)
        rows = {text.split("</a>")[0].split(">")[-1]: text for text in look().split("data-open")[1:]}
        assert [("clock soon" in rows[name], "clock late" in rows[name]) for name in ("从容", "临近", "逾期")] == [
            (False, False),
            (True, False),
            (False, True),
        ]
        late, amber = look(query="?due=late"), look(query="?due=amber")
        assert ("逾期" in late, "临近" in late) == (True, False)
        assert ("临近" in amber, "从容" in amber) == (True, False)

    def test_filters_stand_in_the_address_and_an_old_one_still_opens(self) -> None:
        put("督办一件")
        put("知会一件", kind="test_note")
        assert "知会一件" not in look(query="?kind=test_order")
        assert "没有符合条件的待办" in look(query="?kind=no_such_kind")
        look(query="?box=nonsense&area=x&due=never&shift=x")
        assert "没有符合条件的待办" in look(query="?kind=%00&area=%00")
        assert cast.client(OFFICER).get("/inbox/?after=%00").status_code == 302
        answer = cast.client(OFFICER).get("/inbox/?after=nonsense_x")
        assert (answer.status_code, answer["Location"]) == (302, "/inbox/")

    def test_an_area_narrows_and_one_of_elsewhere_does_not(self) -> None:
        village = areas.children(areas.by_code(TOWN).id)[0]
        put("全镇的事")
        assert "全镇的事" not in look(query=f"?area={village.id}")
        assert "全镇的事" in look(query=f"?area={areas.by_code('119902').id}")

    def test_my_shift_shows_what_came_or_falls_due_in_it(self) -> None:
        turn = inbox_rows.turn()
        assert turn is not None
        with clock.frozen(turn.starts - timedelta(hours=3)):
            put("上一班留下的")
            put("上一班留下、本班到期", minutes=200)
        put("本班新到的")
        text = look(query="?shift=mine")
        assert "上一班留下、本班到期" in text
        assert "本班新到的" in text
        assert '<a href="/desk/" data-open>上一班留下的' not in text

    def test_what_somebody_else_took_is_said(self) -> None:
        item = put("抢单")
        do("claim", item, who=cast.TOWN_COMMANDER)
        assert "已由他人处理" in do("claim", item)

    def test_several_at_once_only_where_harmless(self) -> None:
        note, other, order = put("知会甲", kind="test_note"), put("知会乙", kind="test_note"), put("督办丙")
        assert "须逐项办理" in do("read", note, order)
        assert "知会甲" in look()
        assert "已处理2项" in do("read", note, other)
        assert "知会甲" in look(query="?box=done")
        assert "请先选择待办" in do("close", order)
        assert "请先选择待办" in do("decide", order)
        assert "督办丙" in look()

    @pytest.mark.parametrize("items", [["x"], ["' OR 1=1"]])
    def test_nonsense_is_refused(self, items: list[str]) -> None:
        answer = cast.client(OFFICER).post("/inbox/act/", {"act": "claim", "items": items})
        assert answer.status_code == 422

    def test_nobody_claims_what_is_not_for_his_post(self) -> None:
        item = put("只给本镇")
        assert "未找到" in do("claim", item, who=cast.SIBLING_DUTY_OFFICER)
        assert "只给本镇" in look()

    def test_home_counts_what_waits(self) -> None:
        page = cast.client(cast.DATA_BUREAU).get("/").content.decode()
        assert 'href="/inbox/"' in page
        assert '<span class="number">0</span>' in page

    def test_a_resident_has_no_inbox(self) -> None:
        assert cast.client(cast.RESIDENT).get("/inbox/").status_code == 404
