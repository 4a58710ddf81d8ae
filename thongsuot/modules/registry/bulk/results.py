"""Year results out of the stage: what each row would change of what is kept, then the writing."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.importing.models import ImportRun

from ..models import YearResult
from .inserting import insert
from .sql import run
from .types import STAGE, Staged

FIELDS = ("learning", "conduct", "is_completed", "promotion", "days_absent", "awards")
# Where the pupil sat last in that year, when the file names no class.
SAT = """left join lateral (
    select e.school_class_id, e.grade from registry_enrolment e
    where e.student_id = s.target_id and e.unit_id = s.unit_id and e.school_year_id = %(year)s
    order by e.entered_on desc, e.id desc limit 1) sat on true"""
CLASS = "coalesce(s.class_id, sat.school_class_id)"
KEPT = "r.student_id = s.target_id and r.unit_id = s.unit_id and r.school_year_id = %(year)s"


def given_fields(staged: Staged) -> list[str]:
    return [name for name in FIELDS if name in staged.cleaned.values.columns]


def compare(staged: Staged) -> None:
    """Set `state` and `before` of the rows that have a pupil. An empty cell changes nothing; a row of empty cells about a
    pupil of whom nothing is kept stays "unchanged"."""
    fields = given_fields(staged)
    differs = " || ".join(
        f"case when s.{name} is not null and s.{name} is distinct from r.{name} "
        f"then jsonb_build_object('{name}', r.{name}) else '{{}}'::jsonb end"
        for name in fields
    )
    says = " or ".join(f"s.{name} is not null" for name in fields) or "false"
    run(
        f"""
        update {STAGE} s set before = c.said, state = case
            when c.id is null then case when c.says then 'new' else 'unchanged' end
            when c.said <> '{{}}' then 'changed' else 'unchanged' end
        from (
            select s.row, r.id, {differs or "'{}'::jsonb"} as said, ({says}) as says
            from {STAGE} s left join registry_yearresult r on {KEPT}
            where s.state = 'unchanged'
        ) c where c.row = s.row
        """,
        {"year": staged.asked.year.id},
    )


def write(staged: Staged, the_run: ImportRun) -> None:
    """Insert and update by two statements."""
    fields = given_fields(staged)
    values: dict[str, Any] = {"year": staged.asked.year.id, "run": the_run.pk}
    texts = {"learning", "conduct", "promotion", "awards"}
    chosen = {
        "student_id": "s.target_id",
        "unit_id": "s.unit_id",
        "school_year_id": "%(year)s",
        "school_class_id": CLASS,
        "grade": "coalesce(s.class_grade, sat.grade)",
        "import_run_id": "%(run)s",
        **{name: f"coalesce(s.{name}, '')" if name in texts else f"s.{name}" for name in fields},
    }
    insert(YearResult, chosen, f"from {STAGE} s {SAT} where s.state = 'new'", values)
    said = ", ".join(f"{name} = coalesce(s.{name}, r.{name})" for name in fields)
    run(
        f"""
        update registry_yearresult r set {said}, school_class_id = coalesce(s.class_id, r.school_class_id),
            grade = coalesce(s.class_grade, r.grade), import_run_id = %(run)s, updated_at = now()
        from {STAGE} s where s.state = 'changed' and {KEPT}
        """,
        values,
    )
