"""The table of subjects of a paper transcript: a row a subject, prefilled from the programme, faults by row and field."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.text.vietnamese import fold

from .. import queries

PREFIX = "mon"
MOST_ROWS = 40
NAMES = ("name", "level", "mark", "remark")


class SubjectRow(forms.Form):
    """One subject. A row in which nothing but the name stands is a subject that the paper does not have."""

    name = forms.CharField(label=_("Môn học"), max_length=120, required=False)
    level = forms.CharField(label=_("Mức đạt được"), max_length=20, required=False)
    mark = forms.CharField(label=_("Điểm"), max_length=10, required=False)
    remark = forms.CharField(label=_("Nhận xét"), max_length=500, required=False)

    def __init__(self, *args: Any, grade: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grade = grade
        self.fields["level"].widget.attrs |= {"list": "muc-dat", "autocomplete": "off"}
        self.fields["mark"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        for name, field in self.fields.items():
            field.widget.attrs["data-cell"] = name

    @property
    def planned(self) -> Any:
        return queries.paper_subject(self.grade, str(self["name"].value() or ""))

    @property
    def kind_words(self) -> str:
        """How the subject is assessed, as far as the programme says."""
        if self.planned is None:
            return ""
        return _t("Điểm số") if self.planned.form == "score" else _t("Nhận xét")

    def clean_mark(self) -> Decimal | None:
        text = self.cleaned_data["mark"].strip()
        if not text:
            return None
        try:
            mark = Decimal(text.replace(",", "."))
        except ArithmeticError:
            mark = Decimal("NaN")
        if not mark.is_finite() or not 0 <= mark <= 10:
            raise forms.ValidationError(
                _("Điểm “%(text)s” không phải số từ 0 đến 10."), params={"text": text}
            )
        if mark != mark.quantize(Decimal("0.1")):
            raise forms.ValidationError(_("Điểm chỉ có một chữ số sau dấu phẩy."))
        return mark

    def clean_level(self) -> str:
        """The words of the circulars in force in their own letters; those of older ones as they stand on the paper."""
        text = self.cleaned_data["level"].strip()
        known = {one.casefold(): one for one in queries.paper_levels(self.grade)}
        return known.get(text.casefold(), text)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.is_left_out or self.errors:
            return data
        level, mark = data["level"], data["mark"]
        if not data["name"].strip():
            self.add_error("name", _("Thiếu tên môn."))
        elif not level and mark is None:
            self.add_error("level", _("Cần mức đạt được hoặc điểm."))
        elif self.planned is not None and not queries.is_primary(self.grade):
            if self.planned.form == "score" and mark is None:
                self.add_error("mark", _("Môn này đánh giá bằng điểm số: cần điểm cả năm."))
            if self.planned.form == "comment" and mark is not None:
                self.add_error("mark", _("Môn này đánh giá bằng nhận xét: ghi mức, không ghi điểm."))
        return data

    @property
    def is_left_out(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in ("level", "mark", "remark"))


class SubjectRows(forms.BaseFormSet):
    def clean(self) -> None:
        seen: set[str] = set()
        if any(self.errors):
            return
        for one in self.kept:
            name = fold(one.cleaned_data["name"])
            if name in seen:
                one.add_error("name", _("Môn này đã có ở dòng trên."))
            seen.add(name)
        if not seen:
            raise forms.ValidationError(_("Cần ít nhất một môn học."))

    @property
    def kept(self) -> list[SubjectRow]:
        return [one for one in self.forms if not one.is_left_out]

    @property
    def subjects(self) -> list[dict[str, Any]]:
        """What the action takes."""
        return [{name: one.cleaned_data[name] for name in NAMES} for one in self.kept]

    @property
    def is_complete(self) -> bool:
        """Valid, faults that were found between rows included."""
        return self.is_valid() and not any(one.errors for one in self.forms)


Rows: Any = forms.formset_factory(
    SubjectRow, formset=SubjectRows, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS + 1
)


def bound_rows(posted: Mapping[str, Any], grade: int) -> Any:
    return Rows(posted, prefix=PREFIX, form_kwargs={"grade": grade})


def rows_for(grade: int, typed: list[dict[str, str]] | None = None, *, more: int = 0) -> Any:
    """Rows of the programme's subjects of a grade, with what has been typed already: by its name where the grade has such a
    subject, else in a row of its own. more: empty rows at the end."""
    held = [one for one in typed or [] if _is_said(one)]
    rows = []
    for subject in queries.paper_subjects(grade):
        names = {fold(each) for each in subject.names}
        match = next((one for one in held if fold(one["name"]) in names), None)
        if match is not None:
            held.remove(match)
        rows.append(match or {"name": subject.name})
    rows += [*held, *({} for _one in range(more))]
    return Rows(initial=rows[:MOST_ROWS], prefix=PREFIX, form_kwargs={"grade": grade})


def _is_said(row: Mapping[str, str]) -> bool:
    """Has somebody written in this row? The name alone counts where no grade's programme has put it there."""
    if any(row[name].strip() for name in ("level", "mark", "remark")):
        return True
    name = row["name"].strip()
    return bool(name) and all(queries.paper_subject(grade, name) is None for grade in range(1, 13))


def typed_rows(posted: Mapping[str, Any]) -> list[dict[str, str]]:
    """What stands in the rows, whatever it is."""
    told = str(posted.get(f"{PREFIX}-TOTAL_FORMS", ""))
    number = min(int(told), MOST_ROWS) if told.isdecimal() and len(told) < 5 else 0
    return [
        {name: str(posted.get(f"{PREFIX}-{place}-{name}", ""))[:500] for name in NAMES}
        for place in range(number)
    ]
