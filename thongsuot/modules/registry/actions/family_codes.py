"""An account tied to a dossier by whoever holds the school's one-time code: handed out, taken back, entered.

The school knows to whom it hands the slip and need not know the account; the parent need not tell it. A code is kept as a
keyed digest only, holds for some days (fact `family_code_days`), and opens one dossier once. The slip is the proof: whoever
has no account yet opens one with it, and an account that is not yet a parent's or a pupil's becomes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.actions import open_account
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.context import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.codes import new_code, read_code
from thongsuot.kit.sealing.sealing import digest
from thongsuot.modules.organization import actions as organization
from thongsuot.modules.organization.types import RoleCode

from ..models import Contact, FamilyCode, FamilyCodeTry, Student
from ..queries.facts import registry_fact
from ..queries.family import OWN_CHILDREN, OWN_RECORD
from ..types import StateConflict
from .family_accounts import contact_of, dossier_opened_to_family

TRIES_IN = timedelta(hours=1)
# Two tries of one account come one after the other, so that no burst slips past the count.
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('registry.family_code'), %s)"


@dataclass(frozen=True)
class CodeEntry:
    """student: whose dossier the account sees now; None: nothing was linked, and `said` tells what to do."""

    student: Student | None
    said: str = ""


@transaction.atomic
def hand_out_code(
    *, by: Actor, student: Student, now: datetime, contact: Contact | None = None
) -> tuple[str, FamilyCode]:
    """A new code for `contact`, or for the pupil (None): its text, which is nowhere else, and the row.

    One that was handed out before and not used is void from now on. Raises NotAllowed (who may not read the dossier in
    full opens it to nobody), StateConflict (an account is linked already; the dossier is merged, erased, restricted).
    """
    row = dossier_opened_to_family(by=by, student=student)
    holder: Contact | Student = row if contact is None else contact_of(by=by, row=row, contact=contact)
    if holder.account_id is not None:
        raise StateConflict(_("Đã có tài khoản được nối. Hãy gỡ tài khoản cũ trước."))
    text = new_code()
    days = registry_fact(by, "family_code_days").value
    with acting(by, reason=_("Cấp mã nối tài khoản")):
        _open_codes(row, contact).update(withdrawn_at=now)
        made = FamilyCode.objects.create(
            student=row,
            contact=contact,
            code_digest=_digest(read_code(text)),
            issued_by_id=by.user_id,
            issued_at=now,
            expires_at=now + timedelta(days=days),
        )
    return text, made


@transaction.atomic
def withdraw_code(*, by: Actor, student: Student, now: datetime, contact: Contact | None = None) -> None:
    """The code that is out is void. Raises NotAllowed, StateConflict (there is none)."""
    row = dossier_opened_to_family(by=by, student=student)
    with acting(by, reason=_("Hủy mã nối tài khoản")):
        if not _open_codes(row, contact).update(withdrawn_at=now):
            raise StateConflict(_("Không có mã nào đang chờ dùng."))


def _open_codes(row: Student, contact: Contact | None) -> QuerySet[FamilyCode]:
    return FamilyCode.objects.filter(student=row, contact=contact, used_at=None, withdrawn_at=None)


@transaction.atomic
def enter_code(*, by: Actor, code: str, now: datetime) -> CodeEntry:
    """From now on the account of `by` sees the dossier of the code. One answer for every wrong code, whatever is wrong.

    A wrong code is counted, so this returns instead of raising; after some within an hour (fact `family_code_tries`) no
    code is looked at, right or wrong. The role of a parent or pupil comes with the code, where the account does not hold
    it. Raises NotAllowed (nobody signed in), StateConflict for a right code that the account cannot use: it stays good.
    """
    if by.user_id is None:
        raise NotAllowed(_("Hãy đăng nhập trước."))
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [by.user_id % 2**31])
    tries = FamilyCodeTry.objects.filter(user_id=by.user_id, at__gt=now - TRIES_IN).count()
    if tries >= registry_fact(by, "family_code_tries").value:
        return CodeEntry(None, _("Nhập sai nhiều lần. Hãy thử lại sau một giờ, hoặc hỏi nhà trường mã mới."))
    typed = read_code(code)
    # The dossier lies at a school that the account does not reach.
    with act_as(Actor.system()):
        found = _good(by, typed, now) if typed else None
        if found is not None:
            return CodeEntry(_link(by, found, now))
    FamilyCodeTry.objects.create(user_id=by.user_id, at=now)
    return CodeEntry(None, _wrong())


@transaction.atomic
def open_account_with_code(*, by: Actor, code: str, username: str, password: str, now: datetime) -> CodeEntry:
    """A first visit: an account of the person to whom the slip was handed, under the name that stands there, tied to the
    dossier. The code stays good where the name or the password is refused.

    `by` is nobody yet: whoever has an account enters the code there. Raises NotAllowed, Refused with the field. A wrong
    code is answered like any other; how often an address may try is the caller's to count.
    """
    if by.user_id is not None:
        raise NotAllowed(_("Anh/chị đã có tài khoản: hãy nhập mã khi đã đăng nhập."))
    typed = read_code(code)
    with act_as(Actor.system()), acting(Actor.system(), reason=_("Mở tài khoản bằng mã của nhà trường")):
        found = _good(by, typed, now) if typed else None
        if found is None:
            return CodeEntry(None, _wrong())
        holder: Contact | Student | None = found.contact or found.student
        account = open_account(
            by=Actor.system(),
            username=username,
            full_name=holder.full_name if holder else "",
            password=password,
        )
        return CodeEntry(_link(Actor(user_id=account.pk, name=account.full_name), found, now))


def _wrong() -> str:
    return _("Mã không đúng, đã dùng hoặc đã hết hạn. Hãy xem lại phiếu của nhà trường.")


def _good(by: Actor, typed: str, now: datetime) -> FamilyCode | None:
    """The row of a code that is open, in time, of a dossier that stands, and that may be meant for the account.

    A parent's account takes no code of a pupil, nor the other way; somebody of the staff may be a parent; who is nothing
    yet becomes what the code says.
    """
    mine = Q(pk__in=[])
    if by.can(OWN_CHILDREN) or not by.can(OWN_RECORD):
        mine |= Q(contact__isnull=False)
    if by.can(OWN_RECORD) or not by.holdings:
        mine |= Q(contact__isnull=True)
    rows = FamilyCode.objects.select_for_update(of=("self",)).filter(
        mine,
        code_digest=_digest(typed),
        used_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
        student__merged_into=None,
        student__erased_at=None,
        student__restricted_at=None,
    )
    return rows.first()


def _link(by: Actor, found: FamilyCode, now: datetime) -> Student:
    student = Student.objects.select_for_update(of=("self",)).select_related("unit").get(pk=found.student_id)
    holder: Contact | Student = student
    if found.contact_id is not None:
        holder = Contact.objects.select_for_update(of=("self",)).get(pk=found.contact_id)
    elif Student.objects.filter(account_id=by.user_id).exclude(pk=student.pk).exists():
        raise StateConflict(_("Tài khoản này đã được nối với hồ sơ của một học sinh khác."), field="code")
    if holder.account_id is not None:
        raise StateConflict(
            _("Hồ sơ đã được nối với một tài khoản. Hãy hỏi văn phòng nhà trường."), field="code"
        )
    with acting(by, reason=_("Nối tài khoản bằng mã của nhà trường")):
        holder.account_id = by.user_id
        holder.save(update_fields=["account"])
        found.used_by_id, found.used_at = by.user_id, now
        found.save(update_fields=["used_by", "used_at"])
        _give_role(by, student, RoleCode.PUPIL if found.contact_id is None else RoleCode.PARENT, now)
    return student


def _give_role(by: Actor, student: Student, role: RoleCode, now: datetime) -> None:
    """The account is a parent's, a pupil's from now on: at the school of the dossier, where it is neither yet."""
    if by.user_id is None or by.can(OWN_RECORD if role == RoleCode.PUPIL else OWN_CHILDREN):
        return
    organization.appoint(
        by=Actor.system(),
        user=get_user_model().objects.get(pk=by.user_id),
        role=role,
        unit=student.unit,
        valid_from=timezone.localdate(now),
        reason=_("Mã của nhà trường"),
    )


def _digest(code: str) -> bytes:
    """Apart from the digests of personal ids, which share the key."""
    found = digest(f"family-code:{code}")
    if found is None:
        raise ValueError("an empty code has no digest")
    return found
