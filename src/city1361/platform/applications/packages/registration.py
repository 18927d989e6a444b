"""What the packages tell the modules below when the applications start."""

from __future__ import annotations

from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.package import Package
from city1361.base.ui.api import NavigationItem, register_navigation
from city1361.platform.applications.packages import (
    contents,
    demonstration,
    listed,
    texts,  # noqa: F401 - declares its English
)
from city1361.platform.applications.packages.terms import Permission
from city1361.platform.portals.official import api as official


def register() -> None:
    """Permissions, the parts of a package that are kept with its version, the list of the instance folder."""
    registry.register_permissions(Permission)
    registry.register_instance_section("packages", 90, listed.check, listed.load, listed.digest)
    register_navigation(
        NavigationItem("应用", "/apps/", "building-community", "desk", Permission.OPEN_PAGE, 60),
        NavigationItem("应用包", "/packages/", "list-check", "desk", Permission.READ_PACKAGE, 80),
    )
    official.register_card(
        official.HomeCard(
            "应用包", "/packages/", "list-check", official.Shell.DESK, frozenset({Permission.READ_PACKAGE}),
            text="已安装的应用、版本和权限", order=300,
        )
    )  # fmt: skip
    registry.register_demonstration("packages.rows", 60, demonstration.generate)
    own = registry.register_package_section
    own("messages", 5, contents.check_messages, _kept)
    own("pages", 80, contents.check_pages, _kept)
    own("quality", 85, contents.check_quality, _kept)
    own("demo", 90, contents.check_demo, _kept, files=(contents.DEMO,))
    own("tests", 95, contents.check_tests, _kept, files=(contents.TESTS,))


def _kept(package: Package, by: By) -> str:
    """Nothing to write: the action keeps the content with the version."""
    return ""
