"""What other modules ask of documents: a document laid out as a file, who signs with which certificate, and with which key."""

from .certificates import (
    can_sign_at,
    certificate_for,
    certificates,
    expiring,
    named_like,
    position_at,
    registrable_accounts,
    registrable_staff,
    title_at,
    usable_on,
)
from .desk import desk_moment, desk_signing_for, desk_signings, desk_waiting
from .layout import (
    DOCX_TYPE,
    PDF_TYPE,
    SigningMode,
    document_docx,
    document_pdf,
    document_words,
    fonts_dir,
    layout_on,
    layouts_dir,
    signing_lines,
    symbol_for,
)
from .provider import outside_transactions
from .signing import key_for, keys_dir, timestamp_authority, trust_store

__all__ = [
    "DOCX_TYPE",
    "PDF_TYPE",
    "SigningMode",
    "can_sign_at",
    "certificate_for",
    "certificates",
    "desk_moment",
    "desk_signing_for",
    "desk_signings",
    "desk_waiting",
    "document_docx",
    "document_pdf",
    "document_words",
    "expiring",
    "fonts_dir",
    "key_for",
    "keys_dir",
    "layout_on",
    "layouts_dir",
    "named_like",
    "outside_transactions",
    "position_at",
    "registrable_accounts",
    "registrable_staff",
    "signing_lines",
    "symbol_for",
    "timestamp_authority",
    "title_at",
    "trust_store",
    "usable_on",
]
