from .corrections import CorrectionReport, Recall
from .exchange import Dispatch, GatewayCertificate, GatewayItem, GatewayMessage, Original, OriginalStamp
from .signing import SigningSession
from .transcript import Deadline, Supplement, Transcript, TranscriptLog, TranscriptSignature

__all__ = [
    "CorrectionReport",
    "Deadline",
    "Dispatch",
    "GatewayCertificate",
    "GatewayItem",
    "GatewayMessage",
    "Original",
    "OriginalStamp",
    "Recall",
    "SigningSession",
    "Supplement",
    "Transcript",
    "TranscriptLog",
    "TranscriptSignature",
]
