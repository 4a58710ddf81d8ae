"""Signed files for the tests: a transcript-like document, an authority, keys."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from unittest.mock import patch

from lxml import etree

from thongsuot.kit.signing import examining
from thongsuot.kit.signing.checking import RegionRule, verify_xml
from thongsuot.kit.signing.formed import Formed, Region, verify_formed
from thongsuot.kit.signing.keys import SoftwareKey
from thongsuot.kit.signing.plain import NAME, TEXT, plain_at
from thongsuot.kit.signing.practice import PracticeAuthority, new_key
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import SignatureFinding, Verdict
from thongsuot.kit.signing.xmldsig import sign_xml

SIGNED_AT = datetime(2026, 5, 28, 3, 0, tzinfo=UTC)
AT = SIGNED_AT + timedelta(days=2)
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
VALID = (datetime(2025, 6, 1, tzinfo=UTC), datetime(2028, 5, 31, tzinfo=UTC))
RULE = RegionRule(frozenset({"/HOC_BA/DU_LIEU_HOC_BA"}), frozenset({"/HOC_BA/DU_LIEU_HOC_BA"}))


@cache
def authority() -> PracticeAuthority:
    return PracticeAuthority("Cơ quan chứng thực luyện tập", since=SINCE)


@cache
def rsa_key():
    return new_key("rsa")


@cache
def ready(kind: str = "rsa") -> SoftwareKey:
    private = rsa_key() if kind == "rsa" else new_key()
    return authority().key("Nguyễn Thị Hòa & <Lan>", organisation="Trường TH A", valid=VALID, key=private)


@cache
def trusted() -> TrustStore:
    return trusting(authority())


def trusting(root: PracticeAuthority, **options) -> TrustStore:
    return TrustStore([root.certificate], crls=[root.crl(at=AT - timedelta(hours=1))], **options)


def transcript(pupil: str = "Lê Văn Bình", mark: str = "8.5") -> etree._Element:
    return etree.fromstring(
        f'<HOC_BA><DU_LIEU_HOC_BA id="du-lieu"><HO_TEN>{pupil}</HO_TEN><DIEM mon="Toán">{mark}</DIEM>'
        "<NHAN_XET>Chăm &amp; ngoan</NHAN_XET></DU_LIEU_HOC_BA><DANH_SACH_THONG_TIN_KY/></HOC_BA>"
    )


def signed(key: SoftwareKey | None = None, *, when: datetime = SIGNED_AT, **content: str) -> bytes:
    root = transcript(**content)
    sign_xml(
        root,
        key=key or ready(),
        signature_id="ky-1",
        references=["du-lieu"],
        signed_at=when,
        parent=root[1],
    )
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


_DATA = re.compile(
    rb"(?:<\?xml version='1.0' encoding='utf-8'\?>\n)?<HOC_BA>"
    rb'(<DU_LIEU_HOC_BA id="(%b)"><HO_TEN>(?:%b)</HO_TEN><DIEM mon="[^"<&\x00-\x1f]*">(?:%b)</DIEM>'
    rb"<NHAN_XET>(?:%b)</NHAN_XET></DU_LIEU_HOC_BA>)<DANH_SACH_THONG_TIN_KY>" % (NAME, TEXT, TEXT, TEXT)
)
_TAIL = b"</DANH_SACH_THONG_TIN_KY></HOC_BA>"


def recognised(file: bytes) -> Formed | None:
    """The form of `transcript`, as a layout's owner gives it to `verify_formed`."""
    data = _DATA.match(file)
    if data is None:
        return None
    try:
        file.decode()
    except UnicodeDecodeError:
        return None
    signatures, position = [], data.end()
    while (found := plain_at(file, position)) is not None:
        signatures.append(found[0])
        position = found[1]
    if not signatures or file[position:] != _TAIL:
        return None
    return Formed({data[2]: Region(data[1], "/HOC_BA/DU_LIEU_HOC_BA")}, signatures, [data[2]])


def said_in_every_way(
    data: bytes, *, trust: TrustStore, at: datetime = AT, regions: RegionRule | None = RULE
) -> list[SignatureFinding]:
    """`verify_xml`, having seen that the shorter ways say the same as the one that takes every step."""
    found = verify_xml(data, trust=trust, at=at, regions=regions)
    with patch.object(examining, "read_plain", return_value=None):
        stepwise = verify_xml(data, trust=trust, at=at, regions=regions)
    assert [(one.verdict, set(one.reasons)) for one in found] == [
        (one.verdict, set(one.reasons)) for one in stepwise
    ]
    formed = recognised(data) if regions is RULE else None
    by_form = verify_formed(formed, trust=trust, at=at) if formed is not None else None
    if by_form is not None:
        assert [replace(one, covered=()) for one in by_form] == [replace(one, covered=()) for one in found]
        assert all(
            one.covered == (formed.regions[one.references[0][1:].encode()].content,) for one in by_form
        )
    elif found and all(one.verdict is Verdict.VALID for one in found):
        # What is sound and of the form is never sent the long way.
        assert formed is None
    return found
