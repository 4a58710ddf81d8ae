"""Reads of the registry: everything takes the actor and gives what the actor may see."""

from .records import (
    as_of,
    classes,
    enrolled_on,
    enrolments,
    equipment,
    find_by_personal_id,
    internet_lines,
    land,
    rooms,
    staff,
    student,
    students,
    transfers,
)

__all__ = [
    "as_of",
    "classes",
    "enrolled_on",
    "enrolments",
    "equipment",
    "find_by_personal_id",
    "internet_lines",
    "land",
    "rooms",
    "staff",
    "student",
    "students",
    "transfers",
]
