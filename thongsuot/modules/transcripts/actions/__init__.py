"""Writes of the module."""

from .building import Built, discard, initialise_class
from .correcting import answer_report, report_error, set_deadline
from .counting import count_pupils
from .dispatching import due_dispatches, hand_over, send
from .gateways import HttpGateway, OwnGateway
from .inheriting import hand_over_records
from .keeping_originals import Checked, check_originals, stamp_originals
from .objecting import refuse_to_sign, settle_objection
from .recalling import ask_recall, decide_recall, settle_at_ministry
from .receiving import receive
from .reminding import send_reminders
from .reporting import ask_ministry, report_originals
from .signing import open_part_session, open_session, sign_portion, stop_session
from .supplementing import supplement_class, supplement_pupils
from .working import decide_certificate, work_message

__all__ = [
    "Built",
    "Checked",
    "HttpGateway",
    "OwnGateway",
    "answer_report",
    "ask_ministry",
    "ask_recall",
    "check_originals",
    "count_pupils",
    "decide_certificate",
    "decide_recall",
    "discard",
    "due_dispatches",
    "hand_over",
    "hand_over_records",
    "initialise_class",
    "open_part_session",
    "open_session",
    "receive",
    "refuse_to_sign",
    "report_error",
    "report_originals",
    "send",
    "send_reminders",
    "set_deadline",
    "settle_at_ministry",
    "settle_objection",
    "sign_portion",
    "stamp_originals",
    "stop_session",
    "supplement_class",
    "supplement_pupils",
    "work_message",
]
