"""Files of marks of a school: many classes and subjects at once, with a dry run, and taken back when it was a mistake.

One row a pupil, subject and term. An empty cell leaves what is there; who is not in the file stays as he or she is. A mark
that somebody has changed since the file was checked is not overwritten: its row is compared again before it is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Code, Column, Text, text_of
from thongsuot.kit.importing.headers import DataRow
from thongsuot.kit.importing.importer import Importer, Key
from thongsuot.kit.importing.registry import register
from thongsuot.kit.importing.types import Cell, CellError, Found, ImportRefused, RowError, RowPlan
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.organization.queries import school_years
from thongsuot.modules.registry.queries import coded_pupils

from . import actions
from .domain.cells import Column as BookColumn
from .domain.cells import Line, Wrong, canonical, read
from .domain.rules import PrimaryRules
from .models import ClassSubject, SubjectMarks
from .permissions import ENTER, KEEP, subjects_entered
from .queries.books import Book, book_of, line_of
from .queries.rules import rules_held
from .types import CellChange, ColumnKind

TERMS = {"1": 1, "i": 1, "2": 2, "ii": 2}
MOST_REGULAR = 6
CELLS = (
    *(f"regular.{place}" for place in range(MOST_REGULAR)),
    "midterm",
    "final",
    "midterm_level",
    "final_level",
    "remark",
)


class Term(Column):
    """ "1", "HK I", "Học kỳ 2"."""

    def clean(self, cell: Cell, prepared: Any) -> int:
        found = TERMS.get(
            fold(text_of(cell)).removeprefix("hoc").removeprefix("hk").strip().removeprefix("ky").strip()
        )
        if found is None:
            raise CellError(_t("Hãy ghi học kỳ 1 hoặc 2."))
        return found


class MarksImporter(Importer):
    """Kind "gradebook.marks". A subject is named as in the class's book, or as in the assignments."""

    kind, title = "gradebook.marks", _("Điểm của nhiều lớp")
    help = _(
        "Mỗi dòng một học sinh, một môn, một học kỳ. Ô trống giữ nguyên điểm đang có; học sinh không có trong tệp "
        "không bị thay đổi. Môn nhận xét ghi Đ, CĐ; vắng không phép ghi V."
    )
    key = ("class_name", "student", "subject", "term")
    columns = (
        Text("class_name", _("Lớp"), aliases=("tên lớp",), required=True, max_length=60),
        Code(
            "student",
            _("Mã học sinh"),
            aliases=("mã định danh", "mã hs", "mã định danh bộ gd&đt"),
            required=True,
        ),
        Text("student_name", _("Họ và tên"), aliases=("họ tên", "tên học sinh")),
        Text("subject", _("Môn"), aliases=("môn học", "tên môn"), required=True, max_length=80),
        Term("term", _("Học kỳ"), aliases=("hk", "kỳ"), required=True),
        *(
            Text(
                f"regular.{place}",
                f"TX{place + 1}",
                aliases=(f"thường xuyên {place + 1}", f"đđgtx {place + 1}"),
            )
            for place in range(MOST_REGULAR)
        ),
        Text("midterm", _("Giữa kì"), aliases=("gk", "đđggk", "điểm giữa kì", "giữa kỳ")),
        Text("final", _("Cuối kì"), aliases=("ck", "đđgck", "điểm cuối kì", "cuối kỳ")),
        Text("midterm_level", _("Mức giữa kì"), aliases=("mức đạt được giữa kì", "mức gk")),
        Text("final_level", _("Mức cuối kì"), aliases=("mức đạt được cuối kì", "mức ck")),
        Text("remark", _("Nhận xét"), aliases=("lời phê",)),
    )

    def __init__(self, year_id: int | None = None) -> None:
        self.year_id = year_id

    def allowed(self, actor: Actor) -> bool:
        return actor.can(ENTER) or actor.can(KEEP)

    def questions(self, actor: Actor) -> dict[str, Any]:
        years = [(str(year.pk), year.name) for year in school_years()]
        return {"year": forms.ChoiceField(label=_("Năm học"), choices=years)}

    def options(self, data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        found = next((one for one in school_years() if str(one.pk) == str(data.get("year"))), None)
        if found is None:
            raise ImportRefused(_t("Chưa có năm học này trong hệ thống."), field="year")
        return {"year": found.pk}

    def for_run(self, options: Mapping[str, Any]) -> MarksImporter:
        return MarksImporter(options.get("year"))

    @rules_held()
    def _books(self, actor: Actor) -> dict[tuple[str, str], Book]:
        """Books that the actor writes, by class and by every name of the subject, folded."""
        rows = ClassSubject.objects.filter(subjects_entered(actor), school_year_id=self.year_id)
        found: dict[tuple[str, str], Book] = {}
        for row in rows.select_related("school_class", "school_year", "unit__school").order_by(
            "-position", "-pk"
        ):
            book = book_of(row)
            for name in (*row.taught_as, row.code, row.name):
                found[fold(row.school_class.name), fold(name)] = book
        return found

    def _place(self, values: Mapping[str, Any], books: Mapping[tuple[str, str], Book]) -> Book | None:
        return books.get((fold(values["class_name"]), fold(values["subject"])))

    def _pupils(
        self, values: Iterable[str], books: Iterable[Book], actor: Actor
    ) -> dict[tuple[int, str], int]:
        return coded_pupils(actor, unit_ids={book.subject.unit_id for book in books}, codes=set(values))

    def _clean(self, rows: Sequence[DataRow], actor: Actor) -> list[RowPlan]:
        """Marks as the book keeps them, so that "7,5" is no change of "7.5"; what cannot be read is told later."""
        plans, books = super()._clean(rows, actor), self._books(actor)
        for plan in plans:
            book = None if plan.errors else self._place(plan.values, books)
            columns = by_file(book, plan.values["term"]) if book else {}
            for name in columns.keys() & plan.values.keys():
                text = canonical(columns[name], plan.values[name], book.decimals if book else 1)
                if isinstance(text, str):
                    plan.values[name] = text
        return plans

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        books = self._books(actor)
        places = {key: self._place(dict(zip(self.key, key, strict=True)), books) for key in keys}
        pupils = self._pupils((str(key[1]) for key in keys), filter(None, places.values()), actor)
        wanted = {}
        for key, book in places.items():
            student_id = pupils.get((book.subject.unit_id, str(key[1]))) if book else None
            if book and student_id:
                wanted[book.subject.pk, student_id, key[3]] = (key, book)
        rows = SubjectMarks.objects.filter(
            class_subject_id__in={one[0] for one in wanted}, student_id__in={one[1] for one in wanted}
        )
        found = {}
        for row in rows:
            if (row.class_subject_id, row.student_id, row.term) in wanted:
                key, book = wanted[row.class_subject_id, row.student_id, row.term]
                found[key] = Found(row.pk, shown(book, line_of(row), row.term))
        return found

    def check_rows(self, plans: Sequence[RowPlan], actor: Actor) -> Iterable[tuple[int, RowError]]:
        books = self._books(actor)
        pupils = self._pupils((plan.values["student"] for plan in plans), books.values(), actor)
        for plan in plans:
            book = self._place(plan.values, books)
            if book is None:
                yield (
                    plan.number,
                    self._error(
                        plan, "subject", _t("Không có sổ điểm của lớp, môn này mà anh/chị được nhập.")
                    ),
                )
                continue
            if (book.subject.unit_id, plan.values["student"]) not in pupils:
                yield plan.number, self._error(plan, "student", _t("Không có học sinh mang mã này ở trường."))
            columns = by_file(book, plan.values["term"])
            for name in CELLS:
                if name not in plan.values:
                    continue
                if name not in columns:
                    yield plan.number, self._error(plan, name, _t("Môn này không có cột này."))
                    continue
                text = canonical(columns[name], plan.values[name], book.decimals)
                if isinstance(text, Wrong):
                    yield plan.number, self._error(plan, name, _t(text.said) % text.about)

    def _error(self, plan: RowPlan, name: str, reason: str) -> RowError:
        return RowError(name, str(self.column(name).label), text_of(plan.values.get(name)), reason)

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        """A statement or two for each class, subject and term. Raises ImportRefused when one cell is not saved, so that the
        rows of the group are tried one by one.
        """
        books = self._books(by)
        pupils = self._pupils((plan.values["student"] for plan in plans), books.values(), by)
        groups: dict[tuple[int, int], list[CellChange]] = defaultdict(list)
        subjects: dict[int, ClassSubject] = {}
        places = {}
        for plan in plans:
            book = self._place(plan.values, books)
            student_id = pupils.get((book.subject.unit_id, plan.values["student"])) if book else None
            if book is None or student_id is None:
                raise ImportRefused(_t("Không còn sổ điểm hoặc học sinh của dòng này."))
            term = plan.values["term"]
            subjects[book.subject.pk] = book.subject  # type: ignore[assignment]
            places[plan.number] = (book.subject.pk, student_id, term)
            groups[book.subject.pk, term] += self._changes(plan, book, student_id)
        for (subject_id, term), changes in groups.items():
            done = actions.enter_marks(
                by=by,
                class_subject=subjects[subject_id],
                term=term,
                changes=changes,
                reason=_t("Nhập từ tệp"),
            )
            refused = [f"{one.column}: {one.reason}" for one in done.faults]
            refused += [f"{one.column}: {_t('có người vừa sửa ô này')}" for one in done.conflicts]
            if refused:
                raise ImportRefused("; ".join(refused))
        rows = SubjectMarks.objects.filter(
            class_subject_id__in=subjects, student_id__in={one[1] for one in places.values()}
        )
        ids = {
            (row.class_subject_id, row.student_id, row.term): row.pk
            for row in rows.only("pk", "class_subject_id", "student_id", "term")
        }
        return {number: ids[place] for number, place in places.items() if place in ids}

    def _changes(self, plan: RowPlan, book: Book, student_id: int) -> list[CellChange]:
        names = plan.before if plan.target_id else [name for name in CELLS if name in plan.values]
        columns = by_file(book, plan.values["term"])
        return [
            CellChange(
                student_id,
                columns[name].key,
                str(plan.before.get(name) or ""),
                str(plan.values.get(name) or ""),
            )
            for name in names
            if name in columns
        ]

    @rules_held()
    def present(self, ids: Sequence[int], actor: Actor) -> Mapping[int, Mapping[str, Any]]:
        rows = SubjectMarks.objects.filter(pk__in=ids).select_related(
            "class_subject__school_class", "class_subject__school_year", "class_subject__unit__school"
        )
        return {row.pk: shown(book_of(row.class_subject), line_of(row), row.term) for row in rows}

    @rules_held()
    def remove(self, ids: Sequence[int], by: Actor) -> None:
        """A line that the file has made becomes empty again: through the same door, with its lock and its history."""
        rows = SubjectMarks.objects.filter(pk__in=ids).select_related(
            "class_subject__school_class", "class_subject__school_year", "class_subject__unit__school"
        )
        for row in rows:
            book, line = book_of(row.class_subject), line_of(row)
            changes = [
                CellChange(row.student_id, one.key, read(line, one), "")
                for one in book.columns(row.term)
                if read(line, one)
            ]
            actions.enter_marks(
                by=by,
                class_subject=row.class_subject,
                term=row.term,
                changes=changes,
                reason=_t("Hoàn tác lần nhập tệp"),
            )


def by_file(book: Book, term: int) -> dict[str, BookColumn]:
    """The book's columns by the columns of a file: comments of secondary school stand where others have marks."""
    is_comment = book.subject.form == "comment" and not isinstance(book.rules, PrimaryRules)
    found = {}
    for one in book.columns(term):
        if one.kind is not ColumnKind.EXEMPT:
            name = one.key.replace("regular_level.", "regular.")
            found[name.removesuffix("_level") if is_comment else name] = one
    return found


def shown(book: Book, line: Line, term: int) -> dict[str, str]:
    """What stands in a line, by the columns of a file."""
    return {name: read(line, one) for name, one in by_file(book, term).items() if name in CELLS}


def register_all() -> None:
    register(MarksImporter())
