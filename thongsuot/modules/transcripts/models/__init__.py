from .corrections import CorrectionReport, Recall
from .exchange import (
    Dispatch,
    GatewayCertificate,
    GatewayItem,
    GatewayMessage,
    KeepingRun,
    Original,
    OriginalStamp,
)
from .moving import (
    AwaitedResult,
    CivilChange,
    CivilChangeItem,
    ForeignCheck,
    ForeignTranscript,
    HandOver,
    PaperCopy,
)
from .signing import SigningSession
from .transcript import Deadline, Supplement, Transcript, TranscriptLog, TranscriptSignature
from .work import Objection, SchoolStanding, TranscriptReminder

__all__ = [
    "AwaitedResult",
    "CivilChange",
    "CivilChangeItem",
    "CorrectionReport",
    "Deadline",
    "Dispatch",
    "ForeignCheck",
    "ForeignTranscript",
    "GatewayCertificate",
    "GatewayItem",
    "GatewayMessage",
    "HandOver",
    "KeepingRun",
    "Objection",
    "Original",
    "OriginalStamp",
    "PaperCopy",
    "Recall",
    "SchoolStanding",
    "SigningSession",
    "Supplement",
    "Transcript",
    "TranscriptLog",
    "TranscriptReminder",
    "TranscriptSignature",
]
