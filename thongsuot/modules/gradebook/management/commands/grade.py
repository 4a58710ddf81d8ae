"""thongsuot grade --input FILE [--json] [--rules FILE ...]

Results of a file of marks under the rules of its school year (data/grading/README.md), without a database. Exit codes: 0 all
graded, 1 some pupils could not be read, 2 the file is not to be understood.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ...queries import grade_document
from ...queries.rules import Rules, read_rules
from ...queries.words import name_of
from ...types import BadRules, GradingFault, Learning, PrimaryLearning

SOME, WRONG = 1, 2
LEVELS = {one.value: one for one in (*PrimaryLearning, *Learning)}


class Command(BaseCommand):
    help = (
        "Tính kết quả học kỳ, cả năm, lên lớp, khen thưởng từ tệp điểm JSON, theo quy định của năm học "
        "(TT 27/2020, TT 22/2021). Mã thoát: 0 đã tính hết, 1 có học sinh không đọc được, 2 tệp không hiểu được."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--input", required=True, type=Path, metavar="FILE", help="tệp điểm JSON (data/grading/README.md)"
        )
        parser.add_argument("--json", action="store_true", help="in JSON đầy đủ với lý do của từng kết quả")
        parser.add_argument(
            "--rules",
            action="append",
            type=Path,
            default=[],
            metavar="FILE",
            help="thêm một quy định (tệp tải từ trang Quy định đánh giá); ghi nhiều lần được",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rules = [_rules(path) for path in options["rules"]]
            found = grade_document(_read(options["input"]), rules)
        except GradingFault as refusal:
            self.stderr.write(refusal.message)
            sys.exit(WRONG)
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self._show(found)
        for fault in found["errors"]:
            said = _("Học sinh thứ %(row)s (%(pupil)s), %(field)s: %(reason)s") % fault
            self.stderr.write(said)
        if found["errors"]:
            sys.exit(SOME)

    def _show(self, found: dict[str, Any]) -> None:
        self.stdout.write(f"{found['rules']['legal_source']} · {found['school_year']}")
        for one in found["pupils"]:
            year = one["learning"]["year"]
            level = name_of(LEVELS[year]) if year else "–"
            award = f" · {one['award_name']}" if one["award_name"] else ""
            self.stdout.write(f"{one['id']:16} {level:20} {one['outcome_name']}{award}")
            for reason in one["reasons"]:
                self.stdout.write(f"{'':16} {reason['said']}")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise GradingFault(_("Không mở được tệp %(name)s.") % {"name": path.name}) from error
    except (ValueError, RecursionError) as error:
        raise GradingFault(_("Tệp %(name)s không phải JSON UTF-8.") % {"name": path.name}) from error


def _rules(path: Path) -> Rules:
    given = _read(path)
    if not isinstance(given, dict):
        raise GradingFault(_("Tệp %(name)s không phải JSON của một quy định.") % {"name": path.name})
    try:
        return read_rules(given)
    except BadRules as refusal:
        raise GradingFault(f"{path.name}: {refusal.message}") from refusal
