"""Pages of one thing: details, forms, deleting.

    class UnitDetail(DetailPage):
        right = "organization.read"
        def query(self, actor): return queries.units(actor)
        def fields(self, thing): return [(_("Mã"), thing.code), (_("Tên"), thing.name)]
        edit_url = "organization:unit-edit"; edit_right = "organization.write"

    class UnitEdit(EditPage):
        right = "organization.write"
        form_class = UnitForm                    # a plain Form; the action writes, not the form
        success_url = "organization:unit-detail"
        def query(self, actor): return queries.units(actor)
        def initial(self, thing): return {"name": thing.name}
        def act(self, by, thing, data): return update_unit(by=by, unit=thing, **data)

A Refused of the action becomes an error of the form (of the field in its `field=` detail), NotAllowed a 404.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.access import ActorPage


@dataclass(frozen=True)
class PageLink:
    """A button at the head of a page. `post` sends a form instead, after the question `confirm` if given."""

    label: Any
    url: str
    icon: str = ""
    tone: str = ""
    post: bool = False
    confirm: Any = ""


@dataclass(frozen=True)
class Tab:
    """A part of a detail page with an address of its own (?tab=key).

    context: called with the thing when the tab is open; its dict goes to `template`.
    """

    key: str
    label: Any
    template: str
    context: Any = None
    count: Any = ""
    extra: dict[str, Any] = field(default_factory=dict)


class RecordPage(ActorPage):
    """A page about one row of `query(actor)`; a row that is not there does not exist."""

    lookup: str = "pk"

    def query(self, actor: Actor) -> QuerySet[Any]:
        """Rows that the actor may open here."""
        raise NotImplementedError

    @cached_property
    def thing(self) -> Any:
        return get_object_or_404(self.query(self.actor), **{self.lookup: self.kwargs[self.lookup]})

    def get_title(self) -> Any:
        return self.title or str(self.thing)

    def url_of(self, name: str) -> str:
        """Address of another page of the same thing."""
        return reverse(name, kwargs=self.kwargs)


class DetailPage(RecordPage):
    """What is known of a thing, in tabs; the last tab is its history."""

    template_name = "pages/detail.html"
    edit_url: str = ""
    edit_right: str = ""
    delete_url: str = ""
    delete_right: str = ""
    has_history = False

    def fields(self, thing: Any) -> Sequence[tuple[Any, Any]]:
        """[(label, value)] of the first tab."""
        return []

    def tabs(self, thing: Any) -> Sequence[Tab]:
        """More tabs between the first one and the history."""
        return ()

    def links(self, thing: Any) -> Sequence[PageLink]:
        """More buttons, before those for editing and deleting."""
        return ()

    def opened(self, thing: Any) -> None:
        """Called when the page is shown. Override to record the reading of personal data."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        thing = self.thing
        self.opened(thing)
        tabs = [Tab("", _("Thông tin"), "pages/detail_fields.html", lambda t: {"fields": self.fields(t)})]
        tabs += self.tabs(thing)
        if self.has_history:
            tabs.append(Tab("history", _("Lịch sử"), "pages/detail_history.html", _history))
        wanted = request.GET.get("tab", "")
        current = next((tab for tab in tabs if tab.key == wanted), tabs[0])
        context = current.context(thing) if current.context else {}
        links = [(tab.label, f"?tab={tab.key}" if tab.key else request.path, tab.count) for tab in tabs]
        return render(
            request,
            self.template_name,
            {
                "thing": thing,
                "tabs": links if len(tabs) > 1 else [],
                "current": f"?tab={current.key}" if current.key else request.path,
                "tab_template": current.template,
                "links": self._links(thing),
                **self.frame(),
                **context,
            },
        )

    def _links(self, thing: Any) -> list[PageLink]:
        found = list(self.links(thing))
        if self.edit_url and (not self.edit_right or self.actor.can(self.edit_right)):
            found.append(PageLink(_("Sửa"), self.url_of(self.edit_url), "pencil"))
        if self.delete_url and (not self.delete_right or self.actor.can(self.delete_right)):
            found.append(PageLink(_("Xóa"), self.url_of(self.delete_url), "trash", tone="danger"))
        return found


