"""What is found in a directive, as frozen values and as the JSON of the review."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .deadlines import NONE, Deadline
from .legal import Citation


@dataclass(frozen=True)
class Source:
    """Lines of `ReadDocument.lines`, from 1; `skip` holds spans of other matter (footnotes) in between."""

    start_line: int
    end_line: int
    skip: tuple[tuple[int, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"start_line": self.start_line, "end_line": self.end_line}
        if self.skip:
            out["skip"] = [list(span) for span in self.skip]
        return out


@dataclass(frozen=True)
class Signer:
    name: str | None = None
    title: str | None = None
    modes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """Head and foot of the document (NĐ 30/2020, Phụ lục I)."""

    number: str | None = None
    symbol: str | None = None
    type: str | None = None
    issuer: str | None = None
    place: str | None = None
    date: Any = None
    date_raw: str | None = None
    subject: str | None = None
    signer: Signer = Signer()
    addressed_to: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    filed: str | None = None
    legal_bases: tuple[Citation, ...] = ()
    signature_times: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "symbol": self.symbol,
            "type": self.type,
            "issuer": self.issuer,
            "place": self.place,
            "date": self.date.isoformat() if self.date else None,
            "date_raw": self.date_raw,
            "subject": self.subject,
            "signer": {
                "name": self.signer.name,
                "title": self.signer.title,
                "signing_mode": list(self.signer.modes),
            },
            "addressed_to": list(self.addressed_to),
            "recipients": list(self.recipients),
            "filed": self.filed,
            "legal_bases": [item.as_json() for item in self.legal_bases],
            "digital_signature_times": list(self.signature_times),
        }


@dataclass(frozen=True)
class Task:
    section: str
    text: str
    source: Source
    group: str | None = None
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    product: str | None = None
    deadline: Deadline = NONE
    legal_basis: tuple[Citation, ...] = ()
    legal_raw: str | None = None
    lead_raw: str | None = None
    authority: str | None = None
    note: str | None = None

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "section": self.section,
            "group": self.group,
            "text": self.text,
            "lead": list(self.lead) or None,
            "coordinating": list(self.coordinating),
            "product": self.product,
            "deadline": self.deadline.as_json(),
            "legal_basis": [item.as_json() for item in self.legal_basis],
            "legal_basis_raw": self.legal_raw,
            "source": self.source.as_json(),
        }
        extra = {"lead_raw": self.lead_raw, "authority": self.authority, "note": self.note}
        return out | {key: value for key, value in extra.items() if value}


@dataclass(frozen=True)
class Target:
    """`measure`: number, all ("tất cả"), status ("hoàn thành") or unquantified; `stated` tells whether the
    operator is
    in the text."""

    text: str
    source: Source
    operator: str | None = None
    value: int | float | str | None = None
    unit: str | None = None
    period: str | None = None
    section: str = ""
    measure: str = "number"
    stated: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "operator": self.operator,
            "value": self.value,
            "unit": self.unit,
            "period": self.period,
            "section": self.section,
            "measure": self.measure,
            "operator_stated": self.stated,
            "source": self.source.as_json(),
        }


@dataclass(frozen=True)
class Duty:
    """A report that is owed: who, to whom, through whom, what, by when."""

    what: str
    source: Source
    who: tuple[str, ...] = ()
    to: str | None = None
    through: str | None = None
    due: Deadline = NONE
    period: str | None = None
    section: str = ""

    def as_json(self) -> dict[str, Any]:
        due = self.due.as_json() if self.due.date else None
        return {
            "who": list(self.who) or None,
            "to": self.to,
            "through": self.through,
            "what": self.what,
            "due": due,
            "period": self.period,
            "section": self.section,
            "source": self.source.as_json(),
        }


@dataclass(frozen=True)
class ExtractedDirective:
    """All that was found. `responsibilities` are standing duties of units in a directive whose tasks are
    in tables."""

    header: Header
    tasks: tuple[Task, ...] = ()
    targets: tuple[Target, ...] = ()
    reporting: tuple[Duty, ...] = ()
    responsibilities: tuple[Task, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return {
            "document": self.header.as_json(),
            "tasks": [task.as_json() for task in self.tasks],
            "targets": [target.as_json() for target in self.targets],
            "reporting": [duty.as_json() for duty in self.reporting],
            "responsibilities": [task.as_json() for task in self.responsibilities],
            "notes": list(self.notes),
        }
