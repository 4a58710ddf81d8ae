"""Correcting a form by page: name, unit and confidence of each row, the tolerance, or the whole of it as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Refused
from thongsuot.kit.indicators.types import Confidence

from ..actions.forms import correct_form
from ..domain.form import Form, with_rows
from ..permissions import MANAGE
from ..queries.forms import form_versions
from .forms import OfForm

FIELDS = ("name", "unit", "confidence")


class FormEdit(OfForm):
    right = MANAGE

    def get_title(self) -> Any:
        return _("Sửa biểu %(code)s") % {"code": self.form.code}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            data = self._data()
            made = correct_form(
                by=self.actor,
                form=self._seen(),
                data=data,
                reason=request.POST.get("reason", ""),
                now=timezone.now(),
            )
        except Refused as error:
            return self._page(error.message)
        said = _("Đã lưu phiên bản %(number)s. Các báo cáo đã lập giữ phiên bản cũ.")
        messages.success(request, said % {"number": made.number})
        return HttpResponseRedirect(reverse("statistics:form", args=[self.form.slug]))

    def _seen(self) -> Form:
        """The version that stood on the page that was filled in."""
        number = self.request.POST.get("version", "")
        found = next((one for one in form_versions(self.form.code) if str(one.version) == number), None)
        return found or self.form

    def _data(self) -> dict[str, Any]:
        text = self.request.POST.get("data", "").strip()
        if text:
            try:
                data = json.loads(text)
            except ValueError as error:
                raise Refused(_("Nội dung không phải JSON: %(why)s") % {"why": error}) from error
            if not isinstance(data, dict):
                raise Refused(_("Nội dung phải là một đối tượng JSON."))
            return data
        changes: dict[str, dict[str, Any]] = {}
        for code, row in self.form.rows.items():
            for field in FIELDS:
                given = self.request.POST.get(f"{code}-{field}")
                if given is not None and given.strip() != getattr(row, field):
                    changes.setdefault(code, {})[field] = given.strip()
        return with_rows(self.form, changes)

    def _page(self, error: str = "") -> HttpResponseBase:
        given = self.request.POST
        context = {
            "form": self.form,
            "error": error,
            "sections": [
                (
                    section,
                    [
                        {
                            "row": row,
                            **{name: given.get(f"{row.code}-{name}", getattr(row, name)) for name in FIELDS},
                        }
                        for row in section.rows
                    ],
                )
                for section in self.form.sections
            ],
            "confidences": Confidence.choices,
            "reason": given.get("reason", ""),
            "data": given.get("data", ""),
            "current": json.dumps(self.form.data, ensure_ascii=False, indent=1),
            "versions": form_versions(self.form.code),
            **self.frame(),
        }
        return render(self.request, "statistics/form_edit.html", context, status=422 if error else 200)
