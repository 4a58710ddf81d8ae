"""The form in which transcripts are signed, recognised as a whole: one look instead of forty steps through the tree.

Any program's hand is recognised as long as what it wrote is canonical XML but for empty-element tags: with or without a
prefix, indented or not, in any of the three methods. What deviates is not plain, and `examining` takes it apart step by
step. Where the pattern matches there is no entity, no comment, no further namespace and no further attribute, so the
canonical form follows from what is written.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from .canonical import C14N, C14N_11, DSIG, ECDSA_URI, EXCLUSIVE, RSA_URI, SHA256_URI
from .certificates import Identity
from .key_info import letters_of, signer_in

# Text of canonical XML that does not begin with white space: what canonical XML writes otherwise is not in it (">", a
# carriage return), nor what XML cannot hold (control characters; U+FFFE and U+FFFF, whose UTF-8 begins with EF like that
# of few others). For bytes that are decoded, too.
_LETTER = rb"[^<>&\x00-\x08\x0b-\x1f\xef]*+"
TEXT = rb"[^<>&\x00-\x20\xef]" + _LETTER + rb"(?:&(?:amp|lt|gt);" + _LETTER + rb")*+"
NAME = rb"[A-Za-z_][A-Za-z0-9._-]*+"
# Between two tags.
BLANK = rb"[ \t\n]*+"
# Not those that XML keeps for itself.
_PREFIX = rb"(?![xX][mM][lL])[A-Za-z_][A-Za-z0-9_-]{0,15}+"
# Which letters these are is seen when they are decoded.
_BASE64 = rb"[^<]++"
_METHODS = (C14N, EXCLUSIVE, C14N_11)
_METHOD = b"|".join(re.escape(uri.encode()) for uri in _METHODS)
_ALGORITHMS = {uri.encode(): uri for uri in (RSA_URI, ECDSA_URI)}
_BY = b"|".join(map(re.escape, _ALGORITHMS))
_DIGEST = re.escape(SHA256_URI.encode())


# Of those that the parser, too, takes for absolute.
_URI = rb"(?:https?://[A-Za-z0-9][A-Za-z0-9./_-]*+(?:#[A-Za-z0-9./_-]*+)?+|urn:[A-Za-z0-9:._-]++)"


def _in(tag: bytes, content: bytes, attributes: bytes = b"") -> bytes:
    """An element of the signature's namespace, with whatever blanks behind it."""
    return rb"<(?P=p)%b%b>%b</(?P=p)%b>%b" % (tag, attributes, content, tag, BLANK)


def _naming(tag: bytes, algorithm: bytes) -> bytes:
    return rb'<(?P=p)%b Algorithm="%b"(?: ?/>|></(?P=p)%b>)%b' % (tag, algorithm, tag, BLANK)


def _holding(tag: bytes, content: bytes, attributes: bytes = b"") -> bytes:
    return _in(tag, BLANK + content, attributes)


