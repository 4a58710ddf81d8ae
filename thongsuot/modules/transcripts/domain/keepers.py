"""Who fills what a transcript lacks: by the value's name in the content, the place where it is kept. Pure."""

from __future__ import annotations

from enum import StrEnum


class Keeper(StrEnum):
    PUPILS = "pupils"  # the pupil's record, kept by the office
    STAFF = "staff"  # the record of a member of the staff
    SCHOOL = "school"  # the school's own record
    ADDITIONS = "additions"  # what the school adds for transcripts
    HOMEROOM = "homeroom"  # judged and written by the homeroom teacher
    SUBJECT = "subject"  # marked by the subject's teacher
    ROLE = "role"  # nobody is appointed yet


OF_PUPIL = frozenset({
    "full_name", "personal_id", "student_code", "gender", "birth_date", "birth_place", "home_town",
    "current_address", "ethnicity", "nationality", "father_name", "mother_name", "guardian_name",
})  # fmt: skip
OF_STAFF = frozenset({"leader_personal_id", "homeroom_personal_id", "teacher_personal_id"})
OF_SCHOOL = frozenset({"school_code", "school_name", "commune_name", "province_name", "issue_place"})
OF_ROLE = frozenset({"leader_name", "leader_position", "homeroom_name", "teacher_name"})
OF_ADDITIONS = frozenset({"register_number", "weight", "height", "special_awards"})


def keeper_of(section: str, source: str) -> Keeper:
    """Where a value that is missing is to be filled in."""
    for names, keeper in (
        (OF_PUPIL, Keeper.PUPILS),
        (OF_STAFF, Keeper.STAFF),
        (OF_SCHOOL, Keeper.SCHOOL),
        (OF_ROLE, Keeper.ROLE),
        (OF_ADDITIONS, Keeper.ADDITIONS),
    ):
        if source in names:
            return keeper
    if section == "subjects":
        return Keeper.SUBJECT
    return Keeper.HOMEROOM if section in ("summary", "traits") else Keeper.PUPILS
