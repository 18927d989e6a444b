"""The door of the application packages."""

from city1361.platform.applications.packages.actions import (
    Installed,
    Preview,
    package_install,
    package_preview,
    package_withdraw,
)
from city1361.platform.applications.packages.answers import PackageView, PageView, StageView, VersionView
from city1361.platform.applications.packages.checking import check, opened
from city1361.platform.applications.packages.enclosure import BrokenPackage
from city1361.platform.applications.packages.listed import listed
from city1361.platform.applications.packages.parts import (
    Asked,
    Block,
    Cell,
    Counted,
    Course,
    DemoTable,
    ListPage,
    PageSource,
    Record,
    ScenarioStep,
    register_demo_table,
    register_page_source,
    register_scenario_steps,
)
from city1361.platform.applications.packages.queries import demonstration_rows, entries, package, packages, page
from city1361.platform.applications.packages.scenarios import ScenarioReport, acting, run_scenarios
from city1361.platform.applications.packages.sources import available, locate, shipped
from city1361.platform.applications.packages.terms import Permission, Stage, StageState, System

__all__ = [
    "Asked",
    "Block",
    "BrokenPackage",
    "Cell",
    "Counted",
    "Course",
    "DemoTable",
    "Installed",
    "ListPage",
    "PackageView",
    "PageSource",
    "PageView",
    "Permission",
    "Preview",
    "Record",
    "ScenarioReport",
    "ScenarioStep",
    "Stage",
    "StageState",
    "StageView",
    "System",
    "VersionView",
    "acting",
    "available",
    "check",
    "demonstration_rows",
    "entries",
    "listed",
    "locate",
    "opened",
    "package",
    "package_install",
    "package_preview",
    "package_withdraw",
    "packages",
    "page",
    "register_demo_table",
    "register_page_source",
    "register_scenario_steps",
    "run_scenarios",
    "shipped",
]
