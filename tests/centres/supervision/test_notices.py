"""提醒, 催办, 黄牌, 红牌, 提级督办: by the centre of the level or above, red after yellow, lifted by another person."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.centres.supervision import api, decisions
from city1361.centres.supervision.api import Card, Ladder, NoticeState
from tests import cast
from tests.centres.command import people
from tests.centres.execution import matters

DUTY, COMMANDER, HANDLER = cast.TOWN_DUTY_OFFICER, cast.TOWN_COMMANDER, cast.TOWN_HANDLER
DISTRICT = cast.DISTRICT_DUTY_OFFICER


def remind(matter: Any, rung: Ladder = Ladder.URGE, who: str = DUTY, target: str = people.LAW) -> api.NoticeView:
    return api.notice_send(
        by=cast.by(who), client_key=str(uuid4()), matter_id=matter.id, target=people.organisation(target), rung=rung,
        reason="请尽快处置",
    )  # fmt: skip


def show(matter: Any, card: Card, who: str = COMMANDER, target: str = people.LAW) -> api.NoticeView:
    return api.card_issue(
        by=cast.by(who), client_key=str(uuid4()), matter_id=matter.id, target=people.organisation(target), card=card,
        reason="超时未处置",
    )  # fmt: skip


def escalate(matter: Any, who: str = DISTRICT) -> api.NoticeView:
    return api.supervision_escalate(
        by=cast.by(who), client_key=str(uuid4()), matter_id=matter.id, target=people.organisation(people.LAW),
        reason="仍未处置",
    )  # fmt: skip


def answer(notice: api.NoticeView, who: str = HANDLER) -> api.NoticeView:
    return api.notice_answer(by=cast.by(who), notice_id=notice.id, text="今日内完成")


def look(notice: api.NoticeView, who: str = DUTY) -> api.NoticeView:
    with matters.seen_by(who) as asking:
        return api.notice(**asking, notice_id=notice.id)


@pytest.mark.django_db
def test_the_ladder_from_a_reminder_to_the_higher_centre() -> None:
    matter = matters.handling()
    reminded = remind(matter, Ladder.REMIND)
    assert answer(reminded).ended_at is not None
    yellow = show(matter, Card.YELLOW_CARD)
    assert yellow.limit.due_at > yellow.limit.amber_at > yellow.at
    red = show(matter, Card.RED_CARD)
    assert (red.follows, look(yellow).state) == (yellow.id, NoticeState.SUPERSEDED)
    higher = escalate(matter)
    assert (higher.card, higher.follows, look(red).state) == (Card.RED_CARD, red.id, NoticeState.SUPERSEDED)
    assert answer(higher).state is NoticeState.ANSWERED
    with pytest.raises(Refused, match="not_the_issuer"):
        api.card_lift(by=cast.by(COMMANDER), notice_id=higher.id, text="已改正")
    lifted = api.card_lift(by=cast.by(DISTRICT), notice_id=higher.id, text="已改正")
    assert lifted.state is NoticeState.LIFTED
    noted = [one.step for one in matters.history(matter)]
    assert noted[-7:] == ["remind", "report_back", "supervise", "supervise", "escalate_supervision", "report_back", "escalate_supervision"]  # fmt: skip
    numbers = [one.number for one in (reminded, yellow, red, higher)]
    assert numbers[0].startswith("DC119901001-")
    assert numbers[3].startswith("DC119901-")
    assert len(set(numbers)) == 4


@pytest.mark.django_db
def test_what_the_ladder_refuses() -> None:
    matter = matters.handling()
    with pytest.raises(Conflict, match="red_without_yellow"):
        show(matter, Card.RED_CARD)
    with pytest.raises(Conflict, match="nothing_to_escalate"):
        escalate(matter)
    with pytest.raises(Conflict, match="not_taking_part"):
        remind(matter, target=people.COMMUNITY)
    with pytest.raises(Refused, match="own_organisation"):
        remind(matter, target=people.CENTRE)
    with pytest.raises(Invalid, match="not_a_reminder"):
        remind(matter, Ladder.SUPERVISE)
    show(matter, Card.YELLOW_CARD)
    with pytest.raises(Conflict, match="card_in_force"):
        show(matter, Card.YELLOW_CARD)
    with pytest.raises(Refused, match="not_higher"):
        escalate(matter, COMMANDER)
    with pytest.raises(Conflict, match="matter_ended"):
        remind(matters.closed())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who", [HANDLER, cast.TOWN_CHECKER, cast.GRID_WORKER, cast.RESIDENT, cast.SIBLING_DUTY_OFFICER]
)
def test_nobody_else_urges_or_shows_cards(who: str) -> None:
    matter = matters.handling()
    for act in (lambda: remind(matter, who=who), lambda: show(matter, Card.YELLOW_CARD, who)):
        with pytest.raises(Missing):
            act()


@pytest.mark.django_db
def test_every_wrong_step_of_a_notice_is_refused() -> None:
    matter = matters.handling()
    urge = remind(matter)
    with pytest.raises(Refused, match="not_the_target"):
        answer(urge, DUTY)
    with pytest.raises(Missing):
        answer(urge, cast.SIBLING_DUTY_OFFICER)
    card = show(matter, Card.YELLOW_CARD)
    with pytest.raises(Conflict, match="wrong_step"):
        api.card_lift(by=cast.by(COMMANDER), notice_id=card.id, text="早了")
    answer(card)
    with pytest.raises(Conflict, match="wrong_step"):
        answer(card)
    answer(urge)
    with pytest.raises(Conflict, match="wrong_step"):
        api.card_lift(by=cast.by(COMMANDER), notice_id=urge.id, text="不是牌")


CITY, DISTRICT_AREA, TOWN, OTHER = (uuid4() for _ in range(4))
TARGET = decisions.Target(uuid4(), (CITY, DISTRICT_AREA, TOWN))


@pytest.mark.parametrize(
    ("areas", "centre", "code"),
    [
        ((CITY,), True, ""),
        ((CITY, DISTRICT_AREA), True, ""),
        ((CITY, DISTRICT_AREA, TOWN), True, ""),
        ((CITY, OTHER), True, "not_the_centre_above"),
        ((CITY, DISTRICT_AREA, OTHER), True, "not_the_centre_above"),
        ((CITY, DISTRICT_AREA, TOWN, OTHER), True, "not_the_centre_above"),
        ((CITY, DISTRICT_AREA), False, "not_the_centre_above"),
    ],
)
def test_only_a_centre_whose_area_holds_the_targets_may(areas: tuple[Any, ...], centre: bool, code: str) -> None:
    refused = decisions.refuse_notice(decisions.Issuer(uuid4(), centre, areas), TARGET, Ladder.URGE, None, None)
    assert (refused.code if refused else "") == code


def test_the_same_key_gets_the_same_notice(db: None) -> None:
    matter, key = matters.handling(), str(uuid4())
    given = {"by": cast.by(DUTY), "client_key": key, "matter_id": matter.id, "target": people.organisation(people.LAW), "rung": Ladder.URGE, "reason": "催"}  # fmt: skip
    assert api.notice_send(**given).id == api.notice_send(**given).id
