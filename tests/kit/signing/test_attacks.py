"""Files that must be refused, each for its own reason. Never a green tick for anything but VALID."""

from __future__ import annotations

from base64 import b64encode
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256
from hmac import digest as hmac_digest

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from tests.kit.signing.files import (
    AT,
    RULE,
    SIGNED_AT,
    SINCE,
    VALID,
    authority,
    ready,
    rsa_key,
    said_in_every_way,
    signed,
    transcript,
    trusted,
    trusting,
)
from thongsuot.kit.signing.canonical import C14N, DSIG, canonical
from thongsuot.kit.signing.checking import verify_xml
from thongsuot.kit.signing.keys import SoftwareKey
from thongsuot.kit.signing.practice import PracticeAuthority, new_key
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import Reason, SigningFault, Verdict
from thongsuot.kit.signing.words import FAULTS, KEY_FAULTS, REASONS, VERDICTS
from thongsuot.kit.signing.xmldsig import sign_xml

D = f"{{{DSIG}}}"


def judged(data: bytes, *, trust: TrustStore | None = None, at: datetime = AT, regions=RULE):
    (found,) = said_in_every_way(data, trust=trust or trusted(), at=at, regions=regions)
    return found


def refused(data: bytes, reason: Reason, verdict: Verdict = Verdict.INVALID, **options) -> None:
    found = judged(data, **options)
    assert (reason in found.reasons, found.verdict) == (True, verdict), found.reasons


def rebuilt(change) -> bytes:
    """A signed file after `change(root, signature)`."""
    root = etree.fromstring(signed())
    change(root, root.find(f".//{D}Signature"))
    return etree.tostring(root, encoding="utf-8")


def resigned(change, sign=None) -> bytes:
    """As `rebuilt`, but by somebody who holds the signer's key and signs the changed SignedInfo again."""

    def both(root, signature):
        change(root, signature)
        message = canonical(signature.find(D + "SignedInfo"))
        value = sign(message) if sign else ready().sign([message])[0]
        signature.find(D + "SignatureValue").text = b64encode(value).decode()

    return rebuilt(both)


def test_every_reason_has_its_words():
    assert set(REASONS) == set(Reason)
    assert set(VERDICTS) == set(Verdict)
    assert all(str(each) for each in [*REASONS.values(), *FAULTS.values(), *KEY_FAULTS.values()])


def test_flipped_bytes_and_swapped_pupils():
    data = signed()
    for old, new in [("Bình", "Binh"), ("8.5", "9.5"), ('mon="Toán"', 'mon="Văn"')]:
        refused(data.replace(old.encode(), new.encode()), Reason.ALTERED)
    assert judged(data.replace(b"8.5", b"9.5")).broken == ("#du-lieu",)
    refused(data.replace(b"10:00:00", b"09:00:00"), Reason.ALTERED)
    # The signature of one pupil under the data of another.
    other, mine = transcript(pupil="Phạm Minh Đức"), etree.fromstring(data)
    other[1].append(mine[1][0])
    refused(etree.tostring(other), Reason.ALTERED)
    # Every byte of the signature's value counts.
    value = etree.fromstring(data).findtext(f".//{D}SignatureValue")
    flipped = value[:40] + ("A" if value[40] != "A" else "B") + value[41:]
    refused(data.replace(value.encode(), flipped.encode()), Reason.SIGNATURE_WRONG)
    # A comment hides nothing: what we read is what was signed.
    commented = data.replace("Lê Văn Bình".encode(), "Lê <!-- x -->Văn Bình".encode())
    assert judged(commented).covered[0].findtext("HO_TEN") == "Lê Văn Bình"


def issued(**changes) -> SoftwareKey:
    root = changes.pop("root", authority())
    return root.key("Cô Lan", **{"valid": VALID, **changes})


def test_certificates_that_do_not_count():
    refused(signed(issued(valid=(VALID[0], SIGNED_AT - timedelta(days=1)))), Reason.EXPIRED)
    refused(signed(issued(valid=(SIGNED_AT + timedelta(days=1), VALID[1]))), Reason.NOT_YET_VALID)
    refused(signed(issued(usage=["key_encipherment"])), Reason.WRONG_KEY_USAGE)
    refused(signed(issued(time_stamping=True)), Reason.WRONG_KEY_USAGE)
    refused(signed(when=AT + timedelta(days=3)), Reason.SIGNED_IN_FUTURE)
    stranger = PracticeAuthority("Cơ quan chứng thực luyện tập", since=SINCE)
    refused(signed(issued(root=stranger)), Reason.UNKNOWN_ISSUER, Verdict.INDETERMINATE)
    # An end user's certificate that plays authority.
    private, certificate = authority().issue("Cô Lan", valid=VALID)
    stranger._key, stranger._name = private, certificate.subject
    key = SoftwareKey(*stranger.issue("Hiệu trưởng", valid=VALID), [certificate])
    trust = trusting(authority(), intermediates=[certificate])
    refused(signed(key), Reason.UNKNOWN_ISSUER, Verdict.INDETERMINATE, trust=trust)
    # An authority's own certificate signs no documents, trusted or not.
    ca = SoftwareKey(authority()._key, authority().certificate)
    refused(signed(ca), Reason.WRONG_KEY_USAGE)


