"""The gradebook at a province's size: a class's grid saved against the bare INSERT of the same rows, the year's results of
all pupils against a bare read of their marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from tests.bench.emptying import empty_registry
from tests.bench.measure import Figure, compare, figure, seconds
from tests.bench.province import settle
from tests.bench.pupils import DAY, PER_SCHOOL, fill
from tests.bench.scale import Scale
from tests.factories.organization import make_appointment, make_school, make_user
from tests.factories.registry import make_staff, make_teaching
from thongsuot.config.demo.marks import fill_year
from thongsuot.config.demo.marks_made import Stage
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook.actions import compute_everywhere, enter_marks
from thongsuot.modules.gradebook.models import ClassSubject, PupilYear, SubjectMarks, SubjectResult
from thongsuot.modules.gradebook.types import CellChange
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.registry.models import Enrolment, SchoolClass, TeachingAssignment

GRID_MOST, RESULTS_MOST = 3, 10
GRID = 45
# Schools of two levels, so that there is a class with marks even where only the running is tried.
LEAST = 2
CHOSEN = ("Vật lí", "Hóa học", "Sinh học", "Tin học")
TERM = 1
# Of twenty schools nine are primary, seven lower, four upper secondary: as in a province.
LEVELS = """
    update organization_school s set levels = array[case when n * 7 %% 20 < 9 then 'primary'
        when n * 7 %% 20 < 16 then 'lower_secondary' else 'upper_secondary' end]
    from (select unit_id, row_number() over (order by unit_id) n from organization_school) k
    where k.unit_id = s.unit_id
"""
GRADES = """
    update registry_schoolclass c set grade = case s.levels[1] when 'primary' then 1 + c.id %% 5
        when 'lower_secondary' then 6 + c.id %% 4 else 10 + c.id %% 3 end
    from organization_school s where s.unit_id = c.unit_id
"""
SPELLS = "update registry_enrolment e set grade = c.grade from registry_schoolclass c where c.id = e.school_class_id"
MARKS = """
    copy (select m.class_subject_id, m.student_id, m.term, m.regular, m.midterm, m.final, m.regular_levels,
        m.midterm_level, m.final_level, m.midterm_absent, m.final_absent, m.exempt
    from gradebook_subjectmarks m) to stdout
