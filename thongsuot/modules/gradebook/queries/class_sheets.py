"""Bảng tổng hợp kết quả đánh giá of a class: a term's or the year's, as one table for page, spreadsheet and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor

from ..types import Award, Conduct, Learning, Outcome, PrimaryLearning, PupilRecord, SubjectRecord
from .grid import class_subjects
from .mark_sheets import follow_up_sheet, mark_of
from .records import class_records
from .rules import all_rules, programme
from .sheet_files import Head, Sheet, SheetTable, Signer, Value
from .words import TRAITS, name_of

# The year, term 1, term 2.
YEAR, PARTS = 0, (1, 2, 0)
MOMENTS = {1: "CK1", 2: "CN", YEAR: "CN"}


def part_words(part: int) -> str:
    return {1: _("Học kỳ I"), 2: _("Học kỳ II"), YEAR: _("Cả năm")}[part]


def part_in_words(part: int) -> str:
    """Inside a sentence."""
    return {1: _("học kỳ I"), 2: _("học kỳ II"), YEAR: _("cả năm")}[part]


def summary_sheet(actor: Actor, school_class: Any, part: int) -> tuple[Sheet, list[PupilRecord]]:
    """(the sheet, the records it is made of); without rows for whoever may not see the class. part: 1, 2, 0 (the year)."""
    records = class_records(actor, school_class)
    is_primary = bool(records) and records[0].level == "primary"
    table = _primary(records, part) if is_primary else _secondary(records, part)
    said = {
        "name": school_class.name,
        "year": school_class.school_year.name,
        "part": part_in_words(part),
    }
    head = school_class.homeroom_teacher
    sheet = Sheet(
        above=school_class.unit.parent.name if school_class.unit.parent else "",
        school=school_class.unit.name,
        title=_("BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ"),
        subtitle=_("Lớp %(name)s, %(part)s, năm học %(year)s") % said,
        tables=[table],
        signers=[
            Signer(_("Giáo viên chủ nhiệm"), head.full_name if head else ""),
            Signer(_("Hiệu trưởng")),
        ],
        size=8.5,
    )
    return sheet, records


def book_sheet(actor: Actor, school_class: Any) -> Sheet | None:
    """Sổ theo dõi và đánh giá of all subjects of the class. None where it has no books that the actor sees."""
    subjects = list(
        class_subjects(actor, class_id=school_class.pk)
        .select_related("unit__parent")
        .order_by("position", "pk")
    )
    return follow_up_sheet(actor, subjects) if subjects else None


def _order(records: Sequence[PupilRecord]) -> list[SubjectRecord]:
    """Subjects of the class, each once, in the order of the programme."""
    found: dict[str, SubjectRecord] = {}
    for record in records:
        for one in record.subjects:
            found.setdefault(one.code, one)
    return list(found.values())


def _shorts(records: Sequence[PupilRecord]) -> dict[str, str]:
    """Short names of the level's subjects by code."""
    stage = programme().stage(records[0].level) if records else None
    return {one.code: one.short for one in stage.subjects} if stage else {}


def _of(record: PupilRecord, code: str) -> SubjectRecord | None:
    return next((one for one in record.subjects if one.code == code), None)


def _secondary(records: Sequence[PupilRecord], part: int) -> SheetTable:
    subjects = _order(records)
    last = [_("Học tập"), _("Rèn luyện"), _("Nghỉ (phép / không)")]
    if part == YEAR:
        last += [_("Danh hiệu"), _("Kết quả")]
    shorts = _shorts(records)
    named = [Head(one.name, short=shorts.get(one.code, "")) for one in subjects]
    head = [[Head(_("STT")), Head(_("Họ và tên")), *named, *map(Head, last)]]
    widths = [0.9, 4.6, *([1.35] * len(subjects)), 1.7, 1.6, 1.7, *([2.3, 2.6] if part == YEAR else [])]
    rows = [_secondary_row(record, number, subjects, part) for number, record in enumerate(records, start=1)]
    left = [1, len(widths) - 2, len(widths) - 1] if part == YEAR else [1]
    notes = _notes(records, part)
    return SheetTable("", head, widths, rows, left=left, notes=notes, name=part_words(part), whole=len(last))


