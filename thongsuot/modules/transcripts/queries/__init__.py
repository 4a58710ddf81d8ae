"""Reads of the module."""

from ..permissions import can_supplement
from .answers import Answer, answer_of
from .board import Acting, Totals, commune_standings, no_standings, standings, totals, who_acts
from .family import own_file, own_reports, own_transcript, own_transcripts
from .files import content_of, file_of, parts_of
from .layouts import deadlines, exchange, profile_for, profile_named, profiles, schema_of, written_deadlines
from .lists import (
    certificates,
    class_lines,
    dispatches,
    due_on,
    live_of_class,
    message,
    messages,
    recalls,
    reports,
    roles_of,
    sendable,
    session,
    sessions,
    signable,
    signable_one,
    signatures_of,
    story,
    transcript,
    transcripts,
    versions_of,
)
from .mine import Waiting, waiting_for_me
from .objections import entered_by, may_settle, objection, objections, parts_of_objection
from .parts import PartList, ShownPart, part_lists, parts_waiting, signed_places
from .printing import pdf_of, typeset_transcript
from .readiness import preview
from .reading import ShownSection, shown
from .supplements import pupils_of, supplements
from .units import is_account, unit_of_code
from .verification import Check, SignatureCheck, check_file, check_own, check_transcript
from .waiting import dispatch_by_id, due_dispatches, sender_of, session_by_id, waiting_messages

__all__ = [
    "Acting",
    "Answer",
    "Check",
    "PartList",
    "ShownPart",
    "ShownSection",
    "SignatureCheck",
    "Totals",
    "Waiting",
    "answer_of",
    "can_supplement",
    "certificates",
    "check_file",
    "check_own",
    "check_transcript",
    "class_lines",
    "commune_standings",
    "content_of",
    "deadlines",
    "dispatch_by_id",
    "dispatches",
    "due_dispatches",
    "due_on",
    "entered_by",
    "exchange",
    "file_of",
    "is_account",
    "live_of_class",
    "may_settle",
    "message",
    "messages",
    "no_standings",
    "objection",
    "objections",
    "own_file",
    "own_reports",
    "own_transcript",
    "own_transcripts",
    "part_lists",
    "parts_of",
    "parts_of_objection",
    "parts_waiting",
    "pdf_of",
    "preview",
    "profile_for",
    "profile_named",
    "profiles",
    "pupils_of",
    "recalls",
    "reports",
    "roles_of",
    "schema_of",
    "sendable",
    "sender_of",
    "session",
    "session_by_id",
    "sessions",
    "shown",
    "signable",
    "signable_one",
    "signatures_of",
    "signed_places",
    "standings",
    "story",
    "supplements",
    "totals",
    "transcript",
    "transcripts",
    "typeset_transcript",
    "unit_of_code",
    "versions_of",
    "waiting_for_me",
    "waiting_messages",
    "who_acts",
    "written_deadlines",
]
