"""XML signatures: made as the specification asks, agreed on by xmlsec1 and signxml."""

from __future__ import annotations

import pickle
import subprocess
from copy import deepcopy
from datetime import datetime

import pytest
import signxml
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.kit.signing.files import (
    AT,
    RULE,
    SIGNED_AT,
    VALID,
    authority,
    ready,
    said_in_every_way,
    signed,
    transcript,
    trusted,
)
from thongsuot.kit.signing.canonical import DSIG, canonical
from thongsuot.kit.signing.checking import verify_xml
from thongsuot.kit.signing.keys import SoftwareKey
from thongsuot.kit.signing.practice import new_key, pem_of, write_private
from thongsuot.kit.signing.types import KeyUnavailable, SigningFault, Verdict
from thongsuot.kit.signing.xmldsig import complete, prepare, sign_xml

D = f"{{{DSIG}}}"


def xmlsec(data: bytes, tmp_path, *, ids: tuple[str, ...] = ("DU_LIEU_HOC_BA",)) -> bool:
    root = tmp_path / "root.pem"
    root.write_bytes(authority().certificate.public_bytes(Encoding.PEM))
    (tmp_path / "signed.xml").write_bytes(data)
    named = [part for name in ids for part in ("--id-attr:id", name)]
    command = ["xmlsec1", "--verify", *named, "--trusted-pem", str(root), str(tmp_path / "signed.xml")]
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_signature_is_valid_here_and_for_xmlsec1_and_signxml(kind, tmp_path):
    data = signed(ready(kind))
    (found,) = verify_xml(data, trust=trusted(), at=AT, regions=RULE)
    assert (found.verdict, found.reasons) == (Verdict.VALID, ())
    assert found.signer == "Nguyễn Thị Hòa & <Lan>"
    assert found.signed_at == SIGNED_AT
    assert found.regions == ("/HOC_BA/DU_LIEU_HOC_BA",)
    assert found.covered[0].findtext("HO_TEN") == "Lê Văn Bình"
    assert xmlsec(data, tmp_path)
    assert not xmlsec(data.replace(b"8.5", b"9.5"), tmp_path)
    verifier = signxml.XMLVerifier()
    # signxml writes xmlns="" below a default namespace unless told not to: its "legacy behaviour".
    verifier.excise_empty_xmlns_declarations = True
    verifier.id_attributes = ("Id", "id")
    expected = signxml.SignatureConfiguration(expect_references=2, require_x509=True, location=".//")
    results = verifier.verify(data, x509_cert=ready(kind).certificate, expect_config=expected)
    assert results[0].signed_xml.findtext("HO_TEN") == "Lê Văn Bình"


def test_the_layout_of_the_specification():
    root = etree.fromstring(signed())
    signature = root.find(f"DANH_SACH_THONG_TIN_KY/{D}Signature")
    path = "/".join(D + name for name in ("Object", "SignatureProperties", "SignatureProperty"))
    path += "/{http://uri.etsi.org/01903/v1.3.2#}SigningTime"
    assert signature.findtext(path) == "2026-05-28T10:00:00+07:00"
    data = signature.find(f"{D}KeyInfo/{D}X509Data")
    assert [child.tag for child in data] == [D + "X509SubjectName", D + "X509Certificate"]
    uris = [each.get("URI") for each in signature.iter(D + "Reference")]
    assert uris == ["#du-lieu", "#ky-1-time"]


@pytest.mark.parametrize("namespace", [DSIG, "https://example.org/#signatureProperties"])
def test_the_signing_time_in_any_namespace(namespace, tmp_path):
    root = transcript()
    sign_xml(
        root,
        key=ready(),
        signature_id="ky-1",
        references=["du-lieu"],
        signed_at=SIGNED_AT,
        parent=root[1],
        time_namespace=namespace,
    )
    data = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    assert etree.fromstring(data).find(f".//{{{namespace}}}SigningTime") is not None
    (found,) = said_in_every_way(data, trust=trusted())
    assert (found.verdict, found.signed_at) == (Verdict.VALID, SIGNED_AT)
    assert xmlsec(data, tmp_path)
    # Said again where it holds anyway: other bytes in the file, the same canonical XML.
    again = data.replace(b"<SigningTime>", f'<SigningTime xmlns="{DSIG}">'.encode())
    assert said_in_every_way(again, trust=trusted())[0].verdict is Verdict.VALID


def test_one_signing_completes_a_class(tmp_path):
    roots = [transcript(pupil=f"Em số {number}") for number in range(3)]
    key = ready()
    prepared = [
        prepare(
            root,
            signature_id="ky",
            references=["du-lieu"],
            signed_at=SIGNED_AT,
            certificate=key.certificate,
            parent=root[1],
        )
        for root in roots
    ]
    for one, value in zip(prepared, key.sign([each.to_sign for each in prepared]), strict=True):
        complete(one, value)
    for root in roots:
        data = etree.tostring(root, encoding="utf-8")
        assert verify_xml(data, trust=trusted(), at=AT, regions=RULE)[0].verdict is Verdict.VALID
        assert xmlsec(data, tmp_path)