def test_revocation_and_what_is_not_known():
    root = PracticeAuthority("Cơ quan B", since=SINCE)
    key = issued(root=root)
    data, before, after = signed(key), SIGNED_AT - timedelta(days=3), SIGNED_AT + timedelta(days=1)
    unknown = TrustStore([root.certificate])
    refused(data, Reason.NO_REVOCATION_DATA, Verdict.INDETERMINATE, trust=unknown)
    old = TrustStore([root.certificate], crls=[root.crl(at=before, lasts=timedelta(days=1))])
    refused(data, Reason.STALE_REVOCATION_DATA, Verdict.INDETERMINATE, trust=old)
    forged = PracticeAuthority("Cơ quan B", since=SINCE)
    not_its_own = TrustStore([root.certificate], crls=[forged.crl(at=after)])
    refused(data, Reason.NO_REVOCATION_DATA, Verdict.INDETERMINATE, trust=not_its_own)
    assert judged(data, trust=trusting(root)).verdict is Verdict.VALID
    root.revoke(key.certificate, after)
    later = TrustStore([root.certificate], crls=[root.crl(at=AT)])
    refused(data, Reason.REVOKED_LATER, Verdict.INDETERMINATE, trust=later)
    assert judged(data, trust=later, at=SIGNED_AT + timedelta(hours=1)).verdict is Verdict.VALID
    root.revoke(key.certificate, before)
    refused(data, Reason.REVOKED, trust=TrustStore([root.certificate], crls=[root.crl(at=AT)]))
    # Long after: expired since, and off the list, where silence no longer says anything.
    late = datetime(2029, 1, 1, tzinfo=UTC)
    plain = TrustStore([authority().certificate], crls=[authority().crl(at=late)])
    found = judged(signed(), trust=plain, at=late)
    assert set(found.reasons) == {Reason.NO_PROOF_OF_TIME, Reason.NO_REVOCATION_DATA}
    assert found.verdict is Verdict.INDETERMINATE


def test_an_authority_below_the_root_brings_its_certificate():
    below = authority().subordinate("Cơ quan cấp dưới", since=SINCE)
    data = signed(issued(root=below))
    stores = [authority().crl(at=AT - timedelta(hours=1)), below.crl(at=AT - timedelta(hours=1))]
    alone = TrustStore([authority().certificate], crls=stores)
    refused(data, Reason.UNKNOWN_ISSUER, Verdict.INDETERMINATE, trust=alone)
    helped = TrustStore([authority().certificate], crls=stores, intermediates=[below.certificate])
    assert judged(data, trust=helped).verdict is Verdict.VALID
    authority_revoked = PracticeAuthority("Gốc", since=SINCE)
    fallen = authority_revoked.subordinate("Cấp dưới", since=SINCE)
    authority_revoked.revoke(fallen.certificate, SIGNED_AT - timedelta(days=1))
    crls = [authority_revoked.crl(at=AT), fallen.crl(at=AT)]
    trust = TrustStore([authority_revoked.certificate], crls=crls, intermediates=[fallen.certificate])
    refused(signed(issued(root=fallen)), Reason.REVOKED, trust=trust)


def forged_data() -> etree._Element:
    return deepcopy(transcript(mark="10")[0])


def evil_first(root, signature):
    """The signed part moves into a wrapper, a forged one takes its place."""
    real = root[0]
    wrapper = etree.SubElement(root, "KHAC")
    forged = forged_data()
    forged.set("id", "khac")
    root.replace(real, forged)
    wrapper.append(real)


def real_in_object(root, signature):
    """The signed part hides in an Object of its signature (XSW with an enveloping signature)."""
    real = root[0]
    forged = forged_data()
    forged.set("id", "khac")
    root.replace(real, forged)
    etree.SubElement(signature, D + "Object").append(real)


def twin_before(root, signature):
    forged = forged_data()
    forged.set("id", "khac")
    root.insert(0, forged)


def twin_without_id(root, signature):
    forged = forged_data()
    del forged.attrib["id"]
    root.append(forged)


