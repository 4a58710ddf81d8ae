"""One dossier that holds two people made two: what belongs to whom is ticked, seen once more, done, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.journeys import split_person as journey
from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.types import Gender
from thongsuot.modules.registry.web.forms.fields import chosen, day, text
from thongsuot.modules.registry.web.reading import trace

RIGHT = "registry.match"
PARTS = {
    "spells": _("Quá trình học"),
    "contacts": _("Cha mẹ, người giám hộ"),
    "characteristics": _("Chính sách, sức khỏe"),
    "transfers": _("Chuyển trường"),
    "reports": _("Đề nghị sửa hồ sơ"),
}
FACTS = {
    "personal_id": _("Số định danh cá nhân"),
    "ministry_code": _("Mã định danh của Bộ"),
    "local_code": _("Mã của trường"),
    "phone": _("Điện thoại"),
    "email": _("Thư điện tử"),
    "birth_place": _("Nơi sinh"),
    "residence_address": _("Thường trú"),
    "current_address": _("Nơi ở hiện nay"),
}


def _spell(row: Any) -> str:
    ended = f"{row.left_on:%d/%m/%Y}" if row.left_on else _t("nay")
    name = row.school_class.name if row.school_class else _t("chưa xếp lớp")
    return f"{name}, {row.unit}: {row.entered_on:%d/%m/%Y} – {ended}"


def _characteristic(row: Any) -> str:
    # What it is, not which: the code may be sensitive, and the page serves to tell rows apart.
    return f"{row.get_kind_display()}, {_t('từ')} {row.valid_from:%d/%m/%Y}"


WORDS = {
    "spells": _spell,
    "contacts": lambda row: f"{row.get_relation_display()}: {row.full_name}",
    "characteristics": _characteristic,
    "transfers": lambda row: (
        f"{row.from_unit or row.from_name} → {row.to_unit or row.to_name}, {row.effective_on:%d/%m/%Y}"
    ),
    "reports": lambda row: f"{row.said[:80]} ({timezone.localtime(row.reported_at):%d/%m/%Y})",
}


class SplitForm(forms.Form):
    full_name = text(_("Họ và tên người kia"), 120, required=True)
    birth_date = day(_("Ngày sinh người kia"), required=False)
    gender = chosen(_("Giới tính người kia"), Gender.choices, required=False)
    moved = forms.MultipleChoiceField(
        label=_("Thông tin là của người kia"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = text(_("Lý do tách"), 300, required=True)

    def __init__(self, *args: Any, plan: Any, masked: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in PARTS.items():
            if plan.rows[name]:
                self.fields[name] = forms.MultipleChoiceField(
                    label=_t("%(part)s của người kia") % {"part": label},
                    required=name == "spells",
                    widget=forms.CheckboxSelectMultiple,
                    choices=[(str(row.pk), WORDS[name](row)) for row in plan.rows[name]],
                )
        moved: Any = self.fields["moved"]
        moved.choices = [(name, f"{FACTS[name]}: {masked[name]}") for name in plan.facts]
        if not plan.facts:
            del self.fields["moved"]
        self.order_fields(["full_name", "birth_date", "gender", *PARTS, "moved", "reason"])

    def parting(self) -> journey.Parting:
        data = self.cleaned_data
        facts = {name: data[name] for name in ("full_name", "birth_date", "gender")}
        keys: dict[str, Sequence[int]] = {
            name: [int(key) for key in data.get(name, [])] for name in PARTS if name in self.fields
        }
        return journey.Parting(facts, keys, tuple(data.get("moved", ())))

    def sides(self) -> list[tuple[Any, list[str], list[str]]]:
        """(part, what stays, what goes) for the second look."""
        found = []
        for name in (*PARTS, "moved"):
            if name not in self.fields:
                continue
            field: Any = self.fields[name]
            going = set(self.cleaned_data.get(name, []))
            stays = [label for key, label in field.choices if key not in going]
            goes = [label for key, label in field.choices if key in going]
            found.append((PARTS.get(name, _("Thông tin cá nhân")), stays, goes))
        return found


class SplitPage(ActorPage):
    """Two steps on one address: tick, then look at both sides and split."""

    right = RIGHT
    template_name = "portals/split.html"

    @cached_property
    def student(self) -> Any:
        found = get_object_or_404(queries.students(self.actor), public_id=self.kwargs["public_id"])
        if not self.actor.can(RIGHT, found.unit_id):
            raise Http404
        return found

    def get_title(self) -> Any:
        return _t("Tách hồ sơ: %(name)s") % {"name": self.student}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Học sinh"), reverse("registry:student-list")),
            (self.student, reverse("registry:student-detail", args=[self.student.public_id])),
        ]

    def _plan(self) -> Any:
        return journey.preview_split(by=self.actor, student=self.student)

    def _form(self, plan: Any, data: Any = None) -> SplitForm:
        masked = {name: str(getattr(self.student, name, "")) for name in FACTS}
        masked["personal_id"] = queries.shown_personal_id(self.student, full=False)
        initial = {"full_name": self.student.full_name, "gender": self.student.gender}
        return SplitForm(data, plan=plan, masked=masked, initial=initial)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        trace(request, self.student, _t("Mở trang tách hồ sơ"))
        try:
            plan = self._plan()
        except NotAllowed:
            raise
        except Refused as error:
            return self._show(None, said=[error.message])
        return self._show(self._form(plan), said=plan.conflicts)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            plan = self._plan()
        except NotAllowed:
            raise
        except Refused as error:
            return self._show(None, said=[error.message], status=422)
        form = self._form(plan, request.POST)
        if "back" in request.POST or not form.is_valid():
            return self._show(form, said=plan.conflicts, status=422 if form.errors else 200)
        if "do" not in request.POST:
            return self._look(form, plan)
        try:
            with transaction.atomic():
                split = self._split(form)
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self._show(form, said=plan.conflicts, status=422)
        messages.success(request, _t("Đã tách thành hai hồ sơ. Nếu nhầm, bấm “Gộp lại như cũ”."))
        return HttpResponseRedirect(reverse("split-detail", args=[self.student.public_id, split.pk]))

    def _split(self, form: SplitForm) -> Any:
        return journey.split_person(
            by=self.actor,
            student=self.student,
            parting=form.parting(),
            reason=form.cleaned_data["reason"],
            now=timezone.localtime(),
        )

    def _look(self, form: SplitForm, plan: Any) -> HttpResponseBase:
        """Split for real and take it back at once: every refusal is told before anything is shown as possible."""
        try:
            with transaction.atomic():
                self._split(form)
                transaction.set_rollback(True)
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self._show(form, said=plan.conflicts, status=422)
        return self._show(form, sides=form.sides())

    def _show(
        self,
        form: SplitForm | None,
        *,
        said: Sequence[str] = (),
        sides: Any = None,
        status: int = 200,
    ) -> HttpResponseBase:
        splits = queries.person_splits(self.actor, self.student)
        context = {
            "form": form, "said": said, "sides": sides, "student": self.student, "splits": splits, **self.frame(),
        }  # fmt: skip
        return render(self.request, self.template_name, context, status=status)


class SplitDetail(SplitPage):
    """A split that was made: both records, what went, and the way back."""

    template_name = "portals/split_done.html"

    @cached_property
    def split(self) -> Any:
        return get_object_or_404(queries.person_splits(self.actor, self.student), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        return _t("Lần tách hồ sơ: %(name)s") % {"name": self.student}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        split = self.split
        blocks = [] if split.undone_at else journey.what_blocks(by=self.actor, split=split)
        return render(request, self.template_name, {"split": split, "blocks": blocks, **self.frame()})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                journey.undo_split(by=self.actor, split=self.split, now=timezone.localtime())
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _t("Đã gộp lại như trước khi tách."))
        return HttpResponseRedirect(request.path)