def _history(thing: Any) -> dict[str, Any]:
    """Entries from the reader that settings name: the kit's rooms must not go in circles."""
    reader = getattr(settings, "HISTORY_READER", "")
    return {"history": import_string(reader)(thing) if reader else []}


class FormPage(ActorPage):
    """A form and the one action that it feeds."""

    template_name = "pages/form.html"
    form_class: type[forms.Form]
    submit_label: Any = gettext_lazy("Lưu")
    success_message: Any = gettext_lazy("Đã lưu.")
    success_url: str = ""

    def get_thing(self) -> Any:
        """What the form is about; None for something new."""
        return None

    def initial(self, thing: Any) -> dict[str, Any]:
        return {}

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        """More arguments of the form: choices that the actor has."""
        return {}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        """Call one action with the cleaned data; give back what it made or changed."""
        raise NotImplementedError

    def success(self, result: Any) -> str:
        """Where to go then. `success_url` gets the key of the result when its route wants one."""
        return reverse(self.success_url, kwargs=self.success_kwargs(result))

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return dict(self.kwargs)

    def cancel(self) -> str:
        """Where "Thôi" leads: the page above, unless a page knows better."""
        above = self.breadcrumbs()
        return str(above[-1][1]) if above else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        thing = self.get_thing()
        return self._show(self.form_class(initial=self.initial(thing), **self.form_kwargs(thing)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        thing = self.get_thing()
        form = self.form_class(
            request.POST, request.FILES, initial=self.initial(thing), **self.form_kwargs(thing)
        )
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            # A refusal takes back what the action had begun.
            with transaction.atomic():
                result = self.act(self.actor, thing, form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self._show(form, status=422)
        if self.success_message:
            messages.success(request, self.success_message)
        return HttpResponseRedirect(self.success(result))

    def _show(self, form: forms.Form, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "submit_label": self.submit_label,
            "cancel_url": self.cancel(),
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=status)


def refuse(form: forms.Form, error: Refused) -> None:
    """Say a refusal at the field that it names, else above the form."""
    name = error.details.get("field")
    form.add_error(name if isinstance(name, str) and name in form.fields else None, error.message)


class CreatePage(FormPage):
    """Something new. `success_url` is opened with the key of what the action gave back (`result_key`)."""

    submit_label = gettext_lazy("Tạo")
    success_message = gettext_lazy("Đã tạo.")
    result_key: str = "pk"

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        if not self.result_key:
            return dict(self.kwargs)
        return {**self.kwargs, self.result_key: getattr(result, self.result_key)}


class EditPage(FormPage, RecordPage):
    """A thing that is there is changed."""

    def get_thing(self) -> Any:
        return self.thing

    def get_title(self) -> Any:
        return self.title or _("Sửa: %(thing)s") % {"thing": self.thing}

    def cancel(self) -> str:
        if self.success_url:
            return reverse(self.success_url, kwargs=self.success_kwargs(self.thing))
        return super().cancel()


class DeletePage(RecordPage):
    """Asks once more, then calls the action."""

    template_name = "pages/confirm.html"
    question: Any = ""
    warning: Any = ""
    submit_label: Any = gettext_lazy("Xóa")
    success_message: Any = gettext_lazy("Đã xóa.")
    success_url: str = ""

    def act(self, by: Actor, thing: Any) -> Any:
        """Call one action."""
        raise NotImplementedError

    def success(self) -> str:
        return reverse(self.success_url)

    def get_title(self) -> Any:
        return self.title or _("Xóa: %(thing)s") % {"thing": self.thing}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return render(request, self.template_name, {"thing": self.thing, **self.frame()})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                self.act(self.actor, self.thing)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.path)
        if self.success_message:
            messages.success(request, self.success_message)
        return HttpResponseRedirect(self.success())
