"""The gateway's second half: each transaction is read, judged item by item, and answered, in one transaction of the
database: done with all its originals, or not at all and done again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from lxml import etree

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import digest, seal, seal_many, unseal
from thongsuot.kit.signing.checking import verify_tree
from thongsuot.kit.signing.reading import read_xml
from thongsuot.kit.signing.trust import TrustStore
from thongsuot.kit.signing.types import Reason, SigningFault, Verdict
from thongsuot.kit.signing.words import FAULTS, REASONS
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.registry import queries as registry

from ..domain.document import file_bytes
from ..domain.messages import Registration, read_json, read_recalls, seems_to_be
from ..domain.packing import unpack
from ..domain.schema_faults import place_of
from ..domain.values import is_uuid4, plain_serial
from ..models import GatewayCertificate, GatewayItem, GatewayMessage, Original, Transcript
from ..permissions import can_work_gateway
from ..queries.layouts import exchange, profiles
from ..queries.verification import Check, ask_authorities, check_transcript
from ..types import CertificateState, MessageState, OriginalState, PackingFault, Transaction, TranscriptFault
from .keeping import _handed_in_elsewhere
from .recalling import _ask_from_outside

ACCEPTED, REFUSED = 1, 0
# Nothing is known against the certificate, and nothing that clears it: the list of its authority is missing or too old.
UNDECIDED = frozenset({Reason.NO_REVOCATION_DATA, Reason.STALE_REVOCATION_DATA})


class Undecided(Exception):
    """The sender's certificate cannot be judged yet: nothing of the transaction can be."""


@dataclass(frozen=True)
class Judged:
    """One transcript of a submission. error "" when it is accepted; is_known: the store has it already; is_undecided: a
    certificate cannot be judged yet, `said` why; seems: whom one that cannot be read names."""

    check: Check
    data: str
    error: str = ""
    where: str = ""
    said: str = ""
    is_known: bool = False
    is_undecided: bool = False
    seems: Mapping[str, str] = field(default_factory=dict)


def ask_about_senders(*, by: Actor, message_id: int, now: datetime) -> None:
    """Ask authorities about the certificates of a submission ahead of `work_message`, which waits for nobody. Opens a short
    transaction of its own, none while it asks."""
    with act_as(by):
        row = GatewayMessage.objects.get(pk=message_id)
        is_open = row.state in (MessageState.WAITING, MessageState.CHECKING)
        content = _content(row) if is_open and row.type == Transaction.SUBMIT else b""
    if content:
        ask_authorities([content], now, most=exchange().max_unpacked_bytes)


def _content(row: GatewayMessage) -> bytes:
    try:
        return _unpacked(row)
    except PackingFault:
        # `work_message` says so.
        return b""


@transaction.atomic
def work_message(*, by: Actor, message_id: int, now: datetime) -> GatewayMessage:
    """Do what a received transaction asks. Done twice, the second time changes nothing.

    Where the state of a certificate cannot be decided, what hangs on it waits and is looked at again; after some hours
    (exchange-v1.0.json) it is refused with the reason.
    """
    row = (
        GatewayMessage.objects.select_for_update(of=("self",))
        .select_related("unit__school")
        .get(pk=message_id)
    )
    if row.state not in (MessageState.WAITING, MessageState.CHECKING):
        return row
    row.fault, row.next_look_at = "", None
    try:
        content = _unpacked(row)
        items = WORK[Transaction(row.type)](row, content, now)
    except (PackingFault, TranscriptFault) as fault:
        row.state, row.fault = MessageState.FAILED, fault.message[:500]
    except SigningFault as fault:
        row.state, row.fault = MessageState.FAILED, str(FAULTS[fault.code])
    except Undecided as fault:
        _look_again(row, now)
        row.fault = str(fault)[:500]
    else:
        GatewayItem.objects.filter(message=row, status__isnull=True).delete()
        GatewayItem.objects.bulk_create(items, batch_size=1000)
        row.state = MessageState.DONE
        if any(one.status is None for one in items):
            _look_again(row, now)
    row.worked_at = now
    row.save(update_fields=["state", "fault", "worked_at", "next_look_at"])
    return row


def _look_again(row: GatewayMessage, now: datetime) -> None:
    row.state = MessageState.CHECKING
    row.next_look_at = now + timedelta(minutes=exchange().undecided_minutes)


def _waited_enough(row: GatewayMessage, now: datetime) -> bool:
    return now >= row.received_at + timedelta(hours=exchange().undecided_hours)


