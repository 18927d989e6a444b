"""The desk from the outside: lists, one matter, its steps and the search, without a browser."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db


def desk(who: str = cast.TOWN_DUTY_OFFICER) -> Any:
    return cast.client(who)


def page(who: str, address: str) -> str:
    answer = desk(who).get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def send(who: str, matter: Any, step: str, **given: Any) -> Any:
    told = {"version": matter.version, "key": str(uuid4()), **given}
    return desk(who).post(f"/desk/matters/{matter.id}/steps/{step}/", told)


def test_the_desk_opens_with_its_first_matter_and_marks_it() -> None:
    matters.reported(description="先来的事")
    matters.reported(description="后来的事")
    shown = page(cast.TOWN_DUTY_OFFICER, "/desk/")
    assert shown.index("后来的事") < shown.index("先来的事")
    assert shown.count('aria-current="true"') >= 1
    assert "desk-grid none" in shown


def test_only_the_steps_of_this_person_are_offered() -> None:
    matter = matters.reported()
    address = f"/desk/matters/{matter.id}/"
    assert f"{address}steps/admit/" in page(cast.TOWN_DUTY_OFFICER, address)
    assert "/steps/" not in page(cast.TOWN_COMMANDER, address)
    shown = page(cast.TOWN_COMMANDER, address)
    assert re.findall("此环节[^<]*", shown) == ["此环节由示范街道基层治理指挥中心·值班岗办理"]


def test_the_handler_does_not_learn_who_reported() -> None:
    matter = matters.reported(contact_name="张某某", contact_phone="13900000000")
    matters.handling(matters.admitted(matter))
    address = f"/desk/matters/{matter.id}/"
    shown = page(cast.TOWN_HANDLER, address)
    assert "身份不公开" in shown
    assert "13900000000" not in shown
    assert "13900000000" in page(cast.TOWN_DUTY_OFFICER, address)


def test_another_town_finds_nothing_at_any_address() -> None:
    matter = matters.reported()
    for address in (f"/desk/matters/{matter.id}/", f"/desk/matters/{matter.id}/steps/admit/"):
        assert desk(cast.SIBLING_DUTY_OFFICER).get(address).status_code == 404
    assert send(cast.SIBLING_DUTY_OFFICER, matter, "refuse", text="x").status_code == 404


def test_a_step_is_taken_and_leads_back_to_the_matter_in_the_same_list() -> None:
    matter = matters.reported()
    told = {
        "version": 1,
        "key": str(uuid4()),
        "handler_post": str(matters.handler_post()),
        "level": "4",
        "text": "请办理",
    }
    done = desk().post(f"/desk/matters/{matter.id}/steps/admit/?tab=all", told)
    assert (done.status_code, done["Location"]) == (302, f"/desk/matters/{matter.id}/?tab=all")
    assert matters.look(matter, cast.TOWN_DUTY_OFFICER).level == 4


def test_a_key_sent_twice_takes_the_step_once() -> None:
    matter, key = matters.reported(), str(uuid4())
    answers = [send(cast.TOWN_DUTY_OFFICER, matter, "refuse", text="不属于本中心", key=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert len(matters.history(matter)) == 2


def test_a_form_without_what_it_needs_comes_back_with_what_was_typed() -> None:
    matter = matters.reported()
    answer = send(cast.TOWN_DUTY_OFFICER, matter, "admit", text="请尽快")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_handler_post"' in shown
    assert "请尽快</textarea>" in shown


def test_a_stale_page_shows_who_did_what_and_keeps_the_words() -> None:
    matter = matters.reported()
    matters.admitted(matter)
    answer = send(cast.TOWN_DUTY_OFFICER, matter, "refuse", text="不是我们的事")
    shown = answer.content.decode()
    assert answer.status_code == 412
    assert "您填写期间，此事件已有变化" in shown
    assert "受理" in shown
    assert "不是我们的事</textarea>" in shown
    assert "此步骤已不能办理" in shown


def test_a_step_that_is_not_offered_leads_to_the_matter_instead_of_a_form() -> None:
    matter = matters.reported()
    answer = desk().get(f"/desk/matters/{matter.id}/steps/close/")
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/matters/{matter.id}/")


@pytest.mark.parametrize("step", ["report", "nonsense"])
def test_a_step_that_does_not_exist_is_not_found(step: str) -> None:
    matter = matters.reported()
    assert desk().get(f"/desk/matters/{matter.id}/steps/{step}/").status_code == 404


def test_a_step_without_a_version_says_what_to_do() -> None:
    answer = send(cast.TOWN_DUTY_OFFICER, matters.reported(), "refuse", text="x", version="")
    assert answer.status_code == 422
    assert "请刷新页面后重新填写" in answer.content.decode()


def test_the_result_asked_for_is_proposed_to_the_closer() -> None:
    matter = matters.checked(matters.close_requested(matters.handling()))
    shown = page(cast.TOWN_DUTY_OFFICER, f"/desk/matters/{matter.id}/steps/close/")
    assert (
        'value="solved" required id="id_result_0" checked' in shown
        or "checked" in shown.split('value="solved"')[1][:60]
    )


def test_an_old_link_with_an_unknown_tab_still_opens() -> None:
    assert desk().get("/desk/?tab=nonsense&due=never").status_code == 200


def test_a_page_mark_that_is_none_is_refused_with_advice() -> None:
    answer = desk().get("/desk/?cursor=nonsense")
    assert answer.status_code == 422
    assert "请从第一页重新开始" in answer.content.decode()


def test_older_matters_are_one_page_further(monkeypatch: pytest.MonkeyPatch) -> None:
    from city1361.centres.execution.listings import lists

    monkeypatch.setattr(lists, "LARGEST_PAGE", 2)
    for number in range(3):
        matters.reported(description=f"第{number}件事情")
    first = page(cast.TOWN_DUTY_OFFICER, "/desk/")
    listed = first.split('<section class="case"')[0]  # the open matter may name an older one as like it
    assert "第2件事情" in listed
    assert "第0件事情" not in listed
    older = first.split('class="more"><a href="')[1].split('"')[0].replace("&amp;", "&")
    assert "第0件事情" in page(cast.TOWN_DUTY_OFFICER, older)


def test_the_search_finds_by_words_and_by_number_and_says_when_there_is_nothing() -> None:
    matter = matters.reported(description="滨江步道栏杆断裂")
    for asked in ("栏杆断裂", matter.number):
        assert matter.number in page(cast.TOWN_DUTY_OFFICER, f"/desk/search/?q={asked}")
    assert "没有找到" in page(cast.TOWN_DUTY_OFFICER, "/desk/search/?q=没有这样的事")
    assert matter.number not in page(cast.SIBLING_DUTY_OFFICER, "/desk/search/?q=栏杆断裂")


def test_what_somebody_typed_cannot_become_markup() -> None:
    matter = matters.reported(description="<script>alert(1)</script>路面坑洼", address="<img src=x onerror=alert(1)>")
    shown = page(cast.TOWN_DUTY_OFFICER, f"/desk/matters/{matter.id}/")
    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown


def test_a_page_asks_the_data_base_a_bounded_number_of_times(django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        matters.reported(description=f"第{number}件事情")
    officer = desk()
    officer.get("/desk/")
    with django_assert_max_num_queries(56):
        officer.get("/desk/")
