"""Keys at a provider of remote signing: nobody's rows wait for a signer who looks for his phone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from tests.modules.transcripts.flow import approve_seal, build, sign
from tests.modules.transcripts.test_at_the_desk import Quiet
from tests.modules.transcripts.world import NOW
from thongsuot.kit.signing.keys import SoftwareKey
from thongsuot.kit.signing.types import KeyUnavailable
from thongsuot.modules.documents.models import SignerCertificate
from thongsuot.modules.documents.queries.provider import ProviderKey, outside_transactions
from thongsuot.modules.transcripts import actions, queries, tasks
from thongsuot.modules.transcripts.models import GatewayMessage, Transcript


def test_a_provider_is_asked_outside_of_any_transaction(world, monkeypatch, settings):
    """Signed on the principal's phone, and handed in under a seal that lies there: no lock waits for anybody's tap."""
    depths, asked = [], []

    class Provider:
        """Stands for the provider: signs with the key of the file, and notes how deep in transactions it was asked."""

        def __init__(self, certificate):
            self.key = SoftwareKey.from_file(world.keys / f"{certificate.fingerprint}.pem")
            self.certificate = self.key.certificate

        def sign(self, data):
            depths.append(len(connection.savepoint_ids))
            asked.append(len(data))
            return self.key.sign(data)

    monkeypatch.setattr(
        "thongsuot.modules.documents.queries.signing._at_provider", lambda row, description: Provider(row)
    )
    settings.REMOTE_SIGNING_URL = "https://provider.example"
    build(world)
    sign(world, "homeroom", "teacher")
    SignerCertificate.objects.exclude(staff=world.teacher).update(medium="remote")
    outer = len(connection.savepoint_ids)
    for role, who in (("leader", "leader"), ("seal", "office")):
        by = world.actors[who]
        rows = queries.signable(by, role, unit_id=world.school.pk)
        session = actions.open_session(by=by, role=role, transcript_ids=[one.pk for one in rows], now=NOW)
        depths.clear()
        tasks.sign(by=by, progress=Quiet(), session_id=session.pk)
        # One authorisation for the list, with nothing open.
        assert (depths, asked[-1]) == ([outer], 3)
    (row, *_rest) = Transcript.objects.filter(state="issued")
    check = queries.check_transcript(queries.file_of(row), at=timezone.now())
    # The list of the world is older than the signatures; nothing else stands against them.
    assert {code for one in check.signatures for code in one.codes} <= {"stale_revocation_data"}
    approve_seal(world)
    by = world.actors["office"]
    (dispatch,) = actions.send(by=by, transcript_ids=[row.pk], now=NOW)
    depths.clear()
    actions.hand_over(by=by, dispatch=dispatch, gateway=actions.OwnGateway(), now=NOW)
    assert (depths, asked[-1]) == ([outer], 1)
    assert GatewayMessage.objects.filter(type=1).count() == 1
    # Two rounds come to the same bytes; whoever changes them in between is asked about what it is now, at most thrice.
    tries = iter([b"a", b"b", b"c", b"d"])
    held = SignerCertificate.objects.get(staff=world.leader)
    key = ProviderKey(Provider(held).certificate, lambda: Provider(held))
    with pytest.raises(KeyUnavailable):
        outside_transactions(lambda: key.sign([next(tries)]))
    assert next(tries) == b"d"
