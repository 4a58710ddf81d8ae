"""Signed transcripts of many hands: ours by layout, and what other programs write."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from signxml import CanonicalizationMethod, SignatureConstructionMethod, SignatureMethod
from signxml.xades import XAdESSigner

from tests.modules.transcripts.content import BY_SUBJECT, PRIMARY, SECONDARY, primary_content
from thongsuot.kit.signing.canonical import C14N, DSIG, ECDSA_URI, RSA_URI, SHA256_URI
from thongsuot.kit.signing.keys import SoftwareKey
from thongsuot.kit.signing.practice import PracticeAuthority, new_key
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.modules.transcripts.actions.signing import _signed_nodes
from thongsuot.modules.transcripts.domain.document import (
    file_bytes,
    node_id,
    open_node,
    places_of,
    signed_ids,
    transcript_xml,
    write_data,
)
from thongsuot.modules.transcripts.domain.profile import Profile

SIGNED_AT = datetime(2026, 5, 30, 3, 0, tzinfo=UTC)
AT = SIGNED_AT + timedelta(days=1)
SCHOOL = "Trường Tiểu học Hòa Bình"
HOMEROOM, LEADER = ("Phạm Thị Em", "079185000002"), ("Lê Văn Dũng", "079075000001")
# Lower secondary, GDPT 2018: two people teach two of the subjects each.
SUBJECTS = (
    "Ngữ văn", "Toán", "Ngoại ngữ 1", "Giáo dục công dân", "Lịch sử và Địa lí", "Khoa học tự nhiên", "Công nghệ",
    "Tin học", "Giáo dục thể chất", "Âm nhạc", "Mĩ thuật", "Hoạt động trải nghiệm, hướng nghiệp",
    "Nội dung giáo dục của địa phương",
)  # fmt: skip
_DS = f"{{{DSIG}}}"


@dataclass(frozen=True)
class People:
    """Whoever signs, by (name, personal id), with keys of one kind; `trust` knows their authority."""

    keys: dict[tuple[str, str], SoftwareKey]
    privates: dict[tuple[str, str], Any]
    trust: TrustStore

    def key(self, name: str, number: str = "") -> SoftwareKey:
        return self.keys[name, number]


def teacher(number: int) -> tuple[str, str]:
    """Who teaches the subject of this place."""
    number = {11: 3, 12: 4}.get(number, number)
    return f"Giáo viên Thứ {number}", f"0791850001{number:02}"


@cache
def people(kind: str = "rsa") -> People:
    since = SIGNED_AT - timedelta(days=100)
    authority = PracticeAuthority("CA", since=since)
    named = [HOMEROOM, LEADER, (SCHOOL, ""), *(teacher(number) for number in range(len(SUBJECTS)))]
    privates = {one: new_key(kind) for one in named}
    valid = (since, since + timedelta(days=900))
    keys = {
        one: authority.key(one[0], organisation=SCHOOL, valid=valid, key=private)
        for one, private in privates.items()
    }
    return People(keys, privates, TrustStore([authority.certificate], crls=[authority.crl(at=SIGNED_AT)]))


def content_of(layout: Profile, rows: int = len(SUBJECTS)) -> dict[str, Any]:
    """A pupil's year: primary as in the tests, secondary with so many subjects of a lower secondary class."""
    if layout.root == PRIMARY.root and layout.section("traits") is not None:
        return primary_content(uuid=uuid4())
    common = primary_content(uuid=uuid4())["common"]
    said = {"result": "Tốt", "conduct": "Tốt", "is_promoted": True, "is_grade_completed": True}
    return {
        "common": {
            **common,
            "level_code": "2",
            "circular": "22/2021/TT-BGDĐT",
            "grade_code": "8",
            "class_name": "8A",
        },
        "history": [{"class_name": "8A", "school_name": SCHOOL, "arrived_on": date(2023, 9, 5)}],
        "summary": {
            **said,
            "result_1": "Tốt",
            "conduct_1": "Tốt",
            "homeroom_remark": "Chăm chỉ, hòa đồng với bạn bè.",
        },
        "subjects": [_subject(number, name) for number, name in enumerate(SUBJECTS[:rows])],
    }


