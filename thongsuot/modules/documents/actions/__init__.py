"""Writes of documents: certificates of signers."""

from .certificates import approve_certificate, register_certificate, renew_certificate, revoke_certificate
from .keeping import expire_certificates, send_expiry_reminders

__all__ = [
    "approve_certificate",
    "expire_certificates",
    "register_certificate",
    "renew_certificate",
    "revoke_certificate",
    "send_expiry_reminders",
]
