"""Signed documents for tests."""

from __future__ import annotations

from tests.modules.documents.certificates import NOW, registered
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.models import StoredFile
from thongsuot.modules.documents.models import DocumentSigning


def make_signings(number: int, actor: Actor) -> None:
    """Rows for the test of list pages."""
    from tests.factories.organization import make_school, make_unit
    from thongsuot.modules.organization.models import Unit

    unit = Unit.objects.filter(kind="school").first() or make_school(parent=make_unit("commune"))
    certificate = registered(unit)
    for place in range(number):
        source = StoredFile.objects.create(
            kind="documents.signing",
            sha256=f"{place:064x}",
            size=1,
            content_type="application/xml",
            original_name=f"so-{place}.xml",
            owner_unit_id=unit.pk,
        )
        DocumentSigning.objects.create(
            unit=unit,
            certificate=certificate,
            title=source.original_name,
            kind="xml",
            level="B-B",
            source=source,
            asked_by_id=actor.user_id,
            asked_at=NOW,
        )
