"""Who may take a step: the guards. What follows from one, the declared process says (road.py)."""

from __future__ import annotations

from city1361.centres.execution.decisions.facts import Actor, Facts, Refusal
from city1361.centres.execution.terms import ExclusionKind, MatterState, Step

HANDLER_STEPS = frozenset({Step.ACKNOWLEDGE, Step.REPORT_PROGRESS, Step.REQUEST_CLOSE})
HANDLING_STEPS = HANDLER_STEPS | {Step.TRANSFER, Step.DELEGATE}  # who took one has handled the matter
LEAD_STEPS = HANDLER_STEPS | {Step.SEND_BACK, Step.TRANSFER, Step.DELEGATE}
INDEPENDENT_STEPS = frozenset({Step.CHECK_PASS, Step.CHECK_FAIL, Step.CLOSE})
CHECK_STEPS = frozenset({Step.CHECK_PASS, Step.CHECK_FAIL})
# What the centre does that deals with the matter now; closing belongs to the one that received it first.
CENTRE_STEPS = frozenset(
    {
        Step.SEND_VERIFY, Step.ADMIT, Step.REFUSE, Step.ROUTE, Step.ASSIGN, Step.SEND_UP, Step.REQUEST_RULING,
        Step.CLOSE,
    }
)  # fmt: skip
REPORTER_STEPS = frozenset({Step.AGREE, Step.REOPEN})
VERIFIER_STEPS = frozenset({Step.VERIFY_PASS, Step.VERIFY_FAIL})
REQUESTS = {
    Step.REQUEST_PAUSE: ExclusionKind.PAUSED,
    Step.REQUEST_SHELVE: ExclusionKind.SHELVED_MATTER,
    Step.REQUEST_EXTEND: ExclusionKind.EXTENDED,
    Step.REQUEST_VOID: ExclusionKind.VOIDED,
}
GRANTS = {
    Step.PAUSE: ExclusionKind.PAUSED,
    Step.SHELVE_MATTER: ExclusionKind.SHELVED_MATTER,
    Step.EXTEND: ExclusionKind.EXTENDED,
    Step.VOID: ExclusionKind.VOIDED,
}
DECIDING = frozenset(GRANTS) | {Step.REJECT_REQUEST}
SHELF_STEPS = frozenset({Step.REVIEW_SHELVED, Step.UNSHELVE})
# What may be done while the clocks stand still.
WHILE_STILL = frozenset({Step.REPORT_PROGRESS, Step.CC, Step.RESUME, Step.REQUEST_VOID}) | DECIDING | SHELF_STEPS


def leads(facts: Facts, actor: Actor) -> bool:
    """Whether the actor holds the leading post; without a post the whole organisation leads."""
    if actor.organisation is None or actor.organisation != facts.lead:
        return False
    return not facts.lead_post or actor.post == facts.lead_post


def acts_for_lead(facts: Facts, actor: Actor) -> bool:
    """代办: whether the leading post had this one act for it."""
    return bool(facts.delegate_post) and actor.organisation == facts.lead and actor.post == facts.delegate_post


