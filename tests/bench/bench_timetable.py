"""A school solved under all its rules against the bare puzzle: each class, teacher in one place at a time, no rule more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from django.conf import settings

from tests.bench.measure import Figure, compare
from tests.bench.scale import FULL, Scale
from thongsuot.modules.gradebook.domain.timetable import ClassWeek
from thongsuot.modules.gradebook.domain.timetable_clash import clashes
from thongsuot.modules.gradebook.domain.timetable_problem import Problem, Taught, build_problem
from thongsuot.modules.gradebook.domain.timetable_rules import TimetableRules
from thongsuot.modules.gradebook.domain.timetable_solver import Effort, Outcome, solve

CLASSES = 30
MOST_LESSONS = 19
# Lessons a week in lower secondary (TT 32/2018, rounded).
LESSONS = {
    "Ngữ văn": "4", "Toán": "4", "Tiếng Anh": "3", "Khoa học tự nhiên": "4", "Lịch sử và Địa lí": "3",
    "Giáo dục công dân": "1", "Công nghệ": "1.5", "Tin học": "1", "Giáo dục thể chất": "2", "Âm nhạc": "1",
    "Mỹ thuật": "1", "Hoạt động trải nghiệm, hướng nghiệp": "3",
}  # fmt: skip
LEADING = ("Ngữ văn", "Toán", "Khoa học tự nhiên", "Tiếng Anh")


def run(scale: Scale) -> Iterator[Figure]:
    problem = school(CLASSES if scale is FULL else 4)
    bare = replace(problem, rules=TimetableRules(frame=problem.rules.frame, no_gaps=False, together=False))
    effort = Effort(improve=0)
    lessons = sum(load.lessons for load in problem.loads) + len(problem.fixed)
    note = f"{len(problem.classes)} classes, {len(problem.staff_ids)} teachers, {lessons} lessons; first timetable, one worker"
    yield compare(
        "timetable solved",
        lambda: solved(problem, effort),
        lambda: solved(bare, effort),
        scale=scale,
        note=note,
        heavy=True,
    )


def solved(problem: Problem, effort: Effort) -> Outcome:
    outcome = solve(problem, effort)
    if outcome.state != "solved" or clashes(outcome.placed):
        raise AssertionError(outcome.state)
    return outcome


def school(number: int) -> Problem:
    """Classes of 29 lessons in 30 slots, as many teachers as it takes when none has more than 19 lessons."""
    file = settings.DATA_DIR / "timetable" / "lower_secondary.json"
    rules = TimetableRules.model_validate_json(file.read_text(encoding="utf-8"))
    taught, leading, staff_id = [], {}, 0
    for subject, lessons in LESSONS.items():
        load = Decimal(MOST_LESSONS + 1)
        for class_id in range(1, number + 1):
            if load + Decimal(lessons) > MOST_LESSONS:
                staff_id, load = staff_id + 1, Decimal(0)
            load += Decimal(lessons)
            taught.append(Taught(class_id, subject, staff_id, Decimal(lessons)))
            if subject in LEADING and staff_id not in leading.values():
                leading.setdefault(class_id, staff_id)
    classes = [ClassWeek(n, 6 + n % 4, (0,), leading.get(n)) for n in range(1, number + 1)]
    return build_problem(classes, taught, rules, term=1)
