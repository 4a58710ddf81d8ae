"""A merger or closing of a school taken back, while nothing was built on it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.ledger import Fault, Ledger
from thongsuot.kit.text.vietnamese import clean_text

from ..models import PersonMerge, SchoolMerge, Student, YearPromotion
from ..permissions import can_reorganize
from ..types import BadValue, StateConflict
from .reorganizing import Tell


def what_blocks(*, by: Actor, merge: SchoolMerge) -> list[str]:
    """Why the merger cannot be taken back, in words; empty when it can. Raises NotAllowed."""
    _require(by, merge)
    if merge.undone_at is not None:
        return [_("Lần này đã được hoàn tác.")]
    ledger = Ledger.of(merge.made)
    if not (ledger.made or ledger.changed or ledger.dropped):
        return [_("Lần này được ghi trước khi có hoàn tác.")]
    return [*_later_steps(merge, ledger), *(_words(fault) for fault in ledger.faults())]


def _require(by: Actor, merge: SchoolMerge) -> None:
    units = [merge.unit_id] + ([merge.successor_id] if merge.successor_id else [])
    if not can_reorganize(by, *units):
        raise NotAllowed(_("Anh/chị không có quyền hoàn tác lần sáp nhập này."))


def _later_steps(merge: SchoolMerge, ledger: Ledger) -> list[str]:
    said = []
    units = [one for one in (merge.unit_id, merge.successor_id) if one]
    later = SchoolMerge.objects.filter(
        Q(unit_id__in=units) | Q(successor_id__in=units), undone_at=None, pk__gt=merge.pk
    )
    if later.exists():
        said.append(_("Có lần sáp nhập, giải thể sau đó: hoàn tác lần sau trước."))
    ended = YearPromotion.objects.filter(
        unit_id=merge.successor_id or 0, done_at__gt=merge.done_at, undone_at=None
    )
    if merge.successor_id and ended.exists():
        said.append(_("Trường kế thừa đã kết thúc năm học sau đó."))
    keys = [int(key) for key in ledger.changed.get(Student._meta.label_lower, {})]
    gone = Student.objects.filter(pk__in=keys).exclude(merged_into=None, erased_at=None)
    since = gone.filter(Q(erased_at__gt=merge.done_at) | Q(pk__in=_merged_since(merge, keys)))
    taken_in = PersonMerge.objects.filter(kept_id__in=keys, merged_at__gt=merge.done_at, undone_at=None)
    if number := since.count() + taken_in.count():
        said.append(_("%(count)d hồ sơ học sinh đã được gộp hoặc xóa sau đó.") % {"count": number})
    return said


def _merged_since(merge: SchoolMerge, keys: list[int]) -> list[int]:
    rows = PersonMerge.objects.filter(gone_id__in=keys, merged_at__gt=merge.done_at, undone_at=None)
    return list(rows.values_list("gone_id", flat=True))


def _words(fault: Fault) -> str:
    name = fault.model._meta.verbose_name
    if fault.kind == "built":
        said = _("%(count)d mục “%(name)s” mới dựa vào những gì đã chuyển sang.")
    else:
        said = _("%(count)d mục “%(name)s” đã được sửa, chuyển đi hoặc xóa sau khi sáp nhập.")
    return said % {"count": fault.count, "name": name}


@transaction.atomic
def undo_merger(
    *, by: Actor, merge: SchoolMerge, reason: str, now: datetime, tell: Tell = lambda done, total, words: None
) -> SchoolMerge:
    """Everything is again as before the merger: what was made is gone, what was ended runs on, the school is there.

    The history keeps both. tell(done, total, words): called between the tables; may raise to stop. Raises NotAllowed, BadValue (no reason), StateConflict (see what_blocks).
    """
    _require(by, merge)
    if not clean_text(reason):
        raise BadValue(_("Cần ghi lý do hoàn tác."), field="reason")
    row = SchoolMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    keys = [int(key) for key in Ledger.of(row.made).changed.get(Student._meta.label_lower, {})]
    list(Student.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    tell(0, 0, _("Xem có gì dựa vào những gì đã chuyển"))
    blocked = what_blocks(by=by, merge=row)
    if blocked:
        raise StateConflict(" ".join(blocked))
    Ledger.of(row.made).take_back(tell=lambda done, total: tell(done, total, _("Trả lại như trước")))
    row.undone_by_id, row.undone_at, row.undo_reason = by.user_id, now, clean_text(reason)[:300]
    row.is_unit_closed = False
    row.save(update_fields=["undone_by", "undone_at", "undo_reason", "is_unit_closed"])
    return row
