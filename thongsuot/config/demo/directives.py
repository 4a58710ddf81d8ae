"""Orders and a year of work on them: the three real directives read as files, and what the Sở gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from thongsuot.config.demo import progress
from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.directives import actions, queries
from thongsuot.modules.directives.actions.reporting import create_duty
from thongsuot.modules.directives.actions.targets import create_target
from thongsuot.modules.directives.models import Assignment, Directive
from thongsuot.modules.directives.types import DeadlineKind, FindingState
from thongsuot.modules.organization.models import Appointment, Unit
from thongsuot.modules.organization.queries import actor_for


@dataclass(frozen=True)
class Order:
    """A file of data/demo/directives, who takes it in, and when. `issued_on` where the file leaves the day
    blank; `note`: what a reader of the demo must know of it.
    """

    file: str
    username: str
    taken_in: date
    issued_on: date | None = None
    note: str = ""
    confirm: bool = True


ORDERS = (
    Order("duc-pho-phu-luc-03-2025-2030.txt", "chuyenvien.xa2", date(2025, 9, 15), date(2025, 9, 8)),
    Order("sa-thay-cong-van-cntt-2025-2026.txt", "chuyenvien.xa", date(2025, 10, 23), date(2025, 10, 22)),
    # Published with its number and day left blank: no number is invented for it.
    Order(
        "lam-dong-ke-hoach-nq57-2026.txt",
        "chuyenvien.so",
        date(2026, 4, 6),
        date(2026, 4, 2),
        note="Văn bản thật của Sở Giáo dục và Đào tạo tỉnh Lâm Đồng, bản công bố để trống số và ngày. Bản trình "
        "diễn dùng làm kế hoạch của năm để theo dõi; ngày ban hành là giả định.",
    ),
    Order("so-cong-van-bao-cao-cuoi-nam.txt", "chuyenvien.so", date(2026, 11, 17), confirm=False),
)


@dataclass(frozen=True)
class Given:
    """What the Sở gives to all communes: `due` in days from the day of the demo; `handed_down` to their
    schools.
    """

    text: str
    product: str
    due: int
    handed_down: bool = False


# Targets whose figures come from the records: text, comparison, value, indicator.
LIVE_TARGETS = (
    ("100% giáo viên có chữ ký số", ">=", 100, "digital.teachers_signature"),
    ("100% cán bộ quản lý có chữ ký số", ">=", 100, "digital.staff_signature"),
    ("Ít nhất 98% học sinh có học bạ số", ">=", 98, "digital.transcripts"),
    ("100% học sinh có số định danh cá nhân được xác thực với Cơ sở dữ liệu quốc gia về dân cư", ">=", 100,
     "registry.pupils_verified"),
    ("100% giáo viên đạt chuẩn trình độ đào tạo", ">=", 100, "registry.teachers_standard"),
    ("Ít nhất 90% cán bộ, giáo viên đạt kỹ năng số cơ bản", ">=", 90, "registry.staff_digital_skills"),
    ("Không quá 10% lớp vượt sĩ số tối đa", "<=", 10, "registry.classes_over_limit"),
)  # fmt: skip

GIVEN = (
    Given(
        "Rà soát mạng lưới trường, lớp trên địa bàn sau sắp xếp đơn vị hành chính", "Báo cáo rà soát", -290
    ),
    Given("Cập nhật cơ sở dữ liệu ngành kỳ cuối năm học", "Dữ liệu được xác nhận trên hệ thống", -170, True),
    Given("Triển khai học bạ số cấp tiểu học, trung học cơ sở", "Báo cáo kết quả triển khai", -120, True),
    Given("Xây dựng kế hoạch bồi dưỡng năng lực số cho cán bộ quản lý, giáo viên", "Kế hoạch", -95),
    Given("Chuẩn bị cơ sở vật chất, thiết bị cho năm học mới", "Báo cáo kết quả chuẩn bị", -80, True),
    Given("Cập nhật cơ sở dữ liệu ngành kỳ đầu năm học", "Dữ liệu được xác nhận trên hệ thống", -30, True),
    Given("Kiểm tra việc thực hiện thu, chi đầu năm học", "Biên bản, báo cáo kiểm tra", -9),
    Given("Cấp chữ ký số cho giáo viên để ký học bạ", "Danh sách giáo viên đã có chữ ký số", 5, True),
    Given("Tổ chức Ngày hội chuyển đổi số ngành Giáo dục cấp xã", "Kế hoạch, báo cáo kết quả", 25),
    Given("Tổng kết thực hiện nhiệm vụ chuyển đổi số trong giáo dục năm", "Báo cáo tổng kết", 40),
)


def build(context: DemoContext) -> None:
    if Directive.objects.exists():
        return
    for order in ORDERS:
        _take_in(context, order)
    _give(context)
    _reports(context)
    _targets(context)
    progress.live_through(context)
    _at_one_school(context)
    context.say(f"Văn bản: {Directive.objects.count()}, nhiệm vụ: {Assignment.objects.count()}")


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 15)))


def _owner(username: str) -> Any:
    held = Appointment.objects.select_related("unit__parent").get(
        user__username=username, delegated_from__isnull=True
    )
    return held.unit.parent if held.unit.kind in ("department_office", "commune_office") else held.unit


def _take_in(context: DemoContext, order: Order) -> None:
    day = min(order.taken_in, context.today)
    by, owner, now = context.actor(order.username), _owner(order.username), at(day)
    path: Path = context.data / "demo" / "directives" / order.file
    upload = SimpleUploadedFile(order.file, path.read_bytes(), content_type="text/plain")
    directive = actions.import_directive(by=by, upload=upload, owner_unit=owner, now=now)
    Directive.objects.filter(pk=directive.pk).update(imported_at=now)
    if not order.confirm:
        return
    if order.issued_on and not directive.issued_on:
        blank = {"issued_on": order.issued_on, "note": order.note}
        if order.note:
            # "/KH-SGDĐT" is a form without its number.
            blank["number"] = ""
        actions.edit_header(by=by, directive=directive, data=blank, now=now)
    for kind in ("task", "target", "reporting"):
        actions.accept_all(by=by, directive=directive, kind=kind, now=now)
    own_office = by.holdings[0].unit_id
    for finding in directive.findings.filter(state=FindingState.PROPOSED):
        actions.edit_finding(by=by, finding=finding, data={}, units={"lead": [own_office]}, now=now)
    actions.confirm_directive(by=by, directive=directive, now=at(day, 15))


def _give(context: DemoContext) -> None:
    """Sở -> communes -> their schools, each step by the people who take it."""
    officer = context.actor("chuyenvien.so")
    communes = list(Unit.objects.filter(kind="commune", children__kind="school").distinct().order_by("code"))
    desks = {unit.pk: _desk(context, unit) for unit in communes}
    for given in GIVEN:
        due_on = context.today + timedelta(days=given.due)
        day = min(due_on - timedelta(days=55), context.today - timedelta(days=3))
        made = actions.create_assignment(
            by=officer,
            text=given.text,
            unit_ids=[unit.pk for unit in communes],
            product=given.product,
            group="Nhiệm vụ Sở giao các xã, phường, đặc khu",
            deadline_kind=DeadlineKind.DATE,
            due_on=due_on,
            now=at(day),
        )
        if given.handed_down:
            for task in made:
                _hand_down(desks[task.unit_id], task, due_on - timedelta(days=5), day + timedelta(days=2))


def _desk(context: DemoContext, commune: Unit) -> Actor | None:
    office = Appointment.objects.filter(
        unit__parent=commune, unit__kind="commune_office", role="commune_officer"
    )
    first = office.select_related("user").order_by("user__username").first()
    return actor_for(first.user, today=context.today) if first else None


def _hand_down(by: Actor | None, task: Assignment, due_on: date, day: date) -> None:
    schools = Unit.objects.filter(parent_id=task.unit_id, kind="school").order_by("code")
    ids = list(schools.values_list("pk", flat=True))
    if by is not None and ids:
        actions.hand_down(by=by, assignment=task, unit_ids=ids, due_on=due_on, now=at(day))


def _at_one_school(context: DemoContext) -> None:
    """The school of the demo accounts: something for the principal, something for a teacher."""
    commune, principal, teacher = (
        context.actor(name) for name in ("chuyenvien.xa", "hieutruong", "giaovien")
    )
    school = principal.holdings[0].unit_id
    soon: dict[str, Any] = {"deadline_kind": DeadlineKind.DATE, "due_on": context.today + timedelta(days=6)}
    for text, product in (
        ("Nhập điểm giữa học kỳ I vào sổ điểm điện tử", "Sổ điểm đã khóa"),
        ("Đối chiếu số định danh học sinh lớp 1 với dữ liệu dân cư", "Danh sách đã đối chiếu"),
    ):
        [task] = actions.create_assignment(
            by=commune, text=text, unit_ids=[school], product=product, now=at(context.today), **soon
        )
        actions.hand_down(
            by=principal,
            assignment=task,
            unit_ids=[school],
            person_id=teacher.user_id,
            leader_id=principal.user_id,
            now=at(context.today, 14),
        )
    yesterday = at(context.today - timedelta(days=1), 10)
    [task] = actions.create_assignment(
        by=commune,
        text="Báo cáo việc sử dụng chữ ký số ký học bạ",
        unit_ids=[school],
        product="Báo cáo",
        now=yesterday,
        **soon,
    )
    actions.submit_result(
        by=principal,
        assignment=task,
        subject="Báo cáo sử dụng chữ ký số",
        link="https://vanban.demo.invalid/2201",
        now=yesterday,
    )
    actions.return_result(
        by=commune,
        assignment=task,
        reason="Bổ sung số giáo viên chưa được cấp chữ ký số",
        now=at(context.today),
    )


def _reports(context: DemoContext) -> None:
    """Each month the communes report to the Sở; each quarter the schools to whoever manages them."""
    officer, department = context.actor("chuyenvien.so"), Unit.objects.get(kind="department")
    first_month = context.today.replace(day=25) - timedelta(days=300)
    communes = Unit.objects.filter(kind="commune", children__kind="school").distinct()
    create_duty(
        by=officer,
        owner_unit=department,
        what="Báo cáo tháng tình hình thực hiện nhiệm vụ giáo dục trên địa bàn",
        owing=[(pk, department.pk) for pk in communes.order_by("code").values_list("pk", flat=True)],
        first_due_on=first_month.replace(day=25),
        period="month",
        now=at(context.today),
    )
    schools = Unit.objects.filter(kind="school").order_by("code")
    create_duty(
        by=officer,
        owner_unit=department,
        what="Báo cáo quý về cơ sở vật chất, đội ngũ và chuyển đổi số của trường",
        owing=list(schools.values_list("pk", "parent_id")),
        first_due_on=context.today.replace(month=1, day=10),
        period="quarter",
        now=at(context.today),
    )


def _targets(context: DemoContext) -> None:
    officer, department = context.actor("chuyenvien.so"), Unit.objects.get(kind="department")
    plan = queries.directives(officer).filter(owner_unit=department).exclude(state="reviewing").first()
    communes = list(
        Unit.objects.filter(kind="commune", children__kind="school").distinct().values_list("pk", flat=True)
    )
    for text, value in (("Tỷ lệ trường thu học phí không dùng tiền mặt", 95),):
        create_target(
            by=officer,
            owner_unit=department,
            directive=plan,
            unit_ids=communes,
            text=text,
            operator=">=",
            value=value,
            measure="%",
            period=f"năm {context.today.year}",
            due_on=date(context.today.year, 12, 31),
        )
    for text, operator, value, code in LIVE_TARGETS:
        create_target(
            by=officer,
            owner_unit=department,
            directive=plan,
            unit_ids=communes,
            text=text,
            operator=operator,
            value=value,
            measure="%",
            period=f"năm học {context.today.year}-{context.today.year + 1}",
            due_on=date(context.today.year + 1, 5, 31),
            indicator_code=code,
        )
