"""Layouts, exchange terms and deadlines as they stand in data/transcripts and as the department has set them right."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from lxml import etree

from ..domain.deadlines import Deadline, Deadlines, OwnDay
from ..domain.form import Form
from ..domain.keeping import Keeping
from ..domain.profile import Plain, Profile, load_profiles, profile_in_force
from ..models import Deadline as DeadlineRow
from ..types import TranscriptFault, TranscriptKind

# Levels that have transcripts.
LEVELS = ("primary", "lower_secondary", "upper_secondary", "continuing")


class Exchange(Plain):
    """What both sides of the gateway agree on (exchange-v1.0.json)."""

    code: str
    legal_source: str
    confidence: str
    note: str = ""
    max_content_bytes: int
    max_unpacked_bytes: int
    escape_quotes: dict[str, Any]
    transactions: tuple[dict[str, Any], ...]
    signature_kinds: tuple[str, ...]
    providers: tuple[str, ...]
    submit_states: dict[str, int]
    # How long a certificate whose state cannot be decided is looked at again, and how often.
    undecided_hours: int
    undecided_minutes: int
    undecided_confidence: str
    certificate_states: dict[str, int]
    recall_states: dict[str, int]


def folder() -> Path:
    return Path(settings.DATA_DIR) / "transcripts"


@lru_cache(maxsize=1)
def profiles() -> dict[str, Profile]:
    return load_profiles(folder())


def profile_named(code: str) -> Profile:
    """Raises TranscriptFault for a layout that this installation does not have."""
    found = profiles().get(code)
    if found is None:
        raise TranscriptFault(_("Hệ thống không có mẫu học bạ %(code)s.") % {"code": code})
    return found


def tag_words(name: str) -> str:
    """What people call a tag of the layouts, with the tag, of which programs speak; other words as they are."""
    tag = name.rpartition("/")[2]
    for profile in profiles().values():
        for section in profile.sections:
            for one in section.fields:
                if one.tag == tag:
                    return f"{one.label} ({tag})"
    return name


def kind_words(code: str) -> str:
    """What kind of transcript a layout speaks of, for readers; "" for a whole year and for an unknown layout."""
    found = profiles().get(code)
    return "" if found is None or found.kind == TranscriptKind.YEAR else str(found.kind.label)


def profile_for(level: str, first_year: int, kind: str = TranscriptKind.YEAR) -> Profile:
    """Raises TranscriptFault where no layout speaks of the level in that year."""
    found = profile_in_force(profiles().values(), level=level, first_year=first_year, kind=kind)
    if found is None:
        said = _("Chưa có mẫu học bạ số cho cấp học này trong năm học %(year)d-%(next)d.")
        raise TranscriptFault(said % {"year": first_year, "next": first_year + 1})
    return found


@lru_cache(maxsize=16)
def schema_of(code: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(folder() / f"{code}.xsd")))


@lru_cache(maxsize=16)
def form_of(code: str) -> Form:
    """How our own files of a layout are written, to the letter. Raises TranscriptFault for an unknown layout."""
    return Form(profile_named(code))


@lru_cache(maxsize=1)
def exchange() -> Exchange:
    return Exchange.model_validate_json((folder() / "exchange-v1.0.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def keeping() -> Keeping:
    """How long time stamps are relied upon."""
    return Keeping.model_validate_json((folder() / "keeping.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def written_deadlines() -> Deadlines:
    return Deadlines.model_validate_json((folder() / "deadlines.json").read_text(encoding="utf-8"))


def deadlines() -> Deadlines:
    """Those of the file, with what the department has set in their place, for all or for a year and a level."""
    rows = list(DeadlineRow.objects.select_related("school_year"))
    general = {row.code: row for row in rows if row.school_year_id is None and not row.level}
    written = written_deadlines()

    def one(deadline: Deadline) -> Deadline:
        row = general.get(deadline.code)
        if row is None:
            return deadline
        set_by_hand = {
            "month": row.month,
            "day": row.day,
            "working_days": row.working_days,
            "confidence": "V",
            "note": row.basis,
        }
        return deadline.model_copy(update=set_by_hand)

    own = tuple(
        OwnDay(
            code=row.code,
            first_year=row.school_year.starts_on.year if row.school_year else None,
            level=row.level,
            month=row.month,
            day=row.day,
            basis=row.basis,
        )
        for row in rows
        if (row.school_year_id is not None or row.level) and row.month and row.day
    )
    said = tuple(one(d) for d in written.deadlines)
    return written.model_copy(update={"deadlines": said, "own_days": own})


def own_deadlines(code: str) -> QuerySet[DeadlineRow]:
    """Days of single years and levels, as they were set; they hold for the whole province."""
    rows = DeadlineRow.objects.filter(Q(school_year__isnull=False) | ~Q(level=""), code=code)
    return rows.select_related("school_year").order_by("-school_year__starts_on", "level", "pk")
