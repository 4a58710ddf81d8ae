"""What the demo builds, in order. A step is a function of the context; each may run again and then changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from thongsuot.config.demo import (
    certificates,
    directives,
    figures,
    forecast,
    marks,
    maturity,
    organization,
    people,
    quality,
    reports,
    statistics,
    teachers,
    timetable,
    transcripts,
)
from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.registry import build as registry

Step = Callable[[DemoContext], object]

STEPS: tuple[tuple[str, Step], ...] = (
    ("Danh mục hành chính và danh mục mã", organization.reference),
    ("Năm học", organization.calendar),
    ("Đơn vị và trường", organization.units),
    ("Người và phân công", people.people),
    ("Hồ sơ học sinh, lớp, đội ngũ, cơ sở vật chất của ba năm học", registry.build),
    ("Giáo viên của các trường trên trang đăng nhập", teachers.build),
    ("Chứng thư số của người ký", certificates.build),
    ("Sổ điểm của năm học trước và năm nay", marks.build),
    ("Học bạ số của năm học trước", transcripts.build),
    ("Số học sinh các năm trước và dự báo", forecast.build),
    ("Thời khoá biểu", timetable.build),
    ("Văn bản chỉ đạo và một năm thực hiện", directives.build),
    ("Đánh giá mức độ chuyển đổi số của ba năm học", maturity.build),
    ("Kỳ báo cáo thống kê", statistics.build),
    ("Số liệu chỉ số của các tháng đã qua", figures.build),
    ("Báo cáo tổng kết năm học trước", reports.build),
    ("Số liệu đơn vị báo cáo", statistics.reported),
    ("Kiểm tra dữ liệu", quality.build),
)


def build_all(context: DemoContext) -> None:
    for title, step in STEPS:
        context.say(f"{title} ...")
        step(context)