def _unpacked(row: GatewayMessage) -> bytes:
    terms = exchange()
    return unpack(
        unseal(row.content_sealed), most=terms.max_content_bytes, most_unpacked=terms.max_unpacked_bytes
    )


def _submit(row: GatewayMessage, content: bytes, now: datetime) -> list[GatewayItem]:
    """The items of what is decided now; of a transaction that is looked at again, of what was left open."""
    root = read_xml(content, most_bytes=exchange().max_unpacked_bytes)
    roots = _transcripts(row, root, now)
    decided = GatewayItem.objects.filter(message=row, status__isnull=False)
    known = dict(decided.values_list("position", "reference"))
    places = [place for place in range(1, len(roots) + 1) if place not in known]
    trust = documents.trust_store()
    judged = [_judge(row, roots[place - 1], now, trust) for place in places]
    judged = _without_doubles(row, judged, seen=set(known.values()))
    fit = [one for one in judged if not (one.error or one.is_known or one.is_undecided)]
    _keep(row, fit, now)
    taken = {one.check.uuid: one.check.digest for one in judged if not (one.error or one.is_undecided)}
    _handed_in_elsewhere(taken, by=Actor.system(), now=now)
    return [_item(row, place, one) for place, one in zip(places, judged, strict=True)]


def _transcripts(row: GatewayMessage, root: Any, now: datetime) -> list[Any]:
    """The transcripts of a submission; a batch only under the signature of the sender's registered certificate."""
    batches = {one.batch for one in profiles().values()}
    roots = {one.root for one in profiles().values()}
    if root.tag in roots:
        return [root]
    if root.tag not in batches:
        raise PackingFault(_("Nội dung không phải học bạ hay danh sách học bạ."))
    found = [one for one in root if one.tag in roots]
    if not found:
        raise PackingFault(_("Danh sách không có học bạ nào."))
    _check_sender(row, root, now)
    return found


def _check_sender(row: GatewayMessage, root: Any, now: datetime) -> None:
    # Those of the transcripts are looked at one by one later.
    signatures = root.findall("{http://www.w3.org/2000/09/xmldsig#}Signature")
    own = verify_tree(root, trust=documents.trust_store(), at=now, only=signatures)
    if len(own) != 1 or not any(element is root for element in own[0].covered):
        raise PackingFault(
            _("Danh sách thiếu chữ ký của đơn vị gửi, hoặc chữ ký không bao phủ cả danh sách.")
        )
    if own[0].verdict != Verdict.VALID:
        said = " ".join(str(REASONS[one]) for one in own[0].reasons)
        if UNDECIDED.issuperset(own[0].reasons) and not _waited_enough(row, now):
            raise Undecided(_("Chữ ký của đơn vị gửi chờ xác minh: %(said)s") % {"said": said})
        raise PackingFault(_("Chữ ký của đơn vị gửi không dùng được: %(said)s") % {"said": said})
    if not _is_registered(row, own[0].serial):
        raise PackingFault(_("Chứng thư số của đơn vị gửi chưa được Sở duyệt."))


def _is_registered(row: GatewayMessage, serial: str) -> bool:
    return GatewayCertificate.objects.filter(
        unit=row.unit, serial=plain_serial(serial), state=CertificateState.APPROVED
    ).exists()


def _judge(row: GatewayMessage, element: Any, now: datetime, trust: TrustStore) -> Judged:
    data = etree.tostring(element, encoding="unicode", with_tail=False)
    raw = file_bytes(data)
    check = check_transcript(raw, trust=trust, at=now, with_store=False)
    text = raw.decode()

    def refused(error: str, field: str, said: str) -> Judged:
        return Judged(check, text, error, field, said)

    if check.faults:
        said, where = "; ".join(check.faults), place_of(check.faults[0])
        return Judged(check, text, "CAU_TRUC", where, said, seems=seems_to_be(element))
    if not is_uuid4(check.uuid):
        return refused("MA_TRA_CUU", "MA_TRA_CUU_UUID", _("Mã tra cứu không phải UUID phiên bản 4."))
    common = check.content["common"]
    if common["school_code"] not in {row.unit.school.ministry_code, row.unit.code} - {""}:
        return refused("MA_TRUONG", "MA_TRUONG", _("Học bạ không phải của đơn vị gửi."))
    if common.get("first_year") != str(row.first_year):
        return refused("NAM_HOC", "NAM_HOC", _("Năm học khác năm học của giao dịch."))
    if check.missing:
        said = _("Thiếu chữ ký: %(who)s.") % {"who": ", ".join(check.missing)}
        return refused("THIEU_CHU_KY", check.missing[0], said)
    waits = ""
    for one in check.signatures:
        if one.verdict != Verdict.VALID:
            said = f"{one.label or one.signer}: {' '.join(one.reasons)}"
            if not UNDECIDED.issuperset(one.codes) or _waited_enough(row, now):
                return refused("CHU_KY", one.label, said)
            waits = waits or said
        if one.role == "seal" and not _is_registered(row, one.serial):
            return refused("CHUNG_THU", one.label, _("Chứng thư số của trường chưa được Sở duyệt."))
    return Judged(check, text, said=waits, is_undecided=bool(waits))


