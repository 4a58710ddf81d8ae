"""Writes of the registry: one function for each thing that people do."""

from .bulk import GridEdit, GridResult, edit_students
from .classes import close_class, create_class, update_class
from .enrolments import enrol, leave, move_class, return_to_school, withdraw
from .error_reports import answer_report, report_error
from .facilities import add_thing, retire_thing, update_thing
from .family_accounts import link_account, unlink_account
from .family_codes import CodeEntry, enter_code, hand_out_code, open_account_with_code, withdraw_code
from .staff import (
    assign_teaching,
    begin_employment,
    change_employment,
    create_staff,
    end_employment,
    end_teaching,
    update_staff,
)
from .students import (
    close_characteristic,
    correct_personal_id,
    create_student,
    remove_contact,
    save_contact,
    set_characteristic,
    update_student,
)

__all__ = [
    "CodeEntry",
    "GridEdit",
    "GridResult",
    "add_thing",
    "answer_report",
    "assign_teaching",
    "begin_employment",
    "change_employment",
    "close_characteristic",
    "close_class",
    "correct_personal_id",
    "create_class",
    "create_staff",
    "create_student",
    "edit_students",
    "end_employment",
    "end_teaching",
    "enrol",
    "enter_code",
    "hand_out_code",
    "leave",
    "link_account",
    "move_class",
    "open_account_with_code",
    "remove_contact",
    "report_error",
    "retire_thing",
    "return_to_school",
    "save_contact",
    "set_characteristic",
    "unlink_account",
    "update_class",
    "update_staff",
    "update_student",
    "update_thing",
    "withdraw",
    "withdraw_code",
]
