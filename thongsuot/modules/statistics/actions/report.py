"""Writing a periodic report: begin, recompute, gather from below, write, say something of a figure, keep a version."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_lines, clean_text

from ..domain.report_template import day_in_year
from ..domain.report_words import replaced_line
from ..models import Report, ReportFigureNote, ReportText, ReportVersion
from ..permissions import REPORT, acts_for
from ..queries.report_figures import computed_content
from ..queries.report_templates import report_template
from ..queries.reports import below, due_dates, figures_with_notes, overrides_below, template_of, texts_of
from ..types import PaperState, ReportStep, TextConflict, WrongFigureNote


@transaction.atomic
def start_report(*, by: Actor, unit: Any, school_year: Any, kind: str, now: datetime) -> Report:
    """Draft the unit's report of a period: figures computed, texts of signed reports below put in; the one that was begun
    already is given back. Raises NotAllowed, BadTemplate.
    """
    if not acts_for(by, REPORT, unit):
        raise NotAllowed(_("Anh/chị không được soạn báo cáo thay đơn vị này."))
    begun = Report.objects.filter(unit=unit, school_year=school_year, kind=kind).first()
    if begun is not None:
        return begun
    template = report_template(kind)
    as_of = day_in_year(template.body["as_of"], school_year.starts_on.year)
    row = Report(
        unit=unit, school_year=school_year, kind=kind, template=dict(template.body), as_of=as_of,
        due_on=due_dates(school_year).get((kind, unit.kind)), created_by_id=by.user_id, created_at=now,
    )  # fmt: skip
    _compute(by, row, now)
    row.save()
    ReportText.objects.bulk_create(
        [
            ReportText(report=row, key=key, text=clean_text(block.get("start", "")))
            for key, block in template.prose().items()
        ]
    )
    _gather(by, row, now)
    return row


def _compute(by: Actor, row: Report, now: datetime) -> None:
    """Figures of the day that the report looks back to; before that day, of the present one."""
    template = template_of(row)
    first_year = row.school_year.starts_on.year
    today = timezone.localdate(now)
    row.as_of = min(day_in_year(template.body["as_of"], first_year), today)
    row.content = computed_content(
        by, template, unit_id=row.unit_id, first_year=first_year, as_of=row.as_of, today=today
    )
    row.content["below"] = overrides_below(row)
    row.computed_at = now


def _draft(by: Actor, report: Report) -> Report:
    row = (
        Report.objects.select_for_update(of=("self",)).select_related("unit", "school_year").get(pk=report.pk)
    )
    if not acts_for(by, REPORT, row.unit):
        raise NotAllowed(_("Anh/chị không được soạn báo cáo thay đơn vị này."))
    if row.state == PaperState.SIGNED:
        raise ReportStep(_("Báo cáo đã ký duyệt nên không sửa được nữa."))
    return row


@transaction.atomic
def recompute_report(*, by: Actor, report: Report, now: datetime) -> Report:
    """Compute all figures anew; overrides and comments stay. Raises NotAllowed, ReportStep (signed)."""
    row = _draft(by, report)
    _compute(by, row, now)
    row.save(update_fields=["as_of", "content", "computed_at"])
    return row


@transaction.atomic
def gather_report(*, by: Actor, report: Report, now: datetime) -> int:
    """Put in what units below have signed since, and the numbers that they override; how many passages changed.

    Raises NotAllowed, ReportStep (signed).
    """
    row = _draft(by, report)
    row.content["below"] = overrides_below(row)
    row.save(update_fields=["content"])
    return _gather(by, row, now)


def _gather(by: Actor, row: Report, now: datetime) -> int:
    """Each unit's text stands on a line of its own with its name before it. A report that was returned and signed again
    puts its new line in the place of its old one, unless the author has rewritten that: then it comes at the end.
    """
    keys = [key for key, block in template_of(row).prose().items() if block.get("gather")]
    signed = {
        str(one.signed.public_id): (one.name, one.signed) for one in below(row) if one.signed is not None
    }
    last = dict(
        ReportVersion.objects.filter(report__in=[report for _name, report in signed.values()], is_signed=True)
        .order_by("number")
        .values_list("report__public_id", "number")
    )
    said = {
        (str(public_id), key): text
        for public_id, key, text in ReportText.objects.filter(
            report__in=[report for _name, report in signed.values()], key__in=keys
        ).values_list("report__public_id", "key", "text")
    }
    number = 0
    for passage in row.texts.select_for_update().filter(key__in=keys):
        held = {one["report"]: one for one in passage.gathered}
        text = passage.text
        for public_id, (name, source) in signed.items():
            version, old = last.get(source.public_id, 0), held.get(public_id, {})
            if old.get("version") == version:
                continue
            words = " ".join(said.get((public_id, passage.key), "").split())
            line = f"{name}: {words}" if words else ""
            text = replaced_line(text, old.get("line", ""), line)
            held[public_id] = {"report": public_id, "version": version, "line": line}
        gathered = list(held.values())
        if gathered == passage.gathered:
            continue
        if text != passage.text:
            passage.text, passage.edition = text, passage.edition + 1
            passage.edited_by_id, passage.edited_at = by.user_id, now
            number += 1
        passage.gathered = gathered
        passage.save()
    return number


@transaction.atomic
def write_text(*, by: Actor, report: Report, key: str, text: str, edition: int, now: datetime) -> ReportText:
    """Keep a passage. edition: the one that the author saw.

    Raises NotAllowed, ReportStep (signed, or no such passage), TextConflict with both texts when somebody else saved it
    meanwhile.
    """
    row = _draft(by, report)
    passage = row.texts.select_for_update(of=("self",)).select_related("edited_by").filter(key=key).first()
    if passage is None:
        raise ReportStep(_("Báo cáo không có mục này."))
    new = clean_lines(text)
    if passage.text == new:
        return passage
    if passage.edition != edition:
        who = passage.edited_by.full_name if passage.edited_by else ""
        raise TextConflict(
            _("Đoạn này vừa được %(who)s sửa. Cả hai bản được giữ dưới đây; hãy chọn hoặc gộp lại.")
            % {"who": who or _("người khác")},
            theirs=passage.text,
            yours=new,
            edition=passage.edition,
            who=who,
        )
    passage.text, passage.edition = new, passage.edition + 1
    passage.edited_by_id, passage.edited_at = by.user_id, now
    passage.save()
    return passage


@transaction.atomic
def note_figure(
    *,
    by: Actor,
    report: Report,
    code: str,
    comment: str = "",
    value: Decimal | None = None,
    reason: str = "",
    now: datetime,
) -> ReportFigureNote | None:
    """Say something of a computed figure; value: printed in its stead, which needs a reason. Nothing said: taken back.

    Raises NotAllowed, ReportStep (signed), WrongFigureNote.
    """
    row = _draft(by, report)
    if code not in row.content.get("figures", {}):
        raise WrongFigureNote(_("Báo cáo không có số liệu này."))
    comment, reason = clean_text(comment), clean_text(reason)
    if value is not None and not reason:
        raise WrongFigureNote(_("Ghi đè số liệu đã tính thì phải nêu lý do."))
    if value is None and not comment:
        row.notes.filter(code=code).delete()
        return None
    note, _created = ReportFigureNote.objects.update_or_create(
        report=row,
        code=code,
        defaults={
            "comment": comment, "value": value, "reason": reason if value is not None else "",
            "noted_by_id": by.user_id, "noted_at": now,
        },
    )  # fmt: skip
    return note


@transaction.atomic
def keep_version(*, by: Actor, report: Report, label: str = "", now: datetime) -> ReportVersion:
    """Keep the draft as it stands, to compare with later. Raises NotAllowed, ReportStep (signed)."""
    return _version_of(by, _draft(by, report), clean_text(label)[:200], now)


def _version_of(
    by: Actor, row: Report, label: str, now: datetime, *, is_signed: bool = False
) -> ReportVersion:
    """The caller holds the lock of the report."""
    last = row.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return ReportVersion.objects.create(
        report=row, number=last + 1, label=label, is_signed=is_signed, texts=texts_of(row),
        content={**row.content, "figures": figures_with_notes(row)}, made_by_id=by.user_id, made_at=now,
    )  # fmt: skip