def _without_doubles(row: GatewayMessage, judged: Sequence[Judged], *, seen: set[str]) -> list[Judged]:
    """Transcripts that the store has, and those that would be a second one of a pupil's year, of the same kind."""
    uuids = [one.check.uuid for one in judged if not one.error]
    numbers = [digest(one.check.content["common"]["personal_id"]) for one in judged if not one.error]
    known = {
        str(uuid): (bytes(of_file), state == OriginalState.IN_FORCE)
        for uuid, of_file, state in Original.objects.filter(uuid__in=uuids).values_list(
            "uuid", "file_digest", "state"
        )
    }
    years = {
        (bytes(number), _kind(profile))
        for number, profile in Original.objects.filter(
            unit=row.unit,
            first_year=row.first_year,
            personal_id_digest__in=numbers,
            state=OriginalState.IN_FORCE,
        ).values_list("personal_id_digest", "profile")
    }
    found: list[Judged] = []
    for one in judged:
        found.append(one if one.error or one.is_undecided else _doubled(one, known, years, seen))
        seen.add(one.check.uuid)
        if not found[-1].error and not found[-1].is_known:
            years.add(_year_of(one))
    return found


def _kind(profile: str) -> str:
    return profiles()[profile].kind.value


def _year_of(one: Judged) -> tuple[bytes, str]:
    return digest(one.check.content["common"]["personal_id"]) or b"", _kind(one.check.profile)


def _doubled(
    one: Judged, known: dict[str, tuple[bytes, bool]], years: set[tuple[bytes, str]], seen: set[str]
) -> Judged:
    uuid = one.check.uuid
    if uuid in seen:
        return Judged(one.check, one.data, "TRUNG", "MA_TRA_CUU_UUID", _("Có hai lần trong cùng danh sách."))
    if uuid in known:
        kept, is_in_force = known[uuid]
        if kept == one.check.digest and is_in_force:
            return Judged(one.check, one.data, is_known=True)
        if kept == one.check.digest:
            said = _("Học bạ này đã được thu hồi; bản thay thế cần mã mới.")
            return Judged(one.check, one.data, "DA_THU_HOI", "MA_TRA_CUU_UUID", said)
        said = _("Mã tra cứu này đã thuộc về một học bạ khác; bản thay thế cần mã mới.")
        return Judged(one.check, one.data, "TRUNG_MA", "MA_TRA_CUU_UUID", said)
    if _year_of(one) in years:
        said = _("Học sinh đã có học bạ năm học này đang lưu hành: cần thu hồi trước.")
        return Judged(one.check, one.data, "DA_CO", "SO_CCCD", said)
    return one


def _keep(row: GatewayMessage, judged: Sequence[Judged], now: datetime) -> None:
    numbers = [one.check.content["common"]["personal_id"] for one in judged]
    pupils = {
        bytes(found or b""): pk
        for found, pk in registry.students(Actor.system())
        .filter(personal_id_digest__in=[digest(number) for number in numbers])
        .values_list("personal_id_digest", "pk")
    }
    # Handed over before the Sở took it in: the original is held where the transcript is.
    ours = Transcript.objects.filter(uuid__in=[one.check.uuid for one in judged])
    holders = {str(uuid): holder for uuid, holder in ours.order_by().values_list("uuid", "holder_id")}
    Original.objects.bulk_create(
        [
            Original(
                uuid=one.check.uuid,
                unit=row.unit,
                holder_id=holders.get(one.check.uuid.lower(), row.unit_id),
                student_id=pupils.get(digest(number) or b""),
                personal_id_digest=digest(number),
                first_year=row.first_year,
                grade=_grade(one),
                level=profiles()[one.check.profile].level_of(
                    one.check.content["common"].get("level_code", "")
                ),
                profile=one.check.profile,
                student_name=one.check.content["common"]["full_name"][:120],
                file_sealed=sealed,
                file_digest=one.check.digest,
                message=row,
                received_at=now,
            )
            for one, number, sealed in zip(judged, numbers, seal_many(o.data for o in judged), strict=True)
        ],
        batch_size=500,
    )
    # Whoever checks the file of a version that was taken back learns that there is another.
    Original.objects.filter(
        unit=row.unit,
        first_year=row.first_year,
        personal_id_digest__in=[digest(number) for number in numbers],
        state=OriginalState.RECALLED,
    ).update(state=OriginalState.REPLACED)


