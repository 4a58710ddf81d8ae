"""Signing and checking XML against the bare work of the `cryptography` package on the same keys and files; a PDF compiled
and signed against Typst and pyHanko alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import typst
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigner

from tests.bench.measure import Figure, compare
from tests.bench.scale import Scale
from thongsuot.kit.signing import pades
from thongsuot.kit.signing.checking import RegionRule, verify_xml
from thongsuot.kit.signing.formed import Formed, Region, verify_formed
from thongsuot.kit.signing.keys import SoftwareKey
from thongsuot.kit.signing.plain import NAME, TEXT, plain_at
from thongsuot.kit.signing.practice import PracticeAuthority, new_key
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import Verdict
from thongsuot.kit.signing.waiting import outside_loops
from thongsuot.kit.signing.xmldsig import complete, prepare

SIGNED_AT = datetime(2026, 5, 28, 3, 0, tzinfo=UTC)
RULE = RegionRule(
    frozenset(f"/HOC_BA/DU_LIEU_HOC_BA/{part}" for part in ("MON_HOC", "NHAN_XET", "KET_QUA")),
    frozenset({"/HOC_BA/DU_LIEU_HOC_BA"}),
)
REGIONS = ("MON_HOC", "NHAN_XET", "KET_QUA")


def _transcript() -> bytes:
    """Some 8 kB: twelve subjects, remarks, results; three regions that three people sign."""
    subjects = "".join(
        f"<MON><TEN_MON>Môn học thứ {n}</TEN_MON><MUC_DAT>HTT</MUC_DAT><DIEM>{n % 10}</DIEM>"
        f"<NHAN_XET_MON>Em nắm chắc kiến thức, vận dụng tốt vào bài tập thực hành số {n}.</NHAN_XET_MON></MON>"
        for n in range(12)
    )
    remarks = "".join(f"<MUC ma='{n}'>Chăm học, chăm làm, tự tin và trung thực.</MUC>" for n in range(10))
    return (
        "<HOC_BA><DU_LIEU_HOC_BA>"
        f'<MON_HOC id="MON_HOC">{subjects}</MON_HOC><NHAN_XET id="NHAN_XET">{remarks}</NHAN_XET>'
        '<KET_QUA id="KET_QUA"><LEN_LOP>Được lên lớp</LEN_LOP><KHEN_THUONG>Học sinh Xuất sắc</KHEN_THUONG></KET_QUA>'
        "</DU_LIEU_HOC_BA><DANH_SACH_THONG_TIN_KY/></HOC_BA>"
    ).encode()


_FORM = re.compile(
    rb"<\?xml version='1.0' encoding='utf-8'\?>\n<HOC_BA><DU_LIEU_HOC_BA>"
    rb'(<MON_HOC id="(%(name)b)">(?:<MON><TEN_MON>%(text)b</TEN_MON><MUC_DAT>%(text)b</MUC_DAT><DIEM>[0-9]</DIEM>'
    rb"<NHAN_XET_MON>%(text)b</NHAN_XET_MON></MON>)++</MON_HOC>)"
    rb'(<NHAN_XET id="(%(name)b)">(?:<MUC ma="[0-9]">%(text)b</MUC>)++</NHAN_XET>)'
    rb'(<KET_QUA id="(%(name)b)"><LEN_LOP>%(text)b</LEN_LOP><KHEN_THUONG>%(text)b</KHEN_THUONG></KET_QUA>)'
    rb"</DU_LIEU_HOC_BA><DANH_SACH_THONG_TIN_KY>" % {b"name": NAME, b"text": rb"(?:" + TEXT + rb")"}
)
_END = b"</DANH_SACH_THONG_TIN_KY></HOC_BA>"


def _recognised(data: bytes) -> Formed | None:
    """The form of `_transcript`, given to the kit as the module of transcripts gives it that of a layout."""
    found = _FORM.match(data)
    if found is None:
        return None
    data.decode()
    regions = {
        found[place + 1]: Region(found[place], f"/HOC_BA/DU_LIEU_HOC_BA/{tag}")
        for place, tag in zip((1, 3, 5), REGIONS, strict=True)
    }
    signatures, position = [], found.end()
    while (signed := plain_at(data, position)) is not None:
        signatures.append(signed[0])
        position = signed[1]
    return Formed(regions, signatures, list(regions)) if data[position:] == _END else None


def run(scale: Scale) -> Iterator[Figure]:
    since = SIGNED_AT - timedelta(days=200)
    authority = PracticeAuthority("CA", since=since)
    private = new_key("rsa")
    key = authority.key("Nguyễn Thị Hòa", valid=(since, since + timedelta(days=900)), key=private)
    assert isinstance(key, SoftwareKey)
    blank, many = _transcript(), 60 if scale.rounds > 3 else 4
    roots = [etree.fromstring(blank) for _ in range(many)]

    def sign_all() -> list[etree._Element]:
        made = []
        for root in roots:
            del root[1][:]
            prepared = [
                prepare(
                    root,
                    signature_id=f"ky-{number}",
                    references=[region],
                    signed_at=SIGNED_AT,
                    certificate=key.certificate,
                    parent=root[1],
                )
                for number, region in enumerate(REGIONS)
            ]
            for one, value in zip(prepared, key.sign([each.to_sign for each in prepared]), strict=True):
                complete(one, value)
            made.append(root)
        return made

    scheme, digest, message = padding.PKCS1v15(), SHA256(), b"x" * 1200

    def raw_sign() -> None:
        for _ in range(many * len(REGIONS)):
            private.sign(message, scheme, digest)  # type: ignore[call-arg,arg-type]

    yield compare(
        "XML signatures, RSA-2048",
        sign_all,
        raw_sign,
        scale=scale,
        note=f"{many} files of {len(blank)} bytes, three signatures each; floor: as many bare signatures",
        heavy=True,
        most=2.0,
    )
    files = [etree.tostring(root, encoding="utf-8", xml_declaration=True) for root in sign_all()]
    trust = TrustStore([authority.certificate], crls=[authority.crl(at=SIGNED_AT)])
    yield from _checked(files, key, trust, scale)
    yield _pdf(key, scale)


def _checked(files: list[bytes], key: SoftwareKey, trust: TrustStore, scale: Scale) -> Iterator[Figure]:
    scheme, digest, message = padding.PKCS1v15(), SHA256(), b"x" * 1200
    public = key.certificate.public_key()
    value = key.sign([message])[0]

    at = SIGNED_AT + timedelta(days=1)

    def by_form() -> None:
        for data in files:
            formed = _recognised(data)
            assert formed is not None
            findings = verify_formed(formed, trust=trust, at=at)
            assert findings is not None
            assert [each.verdict for each in findings] == [Verdict.VALID] * len(REGIONS)

    def by_tree() -> None:
        for data in files:
            findings = verify_xml(data, trust=trust, at=at, regions=RULE)
            assert [each.verdict for each in findings] == [Verdict.VALID] * len(REGIONS)

    def raw_verify() -> None:
        for data in files:
            etree.fromstring(data, hardened)
            for _ in REGIONS:
                public.verify(value, message, scheme, digest)  # type: ignore[call-arg,arg-type,union-attr]

    hardened = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    said = "three signatures, chain, revocation list; floor: a parse and three bare checks"
    yield compare(
        "checking XML signatures, a form known beforehand",
        by_form,
        raw_verify,
        scale=scale,
        note=f"the same files, recognised byte by byte: {said}",
        heavy=True,
        most=round(1 / 0.6, 2),
    )
    # What our own writer did not write takes the tree: ids, places and canonical XML are looked up there in Python.
    yield compare(
        "checking XML signatures, anybody's file",
        by_tree,
        raw_verify,
        scale=scale,
        note=f"the same files through parser and tree: {said}",
        heavy=True,
    )


def _pdf(key: SoftwareKey, scale: Scale) -> Figure:
    """A page compiled and signed: through our own road, and by pyHanko with a key and certificate already loaded."""
    page = "#set page(height: auto)\n" + "Học bạ, điểm 8,5. \n\n" * 120
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)

    def compiled() -> bytes:
        return typst.compile(page.encode(), format="pdf", font_paths=fonts)

    holder = pades._Holder(key)

    def ours() -> bytes:
        return pades.sign_pdf(compiled(), key=key, signed_at=SIGNED_AT)

    def bare() -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(compiled()))
        meta = PdfSignatureMetadata(
            field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        output = BytesIO()
        outside_loops(lambda: PdfSigner(meta, holder).sign_pdf(writer, bytes_reserved=12_000, output=output))
        return output.getvalue()

    note = "Typst and one signature, PAdES B-B; floor: the same with bare pyHanko and a cached key"
    return compare("PDF compiled and signed", ours, bare, scale=scale, note=note, heavy=True, most=1.5)
