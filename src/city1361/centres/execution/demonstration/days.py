"""What a demonstration's day asks of execution: one story for a day, and how far stories under a key have been told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

import yaml
from django.conf import settings
from django.utils.timezone import get_default_timezone

from city1361 import configuration
from city1361.base.database import api as database
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import queries
from city1361.centres.execution.demonstration import synthesis
from city1361.centres.execution.models import MatterStep, MatterType, ReportKey

COMMON_PROCESS = "matter"


@dataclass(frozen=True, slots=True)
class DemonstrationWords:
    """What may happen in this instance: the vocabulary of matters.yaml without types that the city does not have.

    town: the code of the town of the cast, '' when the demonstration has none here. system: the first of the other
    systems whose numbers matters carry. apart: types with a process of their own, which has not every step of the common
    one.
    """

    vocabulary: synthesis.Vocabulary
    town: str
    system: str
    apart: frozenset[str]


def demonstration_words() -> DemonstrationWords:
    """Read demo/matters.yaml for the instance in force."""
    content = yaml.load((configuration.shipped("demo") / "matters.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    known = dict(MatterType.objects.filter(active=True).values_list("code", "process_key"))
    fallback = queries.rules().categories[-1].default_type
    types = [{**one, "type": one["type"] if one["type"] in known else fallback} for one in content["types"]]
    return DemonstrationWords(
        synthesis.vocabulary_from({**content, "types": types}),
        content["focus"].get(settings.INSTANCE["code"], ""),
        next(iter(queries.rules().systems), ""),
        frozenset(code for code, process in known.items() if process != COMMON_PROCESS),
    )


def demonstration_story(random: Random, words: DemonstrationWords, day: date) -> synthesis.Story:
    """One story that is reported on `day`; the same chance tells the same story."""
    zone = get_default_timezone()
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    return synthesis.story(random, words.vocabulary, [day], end, zone)


def told_so_far(prefix: str) -> tuple[dict[str, UUID], frozenset[str]]:
    """Of the stories whose keys begin with `prefix`: the matter of each reported one, and the keys of steps taken."""
    with database.scoped(Scope.everything()):
        reported = dict(ReportKey.objects.filter(client_key__startswith=prefix).values_list("client_key", "matter_id"))
        steps = MatterStep.objects.filter(matter__in=list(reported.values()), client_key__startswith=prefix)
        return reported, frozenset(steps.values_list("client_key", flat=True))
