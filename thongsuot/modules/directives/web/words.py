"""Words and shapes that several pages share. Nothing here decides anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..domain.ranking import UnitCounts
from ..types import Timeliness

TONES: dict[str, str] = {
    Timeliness.ON_TIME: "info",
    Timeliness.DUE_SOON: "warn",
    Timeliness.LATE: "bad",
    Timeliness.NO_DEADLINE: "quiet",
    Timeliness.WAITING: "quiet",
    Timeliness.DONE_ON_TIME: "ok",
    Timeliness.DONE_LATE: "warn",
    Timeliness.DONE: "ok",
    Timeliness.STOPPED: "quiet",
}


def timeliness_label(value: str) -> str:
    return str(Timeliness(value).label) if value in Timeliness.values else ""


def days_words(due_on: date | None, today: date, *, is_open: bool) -> str:
    """ "còn 3 ngày", "hôm nay là hạn", "quá hạn 12 ngày"; nothing for what is closed or has no day."""
    if due_on is None or not is_open:
        return ""
    left = (due_on - today).days
    if left == 0:
        return _("hôm nay là hạn")
    if left > 0:
        return ngettext("còn %(n)d ngày", "còn %(n)d ngày", left) % {"n": left}
    return ngettext("quá hạn %(n)d ngày", "quá hạn %(n)d ngày", -left) % {"n": -left}


def day(value: date | None) -> str:
    return date_format(value, "d/m/Y") if value else ""


def percent(value: Any) -> str:
    """A rate as it is printed in reports: "87,5%"; a dash where there is nothing to measure."""
    if value is None:
        return "–"
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") + "%"


@dataclass(frozen=True)
class Part:
    """Lengths as SVG writes them: with a point, whatever the language of the page."""

    tone: str
    x: str
    width: str
    title: str


@dataclass(frozen=True)
class Bars:
    """One stacked bar of a hundred units in width."""

    parts: tuple[Part, ...]
    label: str


def bars(counts: UnitCounts) -> Bars:
    named = (
        ("ok", _("Hoàn thành"), counts.finished),
        ("info", _("Trong hạn"), counts.on_time),
        ("warn", _("Sắp đến hạn"), counts.due_soon),
        ("bad", _("Quá hạn"), counts.late),
        ("quiet", _("Không hạn, chờ điều kiện"), counts.no_deadline + counts.waiting),
    )
    whole = sum(number for _tone, _name, number in named) or 1
    parts, x = [], 0.0
    for tone, name, number in named:
        if number:
            width = number * 100 / whole
            parts.append(Part(tone, f"{x:.2f}", f"{width:.2f}", f"{name}: {number}"))
            x += width
    return Bars(tuple(parts), ", ".join(part.title for part in parts) or _("Chưa có nhiệm vụ"))


@dataclass(frozen=True)
class Stat:
    """A figure with the records behind it."""

    label: str
    value: Any
    tone: str = "quiet"
    icon: str = ""
    url: str = ""
    note: str = ""
    unit: str = ""


def list_url(**filters: Any) -> str:
    """Address of the assignment list with these filters on."""
    from django.utils.http import urlencode

    said = {name: value for name, value in filters.items() if value not in (None, "")}
    return reverse("directives:assignment-list") + (f"?{urlencode(said, doseq=True)}" if said else "")


def stats(counts: UnitCounts, **scope: Any) -> list[Stat]:
    """The cards at the head of a dashboard; each opens its rows."""

    def card(label: str, value: int, tone: str, icon: str, state: str, note: str = "") -> Stat:
        return Stat(label, value, tone, icon, list_url(timeliness=state, **scope), note)

    idle, rate = counts.no_deadline + counts.waiting, percent(counts.on_time_rate)
    return [
        Stat(_("Tổng nhiệm vụ"), counts.total, "quiet", "list-check", list_url(**scope)),
        card(_("Quá hạn"), counts.late, "bad", "clock-exclamation", Timeliness.LATE),
        card(_("Sắp đến hạn"), counts.due_soon, "warn", "clock", Timeliness.DUE_SOON),
        card(_("Trong hạn"), counts.on_time, "info", "progress", Timeliness.ON_TIME),
        card(_("Không hạn"), idle, "quiet", "hourglass", "idle", _("gồm việc chờ điều kiện")),
        card(_("Hoàn thành"), counts.finished, "ok", "circle-check", "finished"),
        Stat(_("Đúng hạn"), rate, "ok", "gauge", note=_("trong số hoàn thành có hạn")),
    ]


@dataclass(frozen=True)
class SourceLine:
    number: int
    text: str
    cells: tuple[str, ...] = ()
    finding: int | None = None
    is_dropped: bool = False


_MARKS = re.compile(r"</?(?:b|i|u|br|strong|em)\s*/?>|\*{2,3}|^\s*#{1,6}\s+")


def source_lines(text: str, findings: Iterable[Any] = ()) -> list[SourceLine]:
    """Numbered lines that hold something; each tells the first finding that it belongs to."""
    owners: dict[int, Any] = {}
    for finding in findings:
        if finding.start_line:
            for number in range(finding.start_line, (finding.end_line or finding.start_line) + 1):
                owners.setdefault(number, finding)
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        owner = owners.get(number)
        # Marks of Markdown and of bold cells help the reader of files, not the reader of pages.
        line = _MARKS.sub("", line)
        if not line.strip():
            continue
        cells = tuple(cell.strip() for cell in line.split("\t")) if "\t" in line.strip() else ()
        lines.append(
            SourceLine(
                number,
                line,
                cells,
                owner.pk if owner else None,
                is_dropped=owner is not None and owner.state == "dropped",
            )
        )
    return lines


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    at: Any
    title: str
    who: str = ""
    text: str = ""
    tone: str = "quiet"
    icon: str = ""


# Verb of a log -> words, tone, icon.
VERBS: Mapping[str, tuple[Any, str, str]] = {}


@dataclass(frozen=True)
class Button:
    label: Any
    value: str = ""
    css: str = "btn-primary"


@dataclass(frozen=True)
class Act:
    """Something that can be done on a page: a form to fill in, or one button."""

    key: str
    label: Any
    icon: str
    url: str
    form: Any = None
    buttons: tuple[Button, ...] = field(default=())
    css: str = ""
    question: Any = ""
    is_open: bool = False
