"""Pages of the room: choose a kind, upload, name the columns, look, apply, undo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.importing import actions, queries
from thongsuot.kit.importing.forms import ColumnsForm, UploadForm, initial_of
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.models import ImportRow, ImportRun
from thongsuot.kit.importing.registry import importer_of, importers_for
from thongsuot.kit.importing.rows import PLAIN
from thongsuot.kit.importing.source import sheets_of
from thongsuot.kit.importing.tables import RowFilter, RowTable, RunFilter, RunTable
from thongsuot.kit.importing.tasks import do_step
from thongsuot.kit.importing.types import ROW_TONES, WRITTEN, RowState, RunState
from thongsuot.kit.pages.access import ActorPage
from thongsuot.kit.pages.exporting import XLSX
from thongsuot.kit.pages.tables import Table
from thongsuot.kit.pages.views import EditPage, FormPage, ListPage, PageLink
from thongsuot.kit.text.vietnamese import fold

RUNS = "importing:run-list"
ROWS = "importing:row-list"


class RunList(ListPage):
    title = gettext_lazy("Nhập liệu từ tệp")
    table_class = RunTable
    filterset_class = RunFilter
    search_fields = ("file_name",)
    detail_url = ROWS
    detail_key = "public_id"
    empty_title = gettext_lazy("Chưa nhập tệp nào")
    empty_text = gettext_lazy(
        "Bấm “Nhập từ tệp”, chọn loại dữ liệu và tệp bảng tính. Hệ thống kiểm tra từng dòng trước, chỉ ghi khi "
        "anh/chị đồng ý, và hoàn tác được."
    )
    template_name = "importing/runs.html"

    def query(self, actor: Actor) -> QuerySet[ImportRun]:
        return queries.runs(actor)

    def extra_context(self) -> dict[str, Any]:
        return {"importers": importers_for(self.actor)}


class KindPage(ActorPage):
    """A page about one kind of file, named in the address."""

    @cached_property
    def importer(self) -> Importer:
        try:
            return importer_of(self.kwargs["kind"])
        except LookupError:
            raise Http404 from None

    def allowed(self, actor: Actor) -> bool:
        return self.importer.allowed(actor)


class Upload(KindPage, FormPage):
    form_class = UploadForm
    submit_label = gettext_lazy("Tải lên và đọc tiêu đề")
    success_message = ""
    template_name = "importing/upload.html"

    def get_title(self) -> str:
        return _("Nhập: %(title)s") % {"title": self.importer.title}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Nhập liệu từ tệp"), reverse(RUNS))]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"importer": self.importer, "actor": self.actor}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> ImportRun:
        answers = {name: value for name, value in data.items() if name != "file"}
        return actions.start_run(by=by, kind=self.importer.kind, upload=data["file"], options=answers)

    def success(self, result: ImportRun) -> str:
        return reverse("importing:columns", kwargs={"public_id": result.public_id})


class Template(KindPage):
    """An empty sheet to fill in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        name = f"mau-{fold(str(self.importer.title)).replace(' ', '-')}.xlsx"
        made = queries.template_file(self.importer)
        return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


class RunPage(ActorPage):
    """A page about one import of the actor's."""

    @cached_property
    def run(self) -> ImportRun:
        return get_object_or_404(queries.runs(self.actor), public_id=self.kwargs["public_id"])

    @cached_property
    def importer(self) -> Importer:
        try:
            return importer_of(self.run.kind).for_run(self.run.options)
        except LookupError:
            raise Http404 from None

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Nhập liệu từ tệp"), reverse(RUNS))]

    def rows_url(self) -> str:
        return reverse(ROWS, kwargs={"public_id": self.run.public_id})


