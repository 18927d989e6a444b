"""What the packages tell the modules below when the applications start."""

from __future__ import annotations

from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.package import Package
from city1361.platform.applications.packages import contents, listed
from city1361.platform.applications.packages.terms import Permission


def register() -> None:
    """Permissions, the parts of a package that are kept with its version, the list of the instance folder."""
    registry.register_permissions(Permission)
    registry.register_instance_section("packages", 90, listed.check, listed.load, listed.digest)
    own = registry.register_package_section
    own("messages", 5, contents.check_messages, _kept)
    own("pages", 80, contents.check_pages, _kept)
    own("quality", 85, contents.check_quality, _kept)
    own("demo", 90, contents.check_demo, _kept, files=(contents.DEMO,))
    own("tests", 95, contents.check_tests, _kept, files=(contents.TESTS,))


def _kept(package: Package, by: By) -> str:
    """Nothing to write: the action keeps the content with the version."""
    return ""
