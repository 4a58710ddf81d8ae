"""The form of a set of rules: its fields are made of the rules that one starts from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ..domain.rules import PrimaryRules
from ..queries.rules import Rules, read_rules
from ..queries.rules_years import GRADES
from ..queries.words import CONDUCT, name_of
from ..types import BadRules, Conduct, PrimaryLearning

TENTHS: dict[str, Any] = {"min_value": 0, "max_value": 10, "max_digits": 4, "decimal_places": 2}
MOST_LINES = 5
SUBJECTS = [("T", _("T: hoàn thành tốt")), ("H", _("H: hoàn thành")), ("C", _("C: chưa hoàn thành"))]
TRAITS = [("T", _("T: tốt")), ("Đ", _("Đ: đạt")), ("C", _("C: cần cố gắng"))]
# Said above the field that a fault of the document names, where the field has another name.
ABOVE = {"applies": None, "regular_by_score": "regular_by_score-0-number", "conduct": "conduct-good-good"}


@dataclass(frozen=True)
class Group:
    """Fields that stand together: in a table (head, rows of a name and field names), or one under the other."""

    title: Any
    head: Sequence[Any] = ()
    rows: Sequence[tuple[Any, Sequence[str]]] = ()
    fields: Sequence[str] = ()
    hint: Any = ""


class RulesForm(forms.Form):
    """years: [(year in which it begins, name)] from which grades choose their first."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    document = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(
        label=_("Mã ngắn của quy định"),
        max_length=14,
        help_text=_("Chữ không dấu, số, gạch ngang; ví dụ TT99-2027."),
    )
    legal_source = forms.CharField(label=_("Văn bản"), max_length=200)
    title = forms.CharField(label=_("Nội dung"), max_length=200)
    source = forms.CharField(
        label=_("Căn cứ, lý do"),
        max_length=300,
        help_text=_("Ví dụ: điều, khoản vừa đối chiếu; văn bản sửa đổi số, ngày."),
    )
    is_checked = forms.BooleanField(label=_("Đã đối chiếu mọi tham số với văn bản"), required=False)

    def __init__(self, *args: Any, rules: Rules, years: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.groups: list[Group] = []
        is_new = not self["base"].value()
        if not is_new:
            del self.fields["code"]
        names = ["legal_source", "title", "source", "is_checked"]
        self.groups.append(Group(_("Văn bản"), fields=["code", *names] if is_new else names))
        self._grades(years)
        parts = self._primary if isinstance(rules, PrimaryRules) else self._secondary
        self.groups += parts(json.loads(rules.model_dump_json()))

    # -- fields -------------------------------------------------------------------------------------

    def _grades(self, years: Sequence[tuple[int, str]]) -> None:
        levels = dict.fromkeys(one.level for one in self.rules.applies)
        choices = [("", _("không áp dụng")), *((str(year), name) for year, name in years)]
        for level in levels:
            names = []
            for grade in GRADES.get(level, ()):
                name = f"applies-{level}-{grade}"
                label = _t("Khối %(grade)d") % {"grade": grade}
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
                names.append(name)
            head = [self.fields[name].label for name in names]
            self.groups.append(
                Group(
                    LEVELS.get(level, level),
                    head=head,
                    rows=[(_("Áp dụng từ năm học"), names)],
                    hint=_("Bản này thay quy định đang áp dụng cho từng khối từ năm học được chọn trở đi."),
                )
            )

    def _add(self, name: str, field: forms.Field, value: Any) -> str:
        self.fields[name] = field
        self.initial.setdefault(name, value)
        field.help_text = field.help_text or self._doubt(name.split("-")[0])
        return name

    def _doubt(self, key: str) -> Any:
        """How sure the parameter is, where it is to be compared with the text."""
        return SURE[self.rules.unsure[key]] if key in self.rules.unsure else ""

    def _mark(self, name: str, label: Any, value: Any) -> str:
        return self._add(name, forms.DecimalField(label=label, **TENTHS), value)

    def _count(self, name: str, label: Any, value: Any, most: int = 100, **more: Any) -> str:
        return self._add(name, forms.IntegerField(label=label, min_value=0, max_value=most, **more), value)

    def _choice(self, name: str, label: Any, value: Any, choices: Sequence[tuple[str, Any]]) -> str:
        return self._add(name, forms.ChoiceField(label=label, choices=choices), value)

    def _secondary(self, given: dict[str, Any]) -> Iterator[Group]:
        yield self._regular(given)
        weights = [
            self._count("weights-regular", _("Hệ số điểm thường xuyên"), given["weights"]["regular"]),
            self._count("weights-midterm", _("Hệ số điểm giữa kỳ"), given["weights"]["midterm"]),
            self._count("weights-final", _("Hệ số điểm cuối kỳ"), given["weights"]["final"]),
            self._count("term_weights-0", _("Hệ số học kỳ I"), given["term_weights"][0]),
            self._count("term_weights-1", _("Hệ số học kỳ II"), given["term_weights"][1]),
            self._count("mark_decimals", _("Số chữ số thập phân của điểm"), given["mark_decimals"], 2),
            self._mark(
                "absent_periodic",
                _("Điểm khi vắng đánh giá định kỳ không có lý do"),
                given["absent_periodic"],
            ),
        ]
        yield Group(_("Hệ số, điểm"), fields=weights)
        yield self._levels(given)
        yield self._conduct(given)
        rest = [
            self._count(
                "adjustment_steps",
                _("Điều chỉnh do một môn: khi thấp hơn từ (bậc)"),
                given["adjustment_steps"],
            ),
            self._mark("reassess_below", _("Được đánh giá lại khi cả năm dưới"), given["reassess_below"]),
            self._choice(
                "both_failed_repeats",
                _("Học tập và rèn luyện đều Chưa đạt"),
                "1" if given["both_failed_repeats"] else "0",
                [("1", _("không được đánh giá lại, không lên lớp")), ("0", _("vẫn được đánh giá lại"))],
            ),
            self._count("excellent-subjects", _("Xuất sắc: số môn cần có"), given["excellent"]["subjects"]),
            self._mark(
                "excellent-at_least", _("Xuất sắc: điểm của các môn ấy"), given["excellent"]["at_least"]
            ),
        ]
        yield Group(_("Lên lớp, khen thưởng"), fields=rest)

    def _regular(self, given: dict[str, Any]) -> Group:
        rows = []
        lines = given["regular_by_score"]
        for place in range(min(MOST_LINES, len(lines) + 1)):
            one = lines[place] if place < len(lines) else {}
            names = [
                self._count(
                    f"regular_by_score-{place}-{key}", label, one.get(key), 2000, required=place < len(lines)
                )
                for key, label in (("from_periods", _("Môn có từ (tiết một năm)")), ("number", _("Số lần")))
            ]
            rows.append((_t("Mức %(n)d") % {"n": place + 1}, names))
        comment = self._count(
            "regular_by_comment", _("Môn nhận xét: số lần mỗi học kỳ"), given["regular_by_comment"]
        )
        return Group(
            _("Đánh giá thường xuyên mỗi học kỳ"),
            head=[_("Môn có từ (tiết một năm)"), _("Số lần")],
            rows=rows,
            fields=[comment],
        )

    def _levels(self, given: dict[str, Any]) -> Group:
        rows = []
        for place, one in enumerate(given["learning"]):
            start = f"learning-{place}"
            names = [
                self._mark(f"{start}-every", _("Mọi môn từ"), one["every"]),
                self._count(f"{start}-subjects", _("Số môn"), one["subjects"]),
                self._mark(f"{start}-enough", _("Các môn ấy từ"), one["enough"]),
                self._count(
                    f"{start}-comments_failed", _("Môn nhận xét Chưa đạt, nhiều nhất"), one["comments_failed"]
                ),
            ]
            rows.append((name_of(self.rules.learning[place].level), names))
        head = [self.fields[name].label for name in rows[0][1]] if rows else []
        return Group(_("Mức học tập"), head=head, rows=rows, hint=self._doubt("learning"))

    def _conduct(self, given: dict[str, Any]) -> Group:
        choices = [(one.value, said) for one, said in CONDUCT.items()]
        rows = []
        for first in Conduct:
            names = [
                self._choice(
                    f"conduct-{first.value}-{second.value}",
                    _t("Học kỳ II %(level)s") % {"level": name_of(second)},
                    given["conduct"][first.value][second.value],
                    choices,
                )
                for second in Conduct
            ]
            rows.append((_t("Học kỳ I %(level)s") % {"level": name_of(first)}, names))
        head = [_t("Học kỳ II %(level)s") % {"level": name_of(one)} for one in Conduct]
        return Group(_("Rèn luyện cả năm"), head=head, rows=rows, hint=self._doubt("conduct"))

    def _primary(self, given: dict[str, Any]) -> Iterator[Group]:
        rows = []
        for place, one in enumerate(given["learning"]):
            start = f"learning-{place}"
            names = [
                self._choice(f"{start}-subjects", _("Mọi môn từ mức"), one["subjects"], SUBJECTS),
                self._choice(f"{start}-traits", _("Phẩm chất, năng lực từ mức"), one["traits"], TRAITS),
                self._count(f"{start}-tests", _("Bài kiểm tra cuối năm từ"), one["tests"], 10),
            ]
            rows.append((name_of(self.rules.learning[place].level), names))
        head = [self.fields[name].label for name in rows[0][1]] if rows else []
        yield Group(_("Mức đánh giá cả năm"), head=head, rows=rows, hint=self._doubt("learning"))
        levels = [(one.value, name_of(one)) for one in PrimaryLearning]
        rest = [
            self._choice(
                "completed_from",
                _("Hoàn thành chương trình lớp học từ mức"),
                given["completed_from"],
                levels,
            ),
            self._count("most_test", _("Điểm kiểm tra cao nhất"), given["most_test"], 10),
        ]
        yield Group(_("Hoàn thành lớp học, điểm kiểm tra"), fields=rest)

    # -- what was given -----------------------------------------------------------------------------

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The groups with their bound fields, for the template."""
        return [
            {
                "title": one.title,
                "hint": one.hint,
                "head": one.head,
                "rows": [(label, [self[name] for name in names]) for label, names in one.rows],
                "fields": [self[name] for name in one.fields],
            }
            for one in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        document = self._document(data)
        if self.errors:
            return data
        try:
            data["rules"] = self._doubted(read_rules(document))
        except BadRules as refusal:
            for field, said in refusal.faults.items():
                name = ABOVE.get(field, field.replace(".", "-"))
                self.add_error(name if name in self.fields else None, said)
        return data

    def _doubted(self, rules: Rules) -> Rules:
        """What somebody has changed is no longer doubted, nor from which year it holds. By value: 5 is 5.0."""
        left = {
            key: how
            for key, how in rules.unsure.items()
            if key != "applies" and getattr(rules, key, None) == getattr(self.rules, key, None)
        }
        return rules.model_copy(update={"unsure": left})

    def _document(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The rules that one starts from, with what was changed put in its place."""
        found = json.loads(self.rules.model_dump_json())
        found.pop("most_absences", None)
        for name in ("legal_source", "title"):
            found[name] = data[name]
        if data.get("code"):
            found["code"] = data["code"]
        for name in self.fields:
            if "-" in name or name in found:
                self._put(found, name, data.get(name))
        if "regular_by_score" in found:
            found["regular_by_score"] = self._lines(data)
            found["both_failed_repeats"] = data["both_failed_repeats"] == "1"
        found["applies"] = self._applies(data)
        if data["is_checked"]:
            found["unsure"], found["confidence"] = {}, "V"
        return found

    @staticmethod
    def _put(found: Any, name: str, value: Any) -> None:
        *way, last = name.split("-")
        if way and way[0] in ("applies", "regular_by_score"):
            return
        for step in way:
            found = found[int(step) if step.isdecimal() else step]
        found[int(last) if last.isdecimal() else last] = _plain(value)

    def _lines(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        lines = []
        for place in range(MOST_LINES):
            pair = {key: data.get(f"regular_by_score-{place}-{key}") for key in ("from_periods", "number")}
            given = [value for value in pair.values() if value is not None]
            if len(given) == 1:
                self.add_error(f"regular_by_score-{place}-number", _t("Cần điền cả số tiết và số lần."))
            elif given:
                lines.append(pair)
        return lines

    def _applies(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        found = []
        for name in self.fields:
            if name.startswith("applies-") and data.get(name):
                _start, level, grade = name.split("-")
                found.append({"level": level, "grade": int(grade), "from_year": int(data[name])})
        return found


def _plain(value: Any) -> Any:
    """Numbers with a fraction as texts, as files of rules have them."""
    return value if isinstance(value, (int, str, bool)) or value is None else f"{value.normalize():f}"


class RulesFileForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp quy định (JSON)"),
        help_text=_("Như tệp tải về từ trang này. Nội dung được hiện ra để xem lại trước khi áp dụng."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> Rules:
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(_t("Tệp quá lớn: nhiều nhất %(n)d KB.") % {"n": MOST_BYTES // 1024})
        try:
            read = json.loads(given.read().decode("utf-8-sig"))
            if not isinstance(read, dict):
                raise ValueError
            return read_rules(read)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_t("Tệp không phải JSON của một quy định.")) from error
        except BadRules as refusal:
            lines = [f"{field}: {said}" for field, said in refusal.faults.items()]
            raise forms.ValidationError(lines) from refusal


MOST_BYTES = 256 * 1024
LEVELS = {
    "primary": _("Tiểu học"),
    "lower_secondary": _("Trung học cơ sở"),
    "upper_secondary": _("Trung học phổ thông"),
    "continuing": _("Giáo dục thường xuyên"),
}
SURE = {
    "V": _("đã đọc trong văn bản"),
    "V2": _("đọc qua tài liệu trích dẫn"),
    "M": _("theo trí nhớ, cần đối chiếu"),
    "I": _("suy ra, cần đối chiếu"),
}
