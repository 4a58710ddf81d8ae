"""XAdES baseline B-B and B-T (ETSI EN 319 132-1) for other documents than transcripts: the whole file is signed.

The signing time and the digest of the signer's certificate stand in signed properties; a time-stamp of the signature
value goes into unsigned ones. Checked by `checking.verify_xml`, which knows both places.
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
from .keys import RSA_SHA256, SigningKey
from .types import SigningFault
from .xmldsig import NCNAME, VIETNAM, Prepared, abandon, complete

_X, _D = f"{{{XADES}}}", f"{{{DSIG}}}"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"


def sign_xades(
    root: etree._Element,
    *,
    key: SigningKey,
    signature_id: str,
    signed_at: datetime,
    timestamp: Callable[[bytes], bytes] | None = None,
) -> etree._Element:
    """Sign the whole document `root`; the signature becomes its last child.

    `timestamp`: gives an RFC 3161 token (DER) over bytes, for level B-T. Raises SigningFault (naive_time, unknown_id,
    timestamp_*), KeyUnavailable; the tree is as before then.
    """
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
            _add_timestamp(signature, timestamp)
    except BaseException:
        abandon(prepared)
        raise
    return signature


def _digest(element: etree._Element) -> str:
    return b64encode(sha256(canonical(element)).digest()).decode()


def _add_timestamp(signature: etree._Element, timestamp: Callable[[bytes], bytes]) -> None:
    token = timestamp(canonical(signature[1]))
    properties = signature.find(f"{_D}Object/{_X}QualifyingProperties")
    unsigned = etree.SubElement(
        etree.SubElement(properties, _X + "UnsignedProperties"), _X + "UnsignedSignatureProperties"
    )
    stamp = etree.SubElement(unsigned, _X + "SignatureTimeStamp")
    etree.SubElement(stamp, _D + "CanonicalizationMethod", Algorithm=C14N)
    etree.SubElement(stamp, _X + "EncapsulatedTimeStamp").text = b64encode(token).decode()


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