def test_a_chain_of_signers_and_a_batch_that_holds_its_own_signature(tmp_path):
    root = etree.fromstring(
        '<b:DS xmlns:b="urn:batch" xmlns="urn:x" id="lo"><HOC_BA id="a"><TEN>Một</TEN></HOC_BA>\n tail </b:DS>'
    )
    for number, (references, key) in enumerate(
        [(["a"], ready()), (["a", "s0"], ready("ec")), (["lo"], ready())]
    ):
        sign_xml(root, key=key, signature_id=f"s{number}", references=references, signed_at=SIGNED_AT)
    data = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    found = verify_xml(data, trust=trusted(), at=AT)
    assert [each.reasons for each in found] == [(), (), ()]
    assert found[1].regions == ("/DS/HOC_BA", "/DS/Signature")
    for position in range(3):
        one = etree.fromstring(data)
        # xmlsec1 looks at the first signature of a file; the enveloped one needs the others in place.
        chosen = one.findall(D + "Signature")[position]
        if position == 2:
            chosen_first = deepcopy(one)
            assert chosen_first is not None
            command_ids = ("HOC_BA", "DS")
            (tmp_path / "root.pem").write_bytes(authority().certificate.public_bytes(Encoding.PEM))
            (tmp_path / "s.xml").write_bytes(data)
            done = subprocess.run(
                ["xmlsec1", "--verify", "--node-id", "s2"]
                + ["--id-attr:Id", f"{DSIG}:Signature"]
                + [part for name in command_ids for part in ("--id-attr:id", name)]
                + ["--id-attr:id", "urn:x:HOC_BA", "--id-attr:id", "urn:batch:DS"]
                + ["--trusted-pem", str(tmp_path / "root.pem"), str(tmp_path / "s.xml")],
                capture_output=True,
            )
            assert done.returncode == 0, done.stderr
        assert chosen is not None


def test_nothing_is_left_behind_when_signing_fails():
    class Refusing(SoftwareKey):
        def sign(self, data):
            raise KeyUnavailable("not_authorised")

    private, certificate = authority().issue("Cô Lan", valid=VALID)
    root = transcript()
    before = etree.tostring(root)
    with pytest.raises(KeyUnavailable):
        sign_xml(
            root,
            key=Refusing(private, certificate),
            signature_id="k",
            references=["du-lieu"],
            signed_at=SIGNED_AT,
        )
    for fault, wrong in [
        ("unknown_id", {"references": ["khong-co"]}),
        ("no_reference", {"references": []}),
        ("naive_time", {"signed_at": datetime(2026, 5, 28)}),
        ("unknown_id", {"signature_id": "1 <"}),
        ("duplicate_id", {"signature_id": "du-lieu"}),
    ]:
        asked = {"signature_id": "k", "references": ["du-lieu"], "signed_at": SIGNED_AT, **wrong}
        with pytest.raises(SigningFault) as caught:
            sign_xml(root, key=ready(), **asked)
        assert caught.value.code == fault
    assert etree.tostring(root) == before


def test_a_key_keeps_to_itself(tmp_path, caplog):
    key = ready("ec")
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        deepcopy(key)
    assert "PRIVATE" not in repr(key)
    assert f"{key.certificate.serial_number:x}" in str(key)
    private, certificate = authority().issue("Cô Lan", valid=VALID)
    write_private(tmp_path / "key.pem", pem_of(private, certificate))
    assert SoftwareKey.from_file(tmp_path / "key.pem").certificate == certificate
    (tmp_path / "key.pem").chmod(0o640)
    cases = {"not_private": tmp_path / "key.pem", "no_key": tmp_path / "none.pem"}
    for code, path in cases.items():
        with pytest.raises(KeyUnavailable) as caught:
            SoftwareKey.from_file(path)
        assert caught.value.code == code
    with pytest.raises(KeyUnavailable, match="wrong_certificate"):
        SoftwareKey(new_key(), certificate)
    short = new_key("rsa1024")
    weak = authority().issue("Cô Lan", valid=VALID, key=short)[1]
    with pytest.raises(KeyUnavailable, match="weak_key"):
        SoftwareKey(short, weak)


NAMES = st.sampled_from(["a", "b", "p:a", "q:b"])
TEXTS = st.text(st.sampled_from("xệ <&>\"'\t\r\n]"), max_size=4)


@st.composite
def trees(draw, depth: int = 3) -> str:
    """Markup with default and prefixed namespaces declared, redeclared and taken back at any depth."""
    name = draw(NAMES)
    declared = "".join(
        draw(
            st.lists(
                st.sampled_from([' xmlns="u:1"', ' xmlns:p="u:3"', ' xmlns:q="u:4"']), unique=True, max_size=2
            )
        )
    )
    if "xmlns=" not in declared and draw(st.booleans()):
        declared += ' xmlns=""' if draw(st.booleans()) else ' xmlns="u:2"'
    inner = "".join(draw(st.lists(trees(depth - 1), max_size=2))) if depth else ""
    text = draw(TEXTS).replace("&", "&amp;").replace("<", "&lt;").replace("]", "").replace("\r", "&#13;")
    return f"<{name}{declared}>{text}{inner}</{name}>{text}"


@settings(max_examples=150, deadline=None)
@given(trees())
def test_parts_are_canonical_wherever_they_stand(inner):
    """The standard's own way to see it: a part alone, with the namespaces of its ancestors declared on it."""
    root = etree.fromstring(f'<r xmlns="u:0" xmlns:p="u:5" xmlns:q="u:6">{inner}</r>')
    bare = etree.fromstring(f'<r xmlns:p="u:5" xmlns:q="u:6">{inner}</r>')
    for tree in (root, bare):
        for element in tree.iter():
            alone = etree.fromstring(etree.tostring(element, with_tail=False))
            assert canonical(element) == etree.tostring(alone, method="c14n")