def refused(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    """Why this actor may not take this step, or None. The matter's state has been looked at already."""
    if actor.system:
        return _standing_still(facts, step) or _not_for_a_limit(facts, step)
    return (
        _standing_still(facts, step)
        or _same_person(facts, step, actor)
        or _not_the_one(facts, step, actor)
        or _not_now(facts, step, actor)
    )


def _not_for_a_limit(facts: Facts, step: Step) -> Refusal | None:
    """What the end of a limit does by itself: it signs a receipt, and ends a dispute that lasts too long."""
    dispute = step is Step.REQUEST_RULING and facts.state is MatterState.DISPATCHING
    return None if step is Step.ACKNOWLEDGE or dispute else Refusal("person_needed", "这一步必须由人办理")


def _standing_still(facts: Facts, step: Step) -> Refusal | None:
    if facts.paused and step not in WHILE_STILL:
        return Refusal("matter_paused", "此事件已暂停计时，不能办理“{step}”", "请先恢复计时", of_state=True)
    if facts.shelved and step not in WHILE_STILL:
        return Refusal("matter_shelved", "此事件已挂账，不能办理“{step}”", "请先销账", of_state=True)
    return None


def _not_the_one(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    return (
        _not_the_centre(facts, step, actor)
        or _not_the_lead(facts, step, actor)
        or _not_the_reporter(facts, step, actor)
        or _not_of_those_dealing(facts, step, actor)
    )


def _not_the_centre(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    if step is Step.CLOSE and actor.organisation != facts.centre:
        return Refusal("not_the_centre", "这一步由首接负责的治理中心办理", "请联系该中心的值班员")
    if step in CENTRE_STEPS and step is not Step.CLOSE and actor.organisation != facts.dealing:
        return Refusal("not_the_centre", "这一步由现在负责的治理中心办理", "请联系该中心的值班员")
    if step is Step.DESIGNATE and (actor.organisation is None or actor.organisation != facts.ruling_centre):
        return Refusal("not_the_ruling_centre", "由首接中心的上一级中心指定管辖", "请等待上一级中心裁定")
    if step in CHECK_STEPS and actor.organisation not in (facts.centre, facts.dealing):
        return Refusal("not_the_checking_centre", "核查由负责的治理中心办理", "请联系该中心的核查岗")
    return None


def _not_the_lead(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    if step in LEAD_STEPS and not (leads(facts, actor) or (_may_delegate(step) and acts_for_lead(facts, actor))):
        return Refusal("not_the_lead", "这一步由主办岗位办理", "请联系主办单位；如主办不当，由治理中心处理")
    if step is Step.TAKE_BACK and not _gave(facts, actor):
        return Refusal("not_who_gave_it", "只有交出的单位可以撤回", "请联系交出的单位")
    return None


def _not_the_reporter(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    if step is Step.REOPEN and actor.visiting:
        of_lead = actor.organisation is None or actor.organisation == facts.lead
        return Refusal("visited_by_handler", "主办单位不能回访自己办理的事件") if of_lead else None
    if step in REPORTER_STEPS and (actor.account is None or actor.account != facts.reporter):
        return Refusal("not_the_reporter", "只有上报人可以确认是否解决")
    return None


def _may_delegate(step: Step) -> bool:
    """Handing on what one only holds for another is not for a delegate."""
    return step not in (Step.TRANSFER, Step.DELEGATE)


def _gave(facts: Facts, actor: Actor) -> bool:
    if facts.state is MatterState.ADMITTED:
        return actor.organisation is not None and actor.organisation == facts.handed_by
    return bool(facts.delegate_post) and leads(facts, actor)


def _not_of_those_dealing(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    """Requests come from who handles it or from its centre, and are decided at that centre."""
    at_centre = actor.organisation is not None and actor.organisation == facts.dealing
    handles = leads(facts, actor) or acts_for_lead(facts, actor)
    if (step in REQUESTS or step in (Step.RESUME, Step.CC)) and not (at_centre or handles):
        return Refusal("not_dealing", "这一步由主办岗位或现在负责的治理中心办理", "请联系主办单位")
    if step in DECIDING and not at_centre:
        return Refusal("not_the_centre", "这一步由现在负责的治理中心办理", "请联系该中心的值班员")
    if step in SHELF_STEPS and not (at_centre or actor.organisation == facts.shelved_owner):
        return Refusal("not_the_owner", "挂账由责任单位或治理中心复核", "请联系挂账责任单位")
    return None


def _same_person(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    if step in VERIFIER_STEPS and actor.account == facts.reporter:
        return Refusal("reporter_himself", "上报人不能核实自己上报的事件", "请由另一人核实")
    if step in DECIDING and facts.asked is not None and actor.account == facts.asked.by:
        return Refusal("asked_himself", "申请人不能审批自己的申请", "请由另一人审批")
    if step in CHECK_STEPS and actor.account in facts.verifiers:
        return Refusal("verifier_himself", "核实人不能再核查同一事件", "请由另一人核查")
    return _handles_himself(facts, actor) if step in INDEPENDENT_STEPS or step in GRANTS else None


def _handles_himself(facts: Facts, actor: Actor) -> Refusal | None:
    """Who works on it decides nothing about it: neither he, nor his post, nor who acts for it."""
    if actor.account is None or actor.account in facts.handlers:
        return Refusal("handler_himself", "处置人不能核查、办结或审批自己处置的事件", "请由另一岗位的人员办理")
    if actor.organisation == facts.lead and facts.lead_post and actor.post in (facts.lead_post, facts.delegate_post):
        return Refusal("handling_post", "处置岗位不能核查、办结或审批本岗位处置的事件", "请由另一岗位的人员办理")
    return None


def _not_now(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    """The step fits the station and the actor, and still has nothing to do here."""
    if facts.agreed and step in REPORTER_STEPS and not actor.visiting:
        return Refusal(
            "matter_agreed",
            "您已经确认解决，此事件不再变更",
            "如果问题再次出现，请重新上报，系统会自动与此事件关联",
        )
    if step is Step.SEND_BACK and facts.designated:
        return Refusal("matter_designated", "已指定管辖，不能退回", "如有异议，请向裁定的中心反映；办理不因此停止")
    if step is Step.SEND_BACK and facts.handed_by is None:
        return Refusal("nobody_to_return_to", "此事件由本单位首接，没有可退回的单位", "可以提请指定管辖", of_state=True)
    return _not_asked(facts, step) or _not_still(facts, step)


def _not_asked(facts: Facts, step: Step) -> Refusal | None:
    if step in REQUESTS and facts.asked is not None:
        return Refusal("request_waiting", "已有申请等待审批", "请等待审批，或请审批人先处理", of_state=True)
    if step in DECIDING and facts.asked is None:
        return Refusal("nothing_asked", "没有等待审批的申请", of_state=True)
    if step in GRANTS and facts.asked is not None and facts.asked.kind is not GRANTS[step]:
        return Refusal("another_request", "等待审批的不是这种申请", of_state=True)
    return None


def _not_still(facts: Facts, step: Step) -> Refusal | None:
    if step is Step.RESUME and not facts.paused:
        return Refusal("not_paused", "此事件没有暂停计时", of_state=True)
    if step in SHELF_STEPS and not facts.shelved:
        return Refusal("not_shelved", "此事件没有挂账", of_state=True)
    return None
