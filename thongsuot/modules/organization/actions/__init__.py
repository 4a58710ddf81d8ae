"""Writes of the organisation: one public function per use case."""

from .appointments import (
    DelegationTooLong,
    HandOver,
    NotDelegable,
    NotHeldHere,
    appoint,
    delegate,
    end_appointment,
    hand_over,
)
from .calendar import correct_code, create_school_year
from .changes import correct_change, record_change
from .reference import LoadedReference, load_reference
from .reorganizing import carry_appointments, carry_sites, end_unit, plan_appointments
from .sites import add_site, close_site, update_site
from .units import (
    SchoolFacts,
    UnitFacts,
    UnitStillInUse,
    close_unit,
    create_school,
    create_unit,
    rebuild_paths,
    update_details,
    update_school,
    update_unit,
)
from .working_days import clear_work_day, set_work_day

__all__ = [
    "DelegationTooLong",
    "HandOver",
    "LoadedReference",
    "NotDelegable",
    "NotHeldHere",
    "SchoolFacts",
    "UnitFacts",
    "UnitStillInUse",
    "add_site",
    "appoint",
    "carry_appointments",
    "carry_sites",
    "clear_work_day",
    "close_site",
    "close_unit",
    "correct_change",
    "correct_code",
    "create_school",
    "create_school_year",
    "create_unit",
    "delegate",
    "end_appointment",
    "end_unit",
    "hand_over",
    "load_reference",
    "plan_appointments",
    "rebuild_paths",
    "record_change",
    "set_work_day",
    "update_details",
    "update_school",
    "update_site",
    "update_unit",
]
