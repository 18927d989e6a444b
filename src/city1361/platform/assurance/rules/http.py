"""/api/v1/rules: the library, the lists, the parameters, and changes of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from city1361.base.kernel.endpoint import endpoint
from city1361.platform.assurance.rules import api, queries, shown
from city1361.platform.assurance.rules.bodies import (
    DayAsk,
    DutyAsk,
    EditionOut,
    LibraryAsk,
    LibraryOut,
    ProposalDetailOut,
    ProposalIn,
    ProposalOut,
    ProposalReasonIn,
    StateAsk,
)
from city1361.platform.assurance.rules.models import RuleProposal
from city1361.platform.assurance.rules.terms import Permission
from city1361.platform.assurance.standards.areas import api as areas

router = Router()
ONE = "/proposals/{uuid:pk}"
READ = Permission.READ_RULE


@router.get("/", response=LibraryOut, summary="分级分类库")
@endpoint(READ)
def rule_library(request: Any, asked: Query[LibraryAsk]) -> Any:
    """General limits, and the types by words and level."""
    on = asked.on or areas.today()
    library = api.library(on, asked.area)
    return {
        "edition": library.edition,
        "on": on,
        "example": library.example,
        "limits": shown.general(on, asked.area),
        "types": shown.types(on, asked.area, q=asked.q, level=asked.level),
    }


@router.get("/duties", response=list[dict[str, Any]], summary="履职事项清单")
@endpoint(READ)
def rule_duties(request: Any, asked: Query[DutyAsk]) -> Any:
    """The three lists."""
    return shown.duties(asked.on or areas.today(), asked.town)


@router.get("/parameters", response=list[dict[str, Any]], summary="参数")
@endpoint(READ)
def rule_parameters(request: Any, asked: Query[DayAsk]) -> Any:
    """Each with all its periods and their references."""
    return shown.parameters(asked.on or areas.today())


@router.get("/editions", response=list[EditionOut], summary="规则版次")
@endpoint(READ)
def rule_editions(request: Any) -> Any:
    """The city's, the newest first."""
    return queries.editions()


@router.get("/proposals", response=list[ProposalOut], summary="规则变更")
@endpoint(READ)
def rule_proposals(request: Any, asked: Query[StateAsk]) -> Any:
    """The newest hundred."""
    return queries.proposals(asked.state)


@router.post("/proposals", response={201: ProposalDetailOut}, summary="提出变更")
@endpoint(Permission.PROPOSE_RULE)
def rule_propose(request: Any, given: ProposalIn) -> Any:
    """Of the city's rules, or what a district tightens."""
    changes = [api.Change(one.section, one.key, one.value) for one in given.changes]
    told = given.dict(exclude={"changes"})
    return Status(201, _shown(api.rule_propose(by=request.by, changes=changes, **told)))


@router.get(ONE, response=ProposalDetailOut, summary="一项变更")
@endpoint(READ, about="rule_proposal")
def rule_proposal(request: Any, pk: UUID) -> Any:
    """With what it changes and what it would have meant last month."""
    return _shown(queries.proposal(pk))


@router.post(f"{ONE}/approve", response=EditionOut, summary="批准并发布")
@endpoint(Permission.APPROVE_RULE, about="rule_decision")
def rule_approve(request: Any, pk: UUID, given: ProposalReasonIn) -> Any:
    """By another person than the one who proposed it."""
    return api.rule_approve(by=request.by, proposal=pk, reason=given.reason)


@router.post(f"{ONE}/reject", response=ProposalDetailOut, summary="退回")
@endpoint(Permission.APPROVE_RULE, about="rule_decision")
def rule_reject(request: Any, pk: UUID, given: ProposalReasonIn) -> Any:
    """With the reason."""
    return _shown(api.rule_reject(by=request.by, proposal=pk, reason=given.reason))


@router.post(f"{ONE}/withdraw", response=ProposalDetailOut, summary="撤回")
@endpoint(Permission.PROPOSE_RULE, about="own_proposal")
def rule_withdraw(request: Any, pk: UUID, given: ProposalReasonIn) -> Any:
    """By the one who proposed it."""
    return _shown(api.rule_withdraw(by=request.by, proposal=pk, reason=given.reason))


def _shown(row: RuleProposal) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ProposalOut.model_fields}
    return {**told, "changes": shown.changes(row), "preview": row.preview}
