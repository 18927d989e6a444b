"""The door of supervision."""

from city1361.centres.supervision.answers import (
    Desk,
    InstructionView,
    NoticeView,
    SheetView,
    ToVisit,
    VisitRow,
    VisitView,
)
from city1361.centres.supervision.board_panels import register_board_panel
from city1361.centres.supervision.events import Supervised, Visited
from city1361.centres.supervision.instructing import (
    instruction_issue,
    sheet_feed_back,
    sheet_send_again,
    sheet_sign_off,
)
from city1361.centres.supervision.noticing import (
    card_issue,
    card_lift,
    notice_answer,
    notice_send,
    supervision_escalate,
)
from city1361.centres.supervision.radar.reading import PAGE as RADAR_PAGE
from city1361.centres.supervision.radar.reading import FindingView
from city1361.centres.supervision.radar.reading import finding as radar_finding
from city1361.centres.supervision.radar.reading import findings as radar_findings
from city1361.centres.supervision.radar.reading import last_scan as radar_last_scan
from city1361.centres.supervision.radar.reading import waiting as radar_waiting
from city1361.centres.supervision.radar.scanning import radar_look, radar_scan
from city1361.centres.supervision.radar.scanning import scan_due as radar_scan_due
from city1361.centres.supervision.radar.scanning import thresholds as radar_thresholds
from city1361.centres.supervision.reading import (
    desk,
    instruction,
    notice,
    notices,
    of_matter,
    sheet,
    sheets,
    visit,
    visits,
)
from city1361.centres.supervision.sampling import month, this_month, to_visit
from city1361.centres.supervision.terms import (
    Card,
    Ladder,
    NoticeState,
    NoticeStep,
    Permission,
    Satisfied,
    SheetState,
    SheetStep,
    Sign,
    VisitCounted,
)
from city1361.centres.supervision.visit_counts import recount, visit_rows
from city1361.centres.supervision.visiting import Heard, claim_judge, visit_make

__all__ = [
    "RADAR_PAGE",
    "Card",
    "Desk",
    "FindingView",
    "Heard",
    "InstructionView",
    "Ladder",
    "NoticeState",
    "NoticeStep",
    "NoticeView",
    "Permission",
    "Satisfied",
    "SheetState",
    "SheetStep",
    "SheetView",
    "Sign",
    "Supervised",
    "ToVisit",
    "VisitCounted",
    "VisitRow",
    "VisitView",
    "Visited",
    "card_issue",
    "card_lift",
    "claim_judge",
    "desk",
    "instruction",
    "instruction_issue",
    "month",
    "notice",
    "notice_answer",
    "notice_send",
    "notices",
    "of_matter",
    "radar_finding",
    "radar_findings",
    "radar_last_scan",
    "radar_look",
    "radar_scan",
    "radar_scan_due",
    "radar_thresholds",
    "radar_waiting",
    "recount",
    "register_board_panel",
    "sheet",
    "sheet_feed_back",
    "sheet_send_again",
    "sheet_sign_off",
    "sheets",
    "supervision_escalate",
    "this_month",
    "to_visit",
    "visit",
    "visit_make",
    "visit_rows",
    "visits",
]