def whole_inside(root, signature):
    """The whole signed file inside a forged one."""
    inner = etree.Element("HOC_BA")
    inner.extend(list(root))
    root.append(forged_data())
    root[0].set("id", "khac")
    etree.SubElement(root, "DANH_SACH_THONG_TIN_KY").append(inner)


def signature_in_signature(root, signature):
    """A signature within the Object of another, bought for nothing."""
    parent = signature.getparent()
    outer = deepcopy(signature)
    outer.set("Id", "ky-2")
    outer.remove(outer.find(D + "Object"))
    holder = etree.SubElement(outer, D + "Object")
    parent.append(outer)
    holder.append(signature)


@pytest.mark.parametrize("attack", [evil_first, real_in_object, twin_before, twin_without_id, whole_inside])
def test_wrapped_signatures(attack):
    data = rebuilt(attack)
    refused(data, Reason.WRAPPED)
    # Without a layout to compare with: what nobody signed is seen, at least.
    found = judged(data, regions=None)
    assert found.verdict is not Verdict.VALID
    assert {Reason.WRAPPED, Reason.UNCOVERED_CONTENT} & set(found.reasons)


def test_a_signature_within_a_signature():
    found = said_in_every_way(rebuilt(signature_in_signature), trust=trusted())
    assert [each.verdict for each in found] == [Verdict.INVALID] * 2
    assert Reason.WRAPPED in found[1].reasons


def test_duplicate_ids():
    for name in ("id", "Id", "ID", "{http://www.w3.org/XML/1998/namespace}id"):

        def twin(root, signature, name=name):
            forged = forged_data()
            del forged.attrib["id"]
            forged.set(name, "du-lieu")
            root.insert(0, forged)

        refused(rebuilt(twin), Reason.DUPLICATE_ID)


