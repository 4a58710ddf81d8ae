"""The bank of remarks: the school's phrases and a teacher's own."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text

from ..models import RemarkPhrase
from ..permissions import can_write_phrase
from ..types import BadValue

MOST = 500


def _text(text: str) -> str:
    found = clean_text(text)
    if not found:
        raise BadValue(_("Câu nhận xét không được để trống."), field="text")
    if len(found) > MOST:
        raise BadValue(_("Câu nhận xét dài quá %(most)d ký tự.") % {"most": MOST}, field="text")
    return found


def _twice() -> BadValue:
    return BadValue(_("Câu này đã có trong ngân hàng."), field="text")


def add_phrase(
    *, by: Actor, unit_id: int, text: str, subject: str = "", level: str = "", is_own: bool = True
) -> RemarkPhrase:
    """A phrase of one's own, or of the school. Raises NotAllowed, BadValue (empty, too long, there already)."""
    owner = by.user_id if is_own else None
    phrase = RemarkPhrase(unit_id=unit_id, owner_id=owner, subject=subject, level=level, text=_text(text))
    if not can_write_phrase(by, phrase):
        raise NotAllowed(_("Chỉ nhà trường sửa được câu dùng chung."))
    try:
        with transaction.atomic():
            phrase.save(force_insert=True)
    except IntegrityError as error:
        raise _twice() from error
    return phrase


def change_phrase(*, by: Actor, phrase: RemarkPhrase, text: str, subject: str, level: str) -> RemarkPhrase:
    """Raises NotAllowed, BadValue."""
    if not can_write_phrase(by, phrase):
        raise NotAllowed(_("Chỉ sửa được câu của mình."))
    phrase.text, phrase.subject, phrase.level = _text(text), subject, level
    try:
        with transaction.atomic():
            phrase.save(update_fields=["text", "subject", "level"])
    except IntegrityError as error:
        raise _twice() from error
    return phrase


def remove_phrase(*, by: Actor, phrase: RemarkPhrase) -> None:
    """Remarks already written stay. Raises NotAllowed."""
    if not can_write_phrase(by, phrase):
        raise NotAllowed(_("Chỉ xoá được câu của mình."))
    phrase.delete()
