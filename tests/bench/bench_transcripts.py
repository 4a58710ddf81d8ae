"""Transcripts from content to the packed file, against the bare signing speed of `cryptography` on the same keys; checking
them against bare checks and an XML parse. No database: what is kept of it is measured by its pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from tests.bench.measure import Figure, compare
from tests.bench.scale import Scale
from tests.modules.transcripts.content import PRIMARY, primary_content
from thongsuot.kit.signing.examining import SIGNATURE
from thongsuot.kit.signing.plain import read_plain
from thongsuot.kit.signing.practice import PracticeAuthority, new_key
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.modules.transcripts.actions.signing import _signed_nodes
from thongsuot.modules.transcripts.domain.document import file_bytes, read_content, transcript_xml, write_data
from thongsuot.modules.transcripts.domain.packing import pack
from thongsuot.modules.transcripts.queries.layouts import form_of, schema_of
from thongsuot.modules.transcripts.queries.verification import check_as_tree, check_transcript

SIGNED_AT = datetime(2026, 5, 30, 3, 0, tzinfo=UTC)
SIGNERS = (
    ("homeroom", "Phạm Thị Em", "079185000002"),
    ("leader", "Lê Văn Dũng", "079075000001"),
    ("seal", "Trường Tiểu học Hòa Bình", ""),
)


def run(scale: Scale) -> Iterator[Figure]:
    many = 60 if scale.rounds > 3 else 4
    since = SIGNED_AT - timedelta(days=100)
    authority = PracticeAuthority("CA", since=since)
    valid = (since, since + timedelta(days=900))
    privates = [new_key("rsa") for _ in SIGNERS]
    keys = [
        authority.key(name, organisation="Trường Tiểu học Hòa Bình", valid=valid, key=private)
        for (_role, name, _number), private in zip(SIGNERS, privates, strict=True)
    ]
    contents = [primary_content(uuid=uuid4()) for _ in range(many)]

    def make() -> list[bytes]:
        rows = [
            (PRIMARY.code, content["common"]["uuid"], write_data(PRIMARY, content).xml)
            for content in contents
        ]
        nodes: list[list[str]] = [[] for _ in rows]
        for (role, _name, number), key in zip(SIGNERS, keys, strict=True):
            made = _signed_nodes(rows, role=role, personal_id=number, key=key, now=SIGNED_AT)
            for held, node in zip(nodes, made, strict=True):
                held.append(node)
        files = [
            file_bytes(transcript_xml(PRIMARY, data, held))
            for (_code, _uuid, data), held in zip(rows, nodes, strict=True)
        ]
        for file in files:
            pack(file)
        return files

    scheme, digest, message = padding.PKCS1v15(), SHA256(), b"x" * 1200

    def raw_sign() -> None:
        for private in privates:
            for _ in range(many):
                private.sign(message, scheme, digest)  # type: ignore[call-arg,arg-type]

    yield compare(
        "transcripts built, signed by three, packed",
        make,
        raw_sign,
        scale=scale,
        note=f"{many} of {len(make()[0])} bytes, RSA-2048; floor: as many bare signatures (aim: 35 % of their speed)",
        heavy=True,
        most=2.86,
    )
    yield from _checked(make(), authority, keys, scale)


def _checked(
    files: list[bytes], authority: PracticeAuthority, keys: list[Any], scale: Scale
) -> Iterator[Figure]:
    """A whole transcript is: the file's schema, its content read, its signatures, certificates and revocation, who signed in
    which role. Of this the floor knows the parse and the bare signatures."""
    trust = TrustStore([authority.certificate], crls=[authority.crl(at=SIGNED_AT)])
    scheme, digest = padding.PKCS1v15(), SHA256()
    publics = [key.certificate.public_key() for key in keys]
    hardened = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    schema, at = schema_of(PRIMARY.code), SIGNED_AT + timedelta(days=1)

    def check() -> None:
        for file in files:
            found = check_transcript(file, trust=trust, at=at, with_store=False)
            assert found.verdict == "valid", found

    def check_by_tree() -> None:
        for file in files:
            found = check_as_tree(file, trust=trust, at=at, with_store=False)
            assert found.verdict == "valid", found

    def raw_check() -> None:
        for file, signatures in zip(files, bare, strict=True):
            etree.fromstring(file, hardened)
            for public, (value, message) in zip(publics, signatures, strict=True):
                public.verify(value, message, scheme, digest)  # type: ignore[call-arg,arg-type,union-attr]

    def recognised() -> None:
        for file in files:
            assert form_of(PRIMARY.code).read(file) is not None

    def validated() -> None:
        for root in roots:
            assert schema.validate(root)
            read_content(PRIMARY, root[0])

    bare = [_bare(file) for file in files]
    roots = [etree.fromstring(file, hardened) for file in files]
    floor = "an XML parse and three bare checks"
    note = f"schema, content, three signatures, roles, revocation; floor: {floor}"
    yield compare("transcripts checked", check, raw_check, scale=scale, note=note, heavy=True, most=1.0 / 0.6)
    yield compare(
        "transcripts that others wrote checked",
        check_by_tree,
        raw_check,
        scale=scale,
        note=f"the same through parser, schema and tree; floor: {floor}",
        heavy=True,
    )
    yield compare(
        "of it: form recognised and read",
        recognised,
        validated,
        scale=scale,
        note="structure, types, regions, content, in one go over the bytes; floor: schema and content alone of parsed trees",
        heavy=True,
    )


def _bare(file: bytes) -> list[tuple[bytes, bytes]]:
    """(value, what was signed) of each signature of a file."""
    found = [read_plain(element) for element in etree.fromstring(file).iter(SIGNATURE)]
    return [(one.value, one.signed_info) for one in found if one is not None]