def _subject(number: int, name: str) -> dict[str, Any]:
    who, personal_id = teacher(number)
    return {
        "subject_code": f"subject_{number}", "subject_name": name, "mark_1": Decimal("8.5"), "mark_2": Decimal(9),
        "mark": Decimal("8.8"), "remark": f"Nắm chắc kiến thức môn {name}.", "teacher_name": who,
        "teacher_personal_id": personal_id,
    }  # fmt: skip


@dataclass(frozen=True)
class Signs:
    """One signature to be made: in which place, by whom."""

    role: str
    who: tuple[str, str]
    place: str = ""


def chain_of(layout: Profile, content: Any) -> list[Signs]:
    """The signatures of a whole file, in its order."""
    named = {"homeroom": HOMEROOM, "leader": LEADER, "seal": (SCHOOL, "")}
    rows = [Signs("subject", teacher(n), place) for n, place in enumerate(places_of(layout, content))]
    return [*rows, *(Signs(role, who) for role, who in named.items() if layout.signer(role))]


def own(layout: Profile, who: People, many: int, rows: int = len(SUBJECTS)) -> list[bytes]:
    """As our own writer writes them."""
    made = []
    for _ in range(many):
        content = content_of(layout, rows)
        written = write_data(layout, content)
        assert written.xml, written.problems
        nodes = [
            _signed_nodes(
                [(layout.code, content["common"]["uuid"], written.xml)],
                role=one.role,
                personal_id=one.who[1],
                key=who.key(*one.who),
                now=SIGNED_AT,
                places=[one.place],
            )[0]
            for one in chain_of(layout, content)
        ]
        made.append(file_bytes(transcript_xml(layout, written.xml, nodes)))
    return made


def _unsigned(layout: Profile, rows: int) -> tuple[etree._Element, Any]:
    """The tree with the nodes of all its signers and no signature, indented as other programs write."""
    content = content_of(layout, rows)
    uuid = content["common"]["uuid"]
    nodes = []
    for one in chain_of(layout, content):
        signer = layout.signer(one.role)
        assert signer is not None
        nodes.append(open_node(signer, uuid, signed_at=SIGNED_AT, personal_id=one.who[1], place=one.place))
    root = etree.fromstring(transcript_xml(layout, write_data(layout, content).xml, nodes))
    etree.indent(root)
    return root, content


def _each(
    layout: Profile, root: etree._Element, content: Any
) -> list[tuple[Signs, etree._Element, list[str]]]:
    """(who, the node, the ids to be signed)"""
    uuid, found = content["common"]["uuid"], []
    for one, node in zip(chain_of(layout, content), root[1], strict=True):
        signer = layout.signer(one.role)
        assert signer is not None
        found.append((one, node, signed_ids(layout, signer, uuid, one.place)))
        assert node.get("id") == node_id(uuid, signer.tag, one.place)
    return found


def _template(name: str, ids: Sequence[str], by: str) -> str:
    references = "".join(
        f'\n  <ds:Reference URI="#{one}">\n   <ds:Transforms>\n    <ds:Transform Algorithm="{C14N}"/>\n   </ds:Transforms>\n'
        f'   <ds:DigestMethod Algorithm="{SHA256_URI}"/>\n   <ds:DigestValue></ds:DigestValue>\n  </ds:Reference>'
        for one in (*ids, f"{name}-TG")
    )
    return (
        f'<ds:Signature xmlns:ds="{DSIG}" Id="{name}-CK">\n <ds:SignedInfo>\n'
        f'  <ds:CanonicalizationMethod Algorithm="{C14N}"/>\n  <ds:SignatureMethod Algorithm="{by}"/>{references}\n'
        " </ds:SignedInfo>\n <ds:SignatureValue></ds:SignatureValue>\n <ds:KeyInfo>\n  <ds:X509Data/>\n </ds:KeyInfo>\n"
        f' <ds:Object Id="{name}-TG">\n  <ds:SignatureProperties>\n   <ds:SignatureProperty Target="#{name}-CK">\n'
        f"    <SigningTime>{SIGNED_AT:%Y-%m-%dT%H:%M:%SZ}</SigningTime>\n   </ds:SignatureProperty>\n"
        "  </ds:SignatureProperties>\n </ds:Object>\n</ds:Signature>"
    )


