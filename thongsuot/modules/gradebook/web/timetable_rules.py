"""The rules that a school's timetables of a year keep to, on one page."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.views import ActorPage
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.organization import queries as organization

from ..actions import timetables as actions
from ..domain.timetable import MORNING, PARTS
from ..domain.timetable_rules import TimetableRules
from ..domain.timetable_words import read_slots, write_slots
from ..permissions import KEEP, can_make_timetable
from ..queries import timetables as queries
from ..queries.timetable_rules import own_rules, timetable_rules
from ..queries.timetable_words import day_name, pattern_names
from ..types import BadValue
from .timetable_bells import bell_values, read_bells
from .timetable_held import bond_values, read_bonds, read_ways, way_values

DAYS = range(2, 9)
SESSIONS = (
    ("morning", gettext_lazy("Buổi sáng")),
    ("afternoon", gettext_lazy("Buổi chiều")),
    ("both", gettext_lazy("Cả hai buổi")),
)
BLANK_ROWS = 2


class RulesPage(ActorPage):
    title = gettext_lazy("Ràng buộc thời khoá biểu")
    right = KEEP
    template_name = "timetable/rules.html"

    @cached_property
    def unit(self) -> Any:
        found = organization.unit_detail(self.actor, self.kwargs["unit_id"])
        if found is None or not can_make_timetable(self.actor, found.pk):
            raise Http404
        return found

    @cached_property
    def school_year(self) -> Any:
        found = next((y for y in organization.school_years() if y.pk == self.kwargs["year_id"]), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def lists(self) -> dict[str, Any]:
        return queries.school_lists(self.actor, self.unit.pk, self.school_year)

    @cached_property
    def rules(self) -> TimetableRules:
        return timetable_rules(self.unit.pk, self.school_year.pk, self.lists["grades"])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Thời khoá biểu"), reverse("timetable:list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.values())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        given = {"by": self.actor, "unit": self.unit, "school_year": self.school_year}
        try:
            with transaction.atomic():
                if request.POST.get("do") == "restore":
                    actions.restore_rules(**given)
                    said = _("Đã trở về ràng buộc mặc định.")
                else:
                    edition = request.POST.get("edition", "")
                    actions.set_rules(
                        **given,
                        body=self.body(request.POST),
                        edition=int(edition) if edition.isdecimal() else 0,
                        now=timezone.now(),
                    )
                    said = _("Đã lưu ràng buộc; áp dụng từ lần xếp sau.")
        except NotAllowed:
            raise
        except Refused as refused:
            return self.show(self.values(request.POST), error=refused.message, status=422)
        messages.success(request, said)
        return HttpResponseRedirect(request.path)

    def show(self, values: dict[str, Any], error: str = "", status: int = 200) -> HttpResponse:
        row = own_rules(self.unit.pk, self.school_year.pk)
        context = {
            "values": values,
            "error": error,
            "unit": self.unit,
            "school_year": self.school_year,
            "rules": self.rules,
            "is_own": row is not None,
            "edition": row.edition if row else 0,
            "sessions": SESSIONS,
            "half_ways": (("up", _("làm tròn lên")), ("down", _("làm tròn xuống"))),
            "days": [
                ("first", _("Ngày đầu tuần")),
                ("last", _("Ngày cuối tuần")),
                *((str(d), day_name(d)) for d in DAYS),
            ],
            "lessons": [
                ("first", _("Tiết đầu")),
                ("last", _("Tiết cuối")),
                *((str(n), _("Tiết %d") % n) for n in range(1, 7)),
            ],
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=status)

    def subject_names(self) -> list[str]:
        """In the order of the Vietnamese alphabet, near enough: by the letters without their marks."""
        return sorted({*self.lists["subjects"], *self.rules.subjects}, key=lambda name: (fold(name), name))

    # -- what stands in the fields ------------------------------------------------------------------

    def values(self, sent: QueryDict | None = None) -> dict[str, Any]:
        """The fields as they are kept, or as they were sent when something in them could not be taken."""
        rules, names = self.rules, pattern_names()

        def said(name: str, kept: Any) -> Any:
            return kept if sent is None else sent.get(name, "")

        def ticked(name: str, kept: bool) -> bool:
            return kept if sent is None else name in sent

        week = rules.frame.week()
        fixed = [one.model_dump() for one in rules.fixed] + [{}]
        pools = [one.model_dump() for one in rules.pools] + [{}] * BLANK_ROWS
        subjects = self.subject_names()
        return {
            "week": [
                (
                    day_name(day),
                    [
                        (
                            f"len-{day}{PARTS[part]}",
                            said(f"len-{day}{PARTS[part]}", week.lessons.get((day, part), 0)),
                        )
                        for part in (0, 1)
                    ],
                )
                for day in DAYS
            ],
            "grades": [
                (grade, said(f"grade-{grade}", rules.grades.get(grade, rules.sessions)))
                for grade in self.lists["grades"]
            ],
            "fixed": [
                {key: said(f"fixed-{n}-{key}", str(one.get(key, ""))) for key in ("name", "day", "lesson")}
                for n, one in enumerate(fixed)
            ],
            "forbidden": said("forbidden", write_slots(rules.forbidden, names)),
            "subjects": [
                {
                    "number": n,
                    "name": name,
                    "per_day": said(f"subject-{n}-per_day", rules.subject(name).per_day or ""),
                    "doubles": said(f"subject-{n}-doubles", rules.subject(name).doubles or ""),
                    "forbidden": said(
                        f"subject-{n}-forbidden", write_slots(rules.subject(name).forbidden, names)
                    ),
                }
                for n, name in enumerate(subjects)
            ],
            "pools": [
                {
                    "name": said(f"pool-{n}-name", one.get("name", "")),
                    "subjects": said(f"pool-{n}-subjects", ", ".join(one.get("subjects", ()))),
                    "at_once": said(f"pool-{n}-at_once", one.get("at_once", "")),
                    "rooms": [
                        (
                            pk,
                            name,
                            pk in one.get("rooms", ())
                            if sent is None
                            else str(pk) in sent.getlist(f"pool-{n}-rooms"),
                        )
                        for pk, name in self.lists["rooms"].items()
                    ],
                }
                for n, one in enumerate(pools)
            ],
            "teachers": [
                {
                    "id": pk,
                    "name": name,
                    "off": said(f"teacher-{pk}-off", write_slots(rules.teacher(pk).off, names)),
                    "per_day": said(f"teacher-{pk}-per_day", rules.teacher(pk).per_day or ""),
                    "free_days": said(f"teacher-{pk}-free_days", rules.teacher(pk).free_days or ""),
                }
                for pk, name in sorted(self.lists["staff"].items(), key=lambda item: item[1].split()[::-1])
            ],
            "bells": bell_values(rules, sent),
            "bonds": bond_values(rules, self.lists, sent),
            "usual_way": said("usual_way", rules.usual_way),
            "ways": way_values(rules, self.lists, sent),
            "teacher_per_day": said("teacher_per_day", rules.teacher_per_day or ""),
            "half": [(term, said(f"half-{term}", rules.half_lessons.get(term, "up"))) for term in ("1", "2")],
            "no_gaps": ticked("no_gaps", rules.no_gaps),
            "together": ticked("together", rules.together),
        }

    # -- what was sent ------------------------------------------------------------------------------

    def body(self, sent: QueryDict) -> dict[str, Any]:
        """The rules that the fields say. Raises BadValue naming the field that cannot be read."""
        rules = self.rules
        other = {
            f"{day}{PARTS[part]}": _number(sent, f"len-{day}{PARTS[part]}", day_name(day)) or 0
            for day in DAYS
            for part in (MORNING, 1)
        }
        days = [day for day in DAYS if other[f"{day}S"] or other[f"{day}C"]]
        if not days:
            raise BadValue(_("Tuần học phải có ít nhất một buổi."), field="week")
        used = {code: many for code, many in other.items() if int(code[0]) in days}
        part_of = {one.name: one for one in rules.fixed}
        fixed = []
        for n in range(len(rules.fixed) + 1):
            name = sent.get(f"fixed-{n}-name", "").strip()
            if name:
                known = part_of.get(name)
                fixed.append(
                    {
                        **(known.model_dump() if known else {}),
                        "name": name,
                        "day": _choice(sent.get(f"fixed-{n}-day", "")),
                        "lesson": _choice(sent.get(f"fixed-{n}-lesson", "")),
                    }
                )
        return {
            **rules.model_dump(mode="json"),
            "frame": {"days": days, "morning": 5, "afternoon": 0, "other": used},
            "grades": {grade: sent.get(f"grade-{grade}", rules.sessions) for grade in self.lists["grades"]},
            "fixed": fixed,
            "forbidden": _slots(sent, "forbidden", _("Giờ không xếp tiết")),
            "subjects": self._subjects(sent),
            "pools": self._pools(sent),
            "teachers": self._teachers(sent),
            "bells": read_bells(rules, sent),
            "bonds": read_bonds(rules, self.lists, sent),
            **read_ways(self.lists, sent),
            "teacher_per_day": _number(sent, "teacher_per_day", _("Tiết tối đa một ngày của giáo viên")),
            "half_lessons": {term: sent.get(f"half-{term}", "up") for term in ("1", "2")},
            "no_gaps": "no_gaps" in sent,
            "together": "together" in sent,
        }

    def _subjects(self, sent: QueryDict) -> dict[str, Any]:
        found = {}
        for n, name in enumerate(self.subject_names()):
            rule = {
                "per_day": _number(sent, f"subject-{n}-per_day", name),
                "doubles": _number(sent, f"subject-{n}-doubles", name) or 0,
                "forbidden": _slots(sent, f"subject-{n}-forbidden", name),
            }
            if any(rule.values()):
                found[name] = rule
        return found

    def _pools(self, sent: QueryDict) -> list[dict[str, Any]]:
        found = []
        for n in range(len(self.rules.pools) + BLANK_ROWS):
            name = sent.get(f"pool-{n}-name", "").strip()
            if name:
                subjects = [part.strip() for part in sent.get(f"pool-{n}-subjects", "").split(",")]
                unknown = [s for s in subjects if s and s not in self.lists["subjects"]]
                if unknown:
                    raise BadValue(
                        _("%(room)s: không có môn “%(subject)s” trong phân công.")
                        % {"room": name, "subject": unknown[0]}
                    )
                rooms = [
                    int(pk)
                    for pk in sent.getlist(f"pool-{n}-rooms")
                    if pk.isdecimal() and int(pk) in self.lists["rooms"]
                ]
                found.append(
                    {
                        "name": name,
                        "subjects": [s for s in subjects if s],
                        "rooms": rooms,
                        "at_once": _number(sent, f"pool-{n}-at_once", name) or 1,
                    }
                )
        return found

    def _teachers(self, sent: QueryDict) -> dict[int, Any]:
        found = {
            pk: rule.model_dump() for pk, rule in self.rules.teachers.items() if pk not in self.lists["staff"]
        }
        for pk, name in self.lists["staff"].items():
            rule = {
                "off": _slots(sent, f"teacher-{pk}-off", name),
                "per_day": _number(sent, f"teacher-{pk}-per_day", name),
                "free_days": _number(sent, f"teacher-{pk}-free_days", name) or 0,
            }
            if any(rule.values()):
                found[pk] = rule
        return found


def _choice(said: str) -> str | int:
    return int(said) if said.isdecimal() else said or "first"


def _number(sent: QueryDict, name: str, what: str) -> int | None:
    said = sent.get(name, "").strip()
    if not said or said == "0":
        return None
    if not said.isdecimal() or int(said) > 50:
        raise BadValue(
            _("%(what)s: “%(said)s” không phải là số tiết.") % {"what": what, "said": said[:20]}, field=name
        )
    return int(said)


def _slots(sent: QueryDict, name: str, what: str) -> list[str]:
    try:
        return list(read_slots(sent.get(name, "")))
    except ValueError as error:
        said = _("%(what)s: không hiểu “%(said)s”. Ghi như: T2 sáng; T5 chiều tiết 3-4; T7.")
        raise BadValue(said % {"what": what, "said": str(error)[:60]}, field=name) from error
