"""Signed files for the tests: a transcript-like document, an authority, keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from lxml import etree

from thongsuot.kit.signing.checking import RegionRule
from thongsuot.kit.signing.keys import SoftwareKey
from thongsuot.kit.signing.practice import PracticeAuthority, new_key
from thongsuot.kit.signing.trust import TrustStore
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