def test_dangerous_xml():
    bomb = b'<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;">]>'
    xxe = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = signed().split(b"?>", 1)[1]
    wide = etree.tostring(transcript()).decode().encode("utf-16")
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    cases = [
        (bomb + body, "doctype"),
        (xxe + body.replace(b"8.5", b"&x;"), "doctype"),
        (b"<!DOCTYPE HOC_BA SYSTEM 'http://127.0.0.1/x.dtd'>" + body, "doctype"),
        (wide, "encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?>' + body, "encoding"),
        (b"<HOC_BA>", "not_xml"),
        (b"", "not_xml"),
        (b"\xff\xfe", "encoding"),
        (b"<a>\xff</a>", "not_xml"),
        (deep, "too_deep"),
        (b"<a>" + b"x" * (16 * 1024 * 1024) + b"</a>", "too_large"),
    ]
    for data, code in cases:
        with pytest.raises(SigningFault) as caught:
            verify_xml(data, trust=trusted())
        assert caught.value.code == code
        assert code in FAULTS
    assert verify_xml(etree.tostring(transcript()), trust=trusted()) == []


def set_method(algorithm):
    def change(root, signature):
        signature.find(f"{D}SignedInfo/{D}SignatureMethod").set("Algorithm", algorithm)

    return change


def test_algorithm_confusion():
    certificate = ready().certificate.public_bytes(Encoding.DER)
    hmac = "http://www.w3.org/2000/09/xmldsig#hmac-sha1"
    more = "http://www.w3.org/2001/04/xmldsig-more#"
    public = rsa_key().public_key().public_bytes
    for secret in (certificate, b""):
        data = resigned(set_method(more + "hmac-sha256"), lambda m, s=secret: hmac_digest(s, m, "sha256"))
        refused(data, Reason.ALGORITHM_REFUSED)
    refused(
        resigned(set_method(hmac), lambda m: hmac_digest(certificate, m, "sha1")), Reason.ALGORITHM_REFUSED
    )
    for nothing in ("", "none", more + "rsa-md4", "http://www.w3.org/2007/05/xmldsig-more#sha3-256-rsa-MGF1"):
        refused(resigned(set_method(nothing)), Reason.ALGORITHM_REFUSED)
    refused(resigned(set_method(more + "ecdsa-sha256")), Reason.SIGNATURE_WRONG)
    assert public is not None
    old = resigned(
        set_method("http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        lambda m: rsa_key().sign(m, padding.PKCS1v15(), SHA1()),
    )
    refused(old, Reason.WEAK_ALGORITHM)

    def digest_sha1(root, signature):
        reference = signature.find(f"{D}SignedInfo/{D}Reference")
        reference.find(D + "DigestMethod").set("Algorithm", DSIG + "sha1")
        reference.find(D + "DigestValue").text = b64encode(sha1(canonical(root[0])).digest()).decode()

    refused(resigned(digest_sha1), Reason.WEAK_ALGORITHM)


def test_another_key_in_key_info():
    other = authority().key("Kẻ khác", valid=VALID)

    def foreign_certificate(root, signature):
        der = other.certificate.public_bytes(Encoding.DER)
        signature.find(f".//{D}X509Certificate").text = b64encode(der).decode()

    refused(rebuilt(foreign_certificate), Reason.SIGNATURE_WRONG)

    def bare_key(root, signature):
        numbers = new_key("rsa").public_key().public_numbers()
        value = etree.SubElement(
            etree.SubElement(signature.find(D + "KeyInfo"), D + "KeyValue"), D + "RSAKeyValue"
        )
        for name, number in (("Modulus", numbers.n), ("Exponent", numbers.e)):
            raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
            etree.SubElement(value, D + name).text = b64encode(raw).decode()

    refused(rebuilt(bare_key), Reason.KEY_MISMATCH)

    def no_certificate(root, signature):
        signature.remove(signature.find(D + "KeyInfo"))

    refused(rebuilt(no_certificate), Reason.NO_CERTIFICATE, Verdict.INDETERMINATE)
    short = new_key("rsa1024")
    weak = authority().issue("Cô Lan", valid=VALID, key=short)[1]

    def weak_key(root, signature):
        der = weak.public_bytes(Encoding.DER)
        signature.find(f".//{D}X509Certificate").text = b64encode(der).decode()

    from cryptography.hazmat.primitives.hashes import SHA256

    data = resigned(weak_key, lambda m: short.sign(m, padding.PKCS1v15(), SHA256()))
    refused(data, Reason.WEAK_KEY)


def transform(algorithm: str, content: str = ""):
    def change(root, signature):
        reference = signature.find(f"{D}SignedInfo/{D}Reference")
        markup = f'<Transforms xmlns="{DSIG}"><Transform Algorithm="{algorithm}">{content}</Transform></Transforms>'
        reference.replace(reference[0], etree.fromstring(markup))

    return change


def test_transforms_and_references_out_of_the_ordinary():
    xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116"
    refused(resigned(transform(xpath, "<XPath>true()</XPath>")), Reason.TRANSFORM_REFUSED)
    refused(resigned(transform("http://www.w3.org/TR/1999/REC-xslt-19991116")), Reason.TRANSFORM_REFUSED)
    refused(resigned(transform("http://www.w3.org/2002/06/xmldsig-filter2")), Reason.TRANSFORM_REFUSED)
    refused(resigned(transform(C14N + "#WithComments")), Reason.TRANSFORM_REFUSED)
    refused(resigned(transform(DSIG + "base64")), Reason.TRANSFORM_REFUSED)

    def uri(text):
        return lambda root, signature: signature.find(f".//{D}Reference").set("URI", text)

    refused(resigned(uri("#khong-co")), Reason.MISSING_REGION)
    refused(resigned(uri("http://127.0.0.1/x")), Reason.EXTERNAL_REFERENCE)
    refused(resigned(uri("file:///etc/passwd")), Reason.EXTERNAL_REFERENCE)
    refused(resigned(uri("#xpointer(/)")), Reason.EXTERNAL_REFERENCE)

    def no_references(root, signature):
        info = signature.find(D + "SignedInfo")
        for reference in info.findall(D + "Reference"):
            info.remove(reference)

    refused(resigned(no_references), Reason.NO_REFERENCE)

    def only_its_time(root, signature):
        signature.find(D + "SignedInfo").remove(signature.find(f".//{D}Reference"))

    refused(resigned(only_its_time), Reason.NO_REFERENCE)

    def time_left_out(root, signature):
        info = signature.find(D + "SignedInfo")
        info.remove(info.findall(D + "Reference")[1])

    refused(resigned(time_left_out), Reason.TIME_NOT_COVERED)

    def two_times(root, signature):
        properties = signature.find(f"{D}Object/{D}SignatureProperties")
        properties.append(deepcopy(properties[0]))
        del properties[1].attrib["Id"]
        digest = b64encode(sha256(canonical(properties.getparent())).digest()).decode()
        signature.findall(f".//{D}DigestValue")[1].text = digest

    refused(resigned(two_times), Reason.MALFORMED)

    def two_infos(root, signature):
        signature.insert(0, deepcopy(signature[0]))

    refused(rebuilt(two_infos), Reason.MALFORMED)


def test_a_region_that_is_signed_away_from_its_place():
    root = transcript()
    etree.SubElement(root, "GHI_CHU", id="ghi-chu").text = "Không phải học bạ"
    sign_xml(root, key=ready(), signature_id="k", references=["ghi-chu"], signed_at=SIGNED_AT, parent=root[1])
    refused(etree.tostring(root), Reason.WRAPPED)
    refused(etree.tostring(root), Reason.UNCOVERED_CONTENT, Verdict.INDETERMINATE, regions=None)
