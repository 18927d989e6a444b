"""Tables of the rules. Rules are public within the city and tell nothing of a matter or a person: no row security."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from city1361.base.kernel.ids import new_id
from city1361.platform.assurance.rules.terms import ProposalState


class RuleEdition(models.Model):
    """An edition of the rules: the city's whole, or what one district tightened over `base`. Published, it never
    changes; it ends where a later one for the same area begins. `digest` stands for what it says."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "number": "public",
        "area": "public",
        "base": "public",
        "valid_from": "public",
        "digest": "public",
        "content": "public",
        "reason": "public",
        "published_at": "public",
        "published_by": "public",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField("版次")
    area = models.ForeignKey("platform_areas.Area", on_delete=models.PROTECT, null=True, related_name="+")
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField("施行日期")
    digest = models.CharField("摘要值", max_length=64)
    content = models.JSONField("内容")
    reason = models.CharField("事由", max_length=300)
    published_at = models.DateTimeField("发布时间")
    published_by = models.CharField("发布人", max_length=80)

    class Meta:
        verbose_name = "规则版次"
        verbose_name_plural = "规则版次"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "number"], name="rule_edition_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(area=None, base=None) | Q(area__isnull=False, base__isnull=False), name="rule_edition_base"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["digest"], name="rule_edition_digest")]

    def __str__(self) -> str:
        return f"{self.number} {self.valid_from}"


class RuleProposal(models.Model):
    """A proposed change over an edition, decided by another person. `content` is the whole that would apply."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "area": "internal",
        "base": "internal",
        "state": "internal",
        "title": "internal",
        "reason": "internal",
        "content": "internal",
        "starts_on": "internal",
        "origin": "internal",
        "proposed_at": "internal",
        "proposer": "internal",
        "proposed_by": "internal",
        "preview": "internal",
        "decided_at": "internal",
        "decider": "internal",
        "decided_by": "internal",
        "decision": "internal",
        "edition": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey("platform_areas.Area", on_delete=models.PROTECT, null=True, related_name="+")
    base = models.ForeignKey(RuleEdition, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=12, choices=[(one.value, one.value) for one in ProposalState])
    title = models.CharField("名称", max_length=120)
    reason = models.CharField("理由", max_length=600)
    content = models.JSONField("内容")
    starts_on = models.DateField("施行日期")
    origin = models.CharField("来源", max_length=80, default="")
    proposed_at = models.DateTimeField("提出时间")
    proposer = models.UUIDField("提出账号", null=True)
    proposed_by = models.CharField("提出人", max_length=80)
    preview = models.JSONField("影响测算", null=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decider = models.UUIDField("决定账号", null=True)
    decided_by = models.CharField("决定人", max_length=80, default="")
    decision = models.CharField("决定理由", max_length=600, default="")
    edition = models.OneToOneField(RuleEdition, on_delete=models.PROTECT, null=True, related_name="proposal")

    class Meta:
        verbose_name = "规则变更"
        verbose_name_plural = "规则变更"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(decider=None)
                | ~Q(state=ProposalState.APPROVED)
                | Q(proposer=None)
                | ~Q(decider=F("proposer")),
                name="rule_proposal_other_person",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "-id"], name="rule_proposal_state")]

    def __str__(self) -> str:
        return self.title
