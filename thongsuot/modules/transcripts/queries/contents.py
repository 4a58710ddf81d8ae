"""What a transcript says of a pupil's year: gathered from the gradebook, the registry and the school's own additions.

Set-based: a class is some ten statements however many pupils it has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import override

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal_many
from thongsuot.modules.gradebook import queries as gradebook
from thongsuot.modules.gradebook.queries.words import AWARDS, CONDUCT, LEARNING, PRIMARY
from thongsuot.modules.gradebook.types import Award, Conduct, Learning, Outcome, PrimaryLearning, PupilRecord
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries as registry

from ..domain.profile import Profile
from ..models import Supplement
from ..types import SignerRole

LAST_GRADES = {"primary": 5, "lower_secondary": 9, "upper_secondary": 12, "continuing": 12}
FIRST_GRADES = {"primary": 1, "lower_secondary": 6, "upper_secondary": 10, "continuing": 10}
GENDERS = {"male": "Nam", "female": "Nữ"}
LEVEL_WORDS = {"T": "T", "H": "H", "C": "C", "Đ": "Đạt", "CĐ": "Chưa đạt"}


@dataclass(frozen=True)
class SignerFacts:
    """A person named in a transcript: staff of the school."""

    staff_id: int
    account_id: int | None
    name: str
    personal_id: str
    position: str = ""


@dataclass(frozen=True)
class ClassFacts:
    """What all transcripts of a class have in common."""

    profile: Profile
    level: str
    common: Mapping[str, Any]
    leader: SignerFacts | None
    homeroom: SignerFacts | None
    # Does the layout have each subject signed; by code of the subject.
    asks_teachers: bool = False
    teachers: Mapping[str, SignerFacts] = field(default_factory=dict)

    def signer_of(self, subject: str) -> SignerFacts | None:
        """Whose signature the subject asks for: a teacher who left during the year has a successor; where the teacher has
        left the school and nobody came, the leader signs (QĐ 1789 Điều 14)."""
        return self.teachers.get(subject) or self.leader


def head_of(actor: Actor, unit_id: int) -> SignerFacts | None:
    """Whoever answers for the school and signs as CBQL: the principal, as staff with a personal id."""
    leaders = set(organization.leaders_of(unit_id).values_list("pk", flat=True))
    member = (
        registry.staff(actor).filter(unit_id=unit_id, account_id__in=leaders).order_by("pk").first()
        if leaders
        else None
    )
    return facts_of_staff(member, "Hiệu trưởng") if member is not None else None


def facts_of_staff(member: Any, position: str = "") -> SignerFacts:
    (number,) = unseal_many([member.personal_id_sealed])
    return SignerFacts(member.pk, member.account_id, member.full_name, number, position)


def class_facts(
    actor: Actor, school_class: Any, *, level: str, profile: Profile, now: datetime
) -> ClassFacts:
    """Raises nothing: what is missing shows as a gap in each transcript."""
    unit, year = school_class.unit, school_class.school_year
    area = unit.administrative_unit
    department = organization.units_named([one for one in [organization.department_id()] if one])
    leader, teacher = head_of(actor, unit.pk), school_class.homeroom_teacher
    homeroom = facts_of_staff(teacher) if teacher is not None else None
    common: dict[str, Any] = {
        **profile.defaults,
        **profile.fixed,
        "spec_version": profile.spec_version,
        "school_year_name": year.name,
        "first_year": year.starts_on.year,
        "department_code": organization.province_code(),
        "department_name": department[0][1] if department else "",
        "school_code": unit.school.ministry_code or unit.code,
        "school_name": unit.name,
        "commune_name": area.full_name if area else "",
        "province_name": area.parent.full_name if area and area.parent else "",
        "issue_place": area.name if area else "",
        "level_code": profile.level_code_of(level),
        "grade_code": str(school_class.grade or ""),
        "class_name": school_class.name,
        "created_at": now,
        "issued_at": now,
        "leader_name": leader.name if leader else "",
        "leader_personal_id": leader.personal_id if leader else "",
        "leader_position": leader.position if leader else "",
        "homeroom_name": homeroom.name if homeroom else "",
        "homeroom_personal_id": homeroom.personal_id if homeroom else "",
    }
    asked = any(one.role == SignerRole.SUBJECT and one.covers for one in profile.signers)
    teachers = _teachers(school_class, now) if asked else {}
    return ClassFacts(profile, level, common, leader, homeroom, asked, teachers)


def _teachers(school_class: Any, now: datetime) -> Mapping[str, SignerFacts]:
    """Who had each subject when the year ended and works here still."""
    system = Actor.system()
    found = gradebook.subject_teachers(
        system, school_class.pk, ends_on=school_class.school_year.ends_on, today=now.date()
    )
    chosen = {
        code: here.staff_id
        for code, teachers in found.items()
        if (here := next((one for one in teachers if one.is_here), None)) is not None
    }
    people = {one.pk: one for one in registry.staff(system).filter(pk__in=set(chosen.values()))}
    facts = {pk: facts_of_staff(one) for pk, one in people.items()}
    return {code: facts[pk] for code, pk in chosen.items() if pk in facts}


def contents(
    actor: Actor,
    facts: ClassFacts,
    school_class: Any,
    records: Sequence[PupilRecord],
    uuids: Mapping[int, UUID],
) -> dict[int, dict[str, Any]]:
    """Content of the transcript of each pupil, by id; `uuids`: the number each is to carry."""
    ids = [one.student_id for one in records]
    # The records are of a class that the actor may see; a dossier may have moved on to another school since.
    with act_as(Actor.system()):
        found = registry.students(Actor.system()).filter(pk__in=ids).prefetch_related("contacts")
        students = {one.pk: one for one in found}
    numbers = dict(zip(students, unseal_many(s.personal_id_sealed for s in students.values()), strict=True))
    added = {
        row.student_id: row
        for row in Supplement.objects.filter(
            student_id__in=ids, school_year=school_class.school_year, unit=school_class.unit
        )
    }
    history = _history(ids, facts.level, school_class)
    # The words of a record are Vietnamese whatever language the one who asks reads.
    with override("vi"):
        ethnicities = registry.code_names("dan_toc")
        return {
            one.student_id: {
                "common": {
                    **facts.common,
                    **_person(students[one.student_id], numbers[one.student_id], ethnicities),
                    **_additions(added.get(one.student_id)),
                    "uuid": uuids[one.student_id],
                    "circular": one.rules,
                    "absent_excused": one.excused,
                    "absent_unexcused": one.unexcused,
                },
                "history": history.get(one.student_id, []),
                "summary": _summary(one, facts.level, added.get(one.student_id)),
                "subjects": [
                    row | (_teacher(facts.signer_of(row["subject_code"])) if facts.asks_teachers else {})
                    for subject in one.subjects
                    if (row := _subject(subject, facts.level))
                ],
                "traits": _traits(one, added.get(one.student_id)),
            }
            for one in records
            if one.student_id in students
        }


def person_facts(actor: Actor, student: Any) -> dict[str, Any]:
    """What a transcript says of one pupil of a school that the actor keeps records for."""
    (number,) = unseal_many([student.personal_id_sealed])
    with override("vi"):
        return _person(student, number, registry.code_names("dan_toc"))


def _person(student: Any, personal_id: str, ethnicities: Mapping[str, str]) -> dict[str, Any]:
    by_relation: dict[str, str] = {}
    for contact in student.contacts.all():
        by_relation.setdefault(contact.relation, contact.full_name)
    return {
        "full_name": student.full_name,
        "personal_id": personal_id,
        "student_code": student.ministry_code or student.provisional_code or student.local_code,
        "gender": GENDERS.get(student.gender, ""),
        "birth_date": student.birth_date,
        "birth_place": student.birth_place,
        "home_town": student.home_town,
        "current_address": student.current_address or student.residence_address,
        "ethnicity": ethnicities.get(student.ethnicity, ""),
        "nationality": "Việt Nam" if student.nationality == "VN" else student.nationality,
        "father_name": by_relation.get("father", ""),
        "mother_name": by_relation.get("mother", ""),
        "guardian_name": by_relation.get("guardian", ""),
    }


def _additions(row: Supplement | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"register_number": row.register_number, "weight": row.weight, "height": row.height}


def _history(ids: Iterable[int], level: str, school_class: Any) -> dict[int, list[dict[str, Any]]]:
    """The classes of the level up to this year, of other schools too: a transcript is inherited within its level."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    with act_as(Actor.system()):
        spells = (
            registry.enrolments(Actor.system())
            .filter(
                student_id__in=list(ids),
                grade__range=(FIRST_GRADES[level], LAST_GRADES[level]),
                school_year__starts_on__lte=school_class.school_year.starts_on,
                school_class__isnull=False,
            )
            .order_by("student_id", "entered_on", "pk")
            .values_list("student_id", "school_class__name", "unit__name", "entered_on")
        )
        for student_id, class_name, school_name, entered_on in spells:
            row = {"class_name": class_name, "school_name": school_name, "arrived_on": entered_on}
            found[student_id].append(row)
    return found


