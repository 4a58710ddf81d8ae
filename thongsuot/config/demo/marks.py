"""Sổ điểm: last year complete, computed and locked; of this year the first term as far as it has come."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from django.db import connection
from django.utils import timezone

from thongsuot.config.demo import marks_after
from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.marks_made import Stage, absences_of, conduct_of, marks_of, traits_of
from thongsuot.config.demo.registry.writing import count_rows
from thongsuot.config.demo.rolls import call_rolls
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.gradebook.actions import compute_everywhere, keep_phrase, open_class_subjects
from thongsuot.modules.gradebook.bulk.reading import copied
from thongsuot.modules.gradebook.domain.opening import subjects_of
from thongsuot.modules.gradebook.domain.rules import PrimaryRules
from thongsuot.modules.gradebook.models import (
    Absence,
    ClassSubject,
    MarkLock,
    PupilTraits,
    PupilYear,
    RollCall,
    SubjectMarks,
    SubjectResult,
    TermConduct,
)
from thongsuot.modules.gradebook.queries import programme, rules_of
from thongsuot.modules.organization.domain.demo import DEMO_ACCOUNTS
from thongsuot.modules.organization.models import Appointment, SchoolYear, Unit
from thongsuot.modules.registry.models import SchoolClass

LAST_PRIMARY, FIRST_UPPER = 5, 10
# Choices as schools offer them (GDPT 2018: four of nine).
CHOSEN = (
    ("physics", "chemistry", "biology", "informatics"),
    ("physics", "chemistry", "informatics", "technology"),
    ("geography", "economics_law", "informatics", "biology"),
)
# Whose pupils and subjects are written together.
AT_ONCE = 60
PHRASES = (
    ("T", "Hoàn thành tốt nội dung môn học, vận dụng kiến thức linh hoạt."),
    ("H", "Hoàn thành nội dung môn học, cần luyện tập thêm để vững hơn."),
    ("C", "Chưa hoàn thành nội dung môn học, cần được giúp đỡ thêm."),
    ("Đ", "Tham gia đầy đủ, đạt yêu cầu của môn học."),
    ("CĐ", "Chưa đạt yêu cầu, cần rèn luyện thêm."),
    ("", "Có tiến bộ rõ so với đầu năm."),
    ("", "Cần tập trung hơn trong giờ học."),
)
ROWS = """
    select distinct on (e.student_id, c.id) c.unit_id, c.id, e.student_id, c.school_class_id, c.code, c.form,
        c.regular_count, k.grade
    from gradebook_classsubject c
    join registry_schoolclass k on k.id = c.school_class_id
    join registry_enrolment e on e.school_class_id = c.school_class_id
    where c.school_year_id = %(year)s and c.unit_id = any (%(units)s) and not c.is_optional
        and e.exit_type <> 'withdrawn' and (e.left_on is null or e.exit_type in ('year_end', 'graduated'))
