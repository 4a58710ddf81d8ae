"""Writes of the module."""

from .archiving import (
    ask_for_archive,
    clear_old_parts,
    clear_parts,
    join_archive,
    parts_of_archive,
    write_part,
)
from .awaiting import await_results, excuse_result
from .building import Built, discard, initialise_class, initialise_partial
from .carrying import follow_spells, move_awaited
from .civil_status import carry_out_change, change_civil_status
from .correcting import (
    answer_report,
    appeal_report,
    remind_of_reports,
    report_error,
    review_report,
)
from .counting import count_pupils
from .digitising import digitise
from .dispatching import due_dispatches, hand_over, register_at_gateway, send
from .gateways import HttpGateway, OwnGateway
from .handing import confirm_given, note_waiting
from .inheriting import hand_over_left_behind, hand_over_records, take_over, undo_hand_over
from .keeping_originals import Checked, Stamped, check_originals, stamp_originals
from .objecting import refuse_to_sign, settle_objection
from .paper_copies import issue_paper_copy
from .recalling import ask_recall, decide_recall, settle_at_ministry
from .receiving import receive
from .rechecking import Rechecked, recheck_foreign
from .reminding import send_reminders
from .reporting import ask_ministry, report_again, report_originals
from .setting_days import drop_own_deadline, set_deadline
from .signing import open_part_session, open_session, sign_portion, stop_session
from .supplementing import supplement_class, supplement_pupils
from .taking_in import take_in_foreign
from .working import ask_about_senders, decide_certificate, work_message

__all__ = [
    "Built",
    "Checked",
    "HttpGateway",
    "OwnGateway",
    "Rechecked",
    "Stamped",
    "answer_report",
    "appeal_report",
    "ask_about_senders",
    "ask_for_archive",
    "ask_ministry",
    "ask_recall",
    "await_results",
    "carry_out_change",
    "change_civil_status",
    "check_originals",
    "clear_old_parts",
    "clear_parts",
    "confirm_given",
    "count_pupils",
    "decide_certificate",
    "decide_recall",
    "digitise",
    "discard",
    "drop_own_deadline",
    "due_dispatches",
    "excuse_result",
    "follow_spells",
    "hand_over",
    "hand_over_left_behind",
    "hand_over_records",
    "initialise_class",
    "initialise_partial",
    "issue_paper_copy",
    "join_archive",
    "move_awaited",
    "note_waiting",
    "open_part_session",
    "open_session",
    "parts_of_archive",
    "receive",
    "recheck_foreign",
    "refuse_to_sign",
    "register_at_gateway",
    "remind_of_reports",
    "report_again",
    "report_error",
    "report_originals",
    "review_report",
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
    "take_in_foreign",
    "take_over",
    "undo_hand_over",
    "work_message",
    "write_part",
]
