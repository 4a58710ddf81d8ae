"""Signing: a list is shown, one authorisation covers it, a worker signs it in portions that can be killed at any moment.

A portion is one transaction: the transcripts are locked, the key signs them in one call, signatures and states are
written together. Whatever was committed is whole; whatever was not is signed again from the list of the session. A
signature is unique by transcript, role and place, so that none can be there twice. Teachers of subjects sign places (a
row of a transcript each), all others whole transcripts: to the list it is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID, uuid4

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
from ..domain.steps import SIGNING, after_signing, filled_roles, may_sign
from ..models import Objection, SigningSession, Transcript, TranscriptSignature
from ..permissions import can_sign, signable_by
from ..queries.files import Parts, content_of, parts_of
from ..queries.layouts import profile_named
from ..queries.parts import named_in_parts, part_digests
from ..queries.signers import SignsAs, certificate_of, key_of, signs_as
from ..types import SessionState, SignerRole, SigningRefused, TranscriptState
from .inheriting import follow_pupils
from .keeping import _locked, _refusal, _write_log
from .resuming import _under_way

PORTION = 50
# Keys that sign without asking the person anew; elsewhere one tap on the phone covers the whole list.
WITHOUT_ASKING = frozenset({CertificateMedium.SOFTWARE, CertificateMedium.HSM})
# Who a transcript names for a role: source in its common part.
NAMED = {SignerRole.HOMEROOM: "homeroom_personal_id", SignerRole.LEADER: "leader_personal_id"}


class _Due(NamedTuple):
    """One signature to be made: over a transcript, or over one row of it."""

    row: Transcript
    place: str = ""


class _Authorised(NamedTuple):
    """public_id: of the session to be, by which a token at a desk is waited for."""

    rows: list[Transcript]
    signer: SignsAs
    certificate: Any
    public_id: UUID


@transaction.atomic
def open_session(*, by: Actor, role: str, transcript_ids: Sequence[int], now: datetime) -> SigningSession:
    """Authorise the signing of a list, as it was shown: its digests are kept and nothing else will be signed.

    Raises NotAllowed, TranscriptStep (one of them cannot be signed in this role now), SigningRefused (another person is
    named in a transcript, no valid certificate, several schools, some are being signed in another session). The same list
    authorised again while it is being signed is the session that is under way.
    """
    if role == SignerRole.SUBJECT:
        raise SigningRefused(_("Giáo viên bộ môn ký từng môn, không ký cả học bạ."))
    one = _authorised(by, role, transcript_ids, now)
    planned = [[row.pk, bytes(row.data_digest).hex()] for row in one.rows]
    same = _under_way(by, role=role, unit_id=one.rows[0].unit_id, planned=planned)
    if same is not None:
        return same
    _is_the_named_one(one.rows, role, one.signer)
    _may_all_be_signed([_Due(row) for row in one.rows], role)
    return _opened(by, role, one, planned, now)


@transaction.atomic
def open_part_session(*, by: Actor, parts: Sequence[tuple[int, str]], now: datetime) -> SigningSession:
    """Authorise the signing of rows, (transcript, subject) each, of one class or of all one's classes: the digest of each
    row as it was shown is kept. Raises as open_session does; SigningRefused for a row that names somebody else.
    """
    found = _authorised(by, SignerRole.SUBJECT, [pk for pk, _place in parts], now)
    by_id = {row.pk: row for row in found.rows}
    order = {row.pk: place for place, row in enumerate(found.rows)}
    due = [
        _Due(by_id[pk], place) for pk, place in sorted(set(parts), key=lambda one: (one[1], order[one[0]]))
    ]
    places: dict[int, set[str]] = defaultdict(set)
    for pk, place in parts:
        places[pk].add(place)
    digests = part_digests(found.rows, places)
    planned = [[one.row.pk, digests.get((one.row.pk, one.place), ""), one.place] for one in due]
    same = _under_way(by, role=SignerRole.SUBJECT, unit_id=found.rows[0].unit_id, planned=planned)
    if same is not None:
        return same
    _may_all_be_signed(due, SignerRole.SUBJECT)
    named = named_in_parts(found.rows, places)
    for one in due:
        if named.get((one.row.pk, one.place)) != found.signer.personal_id:
            raise _another_is_named()
    return _opened(by, SignerRole.SUBJECT, found, planned, now)


def _authorised(by: Actor, role: str, transcript_ids: Sequence[int], now: datetime) -> _Authorised:
    """The transcripts in the order of the list, who signs, with which certificate; its key is at hand."""
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
    signer = signs_as(by, role, unit)
    for code in {row.profile for row in rows}:
        place = profile_named(code).signer(role)
        if place is not None and place.personal_id and not signer.personal_id:
            # The schema asks for it beside the signature: the Sở would refuse the whole transcript.
            raise SigningRefused(
                _("Hồ sơ của anh/chị chưa có số định danh cá nhân. Hãy bổ sung trước khi ký.")
            )
    certificate = certificate_of(signer, at=now)
    public_id = uuid4()
    key_of(certificate, desk=public_id)
    return _Authorised(rows, signer, certificate, public_id)


def _opened(
    by: Actor, role: str, one: _Authorised, planned: list[list[Any]], now: datetime
) -> SigningSession:
    certificate = one.certificate
    return SigningSession.objects.create(
        public_id=one.public_id,
        unit=one.rows[0].unit,
        role=role,
        planned=planned,
        size=len(planned),
        signer_name=one.signer.name,
        certificate=certificate,
        certificate_serial=certificate.serial[:80],
        authorised_by_id=by.user_id,
        authorised_at=now,
    )


def _is_the_named_one(rows: Sequence[Transcript], role: str, signer: SignsAs) -> None:
    """Each transcript names its principal and homeroom teacher: nobody else signs in their place."""
    source = NAMED.get(SignerRole(role))
    if source is None:
        return
    for row in rows:
        if content_of(row)["common"].get(source, "") not in ("", signer.personal_id):
            raise _another_is_named()


def _another_is_named() -> SigningRefused:
    return SigningRefused(
        _("Học bạ ghi người ký khác với anh/chị. Hãy bỏ bản này và lập lại sau khi cập nhật người ký.")
    )


def _may_all_be_signed(due: Sequence[_Due], role: str) -> None:
    """Raises TranscriptStep for the first that cannot be signed now."""
    kept = set(_ready(due, role))
    for one in due:
        if one not in kept:
            raise _refusal(one.row)


def _ready(due: Sequence[_Due], role: str) -> list[_Due]:
    """Those whose turn it is, that nobody has refused to sign and that are not signed yet; in the order given."""
    ids = {one.row.pk for one in due}
    roles, places = _signed(ids)
    refused = set(
        Objection.objects.filter(transcript__in=ids, settled_at__isnull=True).values_list(
            "transcript_id", flat=True
        )
    )

    def is_ready(one: _Due) -> bool:
        row, profile = one.row, profile_named(one.row.profile)
        filled = filled_roles(profile, roles.get(row.pk, ()), row.places_left)
        if row.pk in refused or not may_sign(profile, row.state, role, filled):
            return False
        if role != SignerRole.SUBJECT:
            return True
        return one.place in row.places and (row.pk, one.place) not in places

    return [one for one in due if is_ready(one)]


def _signed(ids: Collection[int]) -> tuple[dict[int, set[str]], set[tuple[int, str]]]:
    """Roles that have signed each transcript; rows that are signed."""
    roles: dict[int, set[str]] = {}
    places = set()
    found = TranscriptSignature.objects.filter(transcript__in=ids)
    for key, role, place in found.values_list("transcript_id", "role", "place"):
        roles.setdefault(key, set()).add(role)
        if place:
            places.add((key, place))
    return roles, places


def sign_portion(
    *, by: Actor, session: SigningSession, now: datetime, most: int | None = None
) -> tuple[int, int]:
    """Sign the next of an open session; (how many signatures were made now, how many are left).

    The one who authorised signs, nobody else. Of a token at the signer's desk nothing is signed at first: the batch is
    laid out there, and the work goes on when it has come back. Raises NotAllowed, SigningRefused: the key cannot sign, the
    certificate is another one than was authorised. Transcripts that have changed since the list was shown are left out.
    """
    try:
        with transaction.atomic():
            signed, left = _sign_portion(by, session, now, most)
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
    if signed and not left and session.role == SignerRole.SEAL:
        follow_pupils(by=Actor.system(), now=now, student_ids=_students_of(session))
    return signed, left


def _students_of(session: SigningSession) -> list[int]:
    rows = Transcript.objects.filter(pk__in=session.signatures.values("transcript_id"))
    return list(rows.order_by().values_list("student_id", flat=True).distinct())


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
    portion = session.planned[session.worked : session.worked + size]
    signed: list[Transcript] = []
    due = _still_right(portion, session.role)
    if due:
        said = _("Ký %(count)d học bạ") % {"count": len(due)}
        key = key_of(certificate, description=said, desk=session.public_id)
        signed = _sign(due, session, signer, key, now)
        if certificate.medium == CertificateMedium.TOKEN:
            documents.use_desk_signatures(by=by, reference=session.public_id, now=now)
        if session.role != SignerRole.SUBJECT:
            # Of each subject the signature itself tells who, what and when.
            _write_log([one.row for one in due], SIGNING[session.role], by=by, now=now, detail=signer.name)
    session.worked += len(portion)
    session.save(update_fields=["worked"])
    left = session.size - session.worked
    if not left:
        _end(session, SessionState.DONE, now)
    # Last of all: it moves the school's standing (models/work.py), which others who sign there wait for until the end.
    Transcript.objects.bulk_update(
        signed, ["state", "issued_at", "file_digest", "places_left"], batch_size=500
    )
    return len(due), left


def _still_right(portion: Sequence[Sequence[Any]], role: str) -> list[_Due]:
    """What of the list may be signed now and is what was shown, in its order."""
    rows = {row.pk: row for row in _locked({one[0] for one in portion})}
    places: dict[int, set[str]] = defaultdict(set)
    for key, _shown, *place in portion:
        places[key].update(place)
    by_part = part_digests(list(rows.values()), places) if role == SignerRole.SUBJECT else {}
    due = []
    for key, shown, *place in portion:
        row = rows.get(key)
        if row is None:
            continue
        is_now = by_part.get((key, place[0])) if place else bytes(row.data_digest).hex()
        if is_now == shown:
            due.append(_Due(row, *place))
    return _ready(due, role)


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
    due: Sequence[_Due], session: SigningSession, signer: SignsAs, key: SigningKey, now: datetime
) -> list[Transcript]:
    """Signatures are written; the transcripts, moved on, are given back to be."""
    rows = list({one.row.pk: one.row for one in due}.values())
    parts = parts_of(rows)
    nodes = _signed_nodes(
        [(row.profile, row.uuid, parts[row.pk].data) for row, _place in due],
        role=session.role,
        personal_id=signer.personal_id,
        key=key,
        now=now,
        places=[one.place for one in due],
    )
    profile = profile_named(rows[0].profile)
    position = [one.role for one in profile.signers].index(SignerRole(session.role))
    issuer = key.certificate.issuer.rfc4514_string()[:300]
    TranscriptSignature.objects.bulk_create(
        [
            TranscriptSignature(
                transcript=one.row,
                role=session.role,
                place=one.place,
                position=position,
                node_sealed=sealed,
                signer_name=signer.name,
                certificate_serial=session.certificate_serial,
                certificate_issuer=issuer,
                session=session,
                signed_at=now,
            )
            for one, sealed in zip(due, seal_many(nodes), strict=True)
        ],
        batch_size=500,
    )
    for one, node in zip(due, nodes, strict=True):
        _moved(one.row, session.role, parts[one.row.pk], node, now)
    return rows


def _moved(row: Transcript, role: str, parts: Parts, node: str, now: datetime) -> None:
    profile = profile_named(row.profile)
    after = after_signing(profile, row.state, role)
    if after is None:
        raise _refusal(row)
    row.state = TranscriptState(after)
    if role == SignerRole.SUBJECT:
        row.places_left -= 1
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
    places: Sequence[str] | None = None,
) -> list[str]:
    """The node of one signer for each (layout, uuid, data), all signed in one call of the key; places: the rows that are
    signed, where not the whole is. Raises SigningRefused."""
    signers = [_signer(layout, role) for layout, _uuid, _data in transcripts]
    prepared = [
        _prepared(layout, uuid, data, signer, personal_id=personal_id, key=key, now=now, place=place)
        for (layout, uuid, data), signer, place in zip(
            transcripts, signers, places or [""] * len(transcripts), strict=True
        )
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
        references=signed_ids(profile, signer, uuid, place),
        signed_at=now,
        certificate=key.certificate,
        parent=root[1][0],
        time_namespace=profile.signing_time.namespace,
    )
