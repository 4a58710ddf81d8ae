"""An order comes in as a file: read, taken apart, its words matched to units. Nothing is created for
anybody yet.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.files.actions import store_upload
from thongsuot.kit.files.queries import content_of
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.organization import queries as organization

from ..domain.extraction import extract
from ..domain.found import FoundItem, items
from ..domain.reading import read_file
from ..models import Directive, Finding
from ..permissions import can_import_for, can_review
from ..types import DirectiveState, FindingState
from .locking import person
from .refusals import AlreadyImported, WrongState
from .unit_words import match_units

SOURCE = "directives.source"


@transaction.atomic
def import_directive(*, by: Actor, upload: Any, owner_unit: Any, now: datetime) -> Directive:
    """Read an order (.docx, .pdf with text, .txt, .md) and propose what it asks for.

    owner_unit: the body (organization.Unit) that will follow it. Raises NotAllowed, UnreadableFile (says
    what to do, as with a scan), AlreadyImported (`details["directive"]`), or a refusal of kit.files.
    """
    if not can_import_for(by, owner_unit):
        raise NotAllowed(_("Anh/chị không có quyền đưa văn bản vào cho đơn vị này."))
    content = upload.read()
    upload.seek(0)
    _refuse_second(owner_unit, hashlib.sha256(content).hexdigest())
    document = read_file(content, upload.name)
    found = extract(document).as_json()
    directive = Directive(
        owner_unit=owner_unit,
        source_text="\n".join(document.lines),
        state=DirectiveState.REVIEWING,
        imported_by_id=person(by=by),
        **_header(found["document"], owner_unit.pk, now.date()),
    )
    directive.file = store_upload(by=by, upload=upload, owner_unit_id=owner_unit.pk, kind=SOURCE)
    directive.save()
    _propose(by, directive, found, list(items(found, standing_reason=_standing())), now.date())
    return directive


def _standing() -> str:
    return _("Trách nhiệm chung trong phần tổ chức thực hiện")


def _refuse_second(owner_unit: Any, sha256: str) -> None:
    earlier = Directive.objects.filter(owner_unit=owner_unit, file__sha256=sha256).exclude(
        state=DirectiveState.WITHDRAWN
    )
    found = earlier.defer("source_text").first()
    if found is not None:
        name = found.number or found.subject[:80] or found.type
        day = found.imported_at.strftime("%d/%m/%Y")
        said = _("Tệp này đã được đưa vào ngày %(day)s: %(name)s.") % {"day": day, "name": name}
        raise AlreadyImported(said, directive=found.public_id)


def _header(head: dict[str, Any], owner_unit_id: int, today: date) -> dict[str, Any]:
    signer = head.get("signer") or {}
    issuer, subject = head.get("issuer") or "", head.get("subject") or ""
    [match] = organization.match_unit_names([issuer or "?"], context_unit_id=owner_unit_id, today=today)
    issuer_unit = match.unit_ids[0] if match.is_certain and len(match.unit_ids) == 1 else None
    return {
        "number": _number(head.get("number"), head.get("symbol"))[:80],
        "type": (head.get("type") or "")[:80],
        "issuer": issuer[:250],
        "issuer_unit_id": issuer_unit,
        "place": (head.get("place") or "")[:120],
        "issued_on": date.fromisoformat(head["date"]) if head.get("date") else None,
        "subject": subject,
        "subject_fold": fold(subject),
        "signer_name": (signer.get("name") or "")[:120],
        "signer_title": (signer.get("title") or "")[:160],
        "recipient_words": list(head.get("recipients") or ()),
        "legal_bases": list(head.get("legal_bases") or ()),
    }


def _number(number: str | None, symbol: str | None) -> str:
    if number and symbol and symbol not in number:
        return f"{number}/{symbol}"
    return number or symbol or ""


def _propose(
    by: Actor, directive: Directive, found: dict[str, Any], new: list[FoundItem], today: date
) -> None:
    addressed_to = found["document"].get("addressed_to") or ()
    units = match_units(
        by=by, found=new, addressed_to=addressed_to, owner_unit_id=directive.owner_unit_id, today=today
    )
    after = directive.findings.aggregate(last=Max("position"))["last"] or 0
    Finding.objects.bulk_create(
        [
            Finding(
                directive=directive,
                kind=item.kind,
                position=after + index,
                data={**item.data, "drop_reason": item.drop_reason} if item.drop_reason else item.data,
                original=item.data,
                state=FindingState.DROPPED if item.drop_reason else FindingState.PROPOSED,
                start_line=item.start_line,
                end_line=item.end_line,
                units=matched,
            )
            for index, (item, matched) in enumerate(zip(new, units, strict=True), start=1)
        ]
    )


@transaction.atomic
def reread(*, by: Actor, directive: Directive, now: datetime) -> int:
    """Read the file again (the reader has learnt, or units have been named): what nobody has decided about is
    replaced, what a person accepted, mended, dropped or added stays as it is. Returns the number of new
    findings.

    Raises NotAllowed, WrongState (confirmed already), FileGone, StoreUnavailable.
    """
    row = (
        Directive.objects.select_for_update(of=("self",))
        .select_related("owner_unit", "file")
        .get(pk=directive.pk)
    )
    if not can_review(by, row):
        raise NotAllowed(_("Anh/chị không có quyền rà soát văn bản này."))
    if row.state != DirectiveState.REVIEWING or row.file is None:
        raise WrongState(_("Chỉ đọc lại được văn bản đang rà soát."))
    document = read_file(content_of(row.file), row.file.original_name)
    found = extract(document).as_json()
    untouched = row.findings.filter(is_edited=False, reviewed_by__isnull=True)
    untouched.delete()
    kept = set(row.findings.exclude(original=None).values_list("kind", "start_line", "end_line"))
    new = [
        item
        for item in items(found, standing_reason=_standing())
        if (item.kind, item.start_line, item.end_line) not in kept
    ]
    row.source_text = "\n".join(document.lines)
    row.save(update_fields=["source_text"])
    _propose(by, row, found, new, now.date())
    return len(new)
