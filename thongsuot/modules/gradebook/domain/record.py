"""A file of marks (data/grading/README.md) as what the rules take. Pure.

The shape is checked by pydantic; what a mark may be depends on the subject and the rules, and is checked here. Each fault
names the field and the reason; the faults of one pupil keep that pupil out, never the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import Field, ValidationError

from thongsuot.kit.text.vietnamese import clean_text, mend_d

from ..types import Conduct, PrimaryLearning
from .marks import ABSENT, FAIL, PASS, Given
from .plan import Stage
from .primary import PrimaryYear, SubjectMoment
from .rules import Plain, PrimaryRules, SecondaryRules
from .secondary import PupilYear, SubjectMarks, TermMarks

COMMENTS = {"Đ": PASS, "Đạt": PASS, "CĐ": FAIL, "Chưa đạt": FAIL}
CONDUCT = {"T": Conduct.GOOD, "K": Conduct.FAIR, "Đ": Conduct.PASSED, "CĐ": Conduct.NOT_PASSED} | {
    one.value: one for one in Conduct
}
HELPED = {one.value: one for one in PrimaryLearning}
TEN = Decimal(10)


@dataclass(frozen=True)
class Fault:
    """field: where ("mathematics, học kỳ 1"); said: a text to translate, with what it needs."""

    field: str
    said: str
    about: Mapping[str, Any]


class TermIn(Plain):
    regular: tuple[Decimal | str | None, ...] = ()
    midterm: Decimal | str | None = None
    final: Decimal | str | None = None


class SubjectIn(Plain):
    """levels and tests: primary school, by moment (GK1, CK1, GK2, CN); the rest: secondary school."""

    code: str = Field(min_length=1, max_length=40)
    form: str | None = Field(default=None, pattern="^(score|comment)$")
    periods: int | None = Field(default=None, ge=1, le=1000)
    exempt: bool = False
    terms: tuple[TermIn, ...] = Field(default=(), max_length=2)
    reassessed: Decimal | str | None = None
    levels: dict[str, str | None] = {}
    tests: dict[str, Decimal | None] = {}


class PupilIn(Plain):
    id: str = Field(min_length=1, max_length=60)
    name: str = ""
    subjects: tuple[SubjectIn, ...] = Field(min_length=1)
    conduct: tuple[str | None, ...] = Field(default=(), max_length=2)
    trained: str | None = None
    absences: int | None = Field(default=None, ge=0, le=366)
    qualities: dict[str, str | None] = {}
    competences: dict[str, str | None] = {}
    stands_out: bool = False
    helped: str | None = None
    individual_plan: bool = False


class FileIn(Plain):
    school_year: str = Field(pattern=r"^20\d\d-20\d\d$")
    level: str
    grade: int = Field(ge=1, le=12)
    rules: str | None = None
    pupils: tuple[dict[str, Any], ...] = Field(min_length=1)

    @property
    def first_year(self) -> int:
        return int(self.school_year[:4])


def gettext_noop(text: str) -> str:
    return text


SHAPE = {
    "missing": gettext_noop("thiếu mục này"),
    "extra_forbidden": gettext_noop("không hiểu mục này"),
    "too_short": gettext_noop("không được để trống"),
    "string_too_short": gettext_noop("không được để trống"),
    "too_long": gettext_noop("nhiều giá trị hơn cho phép"),
    "int_parsing": gettext_noop("cần số nguyên"),
    "int_type": gettext_noop("cần số nguyên"),
    "int_from_float": gettext_noop("cần số nguyên"),
    "decimal_parsing": gettext_noop("cần số"),
    "decimal_type": gettext_noop("cần số"),
    "bool_type": gettext_noop("cần true hoặc false"),
    "greater_than_equal": gettext_noop("nhỏ hơn mức cho phép"),
    "less_than_equal": gettext_noop("lớn hơn mức cho phép"),
    "string_pattern_mismatch": gettext_noop("không đúng mẫu"),
}
ELSE = gettext_noop("không đúng kiểu dữ liệu")


def shape_faults(error: ValidationError) -> list[Fault]:
    """What pydantic found, a fault for each field."""
    found = {".".join(map(str, one["loc"])): one["type"] for one in error.errors()}
    return [Fault(field, SHAPE.get(kind, ELSE), {}) for field, kind in found.items()]


class Reader:
    """Reads one pupil; gathers faults in `faults` instead of stopping at the first."""

    def __init__(self, grade: int, stage: Stage | None) -> None:
        self.grade, self.stage = grade, stage
        self.faults: list[Fault] = []

    def fault(self, field: str, said: str, **about: Any) -> None:
        self.faults.append(Fault(field, said, about))

    def secondary(self, rules: SecondaryRules, given: PupilIn) -> PupilYear:
        """A pupil of lower or upper secondary school."""
        self._once(given)
        subjects = [self._subject(rules, one) for one in given.subjects]
        first, second = (*given.conduct, None, None)[:2]
        return PupilYear(
            grade=self.grade,
            subjects=[one for one in subjects if one is not None],
            conduct=(self._word(CONDUCT, first, "conduct"), self._word(CONDUCT, second, "conduct")),
            trained=self._word(CONDUCT, given.trained, "trained"),
            absences=given.absences,
        )

    def primary(self, rules: PrimaryRules, given: PupilIn) -> PrimaryYear:
        """A pupil of primary school: what stands at the end of the year (CN)."""
        self._once(given)
        traits = {
            code: self._letter("TĐC", value, code)
            for group, known in ((given.qualities, rules.qualities), (given.competences, rules.competences))
            for code, value in group.items()
            if self._known(code, known)
        }
        return PrimaryYear(
            grade=self.grade,
            subjects={one.code: self._moment(rules, one) for one in given.subjects},
            traits=traits,
            stands_out=given.stands_out,
            helped=self._word(HELPED, given.helped, "helped"),
            has_plan=given.individual_plan,
        )

    def _once(self, given: PupilIn) -> None:
        codes = [one.code for one in given.subjects]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.fault(code, gettext_noop("môn này có hai lần"))

    def _known(self, code: str, known: Sequence[str]) -> bool:
        if code not in known:
            self.fault(
                code, gettext_noop("không có phẩm chất, năng lực này (có: %(known)s)"), known=", ".join(known)
            )
        return code in known

    def _word(self, words: Mapping[str, Any], value: str | None, field: str) -> Any:
        if value is None:
            return None
        found = words.get(plain(value))
        if found is None:
            self.fault(
                field,
                gettext_noop("không có giá trị “%(value)s” (có: %(known)s)"),
                value=value,
                known=", ".join(words),
            )
        return found

    def _letter(self, letters: str, value: str | None, field: str) -> str | None:
        return self._word({letter: letter for letter in letters}, value, field)

    def _moment(self, rules: PrimaryRules, one: SubjectIn) -> SubjectMoment:
        for field, values in (("levels", one.levels), ("tests", one.tests)):
            for moment in values:
                if moment not in ("GK1", "CK1", "GK2", "CN"):
                    self.fault(
                        f"{one.code}, {field}", gettext_noop("không có thời điểm “%(moment)s”"), moment=moment
                    )
        for moment, mark in one.tests.items():
            # Điều 7: no decimals.
            if mark is not None and (mark != mark.to_integral_value() or not 0 <= mark <= rules.most_test):
                self.fault(
                    f"{one.code}, {moment}",
                    gettext_noop("điểm kiểm tra là số nguyên từ 0 đến %(most)s"),
                    most=rules.most_test,
                )
                return SubjectMoment()
        level = self._letter("THC", one.levels.get("CN"), f"{one.code}, CN")
        test = one.tests.get("CN")
        return SubjectMoment(level, None if test is None else int(test))

    def _subject(self, rules: SecondaryRules, one: SubjectIn) -> SubjectMarks | None:
        planned = self.stage.subject(one.code, self.grade) if self.stage else None
        form = one.form or (planned.form if planned else None)
        periods = one.periods or (planned.periods_in(self.grade) if planned else None)
        if form is None or periods is None:
            self.fault(
                one.code,
                gettext_noop(
                    "môn này không có trong chương trình của khối %(grade)s: cần ghi form và periods"
                ),
                grade=self.grade,
            )
            return None
        terms = [self._term(rules, one, form, place) for place in range(len(one.terms))]
        first, second = (*terms, TermMarks(), TermMarks())[:2]
        again = self._cell(rules, form, one.reassessed, f"{one.code}, reassessed", may_be_absent=False)
        return SubjectMarks(one.code, form, periods, (first, second), one.exempt, again)

    def _term(self, rules: SecondaryRules, one: SubjectIn, form: str, place: int) -> TermMarks:
        given, where = one.terms[place], f"{one.code}, học kỳ {place + 1}"
        regular = [
            self._cell(rules, form, mark, f"{where}, regular", may_be_absent=False) for mark in given.regular
        ]
        return TermMarks(
            tuple(mark for mark in regular if mark is not None),
            self._cell(rules, form, given.midterm, f"{where}, midterm", may_be_absent=True),
            self._cell(rules, form, given.final, f"{where}, final", may_be_absent=True),
        )

    def _cell(
        self,
        rules: SecondaryRules,
        form: str,
        value: Decimal | str | None,
        field: str,
        *,
        may_be_absent: bool,
    ) -> Given | None:
        """A mark, a comment or `absent`; None for nothing and for what cannot be, which is a fault."""
        if value is None or value == "":
            return None
        if value == ABSENT and may_be_absent:
            return ABSENT
        if form == "comment":
            found = COMMENTS.get(plain(str(value)))
            if found is None:
                self.fault(
                    field,
                    gettext_noop("môn đánh giá bằng nhận xét: cần Đ hoặc CĐ, không phải “%(value)s”"),
                    value=value,
                )
            return found
        mark = number(value)
        if mark is None or not 0 <= mark <= TEN:
            self.fault(field, gettext_noop("“%(value)s” không phải điểm từ 0 đến 10"), value=value)
            return None
        if mark != round(mark, rules.mark_decimals):
            self.fault(field, gettext_noop("“%(value)s” có quá nhiều chữ số sau dấu phẩy"), value=value)
            return None
        return mark


def plain(text: str) -> str:
    """NFC, single spaces, Đ where another alphabet's Ð was typed."""
    return mend_d(clean_text(text))


def number(value: Decimal | str) -> Decimal | None:
    """A decimal with point or comma; None for anything else."""
    try:
        found = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