class Columns(RunPage, EditPage):
    """Which column of the file is which of ours: guessed, and corrected by the user."""

    form_class = ColumnsForm
    submit_label = gettext_lazy("Kiểm tra các dòng")
    success_message = ""
    template_name = "importing/columns.html"

    def get_thing(self) -> ImportRun:
        return self.run

    def get_title(self) -> str:
        return _("Cột của tệp %(name)s") % {"name": self.run.file_name}

    def initial(self, thing: ImportRun) -> dict[str, Any]:
        return initial_of(thing)

    def form_kwargs(self, thing: ImportRun) -> dict[str, Any]:
        return {"run": thing, "importer": self.importer, "sheets": sheets_of(thing, self.importer)}

    def cancel(self) -> str:
        return reverse(RUNS)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = ColumnsForm(request.POST, initial=initial_of(self.run), **self.form_kwargs(self.run))
        # Moved: the heads that were offered are those of another row, so nothing else of the form counts.
        form.full_clean()
        if form.moved and not {"sheet", "header_row"} & set(form.errors):
            return self._move(form)
        return super().post(request, *args, **kwargs)

    def _move(self, form: forms.Form) -> HttpResponseBase:
        sheet, row = form.cleaned_data["sheet"], form.cleaned_data["header_row"] - 1
        try:
            actions.move_header(by=self.actor, run=self.run, sheet=sheet, row=row)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(self.request, error.message)
        return HttpResponseRedirect(self.request.path)

    def act(self, by: Actor, thing: ImportRun, data: dict[str, Any]) -> ImportRun:
        form = ColumnsForm(self.request.POST, initial=initial_of(thing), **self.form_kwargs(thing))
        form.full_clean()
        actions.map_columns(by=by, run=thing, mapping=form.mapping())
        do_step(by=by, run=thing, step="check")
        return thing

    def success(self, result: ImportRun) -> str:
        return self.rows_url()


class RowList(RunPage, ListPage):
    """What a file would do or has done, row by row."""

    table_class = RowTable
    filterset_class = RowFilter
    search_folded = ("key_fold",)
    template_name = "importing/rows.html"
    part_template_name = "pages/list_rows.html"

    def get_title(self) -> str:
        return self.run.file_name

    def query(self, actor: Actor) -> QuerySet[ImportRow]:
        return queries.rows_of_run(actor, self.run)

    def table(self, rows: Any, *, boxes: bool = False) -> Table:
        made = super().table(rows, boxes=boxes)
        made.labels = {column.key: str(column.label) for column in self.importer.columns}
        return made

    def links(self) -> Sequence[PageLink]:
        run, found = self.run, []
        if queries.is_busy(run):
            return ()
        has_file = run.file_id is not None
        if has_file and run.state in (RunState.UPLOADED, RunState.PLANNED):
            found.append(PageLink(_("Sửa cột"), self._url("columns"), "columns"))
        if has_file and run.counts.get(RowState.REJECTED.value):
            found.append(PageLink(_("Tải các dòng lỗi"), self._url("errors"), "file-spreadsheet"))
        if has_file and run.state == RunState.PLANNED and self._writes() and not self.importer.check_only:
            question = _("Ghi %(number)d dòng vào hệ thống?") % {"number": self._writes()}
            found.append(
                PageLink(_("Nhập vào hệ thống"), self._url("apply"), "check", "primary", True, question)
            )
        if run.state == RunState.APPLIED and self.importer.can_undo:
            question = _("Trả lại như trước khi nhập? Bản ghi đã bị sửa sau đó sẽ được giữ nguyên.")
            found.append(PageLink(_("Hoàn tác"), self._url("undo"), "arrow-back-up", "", True, question))
        return found

    def _writes(self) -> int:
        return sum(self.run.counts.get(state.value, 0) for state in WRITTEN)

    def _url(self, name: str) -> str:
        return reverse(f"importing:{name}", kwargs={"public_id": self.run.public_id})

    def extra_context(self) -> dict[str, Any]:
        run = self.run
        figures = [
            (state.label, run.counts.get(state.value, 0), f"?state={state.value}", ROW_TONES[state])
            for state in RowState
            if state in PLAIN or run.counts.get(state.value)
        ]
        return {
            "run": run,
            "busy": queries.is_busy(run),
            "figures": figures,
            "importer": self.importer,
            "parts": queries.partly_listed(run, self.importer),
            "file_is_gone": run.file_id is None,
        }


class Step(RunPage):
    """Apply or undo; then back to the rows."""

    step = ""
    done: Any = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            under_way = do_step(by=self.actor, run=self.run, step=self.step)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Đã giao cho máy xử lý nền.") if under_way else self.done)
        return HttpResponseRedirect(self.rows_url())


class Apply(Step):
    step, done = "apply", gettext_lazy("Đã nhập.")


class Undo(Step):
    step, done = "undo", gettext_lazy("Đã hoàn tác.")


class Errors(RunPage):
    """The rejected rows as a sheet to mend."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            made = queries.error_file(self.run, self.importer)
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.rows_url())
        name = f"loi-{self.run.file_name.rpartition('.')[0] or self.run.file_name}.xlsx"
        return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)
