"""Versions of a timetable: made, copied, thrown away; the school's rules of the year."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.http import Http404
from django.utils.translation import gettext as _
from pydantic import ValidationError

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..domain.timetable_rules import TimetableRules
from ..models import Timetable, TimetableEntry, TimetableSettings
from ..permissions import can_make_timetable
from ..types import BadValue, StateConflict, TimetableState


def require_maker(*, by: Actor, unit_id: int) -> None:
    """Raises NotAllowed unless `by` makes the timetables of the school."""
    if not can_make_timetable(by, unit_id):
        raise NotAllowed(_("Anh/chị không được lập thời khoá biểu của trường này."))


def locked_draft(*, by: Actor, timetable: Timetable) -> Timetable:
    """The row, held until the transaction ends. Raises NotAllowed, StateConflict when it is not a draft any more."""
    require_maker(by=by, unit_id=timetable.unit_id)
    row = Timetable.objects.select_for_update(of=("self",)).filter(pk=timetable.pk).first()
    if row is None:
        raise Http404
    if row.state != TimetableState.DRAFT:
        raise StateConflict(_("Thời khoá biểu đã ban hành; hãy lập bản mới từ bản này rồi sửa."))
    return row


@transaction.atomic
def create_timetable(
    *,
    by: Actor,
    unit: Any,
    school_year: Any,
    term: int,
    valid_from: date,
    now: datetime,
    note: str = "",
    copy_of: Timetable | None = None,
) -> Timetable:
    """A new draft with the next number of the term, empty or with the lessons of another version of the school.

    Raises NotAllowed; BadValue(field="valid_from") for a day outside the school year.
    """
    require_maker(by=by, unit_id=unit.pk)
    if not school_year.starts_on <= valid_from <= school_year.ends_on:
        said = _("Ngày áp dụng phải trong năm học (%(from)s đến %(to)s).")
        days = {
            "from": f"{school_year.starts_on:%d/%m/%Y}",
            "to": f"{school_year.ends_on:%d/%m/%Y}",
        }
        raise BadValue(said % days, field="valid_from")
    if copy_of is not None and copy_of.unit_id != unit.pk:
        raise BadValue(_("Bản để chép không phải của trường này."), field="copy_of")
    rows = Timetable.objects.filter(unit=unit, school_year=school_year, term=term)
    last = rows.aggregate(last=Max("version"))["last"] or 0
    made = Timetable.objects.create(
        unit=unit,
        school_year=school_year,
        term=term,
        version=last + 1,
        note=note.strip(),
        valid_from=valid_from,
        made_at=now,
        made_by_id=by.user_id,
    )
    if copy_of is not None:
        # Classes of another year are other classes: nothing of them can be taken over.
        entries = copy_of.entries.filter(school_class__school_year_id=school_year.pk)
        fields = (
            "school_class_id",
            "subject",
            "staff_id",
            "room_id",
            "day",
            "session",
            "lesson",
            "is_pinned",
            "strand",
            "joint",
        )
        TimetableEntry.objects.bulk_create(
            TimetableEntry(timetable=made, unit_id=unit.pk, **values) for values in entries.values(*fields)
        )
    return made


@transaction.atomic
def change_timetable(*, by: Actor, timetable: Timetable, valid_from: date, note: str) -> Timetable:
    """The day from which a draft is to hold, and its note. Raises NotAllowed, StateConflict, BadValue."""
    row = locked_draft(by=by, timetable=timetable)
    year = row.school_year
    if not year.starts_on <= valid_from <= year.ends_on:
        raise BadValue(_("Ngày áp dụng phải trong năm học."), field="valid_from")
    row.valid_from, row.note = valid_from, note.strip()
    row.save(update_fields=["valid_from", "note"])
    return row


@transaction.atomic
def drop_timetable(*, by: Actor, timetable: Timetable) -> None:
    """Throw a draft away with all its lessons. Raises NotAllowed, StateConflict for what was published."""
    locked_draft(by=by, timetable=timetable).delete()


@transaction.atomic
def set_rules(
    *, by: Actor, unit: Any, school_year: Any, body: dict[str, Any], edition: int, now: datetime
) -> TimetableSettings:
    """Keep the school's rules of the year. edition: of the rules that were changed, 0 when the school had none.

    Raises NotAllowed; BadValue naming the field; StateConflict when somebody has changed them meanwhile.
    """
    require_maker(by=by, unit_id=unit.pk)
    try:
        rules = TimetableRules.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadValue(
            _("Ràng buộc “%(place)s” không hợp lệ: %(why)s.") % {"place": place, "why": first["msg"]}
        ) from error
    kept = rules.model_dump(mode="json")
    row = TimetableSettings.objects.select_for_update().filter(unit=unit, school_year=school_year).first()
    if (row.edition if row else 0) != edition:
        raise StateConflict(_("Người khác vừa sửa ràng buộc. Hãy mở lại trang rồi sửa tiếp."))
    if row is None:
        return TimetableSettings.objects.create(unit=unit, school_year=school_year, body=kept, changed_at=now)
    row.body, row.edition, row.changed_at = kept, F("edition") + 1, now
    row.save(update_fields=["body", "edition", "changed_at"])
    row.refresh_from_db()
    return row


@transaction.atomic
def restore_rules(*, by: Actor, unit: Any, school_year: Any) -> None:
    """Back to the usual rules of data/timetable/. Raises NotAllowed."""
    require_maker(by=by, unit_id=unit.pk)
    TimetableSettings.objects.filter(unit=unit, school_year=school_year).delete()