"""
UNRECORDED = (
    "organization_school",
    "registry_schoolclass",
    "registry_enrolment",
    "gradebook_subjectmarks",
    "gradebook_termconduct",
    "gradebook_pupiltraits",
    "gradebook_absence",
)
COLUMNS = (
    "unit_id",
    "class_subject_id",
    "student_id",
    "term",
    "regular",
    "midterm",
    "final",
    "regular_levels",
)
REST = ("midterm_level", "final_level", "midterm_absent", "final_absent", "exempt", "remark", "version")


def run(scale: Scale) -> Iterator[Figure]:
    empty_registry()
    while Unit.objects.filter(kind="school").count() < LEAST:
        make_school(parent=Unit.objects.filter(kind="department").first())
    fill(scale.pupils, schools=max(LEAST, scale.pupils // PER_SCHOOL))
    year = SchoolYear.objects.get(name="2026-2027")
    with _unrecorded() as cursor:
        for statement in (LEVELS, GRADES, SPELLS):
            cursor.execute(statement.replace("%%", "%"))
    _teach_choices(year)
    units = list(SchoolClass.objects.order_by("unit_id").values_list("unit_id", flat=True).distinct())
    with _unrecorded():
        fill_year(year, units, [(1, Stage()), (2, Stage())], until=DAY)
    settle()
    yield _grid(year, scale)
    yield from _results(year, scale)
    empty_registry()


def _teach_choices(year: SchoolYear) -> None:
    """Upper-secondary classes have the subjects that are taught in them: four of those to be chosen."""
    classes = list(SchoolClass.objects.filter(school_year=year, grade__gte=10).values_list("pk", "unit_id"))
    member = make_staff(Unit.objects.filter(kind="school").order_by("pk")[0])
    TeachingAssignment.objects.bulk_create(
        [
            TeachingAssignment(
                staff=member, school_class_id=pk, unit_id=unit_id, subject=subject, lessons_per_week=2,
                valid_from=year.starts_on,
            )
            for pk, unit_id in classes
            for subject in CHOSEN
        ],
        batch_size=2000,
    )  # fmt: skip


class _unrecorded:
    """A transaction that leaves no history: ten million rows of a scene need none."""

    def __enter__(self) -> Any:
        self.block = transaction.atomic()
        self.block.__enter__()
        cursor = connection.cursor()
        # Where this is inside another transaction, what it still has to check is checked now.
        cursor.execute("set constraints all immediate")
        self._triggers(cursor, "disable")
        return cursor

    def _triggers(self, cursor: Any, what: str) -> None:
        for table in UNRECORDED:
            cursor.execute(f"alter table {table} {what} trigger user")

    def __exit__(self, *given: Any) -> None:
        if not given[0]:
            cursor = connection.cursor()
            cursor.execute("set constraints all immediate")
            self._triggers(cursor, "enable")
        self.block.__exit__(*given)


def _grid(year: SchoolYear, scale: Scale) -> Figure:
    """A teacher saves a whole grid of a class of 45, all cells of a term."""
    subject = (
        ClassSubject.objects.filter(code="mathematics", school_year=year, regular_count=4)
        .select_related("school_class")
        .order_by("pk")
        .first()
    )
    if subject is None:
        raise AssertionError("no class of secondary school")
    room = subject.school_class
    _make_full(room)
    user = make_user()
    make_appointment(user, "teacher", Unit.objects.get(pk=room.unit_id))
    make_teaching(make_staff(room.unit, account=user), room, "Toán")
    teacher = actor_for(user)
    pupils = list(
        Enrolment.objects.filter(school_class=room, left_on__isnull=True).values_list("student_id", flat=True)
    )[:GRID]
    columns = [*(f"regular.{place}" for place in range(4)), "midterm", "final"]
    changes = [
        CellChange(key, column, "", f"{4 + (key + place) % 6}.5")
        for key in pupils
        for place, column in enumerate(columns)
    ]
    rows: list[Any] = []

    def empty() -> None:
        SubjectMarks.objects.filter(class_subject=subject, term=TERM).delete()

    def ours() -> float:
        empty()
        begun = seconds()
        with act_as(teacher):
            done = enter_marks(by=teacher, class_subject=subject, term=TERM, changes=changes)
        spent = (seconds() - begun) * 1000
        if len(done.saved) != len(changes) or done.conflicts or done.faults:
            raise AssertionError(done)
        return spent

    ours()
    names = [*COLUMNS, *REST]
    rows[:] = SubjectMarks.objects.filter(class_subject=subject, term=TERM).values_list(*names)
    line = f"({', '.join(['%s'] * len(names))}, now())"
    bare = f"insert into gradebook_subjectmarks ({', '.join(names)}, updated_at) values {', '.join([line] * len(rows))}"
    values = [value for row in rows for value in row]

    def floor() -> float:
        empty()
        begun = seconds()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(bare, values)
        return (seconds() - begun) * 1000

    return compare(
        "a class's grid saved",
        ours,
        floor,
        scale=scale,
        note=f"{len(rows)} pupils, {len(changes)} cells, by a teacher under row-level security, with lock, conflicts and "
        "history; the floor is one INSERT of the same rows by the owner, history and constraints of the table included",
        most=GRID_MOST,
    )


def _make_full(room: SchoolClass) -> None:
    """Pupils of another class of the school into this one, until it has 45."""
    missing = GRID - Enrolment.objects.filter(school_class=room, left_on__isnull=True).count()
    others = Enrolment.objects.filter(unit_id=room.unit_id, left_on__isnull=True).exclude(school_class=room)
    keys = list(others.order_by("pk").values_list("pk", flat=True)[: max(0, missing)])
    Enrolment.objects.filter(pk__in=keys).update(school_class=room)


def _results(year: SchoolYear, scale: Scale) -> Iterator[Figure]:
    """Every pupil's subjects, terms and year: the first time, and again with every mark read anew."""
    system = Actor.system()
    pupils = Enrolment.objects.count()

    def read() -> float:
        begun = seconds()
        with connection.cursor() as cursor, cursor.copy(MARKS) as rows:
            for _piece in rows:
                pass
        return (seconds() - begun) * 1000

    def compute(*, anew: bool) -> float:
        if anew:
            with connection.cursor() as cursor:
                cursor.execute("truncate gradebook_subjectresult, gradebook_pupilyear")
        else:
            # What is the same is not written again: half of the results are made to differ.
            SubjectResult.objects.filter(student_id__in=_odd()).update(reasons=[{"why": "exempt"}])
        begun = seconds()
        done = compute_everywhere(by=system, school_year=year, everybody=True)
        spent = (seconds() - begun) * 1000
        if done.pupils != pupils:
            raise AssertionError((done, pupils))
        return spent

    marks = SubjectMarks.objects.count()
    note = f"{pupils} pupils, {marks} lines of marks; the floor is COPY of the marks, its bytes thrown away"
    # Of a province one round is minutes.
    rounds = max(1, min(3, scale.rounds, 200_000 // pupils))
    read()
    for name, anew in (("computed", True), ("computed again, half of them different", False)):
        ours, floor = [], []
        for _round in range(rounds):
            floor.append(read())
            ours.append(compute(anew=anew))
        yield figure(f"year results {name}", ours, floor, note=note, most=RESULTS_MOST)
    if PupilYear.objects.exclude(outcome="undecided").count() < pupils * 0.9:
        raise AssertionError("most years should be decided")


def _odd() -> Any:
    return PupilYear.objects.extra(where=["student_id %% 2 = 1"]).values("student_id")
