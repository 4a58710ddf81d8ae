"""Đánh giá lại, rèn luyện trong hè: who is concerned, in what, what came of it. One form for the whole school."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.views import PageLink

from ..actions.summer import SummerCell, record_summer
from ..permissions import ENTER, KEEP, VIEW
from ..queries import summer
from ..queries.words import CONDUCT, PRIMARY
from .school import SchoolPage

_FIELD = re.compile(r"(again|trained|helped)-(\d{1,18})-(\d{1,18})")
TONES = {"reassess": "warn", "train": "warn", "support": "warn", "repeat": "bad", "undecided": "quiet"}


class SummerPage(SchoolPage):
    """?lop=12 : of one class. ?cho=1 : only whom something is still asked of."""

    name = "summer"
    rights = (VIEW, KEEP, ENTER)
    title = gettext_lazy("Đánh giá lại, rèn luyện trong hè")
    template_name = "gradebook/summer.html"

    def default_year(self) -> Any:
        """The year of which somebody still waits, or which was last."""
        found = summer.years_with_summer(self.actor, self.unit.pk)
        return next((one for one in self.years if found and one.pk == found[0]), super().default_year())

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        from .lists import book_crumb

        return [book_crumb()]

    @cached_property
    def pupils(self) -> list[summer.SummerPupil]:
        return summer.summer_pupils(self.actor, self.unit.pk, self.year.pk)

    def shown(self) -> list[summer.SummerPupil]:
        wanted, found = self.given.get("lop", ""), self.pupils
        if wanted:
            found = [one for one in found if str(one.class_id) == wanted]
        return [one for one in found if one.is_waiting] if self.given.get("cho") else found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        purpose = _("Xem học sinh đánh giá lại, rèn luyện trong hè")
        record_reading(by=self.actor, subject=self.unit, purpose=purpose, ip=origin_of(request).ip)
        return self.show({}, {})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        day = self.day(request.POST.get("ngay", ""))
        if day is None:
            return self.show(request.POST, {}, refused=_("Hãy ghi ngày đánh giá lại, không sau hôm nay."))
        cells = list(read_cells(request.POST))
        try:
            found = record_summer(by=self.actor, unit=self.unit, school_year=self.year, cells=cells, on=day)
        except NotAllowed:
            raise
        except Refused as error:
            return self.show(request.POST, {}, refused=error.message)
        if found.faults:
            faults = {f"{one.column}-{one.student_id}": one.reason for one in found.faults}
            said = _("Chưa ghi ô nào: có %(n)d ô cần xem lại.") % {"n": len(faults)}
            return self.show(request.POST, faults, refused=said)
        if found.written:
            messages.success(request, _("Đã ghi %(n)d ô và tính lại kết quả.") % {"n": found.written})
        else:
            messages.info(request, _("Không có gì thay đổi."))
        return HttpResponseRedirect(self.address(**self.narrowing()))

    def narrowing(self) -> dict[str, str]:
        return {key: self.given[key] for key in ("lop", "cho") if self.given.get(key)}

    def day(self, text: str) -> date | None:
        try:
            found = parse_date(text)
        except ValueError:
            return None
        return found if found and self.year.starts_on <= found <= timezone.localdate() else None

    def show(
        self, posted: Mapping[str, str], faults: Mapping[str, str], *, refused: str = ""
    ) -> HttpResponseBase:
        pupils = self.shown()
        rows = [self.row(one, posted, faults) for one in pupils]
        context = {
            "rows": rows,
            "refused": refused,
            "may_write": any(cell["may_write"] for row in rows for cell in row["cells"]),
            "cards": self.cards(),
            "classes": sorted(
                {(one.class_id, one.class_name) for one in self.pupils}, key=lambda pair: pair[1]
            ),
            "asked_class": self.given.get("lop", ""),
            "only_waiting": bool(self.given.get("cho")),
            "unit": self.unit,
            "year": self.year,
            "day": posted.get("ngay") or f"{min(timezone.localdate(), self.last_day()):%Y-%m-%d}",
            "today": timezone.localdate(),
            "choices": [self.year_tabs()],
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=422 if refused else 200)

    def last_day(self) -> date:
        """Re-assessments are over before the next year begins."""
        return date(self.year.ends_on.year, 8, 31)

    def cards(self) -> list[dict[str, Any]]:
        waiting = [one for one in self.pupils if one.is_waiting]
        through = [one for one in self.pupils if one.outcome in ("promoted", "completed")]
        return [
            {"label": _("Học sinh phải đánh giá lại, rèn luyện"), "value": len(self.pupils), "icon": "users", "tone": "info"},
            {"label": _("Chưa có kết quả"), "value": len(waiting), "icon": "clock", "tone": "warn" if waiting else "quiet"},
            {"label": _("Được lên lớp, hoàn thành sau hè"), "value": len(through), "icon": "check", "tone": "ok"},
        ]  # fmt: skip

    def row(
        self, one: summer.SummerPupil, posted: Mapping[str, str], faults: Mapping[str, str]
    ) -> dict[str, Any]:
        cells = [self.again(one, subject, posted, faults) for subject in one.subjects]
        if one.wants:
            cells.append(self.judged(one, posted, faults))
        return {
            "pupil": one,
            "cells": cells,
            "tone": TONES.get(one.outcome, "ok"),
            "learning": _change(one.before, one.after),
        }

    def again(
        self,
        one: summer.SummerPupil,
        subject: summer.AgainSubject,
        posted: Mapping[str, str],
        faults: Mapping[str, str],
    ) -> dict[str, Any]:
        name = f"again-{subject.class_subject_id}-{one.student_id}"
        said = {"subject": subject.name, "year": subject.year.replace(".", ",") or "–"}
        return {
            "name": name,
            "label": _("%(subject)s (cả năm %(year)s)") % said,
            "value": posted.get(name, subject.result.replace(".", ",").removesuffix(",0")),
            "old": posted.get(f"cu-{name}", subject.result),
            "hint": _("Đ hoặc CĐ") if subject.form == "comment" else _("0 đến 10"),
            "may_write": subject.may_write,
            "on": subject.on,
            "fault": faults.get(name, ""),
        }

    def judged(
        self, one: summer.SummerPupil, posted: Mapping[str, str], faults: Mapping[str, str]
    ) -> dict[str, Any]:
        name = f"{one.wants}-{one.class_id}-{one.student_id}"
        words: Mapping[Any, Any] = CONDUCT if one.wants == "trained" else PRIMARY
        label = _("Rèn luyện sau hè") if one.wants == "trained" else _("Mức sau khi được giúp đỡ")
        value = posted.get(name, one.value)
        return {
            "name": name,
            "label": label,
            "value": value,
            "old": posted.get(f"cu-{name}", one.value),
            "options": [("", _("Chưa có")), *((str(key), said) for key, said in words.items())],
            "may_write": one.may_judge,
            "fault": faults.get(name, ""),
        }

    def extra_context(self) -> dict[str, Any]:
        links = []
        if self.actor.can(VIEW, self.unit.pk):
            from .publishing import publishing_address

            links.append(
                PageLink(_("Kết quả vào hồ sơ"), publishing_address(self.unit, self.year), "file-export")
            )
        return {"links": links}


def read_cells(posted: Mapping[str, str]) -> Iterator[SummerCell]:
    """Cells of the form, each with what the page had in it."""
    for name, text in posted.items():
        found = _FIELD.fullmatch(name)
        if found:
            old = str(posted.get(f"cu-{name}", ""))[:12]
            yield SummerCell(found[1], int(found[2]), int(found[3]), old, str(text).strip()[:12])


def _change(before: str, after: str) -> str:
    return f"{before} → {after}" if after and after != before else before
