"""Transcripts from content to the packed file, against the bare signing speed of `cryptography` on the same keys; checking
them against bare checks and an XML parse. No database: what is kept of it is measured by its pages."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate
from lxml import etree

from tests.bench.measure import Figure, compare
from tests.bench.scale import Scale
from tests.modules.transcripts.content import BY_SUBJECT, PRIMARY, primary_content
from tests.modules.transcripts.written import AT, KINDS, own, people
from thongsuot.kit.signing.canonical import canonical
from thongsuot.kit.signing.examining import SIGNATURE
from thongsuot.kit.signing.practice import PracticeAuthority, new_key
from thongsuot.modules.transcripts.actions.signing import _signed_nodes
from thongsuot.modules.transcripts.domain.document import file_bytes, transcript_xml, write_data
from thongsuot.modules.transcripts.domain.packing import pack
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
    yield from _checked(scale)


def _checked(scale: Scale) -> Iterator[Figure]:
    """A whole transcript is: the file's schema, its content read, its signatures, certificates and revocation, who signed in
    which role. Of this the floor knows the parse and one bare check for each signature of the same file, with its key and
    over what it signs, all taken out of the file beforehand."""
    who, hardened = (
        people(),
        etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False),
    )
    scheme, digest = padding.PKCS1v15(), SHA256()
    for name, (layout, writer) in KINDS.items():
        files = writer(
            layout, who, max((20 if scale.rounds > 3 else 2) // (1 + 4 * bool(layout is BY_SUBJECT)), 1)
        )
        bare = [_bare(file) for file in files]

        def check(files: list[bytes] = files) -> None:
            for file in files:
                found = check_transcript(file, trust=who.trust, at=AT, with_store=False)
                assert found.verdict == "valid", found

        def raw_check(files: list[bytes] = files, bare: Any = bare) -> None:
            for file, signatures in zip(files, bare, strict=True):
                etree.fromstring(file, hardened)
                for public, value, message in signatures:
                    public.verify(value, message, scheme, digest)

        each = len(bare[0])
        yield compare(
            f"transcripts checked: {name}",
            check,
            raw_check,
            scale=scale,
            note=f"{len(files[0])} bytes, {each} signatures; schema, content, roles, revocation; floor: a parse, {each} bare checks",
            heavy=True,
            # XAdES is no form of the specification: it goes through schema and tree.
            most=None if "XAdES" in name else round(1 / 0.6, 2),
        )
    yield _tree(scale)


def _tree(scale: Scale) -> Figure:
    """What nobody's hand is recognised in, seen on files of ours: parser, schema, tree."""
    who = people()
    files = own(PRIMARY, who, 20 if scale.rounds > 3 else 2)

    def by_tree() -> None:
        for file in files:
            assert check_as_tree(file, trust=who.trust, at=AT, with_store=False).verdict == "valid"

    def by_form() -> None:
        for file in files:
            assert check_transcript(file, trust=who.trust, at=AT, with_store=False).verdict == "valid"

    note = "parser, schema and tree against the form, on the same files"
    return compare("transcripts checked as a tree", by_tree, by_form, scale=scale, note=note, heavy=True)


def _bare(file: bytes) -> list[tuple[Any, bytes, bytes]]:
    """(public key, value, what was signed) of each signature of a file."""
    found = []
    for signature in etree.fromstring(file).iter(SIGNATURE):
        der = b64decode(signature.findtext(".//{*}X509Certificate") or "")
        public = load_der_x509_certificate(der).public_key()
        found.append((public, b64decode(signature[1].text or ""), canonical(signature[0])))
    return found
