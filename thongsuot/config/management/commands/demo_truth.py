"""`thongsuot demo_truth FILE [--check] [--json]`: what was seeded into the demo against what the quality rules found."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from thongsuot.config.demo.comparing import Outcome, compare_cases
from thongsuot.config.demo.truth import Truth
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.quality.actions import run_checks


class Command(BaseCommand):
    help = "So lỗi đã gieo vào dữ liệu minh hoạ với lỗi mà các quy tắc tìm thấy: tìm sót, báo nhầm của từng quy tắc."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("truth", type=Path, metavar="TỆP", help="tệp mà `thongsuot demo --truth` đã ghi")
        parser.add_argument("--check", action="store_true", help="chạy kiểm tra dữ liệu toàn tỉnh trước")
        parser.add_argument("--json", action="store_true", help="in mọi quy tắc dạng JSON")

    def handle(self, *args: Any, truth: Path, check: bool, **options: Any) -> None:
        try:
            known = Truth.from_json(truth.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise CommandError(f"Không đọc được tệp {truth}: {problem}") from problem
        system = Actor.system()
        with act_as(system), acting(system, reason="demo_truth"):
            if check:
                run_checks(by=system, today=timezone.localdate())
            outcomes = compare_cases(known)
        if options["json"]:
            self.stdout.write(json.dumps([one.as_row() for one in outcomes], ensure_ascii=False, indent=1))
        else:
            self._print(outcomes)
        wrong = [one for one in outcomes if not one.is_right]
        if wrong:
            raise CommandError(f"{len(wrong)} quy tắc tìm sót hoặc báo nhầm.")

    def _print(self, outcomes: list[Outcome]) -> None:
        wide = max(len(one.rule) for one in outcomes)
        heads = ("gieo", "kéo theo", "lạ mà đúng", "tìm thấy", "sót", "báo nhầm")
        self.stdout.write(f"{'':{wide}}  " + "  ".join(f"{head:>10}" for head in heads))
        for one in outcomes:
            figures = (
                one.seeded,
                one.knock_on,
                one.unusual,
                one.found,
                len(one.missed),
                len(one.false_alarms),
            )
            mark = "" if one.is_right else "  <--"
            self.stdout.write(f"{one.rule:{wide}}  " + "  ".join(f"{n:>10}" for n in figures) + mark)
        expected = sum(one.expected for one in outcomes)
        missed, cried = (sum(len(getattr(one, n)) for one in outcomes) for n in ("missed", "false_alarms"))
        self.stdout.write(f"{len(outcomes)} quy tắc: phải tìm {expected}, sót {missed}, báo nhầm {cried}")
