"""By which circular which grade is assessed, with its parameters and how sure each of them is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage, PageLink
from thongsuot.modules.organization import queries as organization

from ..domain.rules import PrimaryRules, SecondaryRules
from ..models import RulesVersion
from ..permissions import SET_RULES
from ..queries.rules import all_rules, in_force, rules_coded, rules_versions
from ..queries.rules_years import Holding, holdings
from ..queries.words import name_of
from ..types import Conduct
from .lists import book_crumb, sees_books
from .rules_form import LEVELS, SURE

# School years of the table, the newest last.
YEARS = 4


class RulesPage(ActorPage):
    title = gettext_lazy("Quy định đánh giá")
    template_name = "gradebook/rules.html"

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [book_crumb()]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        known, versions = all_rules(), rules_versions(self.actor)
        gone = [row for row in versions.values() if row.withdrawn_at is not None]
        years = sorted(organization.school_years(), key=lambda one: one.starts_on)[-YEARS:]
        context = {
            "rules": [self.told(in_force(one), versions.get(one.code)) for one in known],
            "withdrawn": [self.told(in_force(rules_coded(row.code)), row) for row in gone],
            "years": years,
            "holdings": [
                held_words(one, years) for one in holdings(known, [year.starts_on.year for year in years])
            ],
            "may_set": self.actor.can(SET_RULES),
            "links": self.links(),
            **self.frame(),
        }
        return render(request, self.template_name, context)

    def links(self) -> list[PageLink]:
        if not self.actor.can(SET_RULES):
            return []
        return [PageLink(_("Đưa quy định từ tệp"), reverse("gradebook:rules-file"), "upload")]

    def told(self, rules: SecondaryRules | PrimaryRules, version: RulesVersion | None) -> dict[str, Any]:
        return {
            "code": rules.code,
            "title": rules.title,
            "source": rules.legal_source,
            "sure": SURE[rules.confidence],
            "is_sure": rules.confidence in ("V", "V2"),
            "holds": list(holds(rules)),
            "holds_doubt": SURE[rules.unsure["applies"]] if "applies" in rules.unsure else "",
            "version": version,
            "facts": [
                {
                    "label": label,
                    "value": value,
                    "doubt": SURE[rules.unsure[key]] if key in rules.unsure else "",
                }
                for key, label, value in rule_facts(rules)
            ],
        }


def held_words(one: Holding, years: Sequence[Any]) -> dict[str, Any]:
    """A line of the table; changed: the rules differ from those of the year before."""
    cells = [
        {"year": years[place].name, "rules": rules, "changed": place > 0 and rules != one.rules[place - 1]}
        for place, rules in enumerate(one.rules)
    ]
    return {"level": LEVELS[one.level], "grades": grades_words(one.grades), "cells": cells}


def grades_words(grades: Sequence[int]) -> str:
    first, last = grades[0], grades[-1]
    if first == last:
        return _("khối %(grade)d") % {"grade": first}
    if len(grades) == last - first + 1:
        return _("khối %(first)d đến %(last)d") % {"first": first, "last": last}
    return _("khối %(grades)s") % {"grades": ", ".join(map(str, grades))}


def rule_facts(rules: SecondaryRules | PrimaryRules) -> list[Fact]:
    """(name of the parameter, what it is, its value), as people read it."""
    return list(primary_facts(rules) if isinstance(rules, PrimaryRules) else secondary_facts(rules))


def holds(rules: SecondaryRules | PrimaryRules) -> Iterator[str]:
    """ "Trung học cơ sở: khối 6 từ 2021-2022, ..." for each level."""
    by_level: dict[str, list[str]] = defaultdict(list)
    for one in rules.applies:
        said = {"grade": one.grade, "year": f"{one.from_year}-{one.from_year + 1}"}
        by_level[one.level].append(_("khối %(grade)s từ %(year)s") % said)
    for level, grades in by_level.items():
        yield f"{LEVELS.get(level, level)}: {', '.join(grades)}"


Fact = tuple[str, str, str]


def secondary_facts(rules: SecondaryRules) -> Iterator[Fact]:
    """(name of the parameter, what it is, its value)"""
    numbers = [
        _("%(number)s lần khi môn có từ %(periods)s tiết một năm")
        % {"number": one.number, "periods": one.from_periods}
        for one in rules.regular_by_score
    ]
    yield "regular_by_score", _("Đánh giá thường xuyên mỗi học kỳ, môn có điểm"), "; ".join(numbers)
    yield (
        "regular_by_comment",
        _("Đánh giá thường xuyên mỗi học kỳ, môn nhận xét"),
        str(rules.regular_by_comment),
    )
    weights = rules.weights
    said = {"regular": weights.regular, "midterm": weights.midterm, "final": weights.final}
    yield "weights", _("Hệ số"), _("thường xuyên %(regular)s, giữa kỳ %(midterm)s, cuối kỳ %(final)s") % said
    first, second = rules.term_weights
    yield (
        "term_weights",
        _("Cả năm"),
        _("học kỳ I hệ số %(first)s, học kỳ II hệ số %(second)s") % {"first": first, "second": second},
    )
    yield (
        "absent_periodic",
        _("Vắng đánh giá định kỳ không có lý do"),
        _("điểm %(mark)s") % {"mark": _comma(rules.absent_periodic)},
    )
    for one in rules.learning:
        about = {
            "every": _comma(one.every),
            "enough": _comma(one.enough),
            "subjects": one.subjects,
            "failed": one.comments_failed,
        }
        said_of = (
            _(
                "mọi môn từ %(every)s, ít nhất %(subjects)s môn từ %(enough)s; môn nhận xét Chưa đạt: nhiều nhất %(failed)s"
            )
            % about
        )
        yield "learning", _("Học tập mức %(level)s") % {"level": name_of(one.level)}, said_of
    yield (
        "adjustment_steps",
        _("Điều chỉnh do một môn"),
        _("khi mức thấp hơn từ %(n)s bậc vì kết quả của một môn") % {"n": rules.adjustment_steps},
    )
    for conduct in Conduct:
        pairs = ", ".join(
            _("kỳ II %(second)s: %(year)s")
            % {"second": name_of(second), "year": name_of(rules.conduct[conduct][second])}
            for second in Conduct
        )
        yield "conduct", _("Rèn luyện cả năm, học kỳ I %(first)s") % {"first": name_of(conduct)}, pairs
    yield "most_absences", _("Số buổi nghỉ nhiều nhất để được lên lớp"), str(rules.most_absences)
    yield "reassess_below", _("Được đánh giá lại khi cả năm dưới"), _comma(rules.reassess_below)
    yield (
        "both_failed_repeats",
        _("Học tập và rèn luyện đều Chưa đạt"),
        _("không được đánh giá lại, không lên lớp")
        if rules.both_failed_repeats
        else _("vẫn được đánh giá lại"),
    )
    yield "mark_decimals", _("Số chữ số thập phân của điểm"), str(rules.mark_decimals)
    about = {"subjects": rules.excellent.subjects, "mark": _comma(rules.excellent.at_least)}
    yield (
        "excellent",
        _("Học sinh Xuất sắc"),
        _("học tập và rèn luyện Tốt, ít nhất %(subjects)s môn từ %(mark)s") % about,
    )


def primary_facts(rules: PrimaryRules) -> Iterator[Fact]:
    """(name of the parameter, what it is, its value)"""
    for one in rules.learning:
        about = {"subjects": one.subjects, "traits": one.traits, "tests": one.tests}
        said = _(
            "mọi môn từ mức %(subjects)s, phẩm chất và năng lực từ mức %(traits)s, bài kiểm tra cuối năm từ %(tests)s"
        )
        yield "learning", name_of(one.level), said % about
    yield "completed_from", _("Hoàn thành chương trình lớp học từ mức"), name_of(rules.completed_from)
    yield "most_test", _("Điểm kiểm tra"), _("số nguyên từ 0 đến %(most)s") % {"most": rules.most_test}


def _comma(value: Any) -> str:
    return f"{value}".removesuffix(".0").replace(".", ",")
