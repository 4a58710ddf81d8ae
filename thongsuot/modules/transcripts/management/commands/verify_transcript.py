"""thongsuot verify_transcript FILE [--json] [--at MOMENT] [--store]

Checks a transcript (XML, or PDF with the XML inside) without a database: structure, signatures, who signed in which role,
whether the certificates were good then. --store also asks the store of this installation. Exit codes: 0 valid, 1 invalid,
2 cannot be decided, 3 the file cannot be opened.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from thongsuot.kit.signing.types import Verdict
from thongsuot.kit.signing.words import VERDICTS

from ...domain.values import VIETNAM
from ...queries import Check, check_file, kind_words, profiles

MOST_BYTES = 12 * 1024 * 1024
EXIT = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.INDETERMINATE: 2}
UNREADABLE = 3


class Command(BaseCommand):
    help = (
        "Kiểm tra học bạ số (XML hoặc PDF): cấu trúc, chữ ký, ai ký với vai trò gì, lúc nào, chứng thư khi ký. "
        "Mã thoát: 0 hợp lệ, 1 không hợp lệ, 2 chưa kết luận được, 3 không mở được tệp."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="tệp học bạ")
        parser.add_argument("--json", action="store_true", help="in JSON")
        parser.add_argument(
            "--at",
            type=_moment,
            default=None,
            help="thời điểm đã chắc chắn có tệp (ISO 8601); mặc định: bây giờ",
        )
        parser.add_argument(
            "--store", action="store_true", help="hỏi thêm kho bản gốc của hệ thống này (cần cơ sở dữ liệu)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            self.stderr.write(_("Không mở được tệp %(name)s.") % {"name": path.name})
            sys.exit(UNREADABLE)
        check = check_file(data, most=MOST_BYTES, at=options["at"], with_store=options["store"])
        if options["json"]:
            self.stdout.write(json.dumps(as_json(check), ensure_ascii=False, indent=1))
        else:
            self._show(check)
        if code := EXIT[check.verdict]:
            sys.exit(code)

    def _show(self, check: Check) -> None:
        self.stdout.write(str(VERDICTS[check.verdict]))
        for said in (*filter(None, [kind_words(check.profile)]), *check.faults, *check.notes):
            self.stdout.write(f"  {said}")
        for label in check.missing:
            self.stdout.write("  " + _("Thiếu chữ ký: %(who)s") % {"who": label})
        common = check.content.get("common", {})
        if common:
            self.stdout.write(
                f"{common.get('full_name')} · {common.get('school_name')} · {common.get('school_year_name')} · {check.uuid}"
            )
        for one in check.signatures:
            at = f"{one.signed_at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}" if one.signed_at else "–"
            self.stdout.write(f"{one.label or '?'}: {one.verdict_words} · {one.signer or '–'} · {at}")
            for reason in one.reasons:
                self.stdout.write(f"  {reason}")


def as_json(check: Check) -> dict[str, Any]:
    """The answer for programs; the words for people are beside the codes."""
    return {
        "verdict": check.verdict.value,
        "profile": check.profile,
        "kind": profiles()[check.profile].kind.value if check.profile in profiles() else "",
        "uuid": check.uuid,
        "standing": check.standing,
        "faults": list(check.faults),
        "notes": list(check.notes),
        "missing_signatures": list(check.missing),
        "changed": list(check.changed),
        "signatures": [
            {
                "role": one.role,
                "label": str(one.label),
                "verdict": one.verdict.value,
                "reasons": list(one.codes),
                "words": list(one.reasons),
                "signer": one.signer,
                "subject": one.subject,
                "issuer": one.issuer,
                "serial": one.serial,
                "signed_at": one.signed_at.isoformat() if one.signed_at else None,
            }
            for one in check.signatures
        ],
        "content": dict(check.content),
    }


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)
