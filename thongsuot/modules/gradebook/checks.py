"""What in marks looks wrong, as rules of data quality: the same suspicions that the page of marks shows (domain/suspicion.py),
over all books of a school year at once. Written into the book by `register_all` when the program starts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.quality.types import BOOK, Dataset, ErrorGroup, Parameters, Rule, Severity, Word
from thongsuot.modules.registry.queries import class_members

from .domain.suspicion import JUMP, MANY, SEVERAL
from .models import ClassSubject
from .queries import suspicions

if TYPE_CHECKING:
    import polars as pl

SOURCE = "Thông tư 22/2021/TT-BGDĐT; Thông tư 27/2020/TT-BGDĐT"
FIELDS = {"term1": _("Điểm học kỳ I"), "term2": _("Điểm học kỳ II")}
# Columns of regular assessments that are looked at one by one.
REGULAR = range(1, 9)
EQUAL = "(count({0}) >= %(many)s and min({0}) = max({0}))"
# Of pupils who sit in the class now; who is exempt has no marks.
LOOKED_AT = f"""
    select m.class_subject_id, m.term,
        ({" or ".join(EQUAL.format(f"m.regular[{place}]") for place in REGULAR)}
            or ({EQUAL.format("m.midterm")} and not bool_or(m.midterm_absent))
            or ({EQUAL.format("m.final")} and not bool_or(m.final_absent)))::int,
        count(*) filter (where same.marks),
        count(*) filter (where abs(m.midterm - r.term1) >= %(jump)s or abs(m.final - r.term1) >= %(jump)s)
    from gradebook_subjectmarks m
    join gradebook_classsubject c on c.id = m.class_subject_id
    left join gradebook_subjectresult r
        on m.term = 2 and r.class_subject_id = m.class_subject_id and r.student_id = m.student_id
    cross join lateral (
        select count(v) >= %(several)s and min(v) = max(v) as marks
        from unnest(m.regular || array[m.midterm, m.final]::numeric[]) v
    ) same
    where c.school_year_id = %(year)s and not m.exempt and {{units}}
        and exists (
            select from registry_enrolment e
            where e.student_id = m.student_id and e.school_class_id = c.school_class_id
                and e.exit_type <> 'withdrawn'
                and (e.left_on is null or e.exit_type in ('year_end', 'graduated'))
        )
    group by 1, 2
"""  # noqa: S608 - places of columns
BOOKS = "select c.id, c.unit_id from gradebook_classsubject c where c.school_year_id = %(year)s and {units}"


def load(unit_ids: Collection[int] | None, today: date) -> pl.DataFrame:
    """A row for each subject of a class of the present year; of each term: all_equal, same_marks (pupils), jumps (pupils)."""
    import polars as pl

    from .bulk.reading import copied

    year = organization.current_school_year(today)
    asked = {
        "year": year.pk if year else 0,
        "units": None if unit_ids is None else sorted(unit_ids),
        "many": MANY,
        "several": SEVERAL,
        "jump": JUMP,
    }
    units = "true" if unit_ids is None else "c.unit_id = any (%(units)s)"
    books = copied(BOOKS.format(units=units), asked, {"id": pl.Int64, "unit_id": pl.Int64})
    schema = {
        "id": pl.Int64,
        "term": pl.Int32,
        "all_equal": pl.Int32,
        "same_marks": pl.Int64,
        "jumps": pl.Int64,
    }
    found = copied(LOOKED_AT.format(units=units), asked, schema)
    for term in (1, 2):
        half = found.filter(pl.col("term") == term).drop("term")
        half = half.rename({name: f"{name}{term}" for name in ("all_equal", "same_marks", "jumps")})
        books = books.join(half, on="id", how="left", maintain_order="left")
    return books


def labels_of(ids: Collection[int]) -> Mapping[int, str]:
    rows = ClassSubject.objects.filter(pk__in=list(ids)).order_by()
    return {pk: f"{name} {where}" for pk, name, where in rows.values_list("pk", "name", "school_class__name")}


def url_of(pk: int, field: str) -> str:
    there = ClassSubject.objects.filter(pk=pk).exists()
    return reverse("gradebook:marks", args=[pk, 2 if field == "term2" else 1]) if there else ""


def find(words: str) -> Any:
    rows = ClassSubject.objects.order_by()
    for word in words.split():
        rows = rows.filter(name__icontains=word) | rows.filter(school_class__name__icontains=word)
    return rows.values("pk")


def evidence_of(actor: Actor, pk: int, field: str) -> Sequence[str]:
    """What looks wrong in the book, pupil by pupil, as it stands now; nothing for whoever may not see its marks."""
    row = ClassSubject.objects.filter(pk=pk).first()
    if row is None:
        return []
    members = class_members(Actor.system(), [row.school_class_id])
    names = {one.student_id: one.name for one in members}
    found = []
    for one in suspicions(actor, row, 2 if field == "term2" else 1):
        if one.kind == "missing":
            continue
        said = one.said.replace(".", ",")
        name = names.get(one.student_id, "") if one.student_id else ""
        found.append(f"{name}: {said}" if name else said[:1].upper() + said[1:])
    return found


def _col(name: str) -> pl.Expr:
    """Polars is loaded where rules are asked, not in every process."""
    import polars

    return polars.col(name)


def _is(name: str, p: Parameters) -> pl.Expr:
    """One, or somebody of whom it is said."""
    return _col(name) > 0


def _known(name: str, p: Parameters) -> pl.Expr:
    return _col(name).is_not_null()


def _rules() -> list[Rule]:
    found = []
    for term in (1, 2):
        rule = partial(
            Rule,
            dataset="book",
            field=f"term{term}",
            group=ErrorGroup.OUT_OF_RANGE,
            word=Word.ACCURATE,
            severity=Severity.WARNING,
            source=SOURCE,
        )
        found += [
            rule(
                code=f"book.term{term}.all_equal",
                title=_("Cả lớp cùng một điểm"),
                message=_("Một cột điểm có cùng một điểm ở mọi học sinh của lớp."),
                repair=_("Xem lại cột điểm; giải trình nếu đúng là như vậy."),
                fails=partial(_is, f"all_equal{term}"),
                applies=partial(_known, f"all_equal{term}"),
            ),
            rule(
                code=f"book.term{term}.same_marks",
                title=_("Học sinh có mọi điểm giống nhau"),
                message=_("Có học sinh mà mọi điểm trong học kỳ đều bằng nhau."),
                repair=_("Xem lại điểm của em; giải trình nếu đúng là như vậy."),
                fails=partial(_is, f"same_marks{term}"),
                applies=partial(_known, f"same_marks{term}"),
                weight=Decimal("0.5"),
            ),
        ]
        if term == 2:
            found.append(
                rule(
                    code="book.term2.jump",
                    title=_("Điểm chênh nhiều so với học kỳ trước"),
                    message=_("Có điểm giữa kì hoặc cuối kì chênh từ 3 điểm so với trung bình học kỳ I."),
                    repair=_("Đối chiếu với bài kiểm tra; giải trình nếu đúng là như vậy."),
                    fails=partial(_is, "jumps2"),
                    applies=partial(_known, "jumps2"),
                )
            )
    return found


def register_all() -> None:
    """Once only: a data set that is there already is refused."""
    dataset = Dataset(
        code="book",
        name=_("Sổ điểm"),
        load=load,
        labels_of=labels_of,
        url_of=url_of,
        fields=FIELDS,
        find=find,
        evidence_of=evidence_of,
    )
    BOOK.add(dataset, _rules())
