"""thongsuot trust list | add FILE [--fingerprint SHA256] | remove SHA256

Whose signatures are believed (data/trust/README.md). Exit code 2: the file is refused, nothing was written.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.signing.certificates import name_of

from ...actions.trusting import add_trusted, remove_trusted
from ...queries.signing import known_roots, spaced, trust_store
from ...types import CertificateFault

REFUSED = 2


class Command(BaseCommand):
    help = "Xem, thêm, bỏ chứng thư gốc mà hệ thống tin khi kiểm tra chữ ký (data/trust/README.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("list", help="chứng thư đang tin, và chứng thư đã biết vân tay nhưng chưa thêm")
        add = steps.add_parser("add", help="thêm chứng thư tải từ địa chỉ chính thức")
        add.add_argument("file", type=Path, metavar="FILE", help=".crt, .cer, .pem, .p7b")
        add.add_argument("--fingerprint", default="", help="vân tay SHA-256 do nhà cung cấp công bố")
        remove = steps.add_parser("remove", help="bỏ một chứng thư đã thêm")
        remove.add_argument("fingerprint", help="vân tay SHA-256")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['step']}")(options)

    def _list(self, options: dict[str, Any]) -> None:
        store = trust_store()
        there = set()
        for label, certificates in ((_("gốc"), store.roots), (_("trung gian"), store.intermediates)):
            for one in certificates:
                own = one.fingerprint(SHA256()).hex()
                there.add(own)
                self.stdout.write(f"{label}: {name_of(one.subject)} ({one.not_valid_after_utc:%d/%m/%Y})")
                self.stdout.write(f"    {spaced(own)}")
        if not there:
            self.stdout.write(_("Chưa tin chứng thư gốc nào: chữ ký nào cũng chưa kết luận được."))
        for known in known_roots():
            if known.fingerprint not in there:
                said = _("chưa thêm: %(name)s, tải tại %(address)s")
                self.stdout.write(said % {"name": known.name, "address": known.download})

    def _add(self, options: dict[str, Any]) -> None:
        try:
            data = options["file"].read_bytes()
            found = add_trusted(
                by=Actor.system(), data=data, now=timezone.now(), fingerprint=options["fingerprint"]
            )
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}", returncode=REFUSED) from error
        except CertificateFault as fault:
            hint = _("Đối chiếu với vân tay nhà cung cấp công bố rồi chạy lại với --fingerprint.")
            raise CommandError(f"{fault.message}\n{hint}", returncode=REFUSED) from fault
        for one in found:
            self.stdout.write(f"{one.name}\n    {spaced(one.fingerprint)}\n    {one.confirmed_by}")

    def _remove(self, options: dict[str, Any]) -> None:
        try:
            remove_trusted(by=Actor.system(), fingerprint=options["fingerprint"])
        except CertificateFault as fault:
            raise CommandError(fault.message, returncode=REFUSED) from fault
        self.stdout.write(_("Đã bỏ."))
