"""Reads of the organisation: the door for other modules."""

from .actor import actor_for
from .administrative import administrative_changes, administrative_units
from .calendar import code_list, code_lists, code_values, current_school_year, current_term, school_year, school_years
from .demo import demo_accounts
from .matching import match_unit_names
from .people import (
    DelegableAppointment,
    appointment_visible,
    appointments_at,
    appointments_of,
    appointments_visible,
    delegable_appointments,
    leaders_of,
    people_at,
    roles_to_appoint,
    users_with_right,
)
from .roles import RightLine, RoleLine, role_lines
from .units import (
    TreeNode,
    body_of,
    communes,
    school_detail,
    schools,
    unit_by_code,
    unit_detail,
    unit_ids_below,
    unit_tree,
    units_below,
    units_visible,
)

__all__ = [
    "DelegableAppointment",
    "RightLine",
    "RoleLine",
    "TreeNode",
    "actor_for",
    "administrative_changes",
    "administrative_units",
    "appointment_visible",
    "appointments_at",
    "appointments_of",
    "appointments_visible",
    "body_of",
    "code_list",
    "code_lists",
    "code_values",
    "communes",
    "current_school_year",
    "current_term",
    "delegable_appointments",
    "demo_accounts",
    "leaders_of",
    "match_unit_names",
    "people_at",
    "role_lines",
    "roles_to_appoint",
    "school_detail",
    "school_year",
    "school_years",
    "schools",
    "unit_by_code",
    "unit_detail",
    "unit_ids_below",
    "unit_tree",
    "units_below",
    "units_visible",
    "users_with_right",
]
