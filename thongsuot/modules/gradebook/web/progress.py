"""The principal's board: which books are complete, who is late, locks and requests to unlock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage, PageLink
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import UnitKind

from ..permissions import KEEP, LOCK, VIEW
from ..queries import board as board_queries
from ..queries import listing
from ..queries.progress import ProgressLine
from ..types import UnlockState
from .attendance import session_words
from .lists import school_crumbs
from .terms import term_name, term_now

SCHOOLS_SHOWN = 60


class ProgressBase(ActorPage):
    """?truong=12&ky=1 : the school through which the person works, unless another in reach is named."""

    def allowed(self, actor: Actor) -> bool:
        return actor.can(VIEW)

    @property
    def given(self) -> Any:
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @cached_property
    def unit(self) -> Any:
        asked = self.given.get("truong", "")
        own = self.actor.acting.unit_id if self.actor.acting else None
        key = int(asked) if asked.isdecimal() and len(asked) < 19 else own
        if key is None or not self.actor.can(VIEW, key):
            raise Http404
        return organization.unit_detail(self.actor, key)

    @cached_property
    def is_school(self) -> bool:
        return self.unit is not None and self.unit.kind == UnitKind.SCHOOL

    @cached_property
    def year(self) -> Any:
        found = organization.current_school_year(timezone.localdate())
        if found is None:
            raise Http404
        return found

    @cached_property
    def term(self) -> int:
        asked = self.given.get("ky", "")
        return int(asked) if asked in ("1", "2") else term_now(self.year)

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    def address(self, term: int | None = None) -> str:
        return f"{reverse('gradebook:progress')}?truong={self.unit.pk}&ky={term or self.term}"

    @cached_property
    def board(self) -> board_queries.Board:
        return board_queries.board(self.actor, self.unit, self.year, self.term, on=self.today)


class ProgressPage(ProgressBase):
    title = gettext_lazy("Tiến độ nhập điểm")
    template_name = "gradebook/progress.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_school:
            return self.choose()
        board = self.board
        rows = [self.row(one) for one in board.classes]
        late = [book for one in board.classes for book in one.lacking]
        context = {
            "rows": rows,
            "cards": self.cards(late),
            "lock": board.lock,
            "has_rolls": any(row["rolls"] for row in rows),
            "locked_classes": ", ".join(row["name"] for row in rows if row["is_locked"]),
            "lock_question": self.lock_question(late),
            "remind_question": _("Gửi thông báo cho những giáo viên có sổ chưa đủ?"),
            "late_count": len(late),
            "requests": [self.request_words(one) for one in board.requests],
            "may_lock": self.actor.can(LOCK, self.unit.pk),
            "may_remind": self.actor.can(LOCK, self.unit.pk),
            "may_open": self.actor.can(KEEP, self.unit.pk),
            "act_url": f"{reverse('gradebook:progress-act')}",
            "unit": self.unit,
            "term": self.term,
            "choices": [
                {
                    "tabs": [(term_name(term), self.address(term), "") for term in (1, 2)],
                    "current": self.address(),
                }
            ],
            "links": self.links(),
            "decided": [self.decided_words(one) for one in board.decided],
            "all_requests": reverse("gradebook:unlock-list"),
            **self.frame(),
        }
        return render(request, self.template_name, context)

    def links(self) -> list[PageLink]:
        query = urlencode({"truong": self.unit.pk, "nam": self.year.name})
        found = [PageLink(_("Sổ điểm"), reverse("gradebook:book-list"), "table")]
        if self.actor.can(KEEP, self.unit.pk):
            url = f"{reverse('gradebook:columns')}?{query}"
            found.append(PageLink(_("Số cột đánh giá"), url, "columns"))
        url = f"{reverse('gradebook:publishing')}?truong={self.unit.pk}"
        return [*found, PageLink(_("Kết quả vào hồ sơ"), url, "file-export")]

    def get_title(self) -> Any:
        if not self.is_school:
            return self.title
        if school_crumbs(self.actor, self.unit):
            said = {"term": term_name(self.term), "school": self.unit.name}
            return _("Tiến độ nhập điểm, %(term)s, %(school)s") % said
        return _("Tiến độ nhập điểm, %(term)s") % {"term": term_name(self.term)}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        if self.is_school and school_crumbs(self.actor, self.unit):
            return [(_("Tiến độ nhập điểm"), reverse("gradebook:progress"))]
        return []

    def choose(self) -> HttpResponseBase:
        """Whoever looks after many schools picks one."""
        words = self.request.GET.get("q", "").strip()[:100]
        schools = organization.units_visible(self.actor, words=words).filter(
            kind=UnitKind.SCHOOL, pk__in=listing.schools_with_books(self.year.pk)
        )
        cards = [
            {
                "name": one.name,
                "school": one.parent.name if one.parent else "",
                "tabs": [(_("Xem tiến độ"), f"?truong={one.pk}", "")],
            }
            for one in schools.order_by("sort_key", "id")[: SCHOOLS_SHOWN + 1]
        ]
        context = {
            "cards": cards[:SCHOOLS_SHOWN],
            "has_more": len(cards) > SCHOOLS_SHOWN,
            "searches": True,
            "words": words,
            **self.frame(),
        }
        return render(self.request, "gradebook/classes.html", context)

    def row(self, one: board_queries.ClassBoard) -> dict[str, Any]:
        teacher = one.school_class.homeroom_teacher
        share = one.filled / one.wanted if one.wanted else 1
        said = {"done": one.filled, "wanted": one.wanted}
        return {
            "pk": one.school_class.pk,
            "name": one.school_class.name,
            "homeroom": teacher.full_name if teacher else "",
            "done": one.filled,
            "wanted": one.wanted,
            "words": _("%(done)s/%(wanted)s ô") % said,
            "tone": "ok" if share >= 1 else "info" if share >= 0.5 else "warn",
            "conduct_done": one.kept,
            "conduct_wanted": one.kept_wanted,
            "lacking": [self.book(book) for book in one.lacking],
            "is_locked": one.lock is not None,
            "rolls": [self.roll(one, each) for each in one.rolls or ()],
        }

    def roll(self, one: board_queries.ClassBoard, each: Any) -> dict[str, Any]:
        query = urlencode({"lop": one.school_class.pk, "ngay": f"{self.today}", "buoi": each.session})
        return {**session_words(each), "url": f"{reverse('gradebook:attendance')}?{query}"}

    def book(self, one: ProgressLine) -> dict[str, Any]:
        return {
            "name": one.class_subject.name,
            "url": reverse("gradebook:marks", args=[one.class_subject.pk, self.term]),
            "done": one.filled,
            "wanted": one.wanted,
            "teacher": ", ".join(one.teachers),
        }

    def cards(self, late: Sequence[ProgressLine]) -> list[dict[str, Any]]:
        books = [book for one in self.board.classes for book in one.lines]
        done, wanted = sum(min(one.filled, one.wanted) for one in books), sum(one.wanted for one in books)
        people = {who for one in late for who in one.teachers}
        share = f"{done * 100 / wanted:.1f}".replace(".", ",") if wanted else "–"
        return [
            _card(_("Ô điểm đã có"), share, "gauge", "%", "info"),
            _card(_("Sổ đã đủ"), f"{len(books) - len(late)}/{len(books)}", "check", "", "ok"),
            _card(_("Giáo viên còn thiếu"), len(people), "users", "", "warn" if people else "quiet"),
            _card(_("Đề nghị mở khoá"), len(self.board.requests), "lock-open", "", "quiet"),
            *self.roll_cards(),
        ]

    def roll_cards(self) -> list[dict[str, Any]]:
        """Classes that have lessons today and a session without a roll; nothing on a day without school."""
        today = [one for one in self.board.classes if one.rolls]
        if not today:
            return []
        none = sum(any(each.at is None for each in one.rolls or ()) for one in today)
        return [
            _card(
                _("Lớp chưa điểm danh hôm nay"),
                f"{none}/{len(today)}",
                "user-off",
                "",
                "warn" if none else "ok",
            )
        ]

    def lock_question(self, late: Sequence[Any]) -> str:
        if late:
            said = _("Còn %(n)d sổ chưa đủ. Vẫn khoá sổ toàn trường? Giáo viên sẽ không nhập được nữa.")
            return said % {"n": len(late)}
        return _("Khoá sổ toàn trường? Giáo viên muốn sửa sẽ phải đề nghị mở khoá.")

    def request_words(self, one: Any) -> dict[str, Any]:
        subject = one.class_subject
        what = f"{subject.name} {subject.school_class.name}" if subject else _("Mọi môn")
        return {"row": one, "what": what, "who": one.asked_by.full_name if one.asked_by else ""}

    def decided_words(self, one: Any) -> dict[str, Any]:
        is_granted = one.state == UnlockState.GRANTED
        return {
            **self.request_words(one),
            "by": one.decided_by.full_name if one.decided_by else "",
            "tone": "ok" if is_granted else "quiet",
            "is_open": is_granted and one.open_until is not None and one.open_until > timezone.now(),
        }


def _card(label: str, value: Any, icon: str, unit: str, tone: str) -> dict[str, Any]:
    return {"label": label, "value": value, "icon": icon, "unit": unit, "tone": tone, "note": ""}
