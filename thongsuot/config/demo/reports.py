"""Reports of the last school year: a signed one, one that was sent back, a commune's, the Sở's draft that gathers it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.models import SchoolYear
from thongsuot.modules.statistics import actions, queries
from thongsuot.modules.statistics.models import Report

KIND = "year"
WRITTEN = {
    "overview": "Năm học đầu tiên thực hiện chính quyền địa phương hai cấp; trường lớp ổn định sau sắp xếp.",
    "quality": "Thực hiện đủ chương trình; sinh hoạt chuyên môn theo cụm mỗi tháng một lần.",
    "shortcomings": "Một số phòng học xuống cấp; thiết bị dạy tin học còn thiếu so với số lớp.",
    "causes": "Kinh phí mua sắm được giao muộn; một số hạng mục chờ phê duyệt.",
    "next": "Rà soát, làm sạch dữ liệu học sinh trước ngày khai giảng.\nSửa chữa phòng học trong hè.",
    "proposals": "Đề nghị bổ sung giáo viên tin học và kinh phí sửa chữa phòng học.",
}
OVERRIDDEN = "registry.classrooms"


def build(context: DemoContext) -> None:
    """Nothing happens where there are reports already, or no school year has ended.

    One school's report is signed, with a number of its own, and gathered by its commune, which signs too; a school of
    another commune has its report sent back; the Sở's is a draft.
    """
    year = SchoolYear.objects.filter(ends_on__lt=context.today).order_by("-starts_on").first()
    if year is None or Report.objects.exists():
        return
    now = datetime(year.ends_on.year, 6, 9, 9, tzinfo=timezone.get_default_timezone())
    principal, leader = context.actor("hieutruong"), context.actor("lanhdao.xa")
    of_school = _draft(principal, year, now)
    if of_school is not None:
        _override(principal, of_school, now)
        actions.sign_report(by=principal, report=of_school, number=12, now=now)
    of_commune = _draft(context.actor("chuyenvien.xa"), year, now)
    if of_commune is not None:
        actions.sign_report(by=leader, report=of_commune, number=187, now=now)
    other = _draft(context.actor("hieutruong2"), year, now)
    if other is not None:
        signed = actions.sign_report(by=context.actor("hieutruong2"), report=other, now=now)
        reason = "Chưa nêu nguyên nhân của việc thiếu thiết bị; bổ sung kiến nghị với phường."
        actions.return_report(by=context.actor("chuyenvien.xa2"), report=signed, reason=reason, now=now)
    _draft(context.actor("chuyenvien.so"), year, now)


def _override(by: Actor, report: Report, now: datetime) -> None:
    computed = report.content["figures"].get(OVERRIDDEN, {}).get("value")
    if computed is not None:
        actions.note_figure(
            by=by, report=report, code=OVERRIDDEN, value=Decimal(computed) + 1, now=now,
            reason="Một phòng mới bàn giao cuối tháng 5, chưa nhập hồ sơ",
        )  # fmt: skip


def _draft(actor: Actor, year: SchoolYear, now: datetime) -> Report | None:
    """Written for the unit of this account, with words of an author."""
    units = queries.writable_units(actor)
    if not units:
        return None
    made = actions.start_report(by=actor, unit=units[0], school_year=year, kind=KIND, now=now)
    for key, text in WRITTEN.items():
        passage = made.texts.get(key=key)
        words = "\n".join(filter(None, [text, passage.text]))
        actions.write_text(by=actor, report=made, key=key, text=words, edition=passage.edition, now=now)
    actions.keep_version(by=actor, report=made, label="Bản trình lãnh đạo", now=now)
    return made
