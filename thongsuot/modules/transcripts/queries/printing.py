"""A transcript as PDF/A-3: set by Typst from what the signed XML says, the XML inside, marks of its signatures, a QR code
that leads to the page of checking; sealed (PAdES) where the installation holds the school's or the Sở's seal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import qrcode
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from qrcode.image.svg import SvgPathImage

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.signing.keys import SigningKey
from thongsuot.kit.signing.pades import Level, sign_pdf
from thongsuot.kit.signing.types import SigningFault
from thongsuot.kit.typesetting.typst_files import typeset_pdf
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.documents.types import CertificateMedium
from thongsuot.modules.organization import queries as organization

from ..domain.profile import Profile
from ..models import Transcript
from ..types import SignerRole, SigningRefused, TranscriptKind
from .layouts import profile_named
from .reading import ShownSection, shown
from .signers import key_of
from .verification import Check, SignatureCheck, check_transcript

TEMPLATE = Path(__file__).with_name("transcript.typ")
FAMILIES = ("Tinos", "Times New Roman", "Liberation Serif", "Nimbus Roman", "Libertinus Serif")
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# Persons sign in blue, organisations in red (NĐ 30/2020 Phụ lục I).
BLUE, RED = "#1f3f9e", "#b3201f"


@dataclass(frozen=True)
class Unsealed:
    """A PDF that is set, and what will seal it: everything that the database has to say of it. key None: nothing seals it."""

    pdf: bytes
    key: SigningKey | None
    moment: datetime

    def sealed(self) -> bytes:
        """The PDF with its seal. Asks the authority of time-stamps: outside of transactions."""
        if self.key is None:
            return self.pdf
        stamping = documents.timestamp_authority()
        try:
            level: Level = "B-T" if stamping else "B-B"
            return sign_pdf(self.pdf, key=self.key, signed_at=self.moment, level=level, timestamps=stamping)
        except SigningFault:
            # The authority of time stamps does not answer: sealed without its word.
            return sign_pdf(self.pdf, key=self.key, signed_at=self.moment)


def unsealed_pdf(transcript: Transcript, xml: bytes, *, now: datetime | None = None) -> Unsealed:
    """The PDF of an issued transcript whose file is `xml`, to be sealed when no transaction is open. Raises NoFont."""
    moment = now or datetime.now(UTC)
    return Unsealed(typeset_transcript(transcript, xml), _seal(transcript, moment), moment)


def pdf_of(transcript: Transcript, xml: bytes, *, now: datetime | None = None) -> bytes:
    """The sealed PDF of an issued transcript, where no transaction is open. Raises NoFont."""
    return unsealed_pdf(transcript, xml, now=now).sealed()


def paper_copy_pdf(copy: Any, xml: bytes) -> bytes:
    """The print of a certified paper copy: the transcript with the school's confirmation, number and day on its last page,
    a place for signature and seal in ink. Raises NoFont."""
    with override("vi"):
        place = copy.unit.name
        confirmed = {
            "title": _("XÁC NHẬN BẢN GIẤY CỦA HỌC BẠ SỐ"),
            "number": _("Số: %(number)s/%(year)s") % {"number": copy.number, "year": copy.year},
            "words": _(
                "%(school)s xác nhận bản in này có nội dung đúng với học bạ số mã tra cứu %(uuid)s đang lưu giữ, "
                "được cấp cho %(recipient)s để %(purpose)s."
            )
            % {
                "school": place,
                "uuid": copy.transcript.uuid,
                "recipient": copy.recipient,
                "purpose": copy.purpose,
            },
            "day": _("Ngày %(day)s tháng %(month)s năm %(year)s")
            % dict(
                zip(
                    ("day", "month", "year"),
                    f"{copy.issued_at.astimezone(VIETNAM):%d %m %Y}".split(),
                    strict=True,
                )
            ),
            "signer": _("HIỆU TRƯỞNG"),
            "hint": _("(Ký tên, đóng dấu)"),
        }
    return typeset_transcript(copy.transcript, xml, confirmed=confirmed)


def typeset_transcript(
    transcript: Transcript, xml: bytes, *, confirmed: dict[str, str] | None = None
) -> bytes:
    """Same transcript, same bytes. confirmed: the block of a certified paper copy."""
    with override("vi"):
        words = _words(transcript, xml) | {"confirmed": confirmed}
    return typeset_pdf(
        TEMPLATE,
        {"transcript": json.dumps(words, ensure_ascii=False), "xml": xml.decode(), "qr": qr_svg(transcript)},
        day=(transcript.issued_at or transcript.made_at).date(),
        families=FAMILIES,
        fonts_dir=Path(settings.VAR_DIR) / "fonts",
    )


def qr_svg(transcript: Transcript) -> str:
    """The address of the page of checking with the number: it reveals nothing without the file."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(f"{settings.BASE_URL}/hoc-ba/kiem-tra/?ma={transcript.uuid}")
    drawn = BytesIO()
    code.make_image(image_factory=SvgPathImage).save(drawn)
    return drawn.getvalue().decode()


