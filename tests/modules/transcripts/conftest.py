"""A school whose year is closed, with keys in the test's own folder and its authority trusted."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.modules.transcripts.world import NOW, make_world


@pytest.fixture
def world(db, settings, tmp_path):
    settings.SIGNING_KEYS_DIR = tmp_path / "keys"
    settings.TRUST_DIRS = [tmp_path / "trust"]
    made = make_world(tmp_path)
    trust = tmp_path / "trust"
    trust.mkdir()
    (trust / "root.pem").write_bytes(made.authority.certificate.public_bytes(Encoding.PEM))
    (trust / "root.crl").write_bytes(made.authority.crl(at=NOW).public_bytes(Encoding.DER))
    return made