_ID = rb'(?: Id="(%b)")?+' % NAME
_TEXT_IN_KEY = rb"(?:%b%b)?+" % (BLANK, TEXT)
_SAID_OF_KEY = rb"((?:%b|%b|%b)*+)" % (
    _in(b"X509SubjectName", _TEXT_IN_KEY),
    _holding(
        b"X509IssuerSerial", _in(b"X509IssuerName", _TEXT_IN_KEY) + _in(b"X509SerialNumber", rb"[0-9]++")
    ),
    _in(b"X509SKI", rb"[A-Za-z0-9+/= \t\n]*+"),
)
_REFERENCE = _holding(
    b"Reference",
    rb"(?:%b)?+" % _holding(b"Transforms", _naming(b"Transform", rb"(?:%b)" % _METHOD))
    + _naming(b"DigestMethod", _DIGEST)
    + _in(b"DigestValue", rb"([A-Za-z0-9+/]{43}=)"),
    rb' URI="#(%b)"' % NAME,
)
# A region and the time; the signer's own facts beside them.
_REFERENCES = 2 * _REFERENCE + 3 * (b"(?:%b)?+" % _REFERENCE)
_SIGNATURE = re.compile(
    rb"<(?P<p>(?:%b:)?+)Signature%b xmlns(?P<declared>(?::%b)?+)" % (_PREFIX, _ID, _PREFIX)
    + rb'="%b"%b>' % (re.escape(DSIG.encode()), _ID)
    + BLANK
    + rb"<(?P=p)SignedInfo(?P<info>>%b%b%b%b</(?P=p)SignedInfo>)%b"
    % (
        BLANK,
        _naming(b"CanonicalizationMethod", rb"(?:%b)" % _METHOD),
        _naming(b"SignatureMethod", rb"(?P<by>%b)" % _BY),
        _REFERENCES,
        BLANK,
    )
    + _in(b"SignatureValue", rb"(?P<value>%b)" % _BASE64)
    + _holding(
        b"KeyInfo",
        _holding(
            b"X509Data",
            _SAID_OF_KEY + _in(b"X509Certificate", rb"(?P<certificate>%b)" % _BASE64) + _SAID_OF_KEY,
        ),
    )
    + rb"<(?P=p)Object(?P<object>%b>%b" % (_ID, BLANK)
    + rb"<(?P=p)SignatureProperties(?P<properties>%b>%b" % (_ID, BLANK)
    + rb'<(?P=p)SignatureProperty(?P<property>%b(?: Target="#?%b")?+>%b' % (_ID, NAME, BLANK)
    + rb'<(?P<t>(?:%b:)?+)SigningTime(?: xmlns(?P<time_prefix>(?::%b)?+)="(?P<time_uri>' % (_PREFIX, _PREFIX)
    + rb'%b)")?+>' % _URI
    + rb"(?P<when>[0-9T:.Z+-]+)</(?P=t)SigningTime>"
    + BLANK
    + rb"</(?P=p)SignatureProperty>)%b</(?P=p)SignatureProperties>)%b</(?P=p)Object>)%b</(?P=p)Signature>"
    % (BLANK, BLANK, BLANK)
)
# The same as our own writer has it, without blanks and prefix, over three parts (what is signed, the day, the time) or with
# the signer's number over four: most files are of it, and it is told in half the time.
_STEPS = (
    f'"><Transforms><Transform Algorithm="{C14N}"/></Transforms>'
    f'<DigestMethod Algorithm="{SHA256_URI}"/><DigestValue>'
).encode()
_BEHIND = b"</DigestValue></Reference>"
_NAMED = rb'<Reference URI="#(%b)%b([A-Za-z0-9+/]{43}=)%b' % (NAME, re.escape(_STEPS), _BEHIND)
_TIGHT = re.compile(
    rb'<Signature xmlns="%b" Id="(%b)"><SignedInfo><CanonicalizationMethod Algorithm="%b"/>'
    % (re.escape(DSIG.encode()), NAME, re.escape(C14N.encode()))
    + rb'<SignatureMethod Algorithm="(%b)"/>%b(?:%b)?+</SignedInfo>' % (_BY, 3 * _NAMED, _NAMED)
    + rb"<SignatureValue>(%b)</SignatureValue><KeyInfo><X509Data>" % _BASE64
    + rb"(?:<X509SubjectName>(%b)</X509SubjectName>)?+<X509Certificate>(%b)</X509Certificate>"
    % (TEXT, _BASE64)
    + rb'</X509Data></KeyInfo><Object (Id="(%b)"><SignatureProperties>' % NAME
    + rb'<SignatureProperty Id="(%b)" Target="#%b">' % (NAME, NAME)
    + rb'<SigningTime(?: xmlns="(?!%b")%b")?+>([0-9T:.Z+-]+)</SigningTime>' % (re.escape(DSIG.encode()), _URI)
    + rb"</SignatureProperty></SignatureProperties></Object>)</Signature>"
)
_EMPTY = re.compile(rb"<([^ <>]++)( [^<>]*?) ?/>")


@dataclass(slots=True)
class Plain:
    """The parts of a plain signature. `signed_info`: canonical bytes; `references`: (id, digest in base64); `value`:
    decoded; `ids`: of itself and of the parts of its Object, which hold nothing but the time; `own`: canonical bytes of
    those among them that it signs; `name`: its own id, b"" without one."""

    algorithm: str
    references: list[tuple[bytes, bytes]]
    signed_info: bytes
    value: bytes
    signer: Identity
    when: str
    name: bytes
    ids: list[bytes]
    own: dict[bytes, bytes]


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
    found = _TIGHT.match(data, position)
    if found is not None and (plain := _tight_parts(found)) is not None:
        return plain, found.end()
    found = _SIGNATURE.match(data, position)
    plain = None if found is None else _parts(found)
    return None if found is None or plain is None else (plain, found.end())


