"""Whose sign-in account sees a dossier: a parent's or guardian's, the pupil's own. Given and taken by the school."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.context import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization.queries import actor_for

from ..models import Contact, Student
from ..permissions import can_see_sensitive
from ..queries.family import OWN_CHILDREN, OWN_RECORD
from ..types import BadValue, StateConflict
from .checking import locked
from .students import open_dossier


@transaction.atomic
def link_account(*, by: Actor, student: Student, username: str, contact: Contact | None = None) -> None:
    """From now on the account sees the dossier unmasked: as `contact`, or as the pupil (contact None).

    The account must hold the role of a parent (of a pupil) at the school of the dossier. Raises NotAllowed (who may
    not read the dossier in full opens it to nobody), BadValue (no such account here: one answer, whatever is missing),
    StateConflict (another account is linked, or the pupil's account belongs to another pupil).
    """
    row = dossier_opened_to_family(by=by, student=student)
    account_id = _account_of(by, row, username, OWN_CHILDREN if contact else OWN_RECORD)
    holder: Contact | Student = row if contact is None else contact_of(by=by, row=row, contact=contact)
    if holder.account_id is not None:
        raise StateConflict(_("Đã có tài khoản được nối. Hãy gỡ tài khoản cũ trước."))
    if contact is None:
        with act_as(Actor.system()):
            taken = Student.objects.filter(account_id=account_id).exists()
        if taken:
            raise StateConflict(
                _("Tài khoản này đã được nối với hồ sơ của một học sinh khác."), field="username"
            )
    holder.account_id = account_id
    with acting(by, reason=_("Nối tài khoản")):
        holder.save(update_fields=["account"])


@transaction.atomic
def unlink_account(*, by: Actor, student: Student, reason: str, contact: Contact | None = None) -> None:
    """The account no longer sees the dossier; the history keeps that it did, and why it ended.

    Raises NotAllowed, BadValue (no reason), StateConflict (nothing is linked).
    """
    row = dossier_opened_to_family(by=by, student=student)
    reason = clean_text(reason)
    if not reason:
        raise BadValue(_("Hãy ghi lý do."), field="reason")
    holder: Contact | Student = row if contact is None else contact_of(by=by, row=row, contact=contact)
    if holder.account_id is None:
        raise StateConflict(_("Chưa có tài khoản nào được nối."))
    holder.account_id = None
    with acting(by, reason=reason):
        holder.save(update_fields=["account"])


def dossier_opened_to_family(*, by: Actor, student: Student) -> Student:
    """The dossier, locked, when `by` may open it to the family. Raises NotAllowed, StateConflict."""
    row = open_dossier(by=by, student=student)
    if not can_see_sensitive(by, row.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền mở hồ sơ cho gia đình."))
    return row


def contact_of(*, by: Actor, row: Student, contact: Contact) -> Contact:
    """The parent or guardian, locked, who stands in this dossier. Raises NotAllowed."""
    fresh = locked(by=by, row=contact)
    if fresh.student_id != row.pk:
        raise NotAllowed(_("Người này không thuộc hồ sơ của học sinh."))
    return fresh


def _account_of(by: Actor, row: Student, username: str, right: str) -> int:
    """Names of accounts are not told: whoever has no such role here is as one who is not there."""
    with act_as(Actor.system()):
        user = User.objects.filter(username__iexact=clean_text(username), is_active=True).first()
        holdings = actor_for(user).holdings if user else ()
    if user is None or not any(one.unit_id == row.unit_id and right in one.rights for one in holdings):
        said = _(
            "Không có tài khoản này giữ vai trò %(role)s ở trường. Quản trị tạo tài khoản, hiệu trưởng phân công vai trò trước."
        )
        role = _("phụ huynh") if right == OWN_CHILDREN else _("học sinh")
        raise BadValue(said % {"role": role}, field="username")
    return int(user.pk)