def _word(words: Mapping[Any, Any], kind: Any, value: str) -> str:
    return str(words[kind(value)]) if value else ""


def _summary(one: PupilRecord, level: str, added: Supplement | None) -> dict[str, Any]:
    primary = level == "primary"
    learning = one.learning_after or one.learning[2]
    done = one.outcome in (Outcome.PROMOTED, Outcome.COMPLETED)
    decided = done or one.outcome == Outcome.REPEAT
    is_last = one.grade == LAST_GRADES[level]
    return {
        "result": _word(PRIMARY, PrimaryLearning, learning)
        if primary
        else _word(LEARNING, Learning, learning),
        "conduct": "" if primary else _word(CONDUCT, Conduct, one.conduct[2]),
        "result_1": "" if primary else _word(LEARNING, Learning, one.learning[0]),
        "result_2": "" if primary else _word(LEARNING, Learning, one.learning[1]),
        "conduct_1": "" if primary else _word(CONDUCT, Conduct, one.conduct[0]),
        "conduct_2": "" if primary else _word(CONDUCT, Conduct, one.conduct[1]),
        "is_promoted": done if decided else None,
        "is_grade_completed": done if decided else None,
        "is_level_completed": done if decided and is_last else None,
        "completed_words": f"Hoàn thành chương trình lớp {one.grade}" if done else "",
        "awards": _word(AWARDS, Award, one.award),
        "special_awards": added.special_awards if added else "",
        # What the homeroom teacher wrote at the end of the year stands for the year, unless it was said apart.
        "homeroom_remark": (added.homeroom_remark if added else "") or one.remarks[2] or one.remarks[1],
    }


