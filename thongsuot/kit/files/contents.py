"""What a file is, by its bytes; its name is only believed about the flavour of plain text. No database."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

import filetype
from django.utils.translation import gettext as _

from thongsuot.kit.files import types as t
from thongsuot.kit.files.types import FileTypeRefused, FileUnsafe

HEAD = 8192
MAX_ENTRIES = 20_000
# A 61 MB workbook of 500,000 rows unpacks to about 500 MB; beyond this it is an attack or a mistake.
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_RATIO = 250
RATIO_COUNTS_FROM = 50 * 1024 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAM_HEADS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"\0asm",
)
PROGRAM_ENDINGS = re.compile(
    r"\.(exe|dll|com|scr|bat|cmd|ps1|vb[se]|jse?|ws[fh]|hta|msi|jar|sh|py|pl|php|lnk|reg|url|svg|x?html?|mht)$",
    re.IGNORECASE,
)
MARKUP_HEADS = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?php", b"<?xml")

OOXML_MAIN = {"word/document.xml": t.DOCX, "xl/workbook.xml": t.XLSX, "ppt/presentation.xml": t.PPTX}
ODF = {kind.encode(): kind for kind in (t.ODT, t.ODS, t.ODP)}
IMAGES = {t.PNG, t.JPEG, t.WEBP, t.GIF}


def content_type_of(file: BinaryIO, name: str, *, takes_xml: bool = False) -> str:
    """The content type of `file` (seekable; left at its start), one of types.ALLOWED, or XML where it is taken.

    Raises FileTypeRefused or FileUnsafe with a message that says what to do instead.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(PROGRAM_HEADS) or PROGRAM_ENDINGS.search(name):
        raise FileUnsafe(
            _("Tệp này là chương trình hoặc trang mã, không được nhận. Hãy gửi văn bản, bảng tính hoặc ảnh.")
        )
    if head.startswith(OLE):
        raise FileTypeRefused(
            _(
                "Tệp Word/Excel đời cũ (.doc, .xls) hoặc có mật khẩu không được nhận. "
                "Hãy mở ra, bỏ mật khẩu và lưu thành .docx hoặc .xlsx."
            )
        )
    if head.startswith(b"PK\x03\x04"):
        found = _container(file)
        file.seek(0)
        return found
    if head.lstrip().startswith(b"%PDF-"):
        return t.PDF
    if takes_xml and name.lower().endswith(t.EXTENSIONS[t.XML]) and _is_xml(head):
        return t.XML
    guess = filetype.guess(head)
    if guess is not None and guess.mime in IMAGES:
        return guess.mime
    if guess is None and _is_text(head):
        return _text_flavour(head, name)
    raise FileTypeRefused(
        _("Định dạng tệp này không được nhận. Nhận: PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, ảnh, TXT, CSV, MD.")
    )


def _container(file: BinaryIO) -> str:
    """The type of a zip container, from what lies in it; nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_size(entries)
            names = {entry.filename for entry in entries}
            _check_macros(names)
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    found = ODF.get(entry.read(100).strip())
                if found:
                    return found
            if "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as entry:
                    if b"macroEnabled" in entry.read(1_000_000):
                        raise _macros()
                for main, kind in OOXML_MAIN.items():
                    if main in names:
                        return kind
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileTypeRefused(_("Tệp bị hỏng, không mở được. Hãy lưu lại và gửi lần nữa.")) from error
    raise FileTypeRefused(_("Tệp nén không được nhận. Hãy giải nén và gửi từng tệp."))


def _check_size(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileTypeRefused(_("Tệp có mật khẩu không được nhận. Hãy bỏ mật khẩu rồi gửi lại."))
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    bomb = unpacked > RATIO_COUNTS_FROM and unpacked / packed > MAX_RATIO
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or bomb:
        raise FileUnsafe(_("Tệp nở ra quá lớn khi mở, không được nhận."))


def _check_macros(names: set[str]) -> None:
    lowered = {name.lower() for name in names}
    if any(n.endswith("vbaproject.bin") or n.startswith(("basic/", "scripts/")) for n in lowered):
        raise _macros()


def _macros() -> FileUnsafe:
    return FileUnsafe(_("Tệp có macro không được nhận. Hãy lưu thành .docx hoặc .xlsx không có macro."))


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return False
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in head)
    return controls == 0


def _is_xml(head: bytes) -> bool:
    """An element, perhaps after a declaration; no page for a browser. Whether it is well formed, its reader says."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") and not start.startswith(
        (b"<!doctype", b"<html", b"<svg", b"<script", b"<?php")
    )


def _text_flavour(head: bytes, name: str) -> str:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP_HEADS):
        raise FileTypeRefused(_("Trang web và tệp XML không được nhận ở đây. Hãy lưu thành PDF hoặc DOCX."))
    suffix = PurePosixPath(name.lower()).suffix
    for kind in (t.CSV, t.MARKDOWN):
        if suffix in t.EXTENSIONS[kind]:
            return kind
    return t.TEXT
