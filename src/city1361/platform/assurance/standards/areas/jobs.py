"""What happens by itself."""

from __future__ import annotations

from city1361.base.outbox.api import periodic
from city1361.platform.assurance.standards.areas import api


@periodic("2 * * * *", name="areas.rebuild_lineage")
def rebuild_lineage() -> None:
    """A change of the division begins on a day of its own: the flat tree follows, at the latest an hour into it."""
    api.rebuild_lineage()
