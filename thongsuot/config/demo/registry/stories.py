"""What is under way in the registry on the day of the demo: transfers, what parents report, a batch of identity checks."""

from __future__ import annotations

from datetime import timedelta

from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.registry.classes import Seat
from thongsuot.config.demo.registry.cohorts import moment
from thongsuot.config.demo.registry.generate import Generated
from thongsuot.config.demo.registry.world import AccountHolder, DemoSchool, World, having
from thongsuot.modules.organization.models import Appointment
from thongsuot.modules.registry.models import (
    Contact,
    ErrorReport,
    IdentityBatch,
    IdentityCheck,
    Student,
    Transfer,
)

# (field, what the parent says, state, answer)
REPORTS = (
    ("current_address", "Gia đình đã chuyển về thôn 5, xin cập nhật nơi ở hiện nay của cháu.", "open", ""),
    (
        "birth_date",
        "Ngày sinh trong giấy khai sinh của cháu khác với hồ sơ, xin nhà trường kiểm tra.",
        "open",
        "",
    ),
    ("contacts", "Số điện thoại của mẹ cháu đã đổi.", "mended", "Đã cập nhật số điện thoại mới."),
    (
        "full_name",
        "Tên đệm của cháu viết chưa đúng.",
        "declined",
        "Hồ sơ khớp với giấy khai sinh; đề nghị gia đình nộp quyết định cải chính hộ tịch.",
    ),
)
MISMATCHED = ("birth_date", "gender", "full_name")


def tell(context: DemoContext, world: World, made: Generated) -> None:
    school = next(
        (one for one in world.schools if any(h.username == "hieutruong" for h in one.holders)), None
    )
    if school is None:
        return
    spoiled = made.truth.spoiled("student")
    clean = [s for s in made.seats if s.student.id not in spoiled and s.student.account_id is None]
    _transfers(world, school, [seat for seat in clean if seat.spell and seat.spell.left_on is None])
    _reports(world)
    _identity(world, school)


def _head(school: DemoSchool) -> AccountHolder | None:
    return next((h for h in school.holders if h.role == "principal" and not h.title.startswith("Phó")), None)


def _transfers(world: World, school: DemoSchool, seats: list[Seat]) -> None:
    """One pupil is asked for by the first school, one it has let go, and one in twenty schools has a case of its own."""
    rows = []
    near = [one for one in having(world.by_commune()[school.commune], 3) if one is not school]
    schools: list[tuple[DemoSchool, DemoSchool, str]] = []
    if near:
        schools = [(near[0], school, "requested"), (school, near[-1], "released")]
    for index, one in enumerate(world.schools):
        others = [
            s for s in world.by_commune()[one.commune] if s is not one and set(s.grades) & set(one.grades)
        ]
        if index % 20 == 7 and others and one is not school:
            schools.append((one, others[0], ("requested", "released", "refused")[index % 3]))
    taken: set[int] = set()
    for number, (source, target, state) in enumerate(schools):
        grades = set(target.grades)
        seat = next(
            (s for s in seats if s.school is source and s.grade in grades and s.student.id not in taken), None
        )
        if seat is not None:
            taken.add(seat.student.id)
            rows.append(_transfer(world, seat, source, target, state, number))
    Transfer.objects.bulk_create(rows)


def _transfer(
    world: World, seat: Seat, source: DemoSchool, target: DemoSchool, state: str, number: int
) -> Transfer:
    asked = moment(world.today - timedelta(days=2 + number % 9), 9)
    asks, answers = _head(target), _head(source)
    is_open = state == "requested"
    return Transfer(
        student_id=seat.student.id,
        from_unit_id=source.unit_id,
        to_unit_id=target.unit_id,
        state=state,
        reason="Gia đình chuyển nơi ở",
        student_name=seat.student.full_name,
        grade=seat.grade,
        effective_on=world.today + timedelta(days=5),
        requested_by_id=asks.user_id if asks else None,
        requested_at=asked,
        decided_by_id=answers.user_id if answers and not is_open else None,
        decided_at=None if is_open else asked + timedelta(days=1),
        answer={"released": "Đồng ý cho chuyển", "refused": "Hồ sơ đề nghị chưa có đơn của cha mẹ"}.get(
            state, ""
        ),
    )


def _reports(world: World) -> None:
    parent = world.demo_people.get("phuhuynh")
    if parent is None:
        return
    children = list(
        Contact.objects.filter(account_id=parent.user_id).select_related("student").order_by("student_id")
    )
    office = Appointment.objects.filter(user__username="vanphong").first()
    for number, (field, said, state, answer) in enumerate(REPORTS if children else ()):
        child = children[number % len(children)].student
        reported = moment(world.today - timedelta(days=3 + 6 * number), 19)
        ErrorReport.objects.create(
            student=child,
            unit_id=child.unit_id,
            field=field,
            said=said,
            reported_by_id=parent.user_id,
            reported_at=reported,
            state=state,
            answer=answer,
            answered_by_id=office.user_id if office and answer else None,
            answered_at=reported + timedelta(days=2) if answer else None,
        )


def _identity(world: World, school: DemoSchool) -> None:
    """The last batch of the first school, answered, with the fields that differ."""
    head = _head(school)
    sent = moment(world.today - timedelta(days=12), 8)
    pupils = list(
        Student.objects.filter(unit_id=school.unit_id).exclude(identity_status="not_sent").order_by("pk")
    )
    batch = IdentityBatch.objects.create(
        unit_id=school.unit_id,
        channel="file",
        kind="student",
        size=len(pupils),
        answered=sum(1 for one in pupils if one.identity_status != "waiting"),
        matched=sum(1 for one in pupils if one.identity_status == "matched"),
        created_by_id=head.user_id if head else None,
        created_at=sent,
        finished_at=None
        if any(one.identity_status == "waiting" for one in pupils)
        else sent + timedelta(days=2),
    )
    IdentityCheck.objects.bulk_create(
        [
            IdentityCheck(
                batch=batch,
                unit_id=school.unit_id,
                person_id=one.pk,
                status=one.identity_status,
                differing=MISMATCHED[one.pk % 3] if one.identity_status == "mismatched" else "",
                answered_at=None if one.identity_status == "waiting" else sent + timedelta(days=2),
            )
            for one in pupils
        ],
        batch_size=2000,
    )
