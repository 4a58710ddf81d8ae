"""`thongsuot extract_directive FILE --json`: what a directive's file says, without touching a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thongsuot.modules.directives.domain.extraction import ExtractedDirective, extract
from thongsuot.modules.directives.domain.reading import UnreadableFile, read_file


class Command(BaseCommand):
    help = "Đọc một văn bản chỉ đạo (.docx, .pdf, .txt, .md), in ra nhiệm vụ, chỉ tiêu, chế độ báo cáo."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="tệp văn bản")
        parser.add_argument("--json", action="store_true", help="in JSON đầy đủ thay cho bản tóm tắt")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = extract(read_file(options["file"]))
        except UnreadableFile as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_summary(found))


def _summary(found: ExtractedDirective) -> str:
    head = found.header
    lines = [
        f"{head.type or 'Văn bản'} {head.number or '(chưa có số)'} - {head.issuer or '(chưa rõ cơ quan)'}",
        f"{head.subject or ''}",
        f"{len(found.tasks)} nhiệm vụ, {len(found.targets)} chỉ tiêu, {len(found.reporting)} chế độ báo cáo",
    ]
    for task in found.tasks:
        lead = ", ".join(task.lead) or "chưa nêu chủ trì"
        when = task.deadline.date.isoformat() if task.deadline.date else task.deadline.raw or "không nêu hạn"
        lines.append(f"  {task.section}  {task.text[:90]}  [{lead}; {when}]")
    return "\n".join([*lines, *found.notes])
