"""The form in which transcripts are signed, recognised as a whole: one look instead of forty steps through the tree.

What deviates by one letter is not plain, and `examining` takes it apart step by step. Where the pattern matches there is
no entity, no comment, no further namespace and no further attribute, so the canonical form follows from the few values
that vary.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from dataclasses import dataclass

from lxml import etree

from .canonical import C14N, DSIG, ECDSA_URI, RSA_URI, SHA256_URI
from .certificates import Identity
from .key_info import signer_in

# Text of canonical XML that does not begin with white space: what canonical XML writes otherwise is not in it (">", a
# carriage return), nor what XML cannot hold (control characters; U+FFFE and U+FFFF, whose UTF-8 begins with EF like that
# of few others). For bytes that are decoded, too.
_LETTER = rb"[^<>&\x00-\x08\x0b-\x1f\xef]*+"
TEXT = rb"[^<>&\x00-\x20\xef]" + _LETTER + rb"(?:&(?:amp|lt|gt);" + _LETTER + rb")*+"
NAME = rb"[A-Za-z_][A-Za-z0-9._-]*+"
_NS = f'xmlns="{DSIG}"'.encode()
# Which letters these are is seen when they are decoded.
_BASE64 = rb"[^<]++"
_STEPS = (
    f'"><Transforms><Transform Algorithm="{C14N}"/></Transforms>'
    f'<DigestMethod Algorithm="{SHA256_URI}"/><DigestValue>'
).encode()
_END = b"</DigestValue></Reference>"
_REFERENCE = rb'<Reference URI="#([A-Za-z0-9._-]++)%b([A-Za-z0-9+/]{43}=)%b' % (re.escape(_STEPS), _END)
# For what is known to be such references.
_ONE = re.compile(rb'#([^"]++)%b([^<]++)%b' % (re.escape(_STEPS), _END))
_SIGNATURE = re.compile(
    rb'<Signature %b Id="(?P<id>%b)"><SignedInfo><CanonicalizationMethod Algorithm="%b"/>'
    % (re.escape(_NS), NAME, re.escape(C14N.encode()))
    + rb'<SignatureMethod Algorithm="(%b)"/>' % b"|".join(re.escape(u.encode()) for u in (RSA_URI, ECDSA_URI))
    + rb"((?:%b){2,20})</SignedInfo>" % _REFERENCE.replace(b"(", b"(?:")
    + rb"<SignatureValue>(%b)</SignatureValue><KeyInfo><X509Data>" % _BASE64
    + rb"(?:<X509SubjectName>(%b)</X509SubjectName>)?+<X509Certificate>(%b)</X509Certificate>"
    % (TEXT, _BASE64)
    + rb'</X509Data></KeyInfo><Object (Id="(%b)"><SignatureProperties>' % NAME
    + rb'<SignatureProperty Id="(%b)" Target="#(?P=id)">' % NAME
    # The namespace of its surroundings, said again, is none to canonical XML.
    + rb'<SigningTime(?: xmlns="(?!%b")[A-Za-z0-9:/.#_-]+")?+>([0-9T:.Z+-]+)</SigningTime>'
    % re.escape(DSIG.encode())
    + rb"</SignatureProperty></SignatureProperties></Object>)</Signature>"
)
_ALGORITHMS = {uri.encode(): uri for uri in (RSA_URI, ECDSA_URI)}


@dataclass(slots=True)
class Plain:
    """The parts of a plain signature. `signed_info`, `time`: canonical bytes; `references`: (id, digest in base64);
    `value`: decoded; `ids`: its own, of its Object (the time) and of its property."""

    algorithm: str
    references: list[tuple[bytes, bytes]]
    signed_info: bytes
    value: bytes
    signer: Identity
    time: bytes
    when: str
    ids: tuple[bytes, bytes, bytes]


def read_plain(signature: etree._Element) -> Plain | None:
    """The parts of `signature`, which inherits no xml: attribute; None when it is not of the plain form.

    What is matched is the parsed tree written out again, not the file's own bytes, and the whole of it.
    """
    written = etree.tostring(signature, encoding="utf-8", with_tail=False)
    found = _SIGNATURE.fullmatch(written)
    return None if found is None else _parts(found)


def plain_at(data: bytes, position: int) -> tuple[Plain, int] | None:
    """The plain signature that begins at `position` of a file, and where it ends. Of the file it must be known that the
    signature inherits no namespace and no xml: attribute. Raises UnicodeDecodeError where it is no UTF-8."""
    found = _SIGNATURE.match(data, position)
    plain = None if found is None else _parts(found)
    return None if found is None or plain is None else (plain, found.end())


def _parts(found: re.Match[bytes]) -> Plain | None:
    own, by, references, value, subject, certificate, time, of_time, of_property, when = found.groups()
    if subject is not None:
        # Nobody signs it and nobody reads it; a file is to be UTF-8 all the same.
        subject.decode()
    try:
        value, signer = a2b_base64(value, strict_mode=True), signer_in(certificate)
    except ValueError:
        return None
    named = _ONE.findall(references)
    return Plain(
        algorithm=_ALGORITHMS[by],
        references=named,
        signed_info=_canonical_info(by, named),
        value=value,
        signer=signer,
        time=b"<Object %b %b" % (_NS, time),
        when=when.decode(),
        ids=(own, of_time, of_property),
    )


def _canonical_info(algorithm: bytes, references: list[tuple[bytes, bytes]]) -> bytes:
    written = b"".join([b"%b%b%b%b%b" % (_BEFORE, uri, _BETWEEN, digest, _END) for uri, digest in references])
    return b'%b"%b"></SignatureMethod>%b</SignedInfo>' % (_HEAD, algorithm, written)


_HEAD = (
    f'<SignedInfo {_NS.decode()}><CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
    "<SignatureMethod Algorithm="
).encode()
_BEFORE = b'<Reference URI="#'
# Canonical XML writes no empty-element tags.
_BETWEEN = (
    f'"><Transforms><Transform Algorithm="{C14N}"></Transform></Transforms>'
    f'<DigestMethod Algorithm="{SHA256_URI}"></DigestMethod><DigestValue>'
).encode()
