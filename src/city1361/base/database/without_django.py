"""The second door of base.database: what must run before Django can, because it brings up the data base."""

from city1361.base.database.binaries import root_base
from city1361.base.database.embedded import EmbeddedServer, Urls
from city1361.base.database.ownership import as_owner
from city1361.base.database.processes import blocked_at

__all__ = ["EmbeddedServer", "Urls", "as_owner", "blocked_at", "root_base"]
