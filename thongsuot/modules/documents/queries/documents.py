"""Documents that people sign here: which, with what, and what is seen of one before it is signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from lxml import etree

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files import queries as files
from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.signing.pades import signatures_in
from thongsuot.kit.signing.reading import read_xml
from thongsuot.kit.signing.types import SigningFault
from thongsuot.kit.signing.words import FAULTS

from ..domain import pdf_pages
from ..models import DocumentSigning, SignerCertificate
from ..permissions import documents_visible, may_sign_with
from ..types import DocumentFault, DocumentKind, DocumentState, SignatureLevel
from .certificates import usable_on

# Letters of an XML file that a page shows; of a longer one the rest is in the file.
MOST_SHOWN = 200_000


def document_signings(actor: Actor) -> QuerySet[DocumentSigning]:
    """What the actor has signed, or is about to; and what was signed with a seal that the actor uses. Newest first."""
    return DocumentSigning.objects.filter(documents_visible(actor)).select_related(
        "unit", "certificate__staff", "asked_by"
    )


def signing_certificates(actor: Actor, *, now: datetime | None = None) -> list[SignerCertificate]:
    """Certificates in use with which the actor may sign a document, one's own before seals."""
    rows = SignerCertificate.objects.filter(may_sign_with(actor), usable_on(now or timezone.now()))
    found = rows.select_related("unit", "staff").defer("der")
    return sorted(found, key=lambda one: (one.is_seal, one.unit.sort_key, one.valid_to))


def out_of_use(actor: Actor, *, now: datetime | None = None) -> list[SignerCertificate]:
    """The actor's own that no longer sign, or not yet: said where one looks for them in vain."""
    moment = now or timezone.now()
    rows = SignerCertificate.objects.filter(may_sign_with(actor)).exclude(usable_on(moment))
    return list(rows.select_related("unit", "staff").defer("der").order_by("-valid_to")[:5])


def levels_at_hand() -> list[SignatureLevel]:
    """Levels that this installation can sign: without an authority of time-stamps only the lowest."""
    return list(SignatureLevel) if settings.TIMESTAMP_URL else [SignatureLevel.BASIC]


def kind_of(data: bytes) -> DocumentKind:
    """What a file is, which can be signed as it is. Raises DocumentFault: damaged, locked, not to be read."""
    try:
        if data.lstrip()[:5] == b"%PDF-":
            if not data.startswith(b"%PDF"):
                raise SigningFault("not_pdf")
            signatures_in(data)
            pdf_pages.page_count(data)
            return DocumentKind.PDF
        read_xml(data)
        return DocumentKind.XML
    except SigningFault as fault:
        raise DocumentFault(str(FAULTS[fault.code]), field="file") from fault
    except pdf_pages.Unreadable as fault:
        raise DocumentFault(str(FAULTS["not_pdf"]), field="file") from fault


def source_of(signing: DocumentSigning) -> bytes:
    """The file as it was sent. For who sees the row. Raises FileGone, StoreUnavailable."""
    with act_as(Actor.system()):
        return files.content_of(StoredFile.objects.get(pk=signing.source_id))


def files_of(signing: DocumentSigning) -> dict[str, Any]:
    """Name, size and address of the file before and after."""
    found = files.describe([signing.source_id, signing.signed_id])
    return {"source": found.get(signing.source_id), "signed": found.get(signing.signed_id or 0)}


def xml_text(data: bytes) -> tuple[str, bool]:
    """What of an XML file is signed, as text (comments are not), and whether that is all of it."""
    said = etree.tostring(read_xml(data), encoding="unicode")
    return said[:MOST_SHOWN], len(said) <= MOST_SHOWN


def may_open_document(actor: Actor, stored_file: Any) -> bool:
    """Who sent it, and who sees the row that it belongs to."""
    if actor.user_id is not None and stored_file.uploaded_by_id == actor.user_id:
        return True
    rows = DocumentSigning.objects.filter(documents_visible(actor))
    return rows.filter(source_id=stored_file.pk).exists() or rows.filter(signed_id=stored_file.pk).exists()


def document_at_work(signing_id: int) -> DocumentSigning | None:
    """For the job that signs it: only while its signer's yes stands."""
    rows = DocumentSigning.objects.filter(pk=signing_id, state=DocumentState.OPEN)
    return rows.select_related("certificate__staff", "unit", "source").first()
