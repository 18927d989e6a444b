"""Tables of the matter. Row security stands on those that tell something of one: see sql/row_security.sql.

What must be unique beyond the id of a partitioned table has a table of its own.
"""

from city1361.centres.execution.models.beside import (
    ExternalNumber,
    MatterNumber,
    MatterParticipant,
    MatterReporter,
    MatterSerial,
    ReportKey,
)
from city1361.centres.execution.models.declared import MatterRules, MatterType
from city1361.centres.execution.models.handover import HandOver, MatterApproval, MatterExclusion, Ruling
from city1361.centres.execution.models.intake import (
    MatterExport,
    MatterIntake,
    MatterMerge,
    TicketDelivery,
    TicketSystem,
)
from city1361.centres.execution.models.matter import Matter, MatterStep

__all__ = [
    "ExternalNumber",
    "HandOver",
    "Matter",
    "MatterApproval",
    "MatterExclusion",
    "MatterExport",
    "MatterIntake",
    "MatterMerge",
    "MatterNumber",
    "MatterParticipant",
    "MatterReporter",
    "MatterRules",
    "MatterSerial",
    "MatterStep",
    "MatterType",
    "ReportKey",
    "Ruling",
    "TicketDelivery",
    "TicketSystem",
]
