"""Keys elsewhere: on a PKCS#11 token (SoftHSM) and at a provider of remote signing (our reference server)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from tests.kit.signing.files import (
    AT,
    RULE,
    SIGNED_AT,
    VALID,
    authority,
    rsa_key,
    signed,
    transcript,
    trusted,
)
from thongsuot.kit.outside.service import Service
from thongsuot.kit.signing.checking import verify_xml
from thongsuot.kit.signing.keys import SigningKey
from thongsuot.kit.signing.practice import new_key, pem_of
from thongsuot.kit.signing.remote_keys import RemoteKey
from thongsuot.kit.signing.token_keys import TokenKey
from thongsuot.kit.signing.types import KeyUnavailable, Verdict
from thongsuot.kit.signing.xmldsig import sign_xml

SOFTHSM = next(
    (
        path
        for path in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")
        if Path(path).exists()
    ),
    "",
)
needs_softhsm = pytest.mark.skipif(
    not (SOFTHSM and shutil.which("softhsm2-util")), reason="SoftHSM is not installed (apt install softhsm2)"
)
PIN = "246810"


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A token with an RSA and an elliptic-curve key."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    run = lambda *words: subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)  # noqa: E731
    run("--init-token", "--free", "--label", "truong-a", "--so-pin", "12345678", "--pin", PIN)
    certificates = {}
    for number, (label, private) in enumerate({"rsa": rsa_key(), "ec": new_key()}.items(), start=1):
        path = folder / f"{label}.pem"
        path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        run(
            "--import", str(path), "--token", "truong-a", "--label", label, "--id", f"0{number}", "--pin", PIN
        )
        certificates[label] = authority().issue("Cô Lan", valid=VALID, key=private)[1]
    return certificates


def held(token, label: str, **changes) -> TokenKey:
    told = {"library": SOFTHSM, "token_label": "truong-a", "key_label": label, "pin": lambda: PIN}
    return TokenKey(**{**told, "certificate": token[label], **changes})


@needs_softhsm
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_token_signs_a_class(token, kind):
    key = held(token, kind)
    assert isinstance(key, SigningKey)
    data = signed(key)
    assert verify_xml(data, trust=trusted(), at=AT, regions=RULE)[0].verdict is Verdict.VALID
    public = key.certificate.public_key()
    for number, value in enumerate(key.sign([b"1", b"2", b"3"]), start=1):
        message = str(number).encode()
        if kind == "rsa":
            public.verify(value, message, padding.PKCS1v15(), SHA256())
        else:
            public.verify(value, message, ec.ECDSA(SHA256()))
    assert PIN not in repr(key)


@needs_softhsm
def test_what_goes_wrong_with_a_token(token):
    cases = {
        "wrong_pin": {"pin": lambda: "000000"},
        "no_token": {"token_label": "khac"},
        "no_key": {"key_label": "khac"},
        "token_failed": {"library": "/khong/co.so"},
        "wrong_certificate": {"certificate": token["ec"]},
    }
    for code, changes in cases.items():
        with pytest.raises(KeyUnavailable) as caught:
            held(token, "rsa", **changes).sign([b"x"])
        assert caught.value.code == code
        assert PIN not in str(caught.value)
    with pytest.raises(KeyUnavailable, match="no_key"):
        # The token holds no certificate, and none was given.
        held(token, "rsa", certificate=None)


@pytest.fixture
def provider(tmp_path):
    sys.path.insert(0, str(Path(__file__).parents[3] / "ops" / "signing_server"))
    try:
        from desk import Desk
        from handler import Server
    finally:
        sys.path.pop(0)
        for name in ("desk", "handler"):
            sys.modules.pop(name, None)
    for name, private in {"lan": rsa_key(), "ec": new_key()}.items():
        certificate = authority().issue("Cô Lan", valid=VALID, key=private)[1]
        (tmp_path / f"{name}.pem").write_bytes(pem_of(private, certificate, authority().certificate))
    server = Server(("127.0.0.1", 0), Desk(tmp_path), token="bi-mat", training=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def remote(provider, credential: str = "lan", token: str = "bi-mat", **options) -> RemoteKey:
    address = f"http://127.0.0.1:{provider.server_address[1]}"
    options = {"ask_every": 0.02, "patience": 5, **options}
    return RemoteKey(Service("signing", address, token, timeout=5, tries=1), credential, **options)


@pytest.mark.parametrize("credential", ["lan", "ec"])
def test_one_tap_signs_a_class(provider, credential):
    provider.desk.approve = "ask"
    key = remote(provider, credential, description="2 học bạ lớp 5A")
    seen = []

    def tap():
        while not provider.desk.asked:
            pass
        (asked,) = provider.desk.asked.values()
        seen.append((asked.description, len(asked.hashes)))
        provider.desk.decide("approved")

    thread = threading.Thread(target=tap)
    thread.start()
    root = transcript()
    sign_xml(root, key=key, signature_id="k", references=["du-lieu"], signed_at=SIGNED_AT, parent=root[1])
    thread.join()
    assert seen == [("2 học bạ lớp 5A", 1)]
    (found,) = verify_xml(etree.tostring(root), trust=trusted(), at=AT, regions=RULE)
    assert found.verdict is Verdict.VALID
    provider.desk.approve = "at-once"
    assert len(key.sign([b"a", b"b"])) == 2
    assert key.sign([]) == []
    assert key.chain == (authority().certificate,)


def test_what_goes_wrong_far_away(provider):
    key = remote(provider)
    with pytest.raises(KeyUnavailable, match="declined"):
        remote(provider, "khong-co")
    with pytest.raises(KeyUnavailable, match="declined"):
        remote(provider, "../lan")
    with pytest.raises(KeyUnavailable, match="declined"):
        remote(provider, token="sai")
    provider.desk.approve = "deny"
    with pytest.raises(KeyUnavailable, match="not_authorised"):
        key.sign([b"x"])
    provider.desk.approve = "ask"
    with pytest.raises(KeyUnavailable, match="not_authorised") as caught:
        remote(provider, patience=0.05).sign([b"x"])
    assert caught.value.again
    provider.desk.approve, provider.desk.wrong = "at-once", True
    with pytest.raises(KeyUnavailable, match="wrong_signature"):
        key.sign([b"x"])
    provider.down = True
    with pytest.raises(KeyUnavailable, match="unreachable") as caught:
        key.sign([b"x"])
    assert caught.value.again
    assert "bi-mat" not in str(caught.value) + repr(key)


def test_an_authorisation_signs_what_it_was_given_for_and_once(provider):
    desk = provider.desk
    hashes = ["AAAA"]
    activation = desk.authorize({"credentialID": "lan", "numSignatures": 1, "hashes": hashes})["SAD"]
    with pytest.raises(Exception, match="not_what_was_authorised"):
        desk.sign({"credentialID": "lan", "SAD": activation, "hashes": ["BBBB"]})
    with pytest.raises(Exception, match="authorisation_expired"):
        desk.sign({"credentialID": "lan", "SAD": activation, "hashes": hashes})
