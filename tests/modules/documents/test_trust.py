"""Roots are trusted only when their fingerprint is known or given; the published list is readable and complete."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command

from tests.modules.documents.certificates import NOW, authority, certificate_file
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.modules.documents import queries
from thongsuot.modules.documents.actions.trusting import add_trusted
from thongsuot.modules.documents.queries.signing import known_roots


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def run(*arguments):
    out = StringIO()
    call_command("trust", *arguments, stdout=out)
    return out.getvalue()


def test_added_by_its_fingerprint_listed_and_taken_away(var, tmp_path):
    root = authority().certificate
    file = tmp_path / "root.crt"
    file.write_bytes(root.public_bytes(Encoding.DER))
    own = root.fingerprint(SHA256()).hex()
    assert "Chưa tin chứng thư gốc nào" in run("list")
    with pytest.raises(CommandError, match="không khớp") as caught:
        run("add", str(file))
    # The operator is told what to compare.
    assert own[:8].upper() in str(caught.value).replace(":", "")
    assert caught.value.returncode == 2
    with pytest.raises(CommandError):
        run("add", str(file), "--fingerprint", "00" * 32)
    assert queries.trust_store().roots == ()
    spaced = ":".join(re.findall("..", own.upper()))
    assert spaced in run("add", str(file), "--fingerprint", spaced)
    assert queries.trust_store().roots == (root,)
    assert spaced in run("list")
    run("remove", own)
    assert queries.trust_store().roots == ()
    with pytest.raises(CommandError, match="Không có"):
        run("remove", own)


def test_what_is_no_authority_is_refused(var, tmp_path):
    for data, said in (
        (certificate_file("Lê Thị Mai"), "không phải chứng thư của nhà cung cấp"),
        (b"not a certificate", "không phải là chứng thư"),
        (b"-----BEGIN PRIVATE KEY-----", "khóa bí mật"),
    ):
        file = tmp_path / "file.pem"
        file.write_bytes(data)
        with pytest.raises(CommandError, match=said):
            run("add", str(file), "--fingerprint", "00" * 32)
    with pytest.raises(CommandError, match="No such file"):
        run("add", str(tmp_path / "none.crt"))


def test_only_the_operator(db):
    from tests.factories.organization import make_province

    leader = make_province().actor("department_leader", "department")
    with pytest.raises(NotAllowed):
        add_trusted(by=leader, data=authority().certificate.public_bytes(Encoding.PEM), now=NOW)


def test_the_published_list():
    known = known_roots()
    assert {one.owner for one in known} == {
        "Ban Cơ yếu Chính phủ (VGCA)",
        "Trung tâm Chứng thực điện tử quốc gia (NEAC)",
    }
    assert all(re.fullmatch("[0-9a-f]{64}", one.fingerprint) for one in known)
    assert len({one.fingerprint for one in known}) == len(known)
