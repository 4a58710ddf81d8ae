"""Pairs of dossiers that may be one person, as a person looks at them: side by side, field by field, masked where due."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor

from ..models import Enrolment, MatchCandidate, PersonMerge, Student
from ..permissions import can_see_sensitive, candidates_visible, within
from .dossier import HIDDEN, shown_personal_id
from .words import code_names

FIELD_NAMES = {
    "name": gettext_lazy("Họ và tên"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "gender": gettext_lazy("Giới tính"),
    "personal_id": gettext_lazy("Số định danh"),
    "mother": gettext_lazy("Họ tên mẹ"),
}
AGREEMENTS = {
    "same": gettext_lazy("Giống hệt"),
    "other_order": gettext_lazy("Cùng các chữ, khác thứ tự"),
    "word_missing": gettext_lazy("Thiếu một chữ"),
    "similar": gettext_lazy("Gần giống"),
    "one_word_differs": gettext_lazy("Khác một chữ"),
    "day_month_swapped": gettext_lazy("Đảo ngày và tháng"),
    "two_parts_same": gettext_lazy("Khớp hai trong ba phần"),
    "year_same": gettext_lazy("Chỉ cùng năm"),
    "one_digit_differs": gettext_lazy("Khác một chữ số"),
    "different": gettext_lazy("Khác nhau"),
    "unknown": gettext_lazy("Một bên không ghi"),
}


def settings_of_matching() -> dict[str, Any]:
    """data/registry/matching.json: shares to begin with; the score from which a pair is shown."""
    path = settings.DATA_DIR / "registry" / "matching.json"
    return json.loads(path.read_text(encoding="utf-8"))


def match_pairs(actor: Actor) -> QuerySet[MatchCandidate]:
    """Pairs that the actor may decide on, the likeliest first; with those that were merged since."""
    return MatchCandidate.objects.filter(candidates_visible(actor)).select_related(
        "first", "second", "first_unit", "second_unit", "first__unit", "second__unit", "decided_by"
    )


def duplicate_candidates(actor: Actor) -> QuerySet[MatchCandidate]:
    """Pairs whose two dossiers still stand."""
    return match_pairs(actor).filter(first__merged_into=None, second__merged_into=None)


def person_merges(actor: Actor) -> QuerySet[PersonMerge]:
    return PersonMerge.objects.filter(within(actor, "registry.match")).select_related(
        "kept", "gone", "kept__unit", "gone__unit", "unit", "merged_by"
    )


def merge_of_pair(actor: Actor, first_id: int, second_id: int) -> PersonMerge | None:
    """The merge in force of two dossiers, by which it can be taken back."""
    pair = Q(kept_id=first_id, gone_id=second_id) | Q(kept_id=second_id, gone_id=first_id)
    return person_merges(actor).filter(pair, undone_at=None).first()


@dataclass(frozen=True)
class PairLine:
    """One field of a pair: what each record says, how far they agree in words, what that is worth in bits.

    share: length of the bar, percent of the heaviest line; says_same: whether it speaks for one person.
    """

    field: str
    first: str
    second: str
    agreement: str
    weight: Decimal
    share: int
    says_same: bool


def pair_lines(actor: Actor, candidate: MatchCandidate) -> Sequence[PairLine]:
    """The explanation of a score with the values beside it; personal ids open only where the actor may see them."""
    values = [_compared(actor, student) for student in (candidate.first, candidate.second)]
    heaviest = max((abs(line["weight"]) for line in candidate.explanation), default=0) or 1
    return [
        PairLine(
            field=str(FIELD_NAMES.get(line["field"], line["field"])),
            first=values[0].get(line["field"], ""),
            second=values[1].get(line["field"], ""),
            agreement=str(AGREEMENTS.get(line["agreement"], line["agreement"])),
            weight=Decimal(str(line["weight"])),
            share=round(100 * abs(line["weight"]) / heaviest),
            says_same=line["weight"] > 0,
        )
        for line in candidate.explanation
    ]


def _birth_words(student: Student) -> str:
    if student.birth_date is None:
        return ""
    return f"{student.birth_date:%Y}" if student.is_birth_year_only else f"{student.birth_date:%d/%m/%Y}"


def _compared(actor: Actor, student: Student) -> dict[str, str]:
    mother = student.contacts.filter(relation="mother").order_by("pk").first()
    return {
        "name": student.full_name,
        "birth_date": _birth_words(student),
        "gender": str(student.get_gender_display()),
        "personal_id": shown_personal_id(student, full=can_see_sensitive(actor, student.unit_id)),
        "mother": mother.full_name if mother else "",
    }


def side_facts(actor: Actor, student: Student) -> list[tuple[str, Any]]:
    """What else helps to decide: where the pupil sits, codes, address; not what the score has compared already."""
    spell = (
        Enrolment.objects.filter(student=student)
        .exclude(exit_type="withdrawn")
        .select_related("school_class", "school_year", "unit")
        .order_by("-entered_on", "-pk")
        .first()
    )
    return [
        (_("Trường giữ hồ sơ"), student.unit),
        (_("Lớp"), _spell_words(spell)),
        (_("Mã của trường"), student.local_code),
        (_("Mã định danh của Bộ"), student.ministry_code),
        (_("Nơi sinh"), student.birth_place),
        (_("Nơi ở hiện nay"), student.current_address or student.residence_address),
        (_("Điện thoại"), student.phone),
        (_("Lập hồ sơ"), f"{student.created_at:%d/%m/%Y}"),
    ]


def _spell_words(spell: Enrolment | None) -> str:
    if spell is None:
        return ""
    place = f"{spell.school_class or ''} ({spell.school_year})".strip()
    if spell.left_on is None:
        return _("%(place)s, đang học") % {"place": place}
    return _("%(place)s, đến %(day)s") % {"place": place, "day": f"{spell.left_on:%d/%m/%Y}"}


@dataclass(frozen=True)
class MergeLine:
    """A field in which two dossiers differ, and which of them is proposed ("kept" or "gone")."""

    name: str
    label: str
    kept: str
    gone: str
    choice: str


MASKED = ("ethnicity", "religion")


def merge_lines(
    actor: Actor, kept: Student, gone: Student, choices: Mapping[str, str]
) -> Sequence[MergeLine]:
    """Fields of a merge in which the two differ, masked where the actor may not see them (actions.plan_merge)."""
    found = []
    for name, choice in choices.items():
        if _plain_value(kept, name) == _plain_value(gone, name):
            continue
        field: Any = Student._meta.get_field(name)
        label = str(field.verbose_name)
        found.append(
            MergeLine(
                name,
                label[:1].upper() + label[1:],
                _shown(actor, kept, name),
                _shown(actor, gone, name),
                choice,
            )
        )
    return found


def _plain_value(student: Student, name: str) -> Any:
    """What two records are compared by: sealed numbers never look alike, their digests do."""
    if name == "personal_id_sealed":
        return bytes(student.personal_id_digest) if student.personal_id_digest else b""
    if name == "birth_date":
        return _birth_words(student)
    return getattr(student, name) or ""


def _shown(actor: Actor, student: Student, name: str) -> str:
    may_see = can_see_sensitive(actor, student.unit_id)
    if name == "personal_id_sealed":
        return shown_personal_id(student, full=may_see)
    if name == "birth_date":
        return _birth_words(student)
    value = getattr(student, name) or ""
    if name in MASKED:
        if not may_see:
            return HIDDEN if value else ""
        return code_names("dan_toc" if name == "ethnicity" else "ton_giao").get(value, value)
    return str(student.get_gender_display()) if name == "gender" else str(value)