def _secondary_row(
    record: PupilRecord, number: int, subjects: Sequence[SubjectRecord], part: int
) -> list[Value]:
    line: list[Value] = [number, record.name]
    for subject in subjects:
        one = _of(record, subject.code)
        line.append("" if one is None else _("M") if one.is_exempt else mark_of(_result(one, part)))
    place = {1: 0, 2: 1, YEAR: 2}[part]
    learning = record.learning_after if part == YEAR and record.learning_after else record.learning[place]
    line += [
        _word(Learning, learning),
        _word(Conduct, record.conduct[place]),
        f"{record.excused}/{record.unexcused}",
    ]
    if part == YEAR:
        line += [_word(Award, record.award), outcome_words(record)]
    return line


def _result(one: SubjectRecord, part: int) -> str:
    return (one.after or one.year) if part == YEAR else one.terms[part - 1].result


def _primary(records: Sequence[PupilRecord], part: int) -> SheetTable:
    subjects, moment = _order(records), MOMENTS[part]
    term = 0 if part == 1 else 1
    codes, shorts = _trait_codes(records), _shorts(records)
    tests = {
        code: any((one := _of(r, code)) is not None and one.terms[term].final for r in records)
        for code in (s.code for s in subjects)
    }
    top, low, widths = (
        [Head(_("STT"), 1, 2), Head(_("Họ và tên"), 1, 2)],
        [],
        [0.9, 4.4],
    )
    for subject in subjects:
        short = shorts.get(subject.code, "")
        columns, rows_spanned = (2, 1) if tests[subject.code] else (1, 2)
        top.append(Head(subject.name, columns, rows_spanned, short))
        low += [Head(_("Mức")), Head(_("Điểm"))] if tests[subject.code] else []
        widths += [1.0, 1.0] if tests[subject.code] else [1.2]
    for name, some in ((_("Phẩm chất"), codes[:5]), (_("Năng lực"), codes[5:])):
        if some:
            top.append(Head(name, len(some), 1))
            low += [Head(str(TRAITS.get(code, code))) for code in some]
            widths += [1.2] * len(some)
    if part == YEAR:
        top += [Head(_("Mức kết quả"), 1, 2), Head(_("Khen thưởng"), 1, 2), Head(_("Kết quả"), 1, 2)]
        widths += [1.9, 1.9, 2.2]
    rows = []
    for number, record in enumerate(records, start=1):
        line: list[Value] = [number, record.name]
        for subject in subjects:
            one = _of(record, subject.code)
            given = one.terms[term] if one else None
            line.append(
                "" if one is None or given is None else _("M") if one.is_exempt else given.final_level
            )
            if tests[subject.code]:
                line.append(whole(given.final) if given else "")
        line += [record.traits.get(moment, {}).get(code, "") for code in codes]
        if part == YEAR:
            level = _word(PrimaryLearning, record.learning_after or record.learning[2])
            line += [level, _word(Award, record.award), outcome_words(record)]
        rows.append(line)
    left = [1, *(range(len(widths) - 3, len(widths)) if part == YEAR else ())]
    notes, whole_columns = _notes(records, part), 3 if part == YEAR else 0
    return SheetTable(
        "", [top, low], widths, rows, left=left, notes=notes, name=part_words(part), whole=whole_columns
    )


def _trait_codes(records: Sequence[PupilRecord]) -> list[str]:
    if not records:
        return []
    rules: Any = next((one for one in all_rules() if one.code == records[0].rules), None)
    return [*rules.qualities, *rules.competences] if rules is not None else []


def whole(text: str) -> Value:
    return int(text) if text.isdecimal() else text


def _word(kind: Any, value: str) -> str:
    return name_of(kind(value)) if value else ""


def outcome_words(record: PupilRecord) -> str:
    return name_of(Outcome(record.outcome)) if record.outcome else ""


def _notes(records: Sequence[PupilRecord], part: int) -> list[str]:
    stale = sum(record.is_stale for record in records)
    notes = []
    if stale:
        notes.append(_("%(n)d em có kết quả cần tính lại.") % {"n": stale})
    if part != YEAR or not records:
        return notes
    counted: dict[str, int] = {}
    for record in records:
        counted[outcome_words(record)] = counted.get(outcome_words(record), 0) + 1
    notes.append("; ".join(f"{name}: {number}" for name, number in counted.items()))
    return notes
