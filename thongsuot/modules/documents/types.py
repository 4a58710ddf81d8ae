"""What an administrative document is made of (Nghị định 30/2020/NĐ-CP, Phụ lục I), and words about certificates. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused
from thongsuot.kit.signing.types import KeyUnavailable


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class Orientation(StrEnum):
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class SigningMode(StrEnum):
    """In whose name the signer signs."""

    HEAD = ""  # the head of the body signs alone
    TM = "TM."  # thay mặt: for a collective
    KT = "KT."  # ký thay: a deputy for the head
    TL = "TL."  # thừa lệnh: head of an office by order of the head
    TUQ = "TUQ."  # thừa ủy quyền
    ACTING = "Q."  # quyền


@dataclass(frozen=True)
class Heading:
    """A titled level of the body: 1 = "I.", 2 = "1.", 3 = "a)". The number is given by the renderer."""

    level: int
    text: str
    number: str | None = None  # None: counted; "": none


@dataclass(frozen=True)
class Paragraph:
    text: str
    bold: bool = False
    italic: bool = False
    align: Align = Align.JUSTIFY


@dataclass(frozen=True)
class Bases:
    """căn cứ ban hành: each in italics, ended by ";", the last by "."."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Items:
    """A list: marker "-" or "+", or "1" / "a" for counted ones."""

    texts: tuple[str, ...]
    marker: str = "-"


@dataclass(frozen=True)
class Column:
    """Width is a share of the table's width, any scale."""

    title: str
    width: float = 1.0
    align: Align = Align.LEFT


@dataclass(frozen=True)
class HeaderCell:
    text: str
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]
    bold: bool = False


@dataclass(frozen=True)
class GroupRow:
    """A row over the whole width that names the rows below it."""

    text: str


@dataclass(frozen=True)
class Table:
    """`header` replaces the one header row made of the columns' titles where cells span."""

    columns: tuple[Column, ...]
    rows: tuple[Row | GroupRow, ...]
    caption: str = ""
    header: tuple[tuple[HeaderCell, ...], ...] = ()
    size: float | None = None
    empty_text: str = "Không có."

    def __post_init__(self) -> None:
        for row in self.rows:
            if isinstance(row, Row) and len(row.cells) != len(self.columns):
                raise ValueError(f"{len(row.cells)} cells in a table of {len(self.columns)} columns")

    @property
    def header_rows(self) -> tuple[tuple[HeaderCell, ...], ...]:
        return self.header or (tuple(HeaderCell(column.title) for column in self.columns),)


@dataclass(frozen=True)
class Series:
    name: str
    color: str  # "#2f6f4f": printed in black and white too, so the figures stand beside the bars


@dataclass(frozen=True)
class BarChart:
    """Stacked bars, one a row; drawn as vectors, with its figures written beside."""

    title: str
    series: tuple[Series, ...]
    rows: tuple[tuple[str, tuple[Decimal | int, ...]], ...]


@dataclass(frozen=True)
class Note:
    """A line in smaller type under a table or chart: source, date of the figures."""

    text: str


@dataclass(frozen=True)
class PageBreak:
    pass


Block = Heading | Paragraph | Bases | Items | Table | BarChart | Note | PageBreak


@dataclass(frozen=True)
class Signature:
    """`lines` above the signature, e.g. ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"); see domain/numbering.py."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True)
class Appendix:
    title: str
    blocks: tuple[Block, ...]
    orientation: Orientation = Orientation.PORTRAIT
    number: str | None = None  # None: "Phụ lục" when alone, else roman numbers


@dataclass(frozen=True)
class AdministrativeDocument:
    """One document before it is laid out.

    `type_name` is empty for a công văn: the abstract then stands as "V/v ..." under the number and
    `addressed_to` as "Kính gửi". `number` None leaves the place of the number blank, as in a draft.
    """

    issuing_agency: str
    abstract: str
    place: str
    parent_agency: str = ""
    type_name: str = ""
    number: int | None = None
    symbol: str = ""
    issued_on: date | None = None
    # Month and year are printed in a draft whose day is not known yet.
    drafted_on: date | None = None
    addressed_to: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    signature: Signature | None = None
    recipients: tuple[str, ...] = ()
    archive: str = ""  # "VT, GDTrH": printed as "Lưu: VT, GDTrH."
    appendices: tuple[Appendix, ...] = ()
    is_draft: bool = True
    keywords: tuple[str, ...] = field(default=())

    @property
    def is_letter(self) -> bool:
        return not self.type_name


class CertificateMedium(TextChoices):
    """Where the private key lies."""

    TOKEN = "token", _("USB token")
    SIM = "sim", _("SIM PKI")
    REMOTE = "remote", _("Ký từ xa")
    HSM = "hsm", _("HSM của đơn vị")
    SOFTWARE = "software", _("Tệp khóa trên máy chủ")


class CertificateState(TextChoices):
    """Only an approved one signs; what is expired or revoked still says who signed then."""

    REGISTERED = "registered", _("Chờ duyệt")
    APPROVED = "approved", _("Đang dùng")
    REVOKED = "revoked", _("Đã thu hồi")
    EXPIRED = "expired", _("Hết hạn")
    # Signed for the unit until its holder left it: nothing is wrong with the certificate.
    ENDED = "ended", _("Thôi dùng ở đơn vị")


class DeskState(TextChoices):
    """Where a batch for the token at a desk stands. Used: its signatures were put where they belong."""

    WAITING = "waiting", _("Chờ ký tại bàn")
    TAKEN = "taken", _("Đang ký tại bàn")
    SIGNED = "signed", _("Đã ký")
    USED = "used", _("Đã dùng")
    REFUSED = "refused", _("Không ký")
    ENDED = "ended", _("Quá hạn")


class DocumentState(TextChoices):
    """Of a document to be signed. Shown: its signer sees it and has not said yes; open: it is being signed."""

    SHOWN = "shown", _("Chờ xem và ký")
    OPEN = "open", _("Đang ký")
    SIGNED = "signed", _("Đã ký")
    FAILED = "failed", _("Chưa ký được")


class DocumentKind(TextChoices):
    PDF = "pdf", _("PDF")
    XML = "xml", _("XML")


class SignatureLevel(TextChoices):
    """What a signature carries (ETSI EN 319 142-1, 319 132-1): itself, a time-stamp, the proofs of its validity too."""

    TIMESTAMPED = "B-T", _("Có dấu thời gian (B-T)")
    KEPT = "B-LT", _("Có dấu thời gian và bằng chứng để lưu lâu dài (B-LT)")
    BASIC = "B-B", _("Chữ ký, không dấu thời gian (B-B)")


class AtDesk(KeyUnavailable):
    """The key lies on a token at the signer's desk: `messages` are what is to be signed there, at `moment`."""

    def __init__(self, messages: Sequence[bytes]) -> None:
        super().__init__("at_desk", again=True)
        self.messages = tuple(messages)


class DeskFault(Refused):
    """A batch at the desk that cannot be taken or answered: no such code, wrong signatures, ended."""

    code = "desk_fault"


class DocumentFault(Refused):
    """A document that cannot be signed, or a step that does not fit its state."""

    code = "document_fault"


class CertificateFault(Refused):
    """A certificate that cannot be taken as it is, or a step that does not fit its state."""

    code = "certificate_fault"
