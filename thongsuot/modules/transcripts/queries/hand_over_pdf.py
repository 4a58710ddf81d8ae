"""Biên bản bàn giao học bạ as PDF/A: both schools, whose records, which years, what is missing, places for two signatures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from thongsuot.kit.typesetting.typst_files import typeset_pdf

from .handing import Minutes
from .printing import FAMILIES

TEMPLATE = Path(__file__).with_name("hand_over.typ")


def minutes_pdf(found: Minutes) -> bytes:
    """What was undone since is left out. Same rows, same bytes. Raises NoFont."""
    with override("vi"):
        words = _words(found)
    return typeset_pdf(
        TEMPLATE,
        {"minutes": json.dumps(words, ensure_ascii=False)},
        day=timezone.localdate(found.first.at),
        families=FAMILIES,
        fonts_dir=Path(settings.VAR_DIR) / "fonts",
    )


def _words(found: Minutes) -> dict[str, Any]:
    first, rows = found.first, found.open_rows
    at = timezone.localtime(first.at)
    taken_by = first.by.full_name if first.by else _("hệ thống, khi quá hạn nhận")
    given_by = first.given_by.full_name if first.given_by else ""
    return {
        "nation": _("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        "motto": _("Độc lập - Tự do - Hạnh phúc"),
        "title": _("BIÊN BẢN BÀN GIAO HỌC BẠ SỐ"),
        "day": _("Ngày %(day)s tháng %(month)s năm %(year)s")
        % {"day": f"{at:%d}", "month": f"{at:%m}", "year": f"{at:%Y}"},
        "pairs": [
            [_("Bên giao"), first.from_unit.name],
            [_("Người xác nhận giao"), given_by],
            [_("Bên nhận"), first.to_unit.name],
            [_("Người nhận"), taken_by],
            [_("Nhận lúc"), f"{at:%H:%M %d/%m/%Y}"],
            [
                _("Số lượng"),
                _("%(pupils)d học sinh, %(number)d học bạ")
                % {"pupils": len(rows), "number": sum(row.number for row in rows)},
            ],
        ],
        "head": [
            _("TT"),
            _("Họ và tên"),
            _("Học bạ bàn giao (lớp)"),
            _("Số bản"),
            _("Năm chưa có học bạ số"),
        ],
        "rows": [
            [
                str(number),
                row.student_name,
                ", ".join(found.years.get(row.student_id, [])),
                str(row.number),
                ", ".join(row.missing),
            ]
            for number, row in enumerate(rows, start=1)
        ],
        "words": _(
            "Học bạ số đã ký số được giữ nguyên như khi phát hành; trường nhận kế thừa, không lập lại. "
            "Trường giao vẫn xem được học bạ do mình phát hành."
        ),
        "signers": [_("ĐẠI DIỆN BÊN GIAO"), _("ĐẠI DIỆN BÊN NHẬN")],
        "hint": _("(Ký tên, đóng dấu)"),
        "footer": _("Biên bản %(batch)s") % {"batch": str(found.batch)},
    }
