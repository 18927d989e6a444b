"""Who may remind, urge, show a card, instruct, sign off and visit; which matters are visited. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from city1361.centres.supervision.terms import (
    Card,
    Ladder,
    NoticeState,
    NoticeStep,
    SheetState,
    SheetStep,
)

N, S = NoticeState, SheetState
CARDS = frozenset({Ladder.SUPERVISE, Ladder.ESCALATE_SUPERVISION})
STANDING = frozenset({N.IN_FORCE, N.ANSWERED})
# A card stays until it is lifted; a reminder or an urge is done with by its answer.
NOTICE_STEPS: dict[tuple[NoticeState, NoticeStep], NoticeState] = {
    (N.IN_FORCE, NoticeStep.ANSWER): N.ANSWERED,
    (N.ANSWERED, NoticeStep.LIFT): N.LIFTED,
}
SHEET_STEPS: dict[tuple[SheetState, SheetStep], SheetState] = {
    (S.TO_ANSWER, SheetStep.FEED_BACK): S.TO_SIGN_OFF,
    (S.TO_SIGN_OFF, SheetStep.SIGN_OFF): S.SIGNED_OFF,
    (S.TO_SIGN_OFF, SheetStep.SEND_AGAIN): S.TO_ANSWER,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not. of_state: it does not fit where the thing stands, otherwise it does not fit who acts."""

    code: str
    message: str
    remedy: str = ""
    of_state: bool = False


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: his organisation, whether it is a centre, the areas above and including it from the city down."""

    organisation: UUID
    centre: bool
    areas: tuple[UUID, ...]

    @property
    def rank(self) -> int:
        """1 for the city, 2 for a district, 3 for a town."""
        return len(self.areas)


@dataclass(frozen=True, slots=True)
class Target:
    """Whom it is for: an organisation that takes part in the matter, and the areas above and including it."""

    organisation: UUID
    areas: tuple[UUID, ...]
    takes_part: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """The notice it would grow out of: its rung and card, and how high its issuer stands."""

    rung: Ladder
    card: Card | None
    rank: int


def refuse_notice(
    issuer: Issuer, target: Target, rung: Ladder, card: Card | None, standing: Standing | None
) -> Refusal | None:
    """Why this rung or card cannot be used; None when it can. standing: what stands against the target already."""
    if issuer.organisation == target.organisation:
        return Refusal("own_organisation", "不能督查本单位", "请由上级治理中心督查")
    if not target.takes_part:
        return Refusal("not_taking_part", "该单位没有参与此事", "请选择主办或协办单位", of_state=True)
    if not issuer.centre or issuer.areas != target.areas[: issuer.rank]:
        return Refusal("not_the_centre_above", "由同级或上级治理中心督查", "请联系负责的治理中心")
    if rung in CARDS:
        return _refuse_card(issuer, rung, card, standing)
    return None if card is None else Refusal("card_on_a_reminder", "提醒和催办不出牌", of_state=True)


def _refuse_card(issuer: Issuer, rung: Ladder, card: Card | None, standing: Standing | None) -> Refusal | None:
    if rung is Ladder.ESCALATE_SUPERVISION:
        return _refuse_escalation(issuer, standing)
    shown = standing.card if standing else None
    if card is None:
        return Refusal("card_needed", "督办须出示黄牌或红牌", of_state=True)
    if card is Card.RED_CARD and shown is not Card.YELLOW_CARD:
        return Refusal("red_without_yellow", "红牌督办须在黄牌督办之后", "请先黄牌督办", of_state=True)
    if card is Card.YELLOW_CARD and shown is not None:
        return Refusal("card_in_force", "该单位已有生效的督办", "可以升级为红牌，或先解除", of_state=True)
    return None


def _refuse_escalation(issuer: Issuer, standing: Standing | None) -> Refusal | None:
    if standing is None:
        return Refusal("nothing_to_escalate", "没有可以提级的催办或督办", "请先督办", of_state=True)
    if issuer.rank >= standing.rank:
        return Refusal("not_higher", "提级督办由更高一级的治理中心发出", "请报上级治理中心")
    return None


def notice_after(state: NoticeState, step: NoticeStep, *, is_card: bool) -> NoticeState | Refusal:
    """What becomes of a notice."""
    after = NOTICE_STEPS.get((state, step))
    if after is None or (step is NoticeStep.LIFT and not is_card):
        return Refusal("wrong_step", "现在是“{state}”，不能办理“{step}”", "请刷新后查看", of_state=True)
    return after


def sheet_after(state: SheetState, step: SheetStep) -> SheetState | Refusal:
    """What becomes of a 督办单."""
    after = SHEET_STEPS.get((state, step))
    return after or Refusal("wrong_step", "现在是“{state}”，不能办理“{step}”", "请刷新后查看", of_state=True)


def refuse_other_office(actor: UUID | None, office: UUID) -> Refusal | None:
    """Only the office that issued it lifts a card or signs off."""
    if actor != office:
        return Refusal("not_the_issuer", "由发出单位办理", "请联系发出单位")
    return None


def refuse_same_person(actor: UUID | None, author: UUID | None) -> Refusal | None:
    """Nobody signs off what he wrote."""
    if actor is None or actor == author:
        return Refusal("author_himself", "反馈人不能为自己的反馈销号", "请由另一人办理")
    return None


def refuse_insider(actor: UUID | None, handling: Collection[UUID]) -> Refusal | None:
    """Who handled a matter neither visits its reporter nor judges the claim."""
    if actor is None or actor in handling:
        return Refusal("handling_unit", "办理单位不能回访或认定自己办理的事件", "请由办理单位以外的单位办理")
    return None


def refuse_handler(account: UUID | None, handlers: Collection[UUID]) -> Refusal | None:
    """The same person may have handled it from another post: he does not ask whether he did it well."""
    if account in handlers:
        return Refusal("handled_himself", "您办理过此事件，不能回访或认定", "请由没有经办过的人员办理")
    return None


def is_sampled(period: str, matter: UUID, per_mille: int) -> bool:
    """Whether a matter is visited in a period: the same answer whoever asks, whatever else there is to visit."""
    digest = hashlib.sha256(f"{period}:{matter}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 1000 < per_mille
