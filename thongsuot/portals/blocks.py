"""What home pages are made of: figures that open, and short lists of what waits, is late, has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.modules.directives import queries as directives
from thongsuot.modules.directives.web.story import VERBS
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.transcripts import queries as transcripts
from thongsuot.modules.transcripts.web.mine import address_of, words_of

SHOWN = 6
CHANGED_DAYS = 14
# kind of a waiting thing -> its page
PAGES = {
    "assignment": "directives:assignment-detail",
    "directive": "directives:review",
    "obligation": "directives:obligation-detail",
    "target": "directives:target-detail",
}


@dataclass(frozen=True)
class Card:
    label: str
    value: object
    url: str
    tone: str = "quiet"
    icon: str = "point"
    note: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    note: str = ""
    badge: str = ""
    tone: str = "quiet"


@dataclass(frozen=True)
class WaitingBlock:
    title: str
    count: int
    items: list[Item]
    open: bool = False


@dataclass(frozen=True)
class HomePage:
    """One front door. `hint` is said where there is nothing at all yet."""

    subtitle: str
    cards: list[Card] = field(default_factory=list)
    waiting: list[WaitingBlock] = field(default_factory=list)
    late: list[Item] = field(default_factory=list)
    late_url: str = ""
    changed: list[Item] = field(default_factory=list)
    hint: str = ""
    shows_work: bool = True

    @property
    def waiting_count(self) -> int:
        return sum(block.count for block in self.waiting)


def subtitle(holding: Holding) -> str:
    """The role and the unit through which the person works; the name of a role is a text of the program."""
    return f"{_(holding.role_name)} · {holding.unit_name}"


def tasks_url(**filters: Any) -> str:
    return (
        f"{reverse('directives:assignment-list')}?{urlencode(filters)}"
        if filters
        else reverse("directives:assignment-list")
    )


def _day(value: date | None) -> str:
    return date_format(value, "d/m/Y") if value else ""


def waiting(actor: Actor, today: date) -> list[WaitingBlock]:
    """Groups in the order worth doing; the first is open."""
    blocks = []
    for number, group in enumerate(directives.waiting_for_me(actor, today)):
        items = [
            Item(
                title=item.title,
                url=reverse(PAGES[item.kind], args=[item.public_id]),
                note=" · ".join(
                    part
                    for part in (item.detail, _("hạn %s") % _day(item.due_on) if item.due_on else "")
                    if part
                ),
                badge=_("Quá hạn") if item.due_on and item.due_on < today else "",
                tone="bad",
            )
            for item in group.items
        ]
        blocks.append(WaitingBlock(str(group.title), group.count, items, open=number < 2))
    return [*blocks, *_transcripts(actor, today)]


def _transcripts(actor: Actor, today: date) -> list[WaitingBlock]:
    """What waits to be signed, made, answered of transcripts; a block of its own, the most pressing first."""
    if not any(actor.can(right) for right in ("transcripts.view", "transcripts.sign_homeroom")):
        return []
    found = transcripts.waiting_for_me(actor, today)
    items = [
        Item(
            title=words_of(one),
            url=address_of(one),
            note=" · ".join(
                part
                for part in (one.year, str(one.count), _("hạn %s") % _day(one.due_on) if one.due_on else "")
                if part
            ),
            badge=_("Quá hạn") if one.is_late(today) else "",
            tone="bad",
        )
        for one in found[:SHOWN]
    ]
    return [WaitingBlock(_("Học bạ chờ tôi"), len(found), items, open=True)] if items else []


def late(actor: Actor, today: date) -> list[Item]:
    return [
        Item(
            title=row.text,
            url=reverse("directives:assignment-detail", args=[row.public_id]),
            note=row.unit.name,
            badge=_("quá hạn %d ngày") % (today - row.due_on).days if row.due_on else "",
            tone="bad",
        )
        for row in directives.late_for_me(actor, today)[:SHOWN]
    ]


def changed(actor: Actor, now: datetime) -> list[Item]:
    items = []
    for row in directives.changed_recently(actor, now - timedelta(days=CHANGED_DAYS))[:SHOWN]:
        words, tone, _icon = VERBS.get(row.verb, (row.verb, "quiet", ""))
        who = row.by.full_name if row.by else _("Hệ thống")
        items.append(
            Item(
                title=row.assignment.text,
                url=reverse("directives:assignment-detail", args=[row.assignment.public_id]),
                note=f"{who} · {date_format(localtime(row.at), 'H:i d/m')}",
                badge=str(words),
                tone=tone,
            )
        )
    return items


def standing_cards(actor: Actor, unit_id: int, today: date) -> list[Card]:
    """How the work of the unit's body (the commune of an office) and all below it stands; each figure opens its list."""
    unit = organization.unit_detail(actor, unit_id)
    if unit is None:
        return []
    counts = directives.dashboard(actor, unit_id=organization.body_of(unit).pk, today=today).counts
    rate = counts.on_time_rate
    on_time = "–" if rate is None else f"{rate:.1f}".replace(".", ",")
    return [
        Card(_("Quá hạn"), counts.late, tasks_url(timeliness="late"), "bad" if counts.late else "ok", "clock-exclamation"),
        Card(_("Đến hạn trong 7 ngày"), counts.due_soon, tasks_url(timeliness="due_soon"), "warn" if counts.due_soon else "quiet", "calendar-time"),
        Card(_("Trong hạn"), counts.on_time, tasks_url(timeliness="on_time"), "info", "progress"),
        Card(_("Hoàn thành"), counts.finished, tasks_url(state="accepted"), "ok", "circle-check"),
        Card(_("Đúng hạn trong số đã xong"), on_time, reverse("directives:ranking") if actor.can("directives.dashboard") else tasks_url(), "quiet", "chart-bar", unit="%" if rate is not None else ""),
    ]  # fmt: skip
