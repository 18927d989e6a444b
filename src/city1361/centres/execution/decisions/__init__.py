"""What may be done to a matter, by whom, and what becomes of it. Facts in, a plan or a refusal out. Pure."""

from city1361.centres.execution.decisions.facts import Actor, Asked, Facts, Plan, Refusal
from city1361.centres.execution.decisions.road import NEEDS, PRIMARY, Road, Station
from city1361.centres.execution.decisions.stepping import (
    dispatching_since,
    may,
    plan,
    possible_steps,
    spells,
    steps_from,
)
from city1361.centres.execution.decisions.who import (
    CENTRE_STEPS,
    DECIDING,
    HANDLER_STEPS,
    HANDLING_STEPS,
    INDEPENDENT_STEPS,
    LEAD_STEPS,
    REPORTER_STEPS,
    VERIFIER_STEPS,
    acts_for_lead,
    leads,
)
from city1361.centres.execution.decisions.words import (
    body_hash,
    closed_by_its_reporter,
    matter_number,
    metres_between,
    result_to_close_with,
    title_of,
)

__all__ = [
    "CENTRE_STEPS",
    "DECIDING",
    "HANDLER_STEPS",
    "HANDLING_STEPS",
    "INDEPENDENT_STEPS",
    "LEAD_STEPS",
    "NEEDS",
    "PRIMARY",
    "REPORTER_STEPS",
    "VERIFIER_STEPS",
    "Actor",
    "Asked",
    "Facts",
    "Plan",
    "Refusal",
    "Road",
    "Station",
    "acts_for_lead",
    "body_hash",
    "closed_by_its_reporter",
    "dispatching_since",
    "leads",
    "matter_number",
    "may",
    "metres_between",
    "plan",
    "possible_steps",
    "result_to_close_with",
    "spells",
    "steps_from",
    "title_of",
]
