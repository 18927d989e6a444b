"""What the grids tell lower modules when they start."""

from __future__ import annotations

from city1361.base.files import api as files
from city1361.base.kernel import registry
from city1361.grassroots.grids import declarations, queries, synthesis, work_items
from city1361.grassroots.grids.terms import VISIT_PHOTO, Permission
from city1361.grassroots.grids.visiting import SUBJECT
from city1361.platform.components.processes import api as processes


def register() -> None:
    """Permissions, the item list of the instance, the synthetic register, and who may see photographs of visits."""
    registry.register_permissions(Permission)
    registry.register_instance_section("grids", 60, declarations.check_grids, declarations.load_grids)
    registry.register_demonstration("grids.register", 40, synthesis.generate)
    processes.register_work_item_kind(work_items.KIND)
    files.register_purpose(files.Purpose(VISIT_PHOTO, files.IMAGES, "sensitive"))
    files.register_file_guard(SUBJECT, queries.photo_visible)
