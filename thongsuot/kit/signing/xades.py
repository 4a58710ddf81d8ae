"""XAdES baseline B-B, B-T and B-LT (ETSI EN 319 132-1) for other documents than transcripts: the whole file is signed.

The signing time and the digest of the signer's certificate stand in signed properties; a time-stamp of the signature
value goes into unsigned ones, and for B-LT the certificates and words on revocation of the signer and of the stamp's
authority. Checked by `checking.verify_xml`, which knows all these places.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from .canonical import (
    C14N,
    DSIG,
    ECDSA_URI,
    ENVELOPED,
    RSA_URI,
    SHA256_URI,
    XADES,
    canonical,
)
from .certificates import identity_of
from .keys import RSA_SHA256, SigningKey
from .timestamps import TimestampFault, certificates_of_token, check_token
from .trust import Proofs, TrustStore
from .types import SigningFault
from .xmldsig import NCNAME, VIETNAM, Prepared, abandon, complete

_X, _D = f"{{{XADES}}}", f"{{{DSIG}}}"
XADES_141 = "http://uri.etsi.org/01903/v1.4.1#"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"


def sign_xades(
    root: etree._Element,
    *,
    key: SigningKey,
    signature_id: str,
    signed_at: datetime,
    timestamp: Callable[[bytes], bytes] | None = None,
    trust: TrustStore | None = None,
) -> etree._Element:
    """Sign the whole document `root`; the signature becomes its last child.

    `timestamp`: gives an RFC 3161 token (DER) over bytes, for level B-T; with `trust`, its roots and what
    authorities say go in too (B-LT, which needs a time-stamp). Raises SigningFault (naive_time, unknown_id, timestamp_*,
    no_revocation), KeyUnavailable; the tree is as before then.
    """
    if trust is not None and timestamp is None:
        raise SigningFault("timestamp_unreachable")
    if signed_at.tzinfo is None:
        raise SigningFault("naive_time")
    if not NCNAME.match(signature_id):
        raise SigningFault("unknown_id", signature_id)
    whole = _digest(root)
    signature = etree.fromstring(_written(key, signature_id, signed_at))
    root.append(signature)
    signed_info = signature[0]
    references = signed_info.findall(_D + "Reference")
    references[0].find(_D + "DigestValue").text = whole
    references[1].find(_D + "DigestValue").text = _digest(signature.find(f".//{_X}SignedProperties"))
    prepared = Prepared(signature, canonical(signed_info), key.algorithm)
    try:
        complete(prepared, key.sign([prepared.to_sign])[0])
        if timestamp is not None:
            _add_timestamp(signature, timestamp, key, trust)
    except BaseException:
        abandon(prepared)
        raise
    return signature


def _digest(element: etree._Element) -> str:
    return b64encode(sha256(canonical(element)).digest()).decode()


def _add_timestamp(
    signature: etree._Element, timestamp: Callable[[bytes], bytes], key: SigningKey, trust: TrustStore | None
) -> None:
    token = timestamp(canonical(signature[1]))
    properties = signature.find(f"{_D}Object/{_X}QualifyingProperties")
    unsigned = etree.SubElement(
        etree.SubElement(properties, _X + "UnsignedProperties"), _X + "UnsignedSignatureProperties"
    )
    stamp = etree.SubElement(unsigned, _X + "SignatureTimeStamp")
    etree.SubElement(stamp, _D + "CanonicalizationMethod", Algorithm=C14N)
    etree.SubElement(stamp, _X + "EncapsulatedTimeStamp").text = b64encode(token).decode()
    if trust is not None:
        _add_proofs(unsigned, canonical(signature[1]), token, key, trust)


def _add_proofs(
    unsigned: etree._Element, stamped: bytes, token: bytes, key: SigningKey, trust: TrustStore
) -> None:
    try:
        moment = check_token(token, stamped, trust)
        authority, others = certificates_of_token(token)
    except TimestampFault:
        # Proof of an authority that nobody here trusts proves nothing.
        raise SigningFault("no_revocation") from None
    signer = identity_of(key.certificate.public_bytes(Encoding.DER))
    chain = [each.public_bytes(Encoding.DER) for each in key.chain]
    _add_values(unsigned, trust.proofs(signer, chain, moment))
    of_stamp = etree.SubElement(
        unsigned, f"{{{XADES_141}}}TimeStampValidationData", nsmap={"xades141": XADES_141}
    )
    _add_values(of_stamp, trust.proofs(identity_of(authority), others, moment))


def _add_values(parent: etree._Element, proofs: Proofs) -> None:
    certificates = etree.SubElement(parent, _X + "CertificateValues")
    for der in proofs.certificates:
        etree.SubElement(certificates, _X + "EncapsulatedX509Certificate").text = b64encode(der).decode()
    words = etree.SubElement(parent, _X + "RevocationValues")
    for kind, ders in (("CRL", proofs.crls), ("OCSP", proofs.answers)):
        if ders:
            values = etree.SubElement(words, f"{_X}{kind}Values")
            for der in ders:
                etree.SubElement(values, f"{_X}Encapsulated{kind}Value").text = b64encode(der).decode()


def _written(key: SigningKey, signature_id: str, signed_at: datetime) -> str:
    method = RSA_URI if key.algorithm == RSA_SHA256 else ECDSA_URI
    canonical_step = f'<Transform Algorithm="{C14N}"/>'
    end = f'<DigestMethod Algorithm="{SHA256_URI}"/><DigestValue/></Reference>'
    chain = "".join(
        f"<X509Certificate>{_base64(each)}</X509Certificate>" for each in (key.certificate, *key.chain)
    )
    digest = b64encode(sha256(key.certificate.public_bytes(Encoding.DER)).digest()).decode()
    return (
        f'<Signature xmlns="{DSIG}" Id="{signature_id}"><SignedInfo>'
        f'<CanonicalizationMethod Algorithm="{C14N}"/><SignatureMethod Algorithm="{method}"/>'
        f'<Reference URI=""><Transforms><Transform Algorithm="{ENVELOPED}"/>{canonical_step}</Transforms>{end}'
        f'<Reference Type="{SIGNED_PROPERTIES}" URI="#{signature_id}-properties">'
        f"<Transforms>{canonical_step}</Transforms>{end}</SignedInfo><SignatureValue/>"
        f"<KeyInfo><X509Data>{chain}</X509Data></KeyInfo>"
        f'<Object><xades:QualifyingProperties xmlns:xades="{XADES}" Target="#{signature_id}">'
        f'<xades:SignedProperties Id="{signature_id}-properties"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{signed_at.astimezone(VIETNAM).isoformat(timespec='seconds')}</xades:SigningTime>"
        f'<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><DigestMethod Algorithm="{SHA256_URI}"/>'
        f"<DigestValue>{digest}</DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
        "</xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties></Object></Signature>"
    )


def _base64(certificate: x509.Certificate) -> str:
    return b64encode(certificate.public_bytes(Encoding.DER)).decode()
