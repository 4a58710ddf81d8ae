"""Words of the room: what a file is, and why one is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from thongsuot.kit.accounts.types import Actor, Refused

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
PNG, JPEG, WEBP, GIF = "image/png", "image/jpeg", "image/webp", "image/gif"
TEXT, CSV, MARKDOWN = "text/plain", "text/csv", "text/markdown"
XML = "application/xml"

# The ending a name is given when it says something else than the content.
EXTENSIONS: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PPTX: (".pptx",),
    ODT: (".odt",),
    ODS: (".ods",),
    ODP: (".odp",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg", ".jfif"),
    WEBP: (".webp",),
    GIF: (".gif",),
    TEXT: (".txt", ".text", ".log"),
    CSV: (".csv", ".tsv"),
    MARKDOWN: (".md", ".markdown"),
    XML: (".xml",),
}
# XML only where a kind asks for it: it is data for programs, and never shown by the browser itself.
ALLOWED = frozenset(EXTENSIONS) - {XML}
# Shown by the browser itself, none of them can carry a script that our origin would run.
SHOWN_INLINE = frozenset({PDF, PNG, JPEG, WEBP, GIF})


class FileRefused(Refused):
    code = "file_refused"

    def __init__(self, message: str, **details: object) -> None:
        # Forms call the field of an upload so; the refusal then stands beside it.
        super().__init__(message, **{"field": "file", **details})


class FileTooLarge(FileRefused):
    code = "file_too_large"


class FileEmpty(FileRefused):
    code = "file_empty"


class FileTypeRefused(FileRefused):
    code = "file_type_refused"


class FileUnsafe(FileRefused):
    """Macros, a program, a container that unpacks without end, a virus."""

    code = "file_unsafe"


class FileGone(FileRefused):
    """The row is there, its bytes are not (verify_store names such files)."""

    code = "file_gone"


class StoreUnavailable(FileRefused):
    """The store cannot be reached, is full, or refuses us. Trying later may help."""

    code = "store_unavailable"


@dataclass(frozen=True)
class FileInfo:
    """What a page says of a file. `url` is relative to the site."""

    id: int
    public_id: uuid.UUID
    name: str
    size: int
    content_type: str
    url: str


@dataclass(frozen=True)
class Cleared:
    """How many contents were deleted from the store, and their size in bytes."""

    contents: int
    size: int


@dataclass(frozen=True)
class FileKind:
    """What a module declares of the files it attaches.

    access         access(actor, stored_file) -> bool, asked at each download within the actor's own scope
    content_types  a narrower choice than ALLOWED
    max_bytes      None: settings.FILES_MAX_BYTES_BY_KIND, else settings.FILES_MAX_BYTES
    """

    code: str
    access: Callable[[Actor, Any], bool]
    content_types: frozenset[str] = ALLOWED
    max_bytes: int | None = None
