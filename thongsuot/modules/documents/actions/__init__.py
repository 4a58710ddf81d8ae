"""Writes of documents: certificates of signers, documents signed with them."""

from .certificates import approve_certificate, register_certificate, renew_certificate, revoke_certificate
from .desk import (
    LASTS as DESK_LASTS,
)
from .desk import (
    answer_desk_signing,
    ask_at_desk,
    drop_desk_signing,
    end_desk_signings,
    issue_desk_code,
    take_desk_signing,
    use_desk_signatures,
)
from .document_signing import (
    authorise_document,
    drop_document,
    send_document,
    sign_open_document,
    stop_document,
)
from .keeping import expire_certificates, send_expiry_reminders
from .moving import carry_certificates, end_certificates, move_signers

__all__ = [
    "DESK_LASTS",
    "answer_desk_signing",
    "approve_certificate",
    "ask_at_desk",
    "authorise_document",
    "carry_certificates",
    "drop_desk_signing",
    "drop_document",
    "end_certificates",
    "end_desk_signings",
    "expire_certificates",
    "issue_desk_code",
    "move_signers",
    "register_certificate",
    "renew_certificate",
    "revoke_certificate",
    "send_document",
    "send_expiry_reminders",
    "sign_open_document",
    "stop_document",
    "take_desk_signing",
    "use_desk_signatures",
]
