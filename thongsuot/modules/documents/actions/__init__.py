"""Writes of documents: certificates of signers."""

from .certificates import approve_certificate, register_certificate, renew_certificate, revoke_certificate
from .keeping import expire_certificates, send_expiry_reminders
from .moving import carry_certificates, end_certificates, move_signers

__all__ = [
    "approve_certificate",
    "carry_certificates",
    "end_certificates",
    "expire_certificates",
    "move_signers",
    "register_certificate",
    "renew_certificate",
    "revoke_certificate",
    "send_expiry_reminders",
]
