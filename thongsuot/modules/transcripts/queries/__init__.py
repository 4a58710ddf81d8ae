"""Reads of the module."""

from ..permissions import can_supplement
from .answers import Answer, answer_of
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
    school_lines,
    sendable,
    session,
    sessions,
    signable,
    signatures_of,
    story,
    transcript,
    transcripts,
    versions_of,
)
from .parts import PartList, ShownPart, part_lists, parts_waiting, signed_places
from .printing import pdf_of, typeset_transcript
from .readiness import preview
from .reading import ShownSection, shown
from .supplements import pupils_of, supplements
from .units import is_account, unit_of_code
from .verification import Check, SignatureCheck, check_file, check_own, check_transcript
from .waiting import dispatch_by_id, due_dispatches, sender_of, session_by_id, waiting_messages

__all__ = [
    "Answer",
    "Check",
    "PartList",
    "ShownPart",
    "ShownSection",
    "SignatureCheck",
    "answer_of",
    "can_supplement",
    "certificates",
    "check_file",
    "check_own",
    "check_transcript",
    "class_lines",
    "content_of",
    "deadlines",
    "dispatch_by_id",
    "dispatches",
    "due_dispatches",
    "due_on",
    "exchange",
    "file_of",
    "is_account",
    "live_of_class",
    "message",
    "messages",
    "own_file",
    "own_reports",
    "own_transcript",
    "own_transcripts",
    "part_lists",
    "parts_of",
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
    "school_lines",
    "sendable",
    "sender_of",
    "session",
    "session_by_id",
    "sessions",
    "shown",
    "signable",
    "signatures_of",
    "signed_places",
    "story",
    "supplements",
    "transcript",
    "transcripts",
    "typeset_transcript",
    "unit_of_code",
    "versions_of",
    "waiting_messages",
    "written_deadlines",
]