"""
SCHEMA = {
    "unit_id": pl.Int64, "class_subject_id": pl.Int64, "student_id": pl.Int64, "class_id": pl.Int64,
    "code": pl.String, "form": pl.String, "regular_count": pl.Int32, "grade": pl.Int32,
}  # fmt: skip


def build(context: DemoContext) -> None:
    """A province's marks are twenty million rows: there the schools of the demo's accounts and their communes have them,
    others none."""
    if SubjectMarks.objects.exists():
        return
    years = list(SchoolYear.objects.filter(starts_on__lte=context.today).order_by("-starts_on")[:2])
    units = _units(context)
    for year in years:
        is_over = year.ends_on < context.today
        stages = [(1, Stage()), (2, Stage())] if is_over else [(1, _stage(year, context.today))]
        written = fill_year(year, [one.pk for one in units], stages, until=context.today)
        call_rolls(year, [one.pk for one in units], context.today)
        context.say(f"  {year}: {written} dòng điểm")
        count_rows(ClassSubject, SubjectMarks, TermConduct, PupilTraits, Absence, RollCall)
        system = Actor.system()
        done = compute_everywhere(
            by=system, school_year=year, unit_ids=[one.pk for one in units], everybody=True
        )
        count_rows(SubjectResult, PupilYear)
        context.say(f"  {year}: kết quả của {done.pupils} học sinh")
        if is_over:
            _lock(year, units)
            summer = marks_after.summer(year, units, context)
            marks_after.publish(year, units, context)
            context.say(f"  {year}: {summer} học sinh có kết quả đánh giá lại, rèn luyện trong hè")
        else:
            marks_after.spoil(year, context)
    for unit in units:
        for level, text in PHRASES:
            keep_phrase(by=Actor.system(), unit=unit, text=text, level=level, is_schools=True)
    marks_after.locks_and_requests(context)


def _units(context: DemoContext) -> list[Unit]:
    schools = (
        Unit.objects.filter(kind="school", valid_to__isnull=True).select_related("school").order_by("pk")
    )
    if not context.is_province:
        return list(schools)
    held = Appointment.objects.filter(user__username__in=[one.username for one in DEMO_ACCOUNTS])
    own = held.values_list("unit_id", flat=True)
    communes = Unit.objects.filter(children__in=own).values("pk")
    return list(schools.filter(pk__in=own) | schools.filter(parent__in=communes, parent__kind="commune"))


def _stage(year: SchoolYear, today: date) -> Stage:
    """How far the first term is after so many weeks."""
    weeks = max(0, (today - year.starts_on).days // 7)
    return Stage(
        regular=min(1.0, weeks / 16),
        midterm=0 if weeks < 8 else min(1.0, (weeks - 7) / 5),
        is_final=weeks >= 18,
    )


def fill_year(
    year: SchoolYear, unit_ids: Collection[int], stages: list[tuple[int, Stage]], *, until: date
) -> int:
    """Open the books of the schools and write marks, conduct, traits and absences of the given terms; how many lines."""
    schools = Unit.objects.filter(pk__in=unit_ids).select_related("school").order_by("pk")
    for unit in schools:
        open_class_subjects(by=Actor.system(), unit=unit, school_year=year)
    _choose(year, [one.pk for one in schools])
    keys, written = [one.pk for one in schools], 0
    for start in range(0, len(keys), AT_ONCE):
        rows = copied(ROWS, {"year": year.pk, "units": keys[start : start + AT_ONCE]}, SCHEMA)
        if not rows.is_empty():
            written += _fill(year, _with_tests(rows, year), stages, until)
    return written


def _choose(year: SchoolYear, unit_ids: Collection[int]) -> None:
    """The four subjects that each class of upper secondary school has chosen: the first classes of a grade take sciences."""
    stage = programme().stage("upper_secondary")
    classes = SchoolClass.objects.filter(unit_id__in=unit_ids, school_year=year, grade__gte=FIRST_UPPER)
    classes = classes.filter(pk__in=ClassSubject.objects.filter(school_year=year).values("school_class_id"))
    rows = []
    for number, one in enumerate(classes.order_by("unit_id", "grade", "name")):
        chosen = CHOSEN[number % len(CHOSEN)]
        taught = [subject.name for subject in stage.subjects if subject.code in chosen] if stage else []
        rules = rules_of("upper_secondary", one.grade or FIRST_UPPER, year.starts_on.year)
        found = subjects_of(programme(), rules, "upper_secondary", one.grade or FIRST_UPPER, taught)
        rows += [
            ClassSubject(
                unit_id=one.unit_id,
                school_year=year,
                school_class=one,
                **{**asdict(subject), "taught_as": list(subject.taught_as)},
            )
            for subject in found
            if subject.code in chosen
        ]
    ClassSubject.objects.bulk_create(rows, ignore_conflicts=True)


def _with_tests(rows: pl.DataFrame, year: SchoolYear) -> pl.DataFrame:
    """Which subjects of primary school have a test in the middle and at the end of a term."""
    rows = rows.with_columns(is_primary=pl.col("grade") <= LAST_PRIMARY)
    due = []
    for grade in range(1, LAST_PRIMARY + 1):
        rules = rules_of("primary", grade, year.starts_on.year)
        if isinstance(rules, PrimaryRules):
            middle, end = rules.tested(grade, "GK1"), rules.tested(grade, "CK1")
            due += [(grade, code, code in middle, code in end) for code in middle | end]
    schema = {"grade": pl.Int32, "code": pl.String, "tested_mid": pl.Boolean, "tested_end": pl.Boolean}
    rows = rows.join(pl.DataFrame(due, schema=schema, orient="row"), on=["grade", "code"], how="left")
    return rows.with_columns(pl.col("tested_mid", "tested_end").fill_null(False)).sort(
        "class_subject_id", "student_id"
    )


def _fill(year: SchoolYear, rows: pl.DataFrame, stages: list[tuple[int, Stage]], until: date) -> int:
    pupils = rows.select("unit_id", "class_id", "student_id", "is_primary").unique(maintain_order=True)
    primary = pupils.filter(pl.col("is_primary"))
    rules = rules_of("primary", 3, year.starts_on.year)
    codes = [*rules.qualities, *rules.competences] if isinstance(rules, PrimaryRules) else []
    written = 0
    for term, stage in stages:
        lines = marks_of(rows, term, stage)
        _copy(SubjectMarks, lines, updated_at="now")
        written += len(lines)
        if stage.is_final:
            _copy(TermConduct, conduct_of(pupils, term), updated_at="now")
            for moment in ("GK1", "CK1") if term == 1 else ("GK2", "CN"):
                _copy(PupilTraits, traits_of(primary, moment, codes), updated_at="now")
    # Who moved to another class is missed in one of them only.
    once = pupils.unique("student_id", keep="last", maintain_order=True)
    _copy(Absence, absences_of(once, _days(year, until)), written_at="now")
    return written


def _days(year: SchoolYear, until: date) -> list[str]:
    last = min(year.ends_on, until)
    days = (year.starts_on + timedelta(days=number) for number in range((last - year.starts_on).days))
    return [day.isoformat() for day in days if day.weekday() < 5]


def _copy(model: Any, rows: pl.DataFrame, **stamps: str) -> None:
    """COPY does not go through row-level security: only the owner may, as the demo is run."""
    if rows.is_empty():
        return
    rows = rows.with_columns(pl.lit(value).alias(name) for name, value in stamps.items())
    buffer = io.BytesIO()
    rows.write_csv(buffer, include_header=False, separator="\t", quote_style="never", null_value="\\N")
    names = ", ".join(f'"{name}"' for name in rows.columns)
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('role')")
        role = cursor.fetchone()[0]
        cursor.execute("set local role none")
        with cursor.copy(f"copy {model._meta.db_table} ({names}) from stdin") as copy:
            copy.write(buffer.getbuffer())
        cursor.execute("select set_config('role', %s, true)", [role])


def _lock(year: SchoolYear, units: list[Unit]) -> None:
    """The principal closed the books a week after the term's end."""
    classes = SchoolClass.objects.filter(school_year=year).values("unit_id")
    have = set(classes.values_list("unit_id", flat=True))
    ends = dict(year.terms.values_list("number", "ends_on"))
    MarkLock.objects.bulk_create(
        MarkLock(unit=unit, school_year=year, term=term, locked_at=_at(ends.get(term, year.ends_on)))
        for unit in units
        if unit.pk in have
        for term in (1, 2)
    )


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=7), time(16, 0)))
