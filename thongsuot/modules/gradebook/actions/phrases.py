"""A phrase of the bank of remarks, reworded."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text

from ..models import RemarkPhrase
from ..permissions import can_write_phrase
from ..types import BadValue

MOST = 500


def change_phrase(*, by: Actor, phrase: RemarkPhrase, text: str, subject: str, level: str) -> RemarkPhrase:
    """Remarks already written stay as they are. Raises NotAllowed, BadValue (empty, too long, there already)."""
    if not can_write_phrase(by, phrase):
        raise NotAllowed(_("Chỉ sửa được câu của mình."))
    said = clean_text(text)
    if not said:
        raise BadValue(_("Câu nhận xét không được để trống."), field="text")
    if len(said) > MOST:
        raise BadValue(_("Câu nhận xét dài quá %(most)d ký tự.") % {"most": MOST}, field="text")
    phrase.text, phrase.subject, phrase.level = said, subject, level
    try:
        with transaction.atomic():
            phrase.save(update_fields=["text", "subject", "level"])
    except IntegrityError as error:
        raise BadValue(_("Câu này đã có trong ngân hàng."), field="text") from error
    return phrase
