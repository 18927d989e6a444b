"""Fixtures of the tests of access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def world(databases: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The world, committed once for a module; the data base is new again afterwards."""
    from django.db import connections

    from tests.platform.assurance.security.access.world import build

    with django_db_blocker.unblock():
        yield build()
        connections.close_all()
    databases.renew()
