"""Signing: a list is shown, one authorisation covers it, a worker signs it in portions that can be killed at any moment.

A portion is one transaction: the transcripts are locked, the key signs them in one call, signatures and states are
written together. Whatever was committed is whole; whatever was not is signed again from the list of the session. A
signature is unique by transcript, role and place, so that none can be there twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from lxml import etree

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.sealing.sealing import seal_many
from thongsuot.kit.signing.keys import SigningKey
from thongsuot.kit.signing.types import KeyUnavailable
from thongsuot.kit.signing.words import KEY_FAULTS
from thongsuot.kit.signing.xmldsig import Prepared, complete, prepare
from thongsuot.modules.documents import actions as documents
from thongsuot.modules.documents.queries import desk_moment
from thongsuot.modules.documents.types import AtDesk, CertificateMedium

from ..domain.document import file_bytes, node_id, open_node, signed_ids, transcript_xml
from ..domain.profile import Signer
from ..domain.steps import SIGNING, after_signing, may_sign
from ..models import SigningSession, Transcript, TranscriptSignature
from ..permissions import can_sign, signable_by
from ..queries.files import Parts, content_of, parts_of
from ..queries.layouts import profile_named
from ..queries.signers import SignsAs, certificate_of, key_of, signs_as
from ..types import SessionState, SignerRole, SigningRefused, TranscriptState
from .keeping import _locked, _refusal, _write_log
from .resuming import _under_way

PORTION = 50
# Keys that sign without asking the person anew; elsewhere one tap on the phone covers the whole list.
WITHOUT_ASKING = frozenset({CertificateMedium.SOFTWARE, CertificateMedium.HSM})
# Who a transcript names for a role: source in its common part.
NAMED = {SignerRole.HOMEROOM: "homeroom_personal_id", SignerRole.LEADER: "leader_personal_id"}


@transaction.atomic
def open_session(*, by: Actor, role: str, transcript_ids: Sequence[int], now: datetime) -> SigningSession:
    """Authorise the signing of a list, as it was shown: its digests are kept and nothing else will be signed.

    Raises NotAllowed, TranscriptStep (one of them cannot be signed in this role now), SigningRefused (another person is
    named in a transcript, no valid certificate, several schools, some are being signed in another session). The same list
    authorised again while it is being signed is the session that is under way.
    """
    rows = list(
        Transcript.objects.filter(signable_by(by, role), pk__in=list(transcript_ids))
        .select_related("unit", "school_class__homeroom_teacher")
        .order_by("school_class__name", "school_class_id", "sort_key", "pk")
    )
    if not rows or len(rows) != len(set(transcript_ids)):
        raise NotAllowed(_("Danh sách có học bạ mà anh/chị không được ký."))
    unit = rows[0].unit
    if any(row.unit_id != unit.pk for row in rows):
        raise SigningRefused(_("Mỗi lần chỉ ký học bạ của một trường."))
    if not can_sign(by, role, unit.pk):
        raise NotAllowed(_("Anh/chị không có quyền ký với vai trò này."))
    same = _under_way(by, role=role, unit_id=unit.pk, ids=transcript_ids)
    if same is not None:
        return same
    signer = signs_as(by, role, unit)
    certificate = certificate_of(signer, at=now)
    public_id = uuid4()
    key_of(certificate, desk=public_id)
    signed = _signed_roles(rows)
    for row in rows:
        if not may_sign(profile_named(row.profile), row.state, role, signed.get(row.pk, ())):
            raise _refusal(row)
    _is_the_named_one(rows[0], role, signer)
    return SigningSession.objects.create(
        public_id=public_id,
        unit=unit,
        role=role,
        planned=[[row.pk, bytes(row.data_digest).hex()] for row in rows],
        size=len(rows),
        signer_name=signer.name,
        certificate=certificate,
        certificate_serial=certificate.serial[:80],
        authorised_by_id=by.user_id,
        authorised_at=now,
    )


def _is_the_named_one(row: Transcript, role: str, signer: SignsAs) -> None:
    """The transcript names its principal and homeroom teacher: nobody else signs in their place."""
    source = NAMED.get(SignerRole(role))
    if source is None:
        return
    named = content_of(row)["common"].get(source, "")
    if named and named != signer.personal_id:
        raise SigningRefused(
            _("Học bạ ghi người ký khác với anh/chị. Hãy bỏ bản này và lập lại sau khi cập nhật người ký.")
        )


def _signed_roles(rows: Sequence[Transcript]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    pairs = TranscriptSignature.objects.filter(transcript__in=[row.pk for row in rows])
    for key, role in pairs.values_list("transcript_id", "role"):
        found.setdefault(key, set()).add(role)
    return found


def sign_portion(
    *, by: Actor, session: SigningSession, now: datetime, most: int | None = None
) -> tuple[int, int]:
    """Sign the next transcripts of an open session; (how many were signed now, how many are left).

    The one who authorised signs, nobody else. Of a token at the signer's desk nothing is signed at first: the batch is
    laid out there, and the work goes on when it has come back. Raises NotAllowed, SigningRefused: the key cannot sign, the
    certificate is another one than was authorised. Transcripts that have changed since the list was shown are left out.
    """
    try:
        with transaction.atomic():
            return _sign_portion(by, session, now, most)
    except AtDesk as waits:
        documents.ask_at_desk(
            by=by,
            certificate=session.certificate,
            reference=session.public_id,
            title=_("Ký %(count)d học bạ: %(role)s")
            % {"count": len(waits.messages), "role": session.get_role_display()},
            messages=waits.messages,
            moment=desk_moment(session.public_id) or now,
            resume=("transcripts.sign", {"session_id": session.pk}),
            now=now,
        )
        return 0, session.size - session.worked


def _sign_portion(by: Actor, session: SigningSession, now: datetime, most: int | None) -> tuple[int, int]:
    session = SigningSession.objects.select_for_update(of=("self",)).select_related("unit").get(pk=session.pk)
    if session.state != SessionState.OPEN:
        return 0, 0
    if session.authorised_by_id != by.user_id:
        raise NotAllowed(_("Chỉ người đã cho phép mới ký tiếp được."))
    signer = signs_as(by, session.role, session.unit)
    certificate = certificate_of(signer, at=now)
    if certificate.pk != session.certificate_id:
        raise SigningRefused(_("Chứng thư số đã đổi sau khi cho phép ký. Hãy cho phép lại."))
    if certificate.medium == CertificateMedium.TOKEN:
        # What was signed at the desk holds the moment at which it was laid out there.
        now = desk_moment(session.public_id) or now
    size = most or (PORTION if certificate.medium in WITHOUT_ASKING else session.size)
    portion = [(key, digest) for key, digest in session.planned[session.worked : session.worked + size]]
    rows = _still_right(_locked(key for key, _digest in portion), dict(portion), session.role)
    if rows:
        said = _("Ký %(count)d học bạ") % {"count": len(rows)}
        key = key_of(certificate, description=said, desk=session.public_id)
        _sign(rows, session, signer, key, now)
        if certificate.medium == CertificateMedium.TOKEN:
            documents.use_desk_signatures(by=by, reference=session.public_id, now=now)
        _write_log(rows, SIGNING[session.role], by=by, now=now, detail=signer.name)
    session.worked += len(portion)
    session.save(update_fields=["worked"])
    left = session.size - session.worked
    if not left:
        _end(session, SessionState.DONE, now)
    return len(rows), left


def _still_right(rows: Sequence[Transcript], shown: dict[int, str], role: str) -> list[Transcript]:
    signed = _signed_roles(rows)
    order = {key: place for place, key in enumerate(shown)}
    kept = [
        row
        for row in rows
        if bytes(row.data_digest).hex() == shown[row.pk]
        and may_sign(profile_named(row.profile), row.state, role, signed.get(row.pk, ()))
    ]
    return sorted(kept, key=lambda row: order[row.pk])


def _end(session: SigningSession, state: SessionState, now: datetime, fault: str = "") -> None:
    session.state, session.finished_at, session.fault = state, now, fault[:300]
    session.save(update_fields=["state", "finished_at", "fault"])


@transaction.atomic
def stop_session(*, by: Actor, session: SigningSession, reason: str, now: datetime) -> SigningSession:
    """Sign no more of it; what is signed stays. Raises NotAllowed."""
    row = SigningSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if not by.is_system and row.authorised_by_id != by.user_id:
        raise NotAllowed(_("Chỉ người đã cho phép mới dừng được lần ký."))
    if row.state == SessionState.OPEN:
        _end(row, SessionState.STOPPED, now, reason)
        documents.drop_desk_signing(by=by, reference=row.public_id, now=now)
    return row


def _sign(
    rows: Sequence[Transcript], session: SigningSession, signer: SignsAs, key: SigningKey, now: datetime
) -> None:
    parts = parts_of(rows)
    nodes = _signed_nodes(
        [(row.profile, row.uuid, parts[row.pk].data) for row in rows],
        role=session.role,
        personal_id=signer.personal_id,
        key=key,
        now=now,
    )
    profile = profile_named(rows[0].profile)
    position = [one.role for one in profile.signers].index(SignerRole(session.role))
    TranscriptSignature.objects.bulk_create(
        [
            TranscriptSignature(
                transcript=row,
                role=session.role,
                position=position,
                node_sealed=sealed,
                signer_name=signer.name,
                certificate_serial=session.certificate_serial,
                certificate_issuer=key.certificate.issuer.rfc4514_string()[:300],
                session=session,
                signed_at=now,
            )
            for row, sealed in zip(rows, seal_many(nodes), strict=True)
        ],
        batch_size=500,
    )
    for row, node in zip(rows, nodes, strict=True):
        _moved(row, session.role, parts[row.pk], node, now)
    Transcript.objects.bulk_update(rows, ["state", "issued_at", "file_digest"], batch_size=500)


def _moved(row: Transcript, role: str, parts: Parts, node: str, now: datetime) -> None:
    profile = profile_named(row.profile)
    after = after_signing(profile, row.state, role)
    if after is None:
        raise _refusal(row)
    row.state = TranscriptState(after)
    if row.state == TranscriptState.ISSUED:
        row.issued_at = now
        whole = file_bytes(transcript_xml(profile, parts.data, [*parts.nodes, node]))
        row.file_digest = sha256(whole).digest()


def _signed_nodes(
    transcripts: Sequence[tuple[str, Any, str]],
    *,
    role: str,
    personal_id: str,
    key: SigningKey,
    now: datetime,
    place: str = "",
) -> list[str]:
    """The node of one signer for each (layout, uuid, data), all signed in one call of the key. Raises SigningRefused."""
    signers = [_signer(layout, role) for layout, _uuid, _data in transcripts]
    prepared = [
        _prepared(layout, uuid, data, signer, personal_id=personal_id, key=key, now=now, place=place)
        for (layout, uuid, data), signer in zip(transcripts, signers, strict=True)
    ]
    try:
        values = key.sign([one.to_sign for one in prepared])
    except AtDesk:
        raise
    except KeyUnavailable as fault:
        raise SigningRefused(str(KEY_FAULTS[fault.code])) from fault
    return [
        etree.tostring(complete(one, value).getparent(), encoding="unicode")
        for one, value in zip(prepared, values, strict=True)
    ]


def _signer(layout: str, role: str) -> Signer:
    found = profile_named(layout).signer(role)
    if found is None:
        raise SigningRefused(_("Mẫu học bạ này không có chữ ký với vai trò đó."))
    return found


def _prepared(
    layout: str,
    uuid: Any,
    data: str,
    signer: Signer,
    *,
    personal_id: str,
    key: SigningKey,
    now: datetime,
    place: str,
) -> Prepared:
    profile = profile_named(layout)
    node = open_node(signer, uuid, signed_at=now, personal_id=personal_id, place=place)
    root = etree.fromstring(transcript_xml(profile, data, [node]))
    return prepare(
        root,
        signature_id=f"{node_id(uuid, signer.tag, place)}-CK",
        references=signed_ids(signer, uuid, place),
        signed_at=now,
        certificate=key.certificate,
        parent=root[1][0],
        time_namespace=profile.signing_time.namespace,
    )
