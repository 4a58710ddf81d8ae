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
from .moving import CivilChange, CivilChangeItem, ForeignTranscript, HandOver, PaperCopy
from .signing import SigningSession
from .transcript import Deadline, Supplement, Transcript, TranscriptLog, TranscriptSignature

__all__ = [
    "CivilChange",
    "CivilChangeItem",
    "CorrectionReport",
    "Deadline",
    "Dispatch",
    "ForeignTranscript",
    "GatewayCertificate",
    "GatewayItem",
    "GatewayMessage",
    "HandOver",
    "KeepingRun",
    "Original",
    "OriginalStamp",
    "PaperCopy",
    "Recall",
    "SigningSession",
    "Supplement",
    "Transcript",
    "TranscriptLog",
    "TranscriptSignature",
]