def _parts(found: re.Match[bytes]) -> Plain | None:
    (
        prefix, id_before, declared, id_behind, info, by, name_1, digest_1, name_2, digest_2, name_3, digest_3, name_4,
        digest_4, name_5, digest_5, written, before, certificate, behind, whole, of_object, properties, of_properties,
        inner, of_property, time_in, time_prefix, time_uri, when,
    ) = found.groups()  # fmt: skip
    if declared[1:] != prefix[:-1] or (id_before and id_behind):
        return None
    if not _names_time_once(prefix, time_in, time_prefix, time_uri):
        return None
    # Nobody signs what is said of the key and nobody reads it; a file is to be UTF-8 all the same.
    before.decode()
    behind.decode()
    try:
        value, signer = a2b_base64(letters_of(written), strict_mode=True), signer_in(certificate)
    except ValueError:
        return None
    references = [(name_1, digest_1), (name_2, digest_2)]
    for one, digest in ((name_3, digest_3), (name_4, digest_4), (name_5, digest_5)):
        if one:
            references.append((one, digest))
    name = id_before or id_behind or b""
    namespace = b' xmlns%b="%b"' % (declared, _DSIG)
    holders = ((of_object, b"Object", whole), (of_properties, b"SignatureProperties", properties))
    ids, own = [name] if name else [], {}
    for one, tag, rest in (*holders, (of_property, b"SignatureProperty", inner)):
        if one:
            ids.append(one)
            if one in (name_1, name_2, name_3, name_4, name_5):
                own[one] = b"<%b%b%b%b" % (prefix, tag, namespace, rest)
    info = _with_end_tags(info, prefix, len(references))
    return Plain(
        _ALGORITHMS[by],
        references,
        b"<%bSignedInfo%b%b" % (prefix, namespace, info),
        value,
        signer,
        when.decode(),
        name,
        ids,
        own,
    )


_DSIG = DSIG.encode()


def _tight_parts(found: re.Match[bytes]) -> Plain | None:
    """`_parts`; None also where its Object is not signed itself: that is for `_parts` to say."""
    (
        name, by, name_1, digest_1, name_2, digest_2, name_3, digest_3, name_4, digest_4, written, subject, certificate,
        time, of_time, of_property, when,
    ) = found.groups()  # fmt: skip
    names = (name_1, name_2, name_3, name_4)
    if of_time not in names or of_property in names:
        return None
    references = [(name_1, digest_1), (name_2, digest_2), (name_3, digest_3)]
    if name_4 is None:
        info = _INFO_3 % (by, name_1, digest_1, name_2, digest_2, name_3, digest_3)
    else:
        references.append((name_4, digest_4))
        info = _INFO_4 % (by, name_1, digest_1, name_2, digest_2, name_3, digest_3, name_4, digest_4)
    if subject is not None:
        subject.decode()
    try:
        value, signer = a2b_base64(written, strict_mode=True), signer_in(certificate)
    except ValueError:
        return None
    return Plain(
        _ALGORITHMS[by],
        references,
        info,
        value,
        signer,
        when.decode(),
        name,
        [name, of_time, of_property],
        {of_time: b"<Object %b %b" % (_NAMESPACE, time)},
    )


_NAMESPACE = b'xmlns="%b"' % DSIG.encode()
_METHODS_SAID = (
    f'<SignedInfo {_NAMESPACE.decode()}><CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
    '<SignatureMethod Algorithm="%b"></SignatureMethod>'
)
_REFERENCE_SAID = (
    f'<Reference URI="#%b"><Transforms><Transform Algorithm="{C14N}"></Transform></Transforms>'
    f'<DigestMethod Algorithm="{SHA256_URI}"></DigestMethod><DigestValue>%b</DigestValue></Reference>'
)
_INFO_3, _INFO_4 = ((_METHODS_SAID + many * _REFERENCE_SAID + "</SignedInfo>").encode() for many in (3, 4))


def _with_end_tags(info: bytes, prefix: bytes, many: int) -> bytes:
    """Canonical XML writes no empty-element tags. many: as many references are in it."""
    pieces = info.split(b"/>")
    if len(pieces) == 1:
        return info
    if len(pieces) != 3 + 2 * many:
        return _EMPTY.sub(rb"<\1\2></\1>", info)
    # As many as there can be: each is what it must be.
    if pieces[0].endswith(b" "):
        pieces = [each.rstrip(b" ") for each in pieces]
    return _closed(prefix, many) % tuple(pieces)


@lru_cache(maxsize=256)
def _closed(prefix: bytes, many: int) -> bytes:
    names = [b"CanonicalizationMethod", b"SignatureMethod", *([b"Transform", b"DigestMethod"] * many)]
    return b"%b" + b"".join([b"></%b%b>%%b" % (prefix, name) for name in names])


def _names_time_once(prefix: bytes, used: bytes, declared: bytes | None, uri: bytes | None) -> bool:
    """Whether the namespace of SigningTime is declared, and not said again where it holds anyway: canonical XML leaves
    that out."""
    if declared is None:
        return used in (b"", prefix)
    return used[:-1] == declared[1:] and (declared[1:] != prefix[:-1] or uri != _DSIG)
