"""Pasted chat text: what is found, what is not guessed, and that no text whatever breaks the parser."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from city1361.centres.execution.entry.chat import Kind, Message, messages_in, proposal
from city1361.centres.execution.entry.chat_moments import moments_in, number
from city1361.centres.execution.terms import Urgency

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
KINDS = (
    Kind("01003", "井盖破损", "water"),
    Kind("W02", "供水管破裂", "water"),
    Kind("F02", "楼道堆物", "fire"),
    Kind("O01", "其他事件（待细分）", "other"),
)
EXPORT = """张三 2026/11/23 09:12
中山路12号门前的井盖破损了，车轮会陷进去。
[图片]

李四（网格员） 2026/11/23 09:15
是中山社区第3网格，马上派人！
电话 138-0000-1234

张三 2026/11/23 09:16
昨晚8点半就坏了
"""


def test_an_export_of_several_messages_is_read_into_fields_that_each_say_where_they_come_from() -> None:
    found = proposal(EXPORT, NOW, KINDS)
    assert [(message.who, message.at) for message in found.messages] == [
        ("张三", "2026/11/23 09:12"),
        ("李四（网格员）", "2026/11/23 09:15"),
        ("张三", "2026/11/23 09:16"),
    ]
    assert found.kinds[0].code == "01003"
    assert found.kinds[0].words == ("井盖破损",)
    assert found.addresses[0].value == "中山路12号门前"
    assert [one.value for one in found.areas] == ["中山社区", "第3网格"]
    assert [(one.value, one.said) for one in found.phones] == [("13800001234", "138-0000-1234")]
    assert found.moments[0] == (NOW.replace(day=22, hour=20, minute=30), "昨晚8点半")
    assert found.urgency == (Urgency.PRESSING, "马上")
    assert "张三" not in found.description
    assert "138" not in found.description
    assert "图片" not in found.description


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("路灯不亮", [Message("", "", "路灯不亮")]),
        ("王五：路灯不亮\n王五：三天了", [Message("王五", "", "路灯不亮"), Message("王五", "", "三天了")]),
        ("2026-11-23 10:08:05 王五\n路灯不亮", [Message("王五", "2026-11-23 10:08:05", "路灯不亮")]),
        ("[10:08] 王五: 路灯不亮", [Message("王五", "10:08", "路灯不亮")]),
        ("—————  2026-11-23  —————\n王五 10:08\n路灯不亮", [Message("王五", "10:08", "路灯不亮")]),
        ("王五 昨天 10:08\n路灯\n不亮", [Message("王五", "昨天 10:08", "路灯\n不亮")]),
        ("\ufeff王五 10:08\r\n路灯不亮\u200b\r\n", [Message("王五", "10:08", "路灯不亮")]),
        ("", []),
        ("[图片]\n[语音]", []),
    ],
)
def test_forms_of_exports(text: str, messages: list[Message]) -> None:
    assert list(messages_in(text)) == messages


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-11-22 08:05", (22, 8, 5)),
        ("2026年11月22日8:05", (22, 8, 5)),
        ("11月22日下午3点半", (22, 15, 30)),
        ("昨晚八点", (22, 20, 0)),
        ("前天上午10:08", (21, 10, 8)),
        ("今天9点20", (23, 9, 20)),
        ("早上七点十五分", (23, 7, 15)),
        ("下午2点", (22, 14, 0)),  # still to come today: yesterday's
        ("二十分钟前", (23, 10, 10)),
        ("半小时前", (23, 10, 0)),
        ("刚才", (23, 10, 30)),
    ],
)
def test_moments_as_people_write_them(said: str, at: tuple[int, int, int]) -> None:
    ((found, _),) = moments_in(f"{said}就这样了", NOW)
    assert (found.day, found.hour, found.minute) == at


@pytest.mark.parametrize("text", ["2026-13-45 10:08", "25:61", "99点", "电话13800001234", "12号", "3栋"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert all(at <= NOW for at, _ in moments_in(text, NOW))
    assert not [said for _, said in moments_in(text, NOW) if said == text]


def test_numerals() -> None:
    assert [number(text) for text in ("7", "七", "十", "十二", "二十", "三十五", "两")] == [7, 7, 10, 12, 20, 35, 2]


def test_nothing_is_guessed_where_nothing_was_said() -> None:
    found = proposal("你好，请问有人吗", NOW, KINDS)
    assert (found.kinds, found.areas, found.addresses, found.phones, found.moments, found.urgency) == ((),) * 5 + (
        None,
    )


def test_danger_goes_before_haste() -> None:
    found = proposal("赶紧来人，燃气泄漏了", NOW, KINDS)
    assert found.urgency == (Urgency.URGENT, "燃气泄漏")


pieces = some.lists(
    some.sampled_from(["张三", " ", "：", ":", "\n", "10:08", "2026/11/23", "昨天", "中山路", "12号", "社区", "[图片]", "138", "00001234", "半", "点", "。", "—", "\u200b"])
    | some.text(max_size=4),
    max_size=40,
).map("".join)  # fmt: skip


@given(pieces)
@example("中" * 5000)
@example("第一二三四五六七八九十" * 500)
@example("：" * 3000)
def test_no_text_breaks_it_and_every_finding_was_said(text: str) -> None:
    found = proposal(text, NOW, KINDS)
    for one in (*found.areas, *found.addresses, *found.phones):
        assert any(one.said in message.text or one.said in text for message in found.messages)
    assert all(NOW - timedelta(days=366) < at <= NOW for at, _ in found.moments)


def test_long_text_is_cut_and_says_so() -> None:
    assert proposal("井盖破损。" * 10_000, NOW, KINDS).cut
