"""`content` of a transaction: escape quotes, UTF-8, GZip, 4 bytes of length (int32, little endian), Base64. Pure.

CV 2088/BGDĐT-GDTH Phụ lục 1: at most 10 MB a transaction. What comes from outside is unpacked without trust: the length
that it tells is a promise, nothing is unpacked beyond it, and what lies behind the end is refused.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import struct
import zlib

from ..types import ContentTooLarge, PackingFault

LENGTH = struct.Struct("<i")
MOST_CONTENT = 10 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
GZIP_WINDOW = 16 + zlib.MAX_WBITS
BARE_QUOTE = re.compile(rb'(?<!\\)"')


def pack(xml: bytes, *, escape_quotes: bool = True, most: int = MOST_CONTENT) -> str:
    """The content to send. Raises ContentTooLarge when it would be larger than a transaction may be."""
    plain = xml.replace(b'"', b'\\"') if escape_quotes else xml
    # The same bytes each time: no name, no clock in the header.
    packed = LENGTH.pack(len(plain)) + gzip.compress(plain, compresslevel=6, mtime=0)
    content = base64.b64encode(packed).decode()
    if len(content) > most:
        raise ContentTooLarge(
            f"Nội dung dài {len(content)} byte, vượt giới hạn {most} byte của một giao dịch."
        )
    return content


def unpack(content: str | bytes, *, most: int = MOST_CONTENT, most_unpacked: int = MOST_UNPACKED) -> bytes:
    """The XML that was packed, with or without escaped quotes. Raises PackingFault with the reason."""
    if len(content) > most:
        raise PackingFault(f"Nội dung dài {len(content)} byte, vượt giới hạn {most} byte của một giao dịch.")
    try:
        packed = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PackingFault("Nội dung không phải Base64.") from error
    if len(packed) <= LENGTH.size:
        raise PackingFault("Nội dung rỗng.")
    (length,) = LENGTH.unpack_from(packed)
    if not 0 < length <= most_unpacked:
        raise PackingFault(f"Độ dài ghi trước nội dung ({length}) không hợp lệ.")
    return unescape(_inflate(packed[LENGTH.size :], length))


def _inflate(zipped: bytes, length: int) -> bytes:
    stream = zlib.decompressobj(GZIP_WINDOW)
    try:
        plain = stream.decompress(zipped, length + 1)
    except zlib.error as error:
        raise PackingFault("Nội dung không phải GZip hoặc bị hỏng.") from error
    if len(plain) > length:
        raise PackingFault("Nội dung giải nén dài hơn độ dài đã ghi.")
    if len(plain) < length or not stream.eof:
        raise PackingFault("Nội dung giải nén ngắn hơn độ dài đã ghi.")
    if stream.unused_data or stream.unconsumed_tail:
        raise PackingFault("Có dữ liệu thừa sau nội dung.")
    return plain


def unescape(plain: bytes) -> bytes:
    """Undo the escaping where there is one: then no quote stands without its backslash (an XML file has quotes)."""
    if b'"' in plain and not BARE_QUOTE.search(plain):
        return plain.replace(b'\\"', b'"')
    return plain
