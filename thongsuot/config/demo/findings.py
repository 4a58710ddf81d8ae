"""Which rules must find which seeded defect. A defect that bears the name of a rule is found by that rule; all others are
listed here. Data only; that every rule of the book is bound, and every defect, is a test."""

from __future__ import annotations

# Of pupils and staff alike: what comes after "student." or "staff.".
OF_PERSONS: dict[str, str] = {
    "personal_id.length": "personal_id.format",
    "personal_id.birth_year": "personal_id.year",
    "ministry_code.missing": "ministry_code.late",
    "ministry_code.duplicate": "ministry_code.copied",
    "full_name.nfc": "full_name.unicode",
    "full_name.nbsp": "full_name.spaces",
    "full_name.digits": "full_name.characters",
    "full_name.punctuation": "full_name.brackets",
    "residence_commune.missing": "residence.missing",
    "residence_commune.invalid": "residence.commune",
    "updated_at.stale": "dossier.stale",
    "identity.mismatched": "identity.mismatch",
    "identity.not_found": "identity.mismatch",
    "identity.id_cancelled": "identity.mismatch",
    "identity.with_police": "identity.waiting",
    "identity.mended": "identity.waiting",
}
FOUND_BY: dict[str, tuple[str, ...]] = {
    **{
        f"{kind}.{code}": (f"{kind}.{rule}",)
        for kind in ("student", "staff")
        for code, rule in OF_PERSONS.items()
    },
    "student.personal_id.duplicate_in_school": ("student.personal_id.copied_here",),
    "student.personal_id.duplicate_in_province": ("student.personal_id.copied_elsewhere",),
    # Two dossiers of one person: what finds them depends on how they differ (defects_twice.VARIANTS says which).
    "student.record.duplicate": (),
    "student.record.duplicate_in_school": ("student.dossier.namesake_here",),
    "student.grade.too_young": ("student.age.too_young",),
    "student.grade.late": ("student.age.late",),
    "student.grade.too_old": ("student.age.too_old",),
    "student.grade.over_age": ("student.age.late",),
    "student.grade.preschool": ("student.age.preschool",),
    "student.residence_address.missing": ("student.residence.address",),
    "enrolment.entered_on.before_birth": ("enrolment.entered_on.birth",),
    "characteristic.code.disability": ("student.characteristics.disability",),
    "characteristic.code.policy": ("student.characteristics.policy",),
    "characteristic.poverty.both": ("student.characteristics.poverty",),
    "contact.phone.format": ("student.contacts.phone",),
    "contact.relation.twice": ("student.contacts.twice",),
    "class.size.over_limit": ("class.size.limit",),
    "class.students.empty": ("class.size.empty",),
    "class.homeroom_teacher.missing": ("class.homeroom.missing",),
    "class.homeroom_teacher.gone": ("class.homeroom.gone",),
    "class.homeroom_teacher.several": ("class.homeroom.several",),
    "class.grade.outside_levels": ("class.grade.level",),
    "staff.degree.below_standard": ("staff.degree.standard",),
    "staff.email.duplicate": ("staff.email.twice",),
    "staff.personal_id.duplicate": ("staff.personal_id.copied_elsewhere",),
    "staff.personal_id.duplicate_in_school": ("staff.personal_id.copied_here",),
    "staff.birth_date.too_old": ("staff.birth_date.working_age",),
    "staff.recruited_on.too_young": ("staff.recruited_on.birth",),
    "school.headteacher.more_than_one": ("school.head.several",),
    "school.headteacher.missing": ("school.head.missing",),
    "school.classes.new_school": ("school.classes.none",),
    "room.area.out_of_range": ("room.area.range",),
    "room.built_year.out_of_range": ("room.built_year.range",),
}
# Of books of marks: spoiled where marks are made (marks_after.py), not with the registry. Of the present year's second term
# there are no marks yet.
_OF_MARKS = "gieo khi làm điểm, không gieo cùng hồ sơ"
# No defect of the registry can be named for these; {rule: why}. Every other rule of the book has one.
NOT_SEEDED: dict[str, str] = {
    "book.term1.all_equal": _OF_MARKS,
    "book.term1.same_marks": _OF_MARKS,
    "book.term2.all_equal": _OF_MARKS,
    "book.term2.same_marks": _OF_MARKS,
    "book.term2.jump": _OF_MARKS,
}


def found_by(code: str) -> tuple[str, ...]:
    """Codes of the rules that must find the defect, on the object that has it."""
    return FOUND_BY.get(code, (code,))
