"""By which circular which grade is assessed, with its parameters and how sure each of them is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage

from ..domain.rules import PrimaryRules, SecondaryRules
from ..queries.rules import all_rules, in_force
from ..queries.words import name_of
from .lists import book_crumb, sees_books

LEVELS = {
    "primary": gettext_lazy("Tiểu học"),
    "lower_secondary": gettext_lazy("Trung học cơ sở"),
    "upper_secondary": gettext_lazy("Trung học phổ thông"),
    "continuing": gettext_lazy("Giáo dục thường xuyên"),
}
SURE = {
    "V": gettext_lazy("đã đọc trong văn bản"),
    "V2": gettext_lazy("đọc qua tài liệu trích dẫn"),
    "M": gettext_lazy("theo trí nhớ, cần đối chiếu"),
    "I": gettext_lazy("suy ra, cần đối chiếu"),
}


class RulesPage(ActorPage):
    title = gettext_lazy("Quy định đánh giá")
    template_name = "gradebook/rules.html"

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [book_crumb()]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        context = {"rules": [self.told(in_force(one)) for one in all_rules()], **self.frame()}
        return render(request, self.template_name, context)

    def told(self, rules: SecondaryRules | PrimaryRules) -> dict[str, Any]:
        facts = primary_facts(rules) if isinstance(rules, PrimaryRules) else secondary_facts(rules)
        return {
            "title": rules.title,
            "source": rules.legal_source,
            "sure": SURE[rules.confidence],
            "is_sure": rules.confidence in ("V", "V2"),
            "holds": list(holds(rules)),
            "holds_doubt": SURE[rules.unsure["applies"]] if "applies" in rules.unsure else "",
            "facts": [
                {
                    "label": label,
                    "value": value,
                    "doubt": SURE[rules.unsure[key]] if key in rules.unsure else "",
                }
                for key, label, value in facts
            ],
        }


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
    for conduct, by_second in rules.conduct.items():
        pairs = ", ".join(
            _("kỳ II %(second)s: %(year)s") % {"second": name_of(second), "year": name_of(year)}
            for second, year in by_second.items()
        )
        yield "conduct", _("Rèn luyện cả năm, học kỳ I %(first)s") % {"first": name_of(conduct)}, pairs
    yield "most_absences", _("Số buổi nghỉ nhiều nhất để được lên lớp"), str(rules.most_absences)
    yield "reassess_below", _("Được đánh giá lại khi cả năm dưới"), _comma(rules.reassess_below)
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
