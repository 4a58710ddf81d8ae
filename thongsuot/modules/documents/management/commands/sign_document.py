"""thongsuot sign_document FILE --certificate SHA256 [--level B-B|B-T|B-LT] [--out FILE] [--reason TEXT]

Signs a document other than a transcript: PDF as PAdES, XML as XAdES, with the key of an approved certificate of this
installation (key file, HSM, remote signing). A level above B-B needs TS_TIMESTAMP_URL; B-LT also revocation data of the
authorities (docs/running.md). Exit code 2: not signed, nothing was written.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.signing.types import KeyUnavailable, SigningFault
from thongsuot.kit.signing.words import FAULTS, KEY_FAULTS

from ...actions.signing import sign_document
from ...types import CertificateFault

REFUSED = 2


class Command(BaseCommand):
    help = "Ký số một tệp PDF (PAdES) hoặc XML (XAdES) bằng chứng thư số đã duyệt, khóa do máy chủ dùng được."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="tệp .pdf hoặc .xml")
        parser.add_argument("--certificate", required=True, help="vân tay SHA-256 của chứng thư số")
        parser.add_argument("--level", choices=("B-B", "B-T", "B-LT"), default="B-B", help="mức của chữ ký")
        parser.add_argument("--out", type=Path, default=None, help="tệp đã ký; mặc định: thêm -ky vào tên")
        parser.add_argument("--reason", default="", help="lý do ký, ghi trong PDF")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        out = options["out"] or path.with_name(f"{path.stem}-ky{path.suffix}")
        try:
            signed = sign_document(
                by=Actor.system(),
                data=path.read_bytes(),
                fingerprint=options["certificate"],
                level=options["level"],
                reason=options["reason"],
                now=timezone.now(),
            )
            with out.open("xb") as file:
                file.write(signed)
        except FileExistsError as error:
            raise CommandError(
                _("%(name)s đã có, không ghi đè.") % {"name": out}, returncode=REFUSED
            ) from error
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}", returncode=REFUSED) from error
        except CertificateFault as fault:
            raise CommandError(fault.message, returncode=REFUSED) from fault
        except SigningFault as fault:
            raise CommandError(str(FAULTS.get(fault.code, fault.code)), returncode=REFUSED) from fault
        except KeyUnavailable as fault:
            raise CommandError(str(KEY_FAULTS.get(fault.code, fault.code)), returncode=REFUSED) from fault
        self.stdout.write(str(out))
