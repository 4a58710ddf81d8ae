"""Reports of the last school year: schools' drafts, one commune's signed one, the Sở's draft that gathers it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
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
# (who writes, who signs)
SIGNERS = (("hieutruong", "hieutruong"), ("chuyenvien.xa", "lanhdao.xa"))
DRAFTERS = ("hieutruong2", "chuyenvien.so")


def build(context: DemoContext) -> None:
    """Nothing happens where there are reports already, or no school year has ended."""
    year = SchoolYear.objects.filter(ends_on__lt=context.today).order_by("-starts_on").first()
    if year is None or Report.objects.exists():
        return
    now = datetime(year.ends_on.year, 6, 9, 9, tzinfo=timezone.get_default_timezone())
    for account, leader in SIGNERS:
        made = _draft(context, account, year, now)
        if made is not None:
            actions.sign_report(by=context.actor(leader), report=made, now=now)
    for account in DRAFTERS:
        _draft(context, account, year, now)


def _draft(context: DemoContext, account: str, year: SchoolYear, now: datetime) -> Report | None:
    """Written for the unit of this account, with words of an author."""
    actor = context.actor(account)
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