def _grade(one: Judged) -> int | None:
    code = one.check.content["common"].get("grade_code", "")
    return int(code) if code.isdecimal() and len(code) < 3 else None


def _item(row: GatewayMessage, place: int, one: Judged) -> GatewayItem:
    common = one.check.content.get("common") or one.seems
    return GatewayItem(
        message=row,
        position=place,
        reference=(one.check.uuid or one.seems.get("uuid", ""))[:80],
        student_code=common.get("student_code", "")[:30],
        student_name=common.get("full_name", "")[:120],
        personal_id_sealed=seal(common.get("personal_id", "")),
        status=None if one.is_undecided else REFUSED if one.error else ACCEPTED,
        error=one.error,
        error_field=one.where[:120],
        error_description=one.said[:500],
    )


def _register(row: GatewayMessage, content: bytes, now: datetime) -> list[GatewayItem]:
    """A certificate waits for the Sở; registered again while it waits or holds, it is the same registration."""
    given: Registration = read_json(Registration, content)
    terms, error, field, said = exchange(), "", "", ""
    if given.ma_don_vi not in {row.unit.school.ministry_code, row.unit.code} - {""}:
        error, field, said = "MA_DON_VI", "ma_don_vi", _("Không phải đơn vị gửi.")
    elif given.ma_kieu_chu_ky not in terms.signature_kinds:
        error, field, said = (
            "KIEU_CHU_KY",
            "ma_kieu_chu_ky",
            _("Chỉ nhận %(codes)s.") % {"codes": ", ".join(terms.signature_kinds)},
        )
    elif given.nha_phat_hanh not in terms.providers:
        error, field, said = (
            "NHA_PHAT_HANH",
            "nha_phat_hanh",
            _("Chỉ nhận %(codes)s.") % {"codes": ", ".join(terms.providers)},
        )
    else:
        live = [CertificateState.WAITING, CertificateState.APPROVED]
        GatewayCertificate.objects.get_or_create(
            unit=row.unit,
            serial=given.serial,
            state__in=live,
            defaults={
                "state": CertificateState.WAITING,
                "valid_from": given.ngay_hieu_luc,
                "signature_kind": given.ma_kieu_chu_ky,
                "provider": given.nha_phat_hanh,
                "message": row,
            },
        )
    return [
        GatewayItem(
            message=row,
            position=1,
            reference=given.serial,
            status=REFUSED if error else ACCEPTED,
            error=error,
            error_field=field,
            error_description=said,
        )
    ]


def _recall(row: GatewayMessage, content: bytes, now: datetime) -> list[GatewayItem]:
    items = read_recalls(read_xml(content, most_bytes=exchange().max_content_bytes))
    return [
        GatewayItem(
            message=row,
            position=place,
            reference=one.uuid,
            student_name=one.full_name[:120],
            **_ask_from_outside(unit=row.unit, item=one, now=now),
        )
        for place, one in enumerate(items, start=1)
    ]


WORK = {
    Transaction.SUBMIT: _submit,
    Transaction.REGISTER_CERTIFICATE: _register,
    Transaction.RECALL: _recall,
}


@transaction.atomic
def decide_certificate(
    *, by: Actor, certificate: GatewayCertificate, approve: bool, reason: str = "", now: datetime
) -> GatewayCertificate:
    """The Sở approves a school's certificate, refuses it, or ends one that held. Raises NotAllowed, TranscriptFault."""
    if not can_work_gateway(by):
        raise NotAllowed(_("Chỉ người trực cổng của Sở mới duyệt chứng thư số."))
    row = GatewayCertificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if row.state not in (CertificateState.WAITING, CertificateState.APPROVED):
        raise TranscriptFault(_("Chứng thư số này đã được xử lý."))
    if not approve and not reason.strip():
        raise TranscriptFault(_("Cần ghi lý do."))
    was_approved = row.state == CertificateState.APPROVED
    if approve:
        row.state = CertificateState.APPROVED
    else:
        row.state = CertificateState.ENDED if was_approved else CertificateState.REFUSED
    row.reason, row.decided_by_id, row.decided_at = reason[:300], by.user_id, now
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return row
