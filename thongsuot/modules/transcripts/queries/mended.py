"""What became of an error that a family has reported: what the replacement says otherwise."""

from __future__ import annotations

from ..domain.document import Change
from ..models import CorrectionReport, Transcript
from ..types import TranscriptState
from .files import content_of
from .layouts import profile_named
from .reading import shown_changes


def what_was_mended(report: CorrectionReport) -> list[Change] | None:
    """What the newest replacement of the reported transcript says otherwise than it; None while there is none. For who may
    answer the report."""
    old = report.transcript
    new = (
        Transcript.objects.filter(
            student_id=old.student_id,
            school_year_id=old.school_year_id,
            unit_id=old.unit_id,
            kind=old.kind,
            version__gt=old.version,
        )
        .exclude(state=TranscriptState.DISCARDED)
        .order_by("-version")
        .first()
    )
    if new is None:
        return None
    return shown_changes(profile_named(new.profile), content_of(old), content_of(new))
