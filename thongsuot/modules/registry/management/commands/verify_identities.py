"""`thongsuot verify_identities --school CODE [--kind student|staff] [--dry-run] [--wait SECONDS] [--json]`."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ...actions import identity
from ...models import IdentityBatch
from ...queries.population import is_connected

ENDED = ("done", "given_up")


@contextmanager
def _as_system() -> Iterator[None]:
    """One transaction as the system, with its trace."""
    with act_as(Actor.system()), acting(Actor.system(), reason="verify_identities"):
        yield


class Command(BaseCommand):
    help = "Gửi học sinh hoặc cán bộ của một trường đi xác thực với cơ sở dữ liệu quốc gia về dân cư."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--school", metavar="CODE", required=True, help="mã trường")
        parser.add_argument("--kind", choices=("student", "staff"), default="student")
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ cho biết ai sẽ được gửi, không ghi gì"
        )
        parser.add_argument("--wait", type=int, default=60, metavar="SECONDS", help="chờ trả lời bao lâu")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self._run(options)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else self._words(found))

    def _run(self, options: dict[str, Any]) -> dict[str, Any]:
        by, kind = Actor.system(), options["kind"]
        with _as_system():
            unit = organization.unit_by_code(options["school"])
            if unit is None:
                raise CommandError(f"Không có đơn vị mã {options['school']}.")
            identity.notice_mended(by=by, kind=kind, unit_ids=[unit.pk])
            seen = asdict(identity.preview(by=by, unit_id=unit.pk, kind=kind))
        found: dict[str, Any] = {"school": options["school"], "kind": kind, "dry_run": options["dry_run"]}
        found |= {**seen, "ready": len(seen["ready"])}
        if options["dry_run"] or not seen["ready"]:
            return found
        if not is_connected():
            raise CommandError("Chưa khai báo TS_POPULATION_URL; hãy dùng trao đổi tệp trên trang Xác thực.")
        with _as_system():
            made = identity.make_batches(by=by, unit_id=unit.pk, kind=kind, now=timezone.now())
        return found | self._follow([batch.pk for batch in made], options["wait"])

    def _follow(self, ids: list[int], patience: int) -> dict[str, Any]:
        """Take the lists as far as they go in this time; a worker goes on with the rest."""
        until = time.monotonic() + patience
        while True:
            for pk in ids:
                # Opens its own transactions: none is held while the other side thinks.
                identity.advance(by=Actor.system(), batch_id=pk, now=timezone.now())
            with _as_system():
                batches = list(IdentityBatch.objects.filter(pk__in=ids).order_by("pk"))
            open_ones = [batch for batch in batches if batch.state not in ENDED]
            if not open_ones or time.monotonic() >= until:
                break
            time.sleep(1)
        return {
            "batches": len(batches),
            "sent": sum(batch.size for batch in batches),
            "answered": sum(batch.answered for batch in batches),
            "matched_now": sum(batch.matched for batch in batches),
            "faults": sorted({batch.fault for batch in batches} - {""}),
        }

    def _words(self, found: dict[str, Any]) -> str:
        lines = [
            f"Cần gửi {found['ready']}, đã xác thực {found['matched']}, đang chờ {found['waiting']}, "
            f"chưa khớp {found['disagreed']}.",
            f"Thiếu: số định danh {found['no_id']}, số sai dạng {found['bad_id']}, ngày sinh "
            f"{found['no_birth_date']}, giới tính {found['no_gender']}; người nước ngoài {found['foreign']}.",
        ]
        if "sent" in found:
            lines.append(
                f"Đã gửi {found['sent']} người trong {found['batches']} lần; {found['answered']} đã trả lời, "
                f"{found['matched_now']} khớp."
            )
        if found.get("faults"):
            lines.append("Trục trặc: " + ", ".join(found["faults"]))
        return "\n".join(lines)
