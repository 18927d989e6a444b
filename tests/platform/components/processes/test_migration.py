"""Running instances go on in another version by an explicit mapping, previewed; never with orphans."""

from __future__ import annotations

from datetime import timedelta

import pytest

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.base.kernel.scope import Scope
from city1361.platform.components.processes import api
from tests.platform.components.processes import store
from tests.platform.components.processes.store import SYSTEM, do, now_of, publish, stands, start

ALL = Scope.everything()
RENAMED = (store.WAIT_BODY.replace('"look"', '"verify"'), store.WAIT_FLOWS.replace("look", "verify"))
PUBLISHED = {"key": "p", "before": 1, "after": 2}


def preview(key: str, before: int, after: int, mapping: dict[str, str]) -> api.Preview:
    with database.scoped(ALL):
        return api.process_migrate_preview(ALL, key, before, after, mapping)


def test_the_preview_tells_what_moves_and_what_would_stand_nowhere(db: None) -> None:
    publish()
    start()
    at_act = do(start(), "look")
    publish(*RENAMED)
    shown = preview("p", 1, 2, {})
    assert (shown.instances, len(shown.orphans), shown.orphans[0].findings[0].element) == (2, 1, "look")
    with pytest.raises(Conflict, match="process_orphan"):
        api.process_migrate(by=SYSTEM, mapping={}, **PUBLISHED)
    assert now_of(at_act).number == 1  # all or none
    shown = preview("p", 1, 2, {"look": "verify"})
    assert (shown.instances, shown.orphans, shown.moves["look", "verify"]) == (2, (), 1)


def test_instances_go_on_in_the_new_version_and_their_timers_with_them(db: None) -> None:
    publish()
    one = start()
    begun = clock.now()
    publish(*RENAMED)
    assert api.process_migrate(by=SYSTEM, mapping={"look": "verify"}, **PUBLISHED) == 1
    assert (now_of(one).number, now_of(one).version, stands(one)) == (2, 2, ["verify"])
    (entry,) = evidence.entries_about("process_definition", "p")[:1]
    assert (entry.action, entry.facts["instances"]) == ("processes.migrate_process", [str(one.id)])
    with clock.frozen(begun + timedelta(hours=3)):
        assert api.fire_due_timers() == 1
    assert stands(one) == ["remind"]
    assert api.process_migrate(by=SYSTEM, mapping={"look": "verify"}, **PUBLISHED) == 0
    assert stands(do(now_of(one), "remind")) == ["act"]


def test_a_wrong_mapping_and_an_unknown_version_are_refused(db: None) -> None:
    publish()
    publish(*RENAMED)
    with pytest.raises(Invalid, match="mapping_element"):
        preview("p", 1, 2, {"look": "nowhere"})
    with pytest.raises(Missing):
        preview("p", 1, 9, {})
