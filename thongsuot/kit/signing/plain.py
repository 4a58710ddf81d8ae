"""The form in which transcripts are signed, recognised as a whole: one look instead of forty steps through the tree.

What is matched is the parsed tree written out again, not the file's own bytes, and the whole of it: what deviates by one
letter is not plain, and `examining` takes it apart step by step. Where the pattern matches there is no entity, no
comment, no further namespace and no further attribute, so the canonical form follows from the few values that vary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from .canonical import C14N, DSIG, ECDSA_URI, RSA_URI, SHA256_URI

_NS = f'xmlns="{DSIG}"'
_BASE64 = "[A-Za-z0-9+/]+={0,2}"
_NAME = "[A-Za-z_][A-Za-z0-9._-]*"
_REFERENCE = (
    rf'<Reference URI="#([A-Za-z0-9._-]+)"><Transforms><Transform Algorithm="{re.escape(C14N)}"/>'
    rf'</Transforms><DigestMethod Algorithm="{re.escape(SHA256_URI)}"/>'
    rf"<DigestValue>([A-Za-z0-9+/]{{43}}=)</DigestValue></Reference>"
)
_ONE = re.compile(_REFERENCE)
_SIGNATURE = re.compile(
    rf'<Signature {re.escape(_NS)} Id="(?P<id>{_NAME})"><SignedInfo>'
    rf'<CanonicalizationMethod Algorithm="{re.escape(C14N)}"/>'
    rf'<SignatureMethod Algorithm="(?P<by>{re.escape(RSA_URI)}|{re.escape(ECDSA_URI)})"/>'
    rf"(?P<references>(?:{_REFERENCE.replace('(', '(?:')}){{2,20}})</SignedInfo>"
    rf"<SignatureValue>(?P<value>{_BASE64})</SignatureValue><KeyInfo><X509Data>"
    rf"(?:<X509SubjectName>[^<]*</X509SubjectName>)?<X509Certificate>(?P<certificate>{_BASE64})</X509Certificate>"
    rf'</X509Data></KeyInfo><Object (?P<time>Id="(?P<time_id>{_NAME})"><SignatureProperties>'
    rf'<SignatureProperty Id="{_NAME}" Target="#(?P=id)">'
    rf'<SigningTime xmlns="[A-Za-z0-9:/.#_-]+">(?P<when>[0-9T:.Z+-]+)</SigningTime>'
    rf"</SignatureProperty></SignatureProperties></Object>)</Signature>"
)


@dataclass(slots=True)
class Plain:
    """The parts of a plain signature. `signed_info`, `time`: canonical bytes; `references`: (id, digest in base64)."""

    algorithm: str
    references: list[tuple[str, str]]
    signed_info: bytes
    value: str
    certificate: str
    time_id: str
    time: bytes
    when: str


def read_plain(signature: etree._Element) -> Plain | None:
    """The parts of `signature`, which inherits no xml: attribute; None when it is not of the plain form."""
    found = _SIGNATURE.fullmatch(etree.tostring(signature, encoding="unicode", with_tail=False))
    if found is None:
        return None
    _id, by, references, value, certificate, time, time_id, when = found.groups()
    named = _ONE.findall(references)
    return Plain(
        algorithm=by,
        references=named,
        signed_info=_canonical_info(by, named),
        value=value,
        certificate=certificate,
        time_id=time_id,
        time=f"<Object {_NS} {time}".encode(),
        when=when,
    )


def _canonical_info(algorithm: str, references: list[tuple[str, str]]) -> bytes:
    written = "".join([f"{_BEFORE}{uri}{_BETWEEN}{digest}{_AFTER}" for uri, digest in references])
    return f'{_HEAD}"{algorithm}"></SignatureMethod>{written}</SignedInfo>'.encode()


_HEAD = (
    f'<SignedInfo {_NS}><CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
    "<SignatureMethod Algorithm="
)
_BEFORE = '<Reference URI="#'
_BETWEEN = (
    f'"><Transforms><Transform Algorithm="{C14N}"></Transform></Transforms>'
    f'<DigestMethod Algorithm="{SHA256_URI}"></DigestMethod><DigestValue>'
)
_AFTER = "</DigestValue></Reference>"
