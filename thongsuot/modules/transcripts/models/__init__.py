from .corrections import CorrectionReport, Recall
from .exchange import Dispatch, GatewayCertificate, GatewayItem, GatewayMessage, Original, OriginalStamp
from .signing import SigningSession
from .transcript import Deadline, Supplement, Transcript, TranscriptLog, TranscriptSignature
from .work import Objection, SchoolStanding, TranscriptReminder

__all__ = [
    "CorrectionReport",
    "Deadline",
    "Dispatch",
    "GatewayCertificate",
    "GatewayItem",
    "GatewayMessage",
    "Objection",
    "Original",
    "OriginalStamp",
    "Recall",
    "SchoolStanding",
    "SigningSession",
    "Supplement",
    "Transcript",
    "TranscriptLog",
    "TranscriptReminder",
    "TranscriptSignature",
]
