"""What other modules ask of documents: a document laid out as a file, who signs with which certificate, and with which key."""

from .certificates import certificate_for, certificates, expiring, position_at, registrable_staff, usable_on
from .desk import desk_moment, desk_signing_for, desk_signings
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
from .signing import key_for, keys_dir, timestamp_authority, trust_store

__all__ = [
    "DOCX_TYPE",
    "PDF_TYPE",
    "SigningMode",
    "certificate_for",
    "certificates",
    "desk_moment",
    "desk_signing_for",
    "desk_signings",
    "document_docx",
    "document_pdf",
    "document_words",
    "expiring",
    "fonts_dir",
    "key_for",
    "keys_dir",
    "layout_on",
    "layouts_dir",
    "position_at",
    "registrable_staff",
    "signing_lines",
    "symbol_for",
    "timestamp_authority",
    "trust_store",
    "usable_on",
]
