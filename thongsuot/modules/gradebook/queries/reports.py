"""The report of a pupil's results to the family: a page and a PDF of the same parts. One pupil, nobody else: no ranking
(TT 15/2026 Điều 22).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from thongsuot.kit.typesetting.typst_files import typeset_pdf

from ..types import Award, Conduct, Learning, Moment, PrimaryLearning, PupilRecord, SubjectRecord, TermRecord
from .class_sheets import YEAR, outcome_words, part_words
from .sheet_files import FAMILIES
from .words import TRAITS, name_of

TEMPLATE = Path(__file__).with_name("report.typ")


@dataclass(frozen=True)
class ReportPart:
    """widths: parts of the line; left: the last column is text."""

    title: str
    head: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    has_text: bool = False

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each cell with the head of its column, for a page that a phone shows as cards."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Report:
    """facts, notes: (label, value)."""

    name: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[ReportPart]
    notes: Sequence[tuple[str, str]]
    teacher: str = ""


def report_of(record: PupilRecord, part: int, *, teacher: str = "") -> Report:
    """part: 1, 2 or 0 (the year)."""
    is_primary = record.level == "primary"
    parts = _primary(record, part) if is_primary else _secondary(record, part)
    facts = [
        (_("Họ và tên"), record.name),
        (_("Lớp"), record.class_name),
        *_results(record, part, is_primary),
    ]
    return Report(record.name, facts, [one for one in parts if one.rows], _notes(record, part), teacher)


def comma(text: str) -> str:
    """7,5 for 7.5; levels and words stay."""
    return text.replace(".", ",") if text[:1].isdecimal() else text


def _results(record: PupilRecord, part: int, is_primary: bool) -> list[tuple[str, str]]:
    place = {1: 0, 2: 1, YEAR: 2}[part]
    none = _("chưa có")
    missed = {"all": record.excused + record.unexcused, "with": record.excused}
    absent = _("%(all)d buổi (có phép %(with)d)") % missed if missed["all"] else _("Không nghỉ buổi nào")
    found = []
    if is_primary:
        if part == YEAR:
            level = record.learning_after or record.learning[2]
            found.append((_("Mức kết quả"), name_of(PrimaryLearning(level)) if level else none))
    else:
        level, conduct = record.learning[place], record.conduct[place]
        found += [
            (_("Học tập"), name_of(Learning(level)) if level else none),
            (_("Rèn luyện"), name_of(Conduct(conduct)) if conduct else none),
        ]
    found.append((_("Nghỉ học"), absent))
    if part == YEAR:
        if record.award:
            found.append((_("Khen thưởng"), name_of(Award(record.award))))
        found.append((_("Kết quả cuối năm"), outcome_words(record)))
    return found


def _secondary(record: PupilRecord, part: int) -> list[ReportPart]:
    terms = (1, 2) if part == YEAR else (part,)
    head, widths = [_("Môn")], [3.2]
    for term in terms:
        short = _("I") if term == 1 else _("II")
        # On a phone each cell stands beside its head alone: of the year it says the term.
        names = [_("Thường xuyên"), _("Giữa kì"), _("Cuối kì"), _("HK")]
        head += [f"{name} {short}" for name in names] if part == YEAR else [*names[:3], f"{names[3]} {short}"]
        widths += [2.4, 1.0, 1.0, 1.0]
    if part == YEAR:
        head.append(_("Cả năm"))
        widths.append(1.1)
    rows = []
    for one in record.subjects:
        line = [one.name]
        for term in terms:
            line += [_("miễn"), "", "", ""] if one.is_exempt else _term(one, one.terms[term - 1])
        if part == YEAR:
            line.append(comma(one.after or one.year))
        rows.append(line)
    return [ReportPart(_("Điểm và mức đánh giá"), head, widths, rows), _remarks(record, terms)]


def _term(subject: SubjectRecord, term: TermRecord) -> list[str]:
    is_comment = subject.form == "comment"
    return [
        "  ".join(comma(one) for one in term.regular if one),
        comma(term.midterm_level if is_comment else term.midterm),
        comma(term.final_level if is_comment else term.final),
        comma(term.result),
    ]


def _primary(record: PupilRecord, part: int) -> list[ReportPart]:
    terms = (1, 2) if part == YEAR else (part,)
    moments = [moment for term in terms for moment in (("GK1", "CK1") if term == 1 else ("GK2", "CN"))]
    names = {one.value: str(one.label) for one in Moment}
    rows = []
    for one in record.subjects:
        line = [one.name]
        for term in terms:
            given = one.terms[term - 1]
            for level, mark in ((given.midterm_level, given.midterm), (given.final_level, given.final)):
                line.append(_("miễn") if one.is_exempt else " · ".join(x for x in (level, comma(mark)) if x))
        rows.append(line)
    codes = list(dict.fromkeys(code for moment in moments for code in record.traits.get(moment, {})))
    codes.sort(key=lambda code: list(TRAITS).index(code) if code in TRAITS else len(TRAITS))
    traits = [
        [str(TRAITS.get(code, code)), *(record.traits.get(m, {}).get(code, "") for m in moments)]
        for code in codes
    ]
    widths = [3.0, *([1.5] * len(moments))]
    heads = [names[moment] for moment in moments]
    return [
        ReportPart(_("Môn học, hoạt động giáo dục"), [_("Môn"), *heads], widths, rows),
        ReportPart(_("Phẩm chất, năng lực"), [_("Nội dung"), *heads], widths, traits),
        _remarks(record, terms),
    ]


def _remarks(record: PupilRecord, terms: Sequence[int]) -> ReportPart:
    rows = []
    for one in record.subjects:
        said = [one.terms[term - 1].remark for term in terms if one.terms[term - 1].remark]
        if said:
            rows.append([one.name, " / ".join(said)])
    return ReportPart(_("Nhận xét của giáo viên bộ môn"), [_("Môn"), _("Nhận xét")], [3.0, 9.0], rows, True)


def _notes(record: PupilRecord, part: int) -> list[tuple[str, str]]:
    found = []
    for place, label in ((0, _("Chủ nhiệm nhận xét học kỳ I")), (1, _("Chủ nhiệm nhận xét học kỳ II"))):
        if record.remarks[place] and part in (place + 1, YEAR):
            found.append((label, record.remarks[place]))
    if part == YEAR and record.remarks[2]:
        found.append((_("Chủ nhiệm nhận xét cả năm"), record.remarks[2]))
    if part == YEAR and record.again:
        names = {one.code: one.name for one in record.subjects}
        said = ", ".join(names.get(code, code) for code in record.again)
        found.append((_("Môn được đánh giá lại trong hè"), said))
    return found


def reports_pdf(
    reports: Sequence[Report], *, school: str, above: str, year: str, part: int, day: date
) -> bytes:
    """One file, a page or two for each pupil."""
    said: dict[str, Any] = {
        "title": _("THÔNG BÁO KẾT QUẢ HỌC TẬP VÀ RÈN LUYỆN"),
        "subtitle": _("%(part)s, năm học %(year)s") % {"part": part_words(part), "year": year},
        "above": above,
        "school": school,
        "footer": _("In từ sổ điểm ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"},
        "family": _("Ý kiến, chữ ký của gia đình"),
        "teacher_title": _("Giáo viên chủ nhiệm"),
        "day": _("Ngày %(d)s tháng %(m)s năm %(y)s") % {"d": day.day, "m": day.month, "y": day.year},
        "pupils": [_pupil(one) for one in reports],
    }
    inputs = {"reports": json.dumps(said, ensure_ascii=False)}
    fonts = Path(settings.VAR_DIR) / "fonts"
    return typeset_pdf(TEMPLATE, inputs, day=day, families=FAMILIES, fonts_dir=fonts)


def _pupil(one: Report) -> dict[str, Any]:
    return {
        "facts": [list(pair) for pair in one.facts],
        "notes": [list(pair) for pair in one.notes],
        "teacher": one.teacher,
        "parts": [
            {
                "title": part.title,
                "head": list(part.head),
                "widths": list(part.widths),
                "rows": [list(row) for row in part.rows],
                "last": len(part.head) - 1 if part.has_text else -1,
            }
            for part in one.parts
        ],
    }