def _subject(subject: Any, level: str) -> dict[str, Any] | None:
    """A line of the table of marks; None for an optional subject without anything."""
    result = subject.after or subject.year
    row: dict[str, Any] = {"subject_code": subject.code, "subject_name": subject.name}
    if level == "primary":
        first = subject.terms[0]
        row |= {"level": result, "mark": _number(subject.terms[1].final)}
        row |= {"level_1": first.result, "mark_1": _number(first.final)}
    elif subject.is_exempt:
        row |= {"level": "Miễn"}
    elif subject.form == "comment":
        first = subject.terms[0].result
        row |= {"level": LEVEL_WORDS.get(result, result), "remark": subject.terms[1].remark}
        row["level_1"] = LEVEL_WORDS.get(first, first)
    else:
        row |= {
            "mark_1": _number(subject.terms[0].result),
            "mark_2": _number(subject.terms[1].result),
            "mark": _number(subject.year),
            "remark": subject.terms[1].remark,
        }
    return row | {"reassessed": LEVEL_WORDS.get(subject.reassessed, subject.reassessed)}


def _teacher(signer: SignerFacts | None) -> dict[str, str]:
    return {} if signer is None else {"teacher_name": signer.name, "teacher_personal_id": signer.personal_id}


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ".")) if text else None
    except InvalidOperation:
        return None


def _traits(one: PupilRecord, added: Supplement | None) -> dict[str, Any]:
    remarks = ("qualities_remark", "general_remark", "specific_remark")
    return {
        **one.traits.get("CN", {}),
        **{name: getattr(added, name) if added else "" for name in remarks},
    }
