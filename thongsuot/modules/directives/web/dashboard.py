"""The dashboard of a level, the ranking, the difficulties and the calendar."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from .. import actions
from ..domain.ranking import UnitCounts
from ..permissions import can_decide_difficulty, difficulties_decidable
from ..queries.dashboard import Bottleneck, dashboard
from ..queries.days import done_per_month, due_per_day
from ..queries.difficulties import difficulties, difficulty
from ..queries.ranking import ranking
from ..queries.reports import calendar
from .words import Bars, bars, list_url, percent, stats

ROWS = 25
STUCK = 6


@dataclass(frozen=True)
class Line:
    """A row of a table of the dashboard."""

    name: str
    url: str
    total: int
    finished: int
    due_soon: int
    late: int
    rate: str
    bars: Bars
    soon_url: str
    late_url: str


@dataclass(frozen=True)
class Group:
    title: Any
    heading: Any
    rows: list[Line]
    left: int = 0
    all_url: str = ""


def _line(name: str, url: str, counts: UnitCounts, **scope: Any) -> Line:
    return Line(
        name=name,
        url=url,
        total=counts.total,
        finished=counts.finished,
        due_soon=counts.due_soon,
        late=counts.late,
        rate=percent(counts.on_time_rate),
        bars=bars(counts),
        soon_url=list_url(timeliness="due_soon", **scope),
        late_url=list_url(timeliness="late", **scope),
    )


def home_unit(actor: Actor) -> int:
    """The unit whose dashboard opens first: the body of the appointment through which the actor works."""
    if actor.acting is None:
        raise Http404
    unit = organization.unit_detail(actor, actor.acting.unit_id)
    if unit is None:
        raise Http404
    return organization.body_of(unit).pk


class DashboardPage(ActorPage):
    right = "directives.dashboard"
    title = gettext_lazy("Tổng quan")

    def unit_id(self) -> int:
        asked = self.request.GET.get("unit", "")
        return int(asked) if asked.isdecimal() and len(asked) < 12 else home_unit(self.actor)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        found = dashboard(self.actor, unit_id=self.unit_id(), today=today)
        scope = {} if found.is_province else {"below": found.unit_id}
        context = {
            "unit_name": found.unit_name,
            "today": today,
            "cards": stats(found.counts, **scope),
            "bottleneck": [_stuck(one) for one in found.bottlenecks[:STUCK]],
            "groups": self.groups(found),
            "figure": self.trend(found.unit_id, today),
            "can_report": self.actor.can("directives.report_out"),
        }
        return render(request, "directives/dashboard/page.html", context | self.frame())

    def groups(self, found: Any) -> list[Group]:
        def unit_lines(lines: list[Any]) -> list[Line]:
            return [
                _line(one.name, self.below_url(one), one.counts, below=one.unit_id) for one in lines[:ROWS]
            ]

        orders = [
            _line(
                one.number or Truncator(one.subject).chars(60),
                reverse("directives:directive-detail", args=[one.public_id]),
                one.counts,
                directive=one.public_id,
            )
            for one in found.by_directive[:ROWS]
        ]
        more = reverse("directives:ranking")
        return [
            Group(
                _("Theo phòng"),
                _("Phòng"),
                unit_lines(found.by_office),
                max(len(found.by_office) - ROWS, 0),
                more,
            ),
            Group(
                _("Theo đơn vị"),
                _("Đơn vị"),
                unit_lines(found.by_unit),
                max(len(found.by_unit) - ROWS, 0),
                more,
            ),
            Group(
                _("Theo văn bản"),
                _("Văn bản"),
                orders,
                max(len(found.by_directive) - ROWS, 0),
                reverse("directives:directive-list"),
            ),
        ]

    def below_url(self, line: Any) -> str:
        """A unit with units of its own has a dashboard; a school or an office opens its tasks."""
        if line.kind == "commune" and self.actor.can("directives.dashboard", line.unit_id):
            return f"{reverse('directives:dashboard')}?unit={line.unit_id}"
        return list_url(below=line.unit_id)

    def trend(self, unit_id: int, today: date) -> dict[str, Any] | None:
        found = done_per_month(self.actor, unit_id=unit_id, today=today)
        if not any(one.on_time or one.late or one.undated for one in found):
            return None
        series = (
            ("ok", _("Đúng hạn"), "on_time"),
            ("warn", _("Quá hạn"), "late"),
            ("quiet", _("Không hạn"), "undated"),
        )
        return {
            "title": _("Nhiệm vụ hoàn thành theo tháng"),
            "kind": "stacked",
            "unit": _("nhiệm vụ"),
            "category_name": _("Tháng"),
            "categories": [one.month.strftime("%m/%Y") for one in found],
            "series": [
                {"name": name, "tone": tone, "data": [getattr(one, key) for one in found]}
                for tone, name, key in series
            ],
        }


@dataclass(frozen=True)
class Stuck:
    unit_name: str
    url: str
    count_words: str
    words: str


def _stuck(one: Bottleneck) -> Stuck:
    waits = one.state == "submitted"
    words = (
        _("Đã nộp, chờ đơn vị này nghiệm thu; lâu nhất đã quá hạn %(n)d ngày")
        if waits
        else _("%(state)s; lâu nhất đã quá hạn %(n)d ngày")
    )
    # What waits for a decision lies with other units: the list of what was given is the way to it.
    scope = {"state": one.state} if waits else {"unit": one.unit_id, "state": one.state}
    return Stuck(
        unit_name=one.unit_name,
        url=list_url(timeliness="late", **scope),
        count_words=_("%(n)d việc") % {"n": one.number},
        words=words % {"state": one.state_label, "n": one.days_late},
    )


LEVELS = (
    ("office", gettext_lazy("Phòng của Sở")),
    ("commune", gettext_lazy("Xã, phường, đặc khu")),
    ("school", gettext_lazy("Cơ sở giáo dục")),
)


class RankingPage(ActorPage):
    right = "directives.dashboard"
    title = gettext_lazy("Xếp hạng")
    most = 500

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        levels = dict(self.levels())
        asked = request.GET.get("cap", "")
        level = asked if asked in levels else next(iter(levels))
        found = ranking(self.actor, level=level, today=timezone.localdate())
        rows = [
            {
                "rank": one.rank,
                "name": one.counts.unit_name,
                "url": list_url(below=one.counts.unit_id),
                "rate": percent(one.counts.on_time_rate),
                "completion": percent(one.counts.completion_rate),
                "finished": one.counts.finished,
                "late": one.counts.late,
                "late_url": list_url(below=one.counts.unit_id, timeliness="late"),
                "total": one.counts.total,
                "bars": bars(one.counts),
            }
            for one in found[: self.most]
        ]
        tabs = [(label, f"?cap={key}", "") for key, label in levels.items()]
        context = {"rows": rows, "tabs": tabs, "current_tab": f"?cap={level}"}
        return render(request, "directives/dashboard/ranking.html", context | self.frame())

    def levels(self) -> list[tuple[str, Any]]:
        """Only the department compares offices and communes; a commune compares its schools."""
        return list(LEVELS) if self.actor.reach is None else [LEVELS[2]]

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Tổng quan"), reverse("directives:dashboard"))]


class DifficultyBoard(ActorPage):
    right = "directives.view"
    title = gettext_lazy("Khó khăn, vướng mắc")
    page_size = 25

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("loai", "")
        tabs = (("", _("Đang chờ")), ("toi", _("Chờ tôi quyết định")), ("xong", _("Đã giải quyết")))
        key = asked if asked in dict(tabs) else ""
        rows = difficulties(self.actor, is_open=key != "xong")
        if key == "toi":
            rows = rows.filter(difficulties_decidable(self.actor))
        page = Paginator(rows, self.page_size).get_page(request.GET.get("page"))
        shown = [
            {
                "thing": one,
                "url": reverse("directives:assignment-detail", args=[one.assignment.public_id]),
                "can_decide": one.decided_at is None and can_decide_difficulty(self.actor, one),
                "can_forward": one.decided_at is None and can_decide_difficulty(self.actor, one),
            }
            for one in page.object_list
        ]
        context = {
            "rows": shown,
            "page": page,
            "tabs": [(label, f"?loai={name}", "") for name, label in tabs],
            "current_tab": f"?loai={key}",
        }
        return render(request, "directives/difficulties.html", context | self.frame())


class DifficultyAct(ActorPage):
    right = "directives.view"
    http_method_names = ["post"]

    def act(self, thing: Any) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        thing = difficulty(self.actor, kwargs["pk"])
        try:
            with transaction.atomic():
                said = self.act(thing)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, said)
        detail = reverse("directives:assignment-detail", args=[thing.assignment.public_id])
        return HttpResponseRedirect(f"{detail}#kho-khan")


class DecideDifficulty(DifficultyAct):
    def act(self, thing: Any) -> str:
        decision = self.request.POST.get("decision", "")[:4000]
        actions.decide_difficulty(
            by=self.actor, difficulty=thing, decision=decision, now=timezone.localtime()
        )
        return _("Đã gửi ý kiến giải quyết.")


class ForwardDifficulty(DifficultyAct):
    def act(self, thing: Any) -> str:
        actions.forward_difficulty(by=self.actor, difficulty=thing, now=timezone.localtime())
        return _("Đã chuyển lên cấp trên.")


@dataclass(frozen=True)
class CalendarLine:
    label: str
    title: str
    url: str
    tone: str


@dataclass
class CalendarDay:
    date: date
    in_month: bool
    is_today: bool
    entries: list[CalendarLine] = field(default_factory=list)
    most: int = 4

    @property
    def shown(self) -> list[CalendarLine]:
        return self.entries if len(self.entries) <= self.most else self.entries[: self.most - 1]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.shown)


class CalendarPage(ActorPage):
    right = "directives.view"
    title = gettext_lazy("Lịch hạn và báo cáo")

    def month(self) -> date:
        asked = self.request.GET.get("thang", "")
        try:
            return date.fromisoformat(f"{asked}-01")
        except ValueError:
            return timezone.localdate().replace(day=1)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        month, today = self.month(), timezone.localdate()
        weeks = months.Calendar(firstweekday=0).monthdatescalendar(month.year, month.month)
        lines = self.lines(weeks[0][0], weeks[-1][-1], today)
        grid = [
            [CalendarDay(one, one.month == month.month, one == today, lines.get(one, [])) for one in week]
            for week in weeks
        ]
        context = {
            "month_words": _("Tháng %(m)s") % {"m": month.strftime("%m/%Y")},
            "weekdays": [WEEKDAYS[index] for index in range(7)],
            "weeks": grid,
            "agenda": [one for week in grid for one in week if one.in_month and one.entries],
            "previous": (month - timedelta(days=1)).strftime("%Y-%m"),
            "next": (month + timedelta(days=32)).strftime("%Y-%m"),
        }
        return render(request, "directives/report/calendar.html", context | self.frame())

    def lines(self, first: date, last: date, today: date) -> dict[date, list[CalendarLine]]:
        found: dict[date, list[CalendarLine]] = {}
        for entry in calendar(self.actor, first=first, last=last, today=today):
            found.setdefault(entry.due_on, []).append(_report_line(entry, today))
        for due in due_per_day(self.actor, first=first, last=last):
            found.setdefault(due.due_on, []).append(_work_line(due, today))
        return found


def _report_line(entry: Any, today: date) -> CalendarLine:
    if entry.obligation_id:
        url = reverse("directives:obligation-detail", args=[entry.obligation_id])
    else:
        one_day = f"due_on_after={entry.due_on}&due_on_before={entry.due_on}"
        url = f"{reverse('directives:obligation-list')}?duty={entry.duty_id}&{one_day}"
    done = entry.handed_in == entry.total
    tone = "ok" if done else "bad" if entry.late else "warn" if (entry.due_on - today).days <= 7 else "info"
    count = "" if entry.total == 1 else f" ({entry.handed_in}/{entry.total})"
    words = _("BC%(count)s: %(what)s") % {"count": count, "what": entry.what}
    return CalendarLine(words, words, url, tone)


def _work_line(due: Any, today: date) -> CalendarLine:
    tone = "ok" if not due.open else "bad" if due.due_on < today else "quiet"
    words = _("%(total)d nhiệm vụ đến hạn, %(open)d chưa xong") % {"total": due.total, "open": due.open}
    label = _("%(total)d nhiệm vụ") % {"total": due.total}
    url = list_url(due_on_after=due.due_on, due_on_before=due.due_on)
    return CalendarLine(label, words, url, tone)