def _words(transcript: Transcript, xml: bytes) -> dict[str, Any]:
    profile = profile_named(transcript.profile)
    check = check_transcript(xml, with_store=False)
    common = check.content["common"]
    return {
        "title": _("HỌC BẠ SỐ"),
        "kind": "" if profile.kind == TranscriptKind.YEAR else str(profile.kind.label),
        "above": common.get("department_name", ""),
        "school": common.get("school_name", ""),
        "name": common.get("full_name", ""),
        "year": _("Năm học %(year)s, lớp %(name)s")
        % {"year": common.get("school_year_name", ""), "name": common.get("class_name", "")},
        "attached": _("Học bạ số có chữ ký số"),
        "footer": _("Mã tra cứu: %(uuid)s") % {"uuid": transcript.uuid},
        "qr_alt": _("Mã QR dẫn tới trang kiểm tra học bạ"),
        "qr_words": _("Quét để kiểm tra"),
        "signed": _("Chữ ký số"),
        "parts": [_part(one) for one in shown(profile, check.content)],
        "signatures": [
            {
                "label": one.label,
                "signer": one.signer,
                "at": _moment(one.signed_at),
                "issuer": _("Cấp bởi: %(issuer)s") % {"issuer": _common_name(one.issuer)},
                "serial": _("Số: %(serial)s") % {"serial": one.serial[:20]},
                "colour": RED if one.role == SignerRole.SEAL else BLUE,
            }
            for one in _in_order_of_rows(profile, check)
        ],
    }


def _in_order_of_rows(profile: Profile, check: Check) -> list[SignatureCheck]:
    """Subject teachers as the subjects stand in the table, whoever of them signed first; then everybody else."""
    signer = next((one for one in profile.signers if one.covers), None)
    rows = check.content.get(signer.covers, ()) if signer and signer.covers else ()
    order = {row.get(signer.by): place for place, row in enumerate(rows)} if signer else {}
    return sorted(check.signatures, key=lambda one: order.get(one.place, len(order)))


def _part(one: ShownSection) -> dict[str, Any]:
    columns = list(zip(one.headings, *one.rows, strict=True)) if one.rows else []
    return {
        "label": one.label,
        "pairs": [[str(label), str(value)] for label, value in one.pairs],
        "headings": one.headings,
        "rows": one.rows,
        "widths": column_widths([[str(cell) for cell in column] for column in columns]),
    }


# In letters: what a line of a table holds, the margins of a cell, the least and the most that a column asks for.
LINE, MARGINS, LEAST, MOST = 96, 2, 6, 40


def column_widths(columns: Sequence[Sequence[str]]) -> list[float]:
    """Shares of a line for columns (heading first): by their longest text, none narrower than its longest word."""
    asked = [max(LEAST, min(max(map(len, texts[1:]), default=1), MOST)) for texts in columns]
    floors = [
        MARGINS + max((len(word) for text in texts for word in text.split()), default=1) for texts in columns
    ]
    fixed: dict[int, float] = {}
    while True:
        left = LINE - sum(fixed.values())
        whole = sum(one for place, one in enumerate(asked) if place not in fixed)
        shares = [fixed.get(place, left * one / max(1, whole)) for place, one in enumerate(asked)]
        narrow = [n for n, share in enumerate(shares) if n not in fixed and share < floors[n]]
        if not narrow or left <= 0:
            return shares if left > 0 else [float(one) for one in floors]
        fixed |= {place: float(floors[place]) for place in narrow}


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}" if at else ""


def _common_name(issuer: str) -> str:
    for part in issuer.split(","):
        name, _equals, value = part.strip().partition("=")
        if name.upper() == "CN":
            return value
    return issuer


# Keys that seal a printed form at once: a person, or a token, is not asked for a copy.
AT_HAND = frozenset({CertificateMedium.SOFTWARE, CertificateMedium.HSM})


def _seal(transcript: Transcript, at: datetime) -> SigningKey | None:
    """The school's seal where this installation holds it, else the Sở's (a copy issued from its store)."""
    system = Actor.system()
    with act_as(system):
        department = organization.unit_detail(system, organization.department_id() or 0)
        for unit in (transcript.unit, department):
            certificate = documents.certificate_for(unit=unit, at=at) if unit is not None else None
            if certificate is None or certificate.medium not in AT_HAND:
                continue
            try:
                return key_of(certificate)
            except SigningRefused:
                continue
    return None