def by_xmlsec1(layout: Profile, who: People, many: int, rows: int = len(SUBJECTS)) -> list[bytes]:
    """As xmlsec1 completes another program's indented file: prefix, line breaks in base64, time without a namespace."""
    made = []
    with TemporaryDirectory() as folder:
        file, done = Path(folder) / "a.xml", Path(folder) / "b.xml"
        for number, (one, key) in enumerate(who.keys.items()):
            pem = who.privates[one].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (Path(folder) / f"{number}.key").write_bytes(pem)
            (Path(folder) / f"{number}.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))
        places = {one: number for number, one in enumerate(who.keys)}
        for _ in range(many):
            root, content = _unsigned(layout, rows)
            each = _each(layout, root, content)
            for one, node, ids in each:
                by = RSA_URI if isinstance(who.privates[one.who], rsa.RSAPrivateKey) else ECDSA_URI
                node.append(etree.fromstring(_template(node.get("id", ""), ids, by)))
            file.write_bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))
            for one, node, _ids in each:
                number = places[one.who]
                command = [
                    "xmlsec1",
                    "--sign",
                    "--privkey-pem",
                    f"{folder}/{number}.key,{folder}/{number}.pem",
                ]
                named = ["DU_LIEU_HOC_BA", "NGAY_KY", "SO_CCCD", "BANG_DIEM"]
                command += [part for name in named for part in ("--id-attr:id", name)]
                command += ["--id-attr:Id", f"{DSIG}:Signature", "--id-attr:Id", f"{DSIG}:Object"]
                command += ["--node-id", f"{node.get('id')}-CK", "--output", str(done), str(file)]
                subprocess.run(command, check=True, capture_output=True)
                done.replace(file)
            made.append(file.read_bytes())
    return made


class _Xades(XAdESSigner):
    """signxml itself knows no other time than now."""

    def add_signing_time(
        self, signed_signature_properties: Any, sig_root: Any, signing_settings: Any
    ) -> None:
        super().add_signing_time(signed_signature_properties, sig_root, signing_settings)
        signed_signature_properties[-1].text = SIGNED_AT.isoformat(timespec="seconds")


def by_signxml(layout: Profile, who: People, many: int, rows: int = len(SUBJECTS)) -> list[bytes]:
    """As signxml writes XAdES: the time and the certificate's digest among signed properties. (Of the specification's form
    it can put one signature into a file: the id of its Object is always the same.)"""
    made = []
    for _ in range(many):
        root, content = _unsigned(layout, rows)
        for one, node, ids in _each(layout, root, content):
            key = who.privates[one.who]
            by = (
                SignatureMethod.RSA_SHA256
                if isinstance(key, rsa.RSAPrivateKey)
                else SignatureMethod.ECDSA_SHA256
            )
            signer = _Xades(
                method=SignatureConstructionMethod.detached,
                c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_1,
                signature_algorithm=by,
            )
            # Else it digests parts in a form that is no canonical XML.
            signer.excise_empty_xmlns_declarations = True
            signature = signer.sign(
                root, key=key, cert=[who.key(*one.who).certificate], id_attribute="id",
                reference_uri=[f"#{name}" for name in ids], always_add_key_value=False,
            )  # fmt: skip
            node.append(signature)
        made.append(etree.tostring(root, encoding="utf-8", xml_declaration=True))
    return made


# What is checked, by name: layout, writer.
KINDS: dict[str, tuple[Profile, Callable[..., list[bytes]]]] = {
    "own primary": (PRIMARY, own),
    "own secondary, signed as a whole": (SECONDARY, own),
    "own secondary, signed row by row": (BY_SUBJECT, own),
    "primary, by xmlsec1": (PRIMARY, by_xmlsec1),
    "primary, XAdES by signxml": (PRIMARY, by_signxml),
    "secondary row by row, by xmlsec1": (BY_SUBJECT, by_xmlsec1),
}
