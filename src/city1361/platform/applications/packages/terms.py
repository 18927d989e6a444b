"""What a package says about itself, and where its parts stand."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What may be done here."""

    READ_PACKAGE = "packages.read_package"
    INSTALL_PACKAGE = "packages.install_package"
    WITHDRAW_PACKAGE = "packages.withdraw_package"
    OPEN_PAGE = "packages.open_page"


class System(StrEnum):
    """The one of the six systems an application belongs to, or the grassroots."""

    PARTY = "party"
    GOVERNMENT = "government"
    ECONOMY = "economy"
    SOCIETY = "society"
    CULTURE = "culture"
    LAW = "law"
    GRASSROOTS = "grassroots"


class Stage(StrEnum):
    """The seven stages of an application's life, as the quality checklist names them."""

    CATALOGUE = "catalogue"
    CONFORM = "conform"
    DEVELOP = "develop"
    SHELVE = "shelve"
    PUBLISH = "publish"
    OPERATE = "operate"
    EVALUATE = "evaluate"


class StageState(StrEnum):
    """How far a stage of the checklist is. An exemption has its reason and a day on which it is looked at again."""

    DONE = "done"
    TODO = "todo"
    EXEMPT = "exempt"


# Labels are zh-Hans msgids: the edge translates them.
SYSTEM_LABELS = {
    System.PARTY: "数字党建",
    System.GOVERNMENT: "数字政务",
    System.ECONOMY: "数字经济",
    System.SOCIETY: "数字社会",
    System.CULTURE: "数字文化",
    System.LAW: "数字法治",
    System.GRASSROOTS: "基层智治",
}
STAGE_LABELS = {
    Stage.CATALOGUE: "编目",
    Stage.CONFORM: "贯标",
    Stage.DEVELOP: "开发",
    Stage.SHELVE: "上架",
    Stage.PUBLISH: "发布",
    Stage.OPERATE: "运行",
    Stage.EVALUATE: "评价",
}
STAGE_STATE_LABELS = {StageState.DONE: "已完成", StageState.TODO: "待完成", StageState.EXEMPT: "豁免"}
