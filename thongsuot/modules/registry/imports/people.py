"""Pupils, staff and year results: read in frames, written by statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.bulk import BulkImporter, Table
from thongsuot.kit.importing.columns import Column
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.progress import Tells

from ..domain.layouts import Layout, LayoutColumn
from . import asking
from .columns import column_of, layout


@lru_cache(maxsize=16)
def _columns(code: str, kept: str) -> tuple[Column, ...]:
    """Columns of a layout; what nobody needs is not read at all (Luật 91/2025/QH15: no more data than the purpose
    asks for). kept: "none", "name" or "full" of what files say of parents."""

    def is_kept(column: LayoutColumn) -> bool:
        of_contact = column.key.split("_")[0] in ("father", "mother", "guardian")
        return not (column.minimised and kept != "full") and not (of_contact and kept == "none")

    return tuple(column_of(one) for one in layout(code).columns if is_kept(one))


class PeopleImporter(BulkImporter):
    """A file of people in a layout of the ministry's."""

    right = asking.EDIT
    layout_code = ""

    @cached_property
    def layout(self) -> Layout:
        return layout(self.layout_code)

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        return _columns(self.layout_code, settings.REGISTRY_KEEP_CONTACTS)

    def allowed(self, actor: Actor) -> bool:
        return asking.may_import(actor)

    def questions(self, actor: Actor) -> dict[str, forms.Field]:
        return asking.questions(actor)

    def options(self, data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        return asking.options(data, actor)

    def check(self, run: ImportRun, table: Table, by: Actor, progress: Tells) -> dict[str, int]:
        return self._bring(run, table, by, progress, apply=False)

    def carry_out(self, run: ImportRun, table: Table, by: Actor, progress: Tells) -> dict[str, int]:
        return self._bring(run, table, by, progress, apply=True)

    def _bring(
        self, run: ImportRun, table: Table, by: Actor, progress: Tells, *, apply: bool
    ) -> dict[str, int]:
        raise NotImplementedError

    def _staged(self, run: ImportRun, table: Table, by: Actor) -> Any:
        # Polars takes its time to load: not when the program starts.
        from thongsuot.kit.importing.vectors import clean

        from ..actions.importing import Staged

        columns = self.columns
        return Staged(
            cleaned=clean(table.raw, columns, by),
            asked=asking.asked(run.options, by),
            raw=table.raw,
            labels={column.key: str(column.label) for column in columns},
            passed=table.passed,
            last_row=table.last_row,
        )


class StudentImporter(PeopleImporter):
    kind, title, layout_code = "registry.students", gettext_lazy("Học sinh"), "student"
    help = gettext_lazy(
        "Học sinh được nhận ra theo mã định danh của Bộ, số định danh cá nhân, mã của trường, rồi họ tên, ngày sinh, "
        "giới tính. Ô trống thì giữ nguyên; học sinh không có trong tệp chỉ được liệt kê, không bị xóa."
    )

    def questions(self, actor: Actor) -> dict[str, forms.Field]:
        make = forms.BooleanField(
            label=gettext_lazy("Tạo lớp còn thiếu theo tên lớp trong tệp"), required=False
        )
        return {**super().questions(actor), "make_classes": make}

    def _bring(
        self, run: ImportRun, table: Table, by: Actor, progress: Tells, *, apply: bool
    ) -> dict[str, int]:
        from ..actions.importing import bring_students

        staged = self._staged(run, table, by)
        return bring_students(
            by=by,
            run=run,
            importer=self,
            staged=staged,
            layout=self.layout,
            apply=apply,
            progress=progress,
        )

    def take_back(self, run: ImportRun, by: Actor, progress: Tells) -> tuple[int, int]:
        from ..actions.importing import take_back
        from ..bulk.undoing import STUDENT_PARTS

        return take_back(by=by, run=run, asked=asking.asked(run.options, by), parts=STUDENT_PARTS)


class StaffImporter(PeopleImporter):
    kind, title, layout_code = "registry.staff", gettext_lazy("Cán bộ, giáo viên"), "staff"
    help = gettext_lazy(
        "Người được nhận ra theo mã định danh của Bộ, số định danh cá nhân, mã của trường, rồi họ tên, ngày sinh, "
        "giới tính. Ô trống thì giữ nguyên; người không có trong tệp chỉ được liệt kê, không bị xóa."
    )

    def _bring(
        self, run: ImportRun, table: Table, by: Actor, progress: Tells, *, apply: bool
    ) -> dict[str, int]:
        from ..actions.importing import bring_staff

        staged = self._staged(run, table, by)
        return bring_staff(
            by=by,
            run=run,
            importer=self,
            staged=staged,
            layout=self.layout,
            apply=apply,
            progress=progress,
        )

    def take_back(self, run: ImportRun, by: Actor, progress: Tells) -> tuple[int, int]:
        from ..actions.importing import take_back
        from ..bulk.undoing import STAFF_PARTS

        return take_back(by=by, run=run, asked=asking.asked(run.options, by), parts=STAFF_PARTS)


class ResultImporter(PeopleImporter):
    kind, title, layout_code = "registry.results", gettext_lazy("Kết quả năm học"), "result"
    help = gettext_lazy(
        "Kết quả cả năm của từng em: học tập, rèn luyện, lên lớp, số ngày nghỉ, khen thưởng. Chỉ nhận học sinh có hồ sơ "
        "tại trường. Ô trống thì giữ nguyên; em không có trong tệp thì không đổi. Điểm từng môn không được đọc: sổ điểm "
        "giữ điểm."
    )

    def questions(self, actor: Actor) -> dict[str, forms.Field]:
        return asking.questions(actor, effective=False)

    def _bring(
        self, run: ImportRun, table: Table, by: Actor, progress: Tells, *, apply: bool
    ) -> dict[str, int]:
        from ..actions.importing import bring_results

        staged = self._staged(run, table, by)
        return bring_results(
            by=by,
            run=run,
            importer=self,
            staged=staged,
            layout=self.layout,
            apply=apply,
            progress=progress,
        )

    def take_back(self, run: ImportRun, by: Actor, progress: Tells) -> tuple[int, int]:
        from ..actions.importing import take_back
        from ..bulk.undoing import RESULT_PARTS

        return take_back(by=by, run=run, asked=asking.asked(run.options, by), parts=RESULT_PARTS)
