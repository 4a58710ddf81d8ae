"""Packing of contents: what goes out comes back, byte for byte; what was made to hurt is refused with its reason."""

import base64
import gzip
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.transcripts.domain.packing import pack, unpack
from thongsuot.modules.transcripts.types import PackingFault

XML = '<?xml version="1.0" encoding="UTF-8"?>\n<HOC_BA id="a"><T>Ánh nói "chào" và \\"</T></HOC_BA>'.encode()


def wrapped(zipped: bytes, length: int) -> str:
    return base64.b64encode(struct.pack("<i", length) + zipped).decode()


def test_the_layout_of_the_content():
    packed = base64.b64decode(pack(b'<a b="1"/>'))
    assert packed[:4] == b"\x0c\x00\x00\x00"
    assert gzip.decompress(packed[4:]) == b'<a b=\\"1\\"/>'
    assert pack(XML) == pack(XML)


@pytest.mark.parametrize("escape", [True, False])
def test_back_as_it_was(escape):
    assert unpack(pack(XML, escape_quotes=escape)) == XML


@given(st.text(alphabet='ab\\"<>=Đ\n', max_size=60))
def test_escaping_of_quotes_is_undone_exactly(inner):
    xml = f'<a b="1">{inner}</a>'.encode()
    assert unpack(pack(xml)) == xml
    assert unpack(pack(xml, escape_quotes=False)) == xml


def test_sizes_at_the_limit():
    content = pack(XML)
    assert unpack(content, most=len(content)) == XML
    assert pack(XML, most=len(content)) == content
    for call in (lambda: unpack(content, most=len(content) - 1), lambda: pack(XML, most=len(content) - 1)):
        with pytest.raises(PackingFault, match="vượt giới hạn"):
            call()


BOMB = gzip.compress(b"0" * 5_000_000)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("không phải", "Base64"),
        ("", "rỗng"),
        (base64.b64encode(b"\x01\x00\x00\x00").decode(), "rỗng"),
        (wrapped(b"not gzip", 8), "GZip"),
        (wrapped(gzip.compress(XML), -1), "không hợp lệ"),
        (wrapped(gzip.compress(XML), 0), "không hợp lệ"),
        (wrapped(gzip.compress(XML), 2**31 - 1), "không hợp lệ"),
        (wrapped(gzip.compress(XML), len(XML) - 1), "dài hơn"),
        (wrapped(gzip.compress(XML), len(XML) + 1), "ngắn hơn"),
        (wrapped(gzip.compress(XML)[:-6], len(XML)), "ngắn hơn"),
        (wrapped(gzip.compress(XML) + b"x", len(XML)), "dữ liệu thừa"),
        (wrapped(gzip.compress(XML) + gzip.compress(XML), len(XML)), "dữ liệu thừa"),
        # Tells a small length and unpacks into millions of bytes: cut off after that length.
        (wrapped(BOMB, 100), "dài hơn"),
    ],
)
def test_refused(content, reason):
    with pytest.raises(PackingFault, match=reason):
        unpack(content)


def test_a_flipped_byte_is_noticed():
    packed = bytearray(base64.b64decode(pack(XML)))
    for place in range(14, len(packed)):
        packed[place] ^= 0x10
        with pytest.raises(PackingFault):
            unpack(base64.b64encode(bytes(packed)))
        packed[place] ^= 0x10
