"""Forms of the room: the upload, and which column of the file is which of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import text_of
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.reading import Sheet

PREFIX = "col_"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp dữ liệu"),
        help_text=gettext_lazy(
            "Bảng tính .xlsx, .ods hoặc .csv. Tiêu đề cột đứng ở đâu trong 20 dòng đầu cũng được."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt"}),
    )

    def __init__(
        self, *args: Any, importer: Importer | None = None, actor: Actor | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if importer is not None and actor is not None:
            self.fields.update(importer.questions(actor))


class ColumnsForm(forms.Form):
    """One choice for each column of the importer; the choices are the heads of the file."""

    sheet = forms.ChoiceField(label=gettext_lazy("Trang tính"))
    header_row = forms.IntegerField(label=gettext_lazy("Dòng tiêu đề"), min_value=1)

    def __init__(
        self, *args: Any, run: ImportRun, importer: Importer, sheets: Sequence[Sheet], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.importer, self.run = importer, run
        self.fields["sheet"].choices = [(sheet.name, sheet.name) for sheet in sheets]  # type: ignore[attr-defined]
        heads = [(str(place), label) for place, label in enumerate(run.labels) if label]
        sheet = next((sheet for sheet in sheets if sheet.name == run.sheet), sheets[0])
        body = sheet.rows[run.header_row + run.header_depth :][:50]
        for column in importer.columns:
            places = run.mapping.get(column.key, [])
            choices = [("", _("(không có trong tệp)")), *heads]
            if len(places) > 1:
                joined = " / ".join(run.labels[place] for place in places)
                choices.insert(1, (",".join(map(str, places)), joined))
            self.fields[PREFIX + column.key] = forms.ChoiceField(
                label=column.label,
                choices=choices,
                required=column.required,
                help_text=_example(body, places) or column.help,
            )

    @property
    def where(self) -> list[forms.BoundField]:
        return [self["sheet"], self["header_row"]]

    @property
    def shown(self) -> list[forms.BoundField]:
        """Columns that were found in the file, must be, or are said wrongly."""
        return [field for field in self._columns() if self._is_shown(field)]

    @property
    def others(self) -> list[forms.BoundField]:
        return [field for field in self._columns() if not self._is_shown(field)]

    def _columns(self) -> list[forms.BoundField]:
        return [self[PREFIX + column.key] for column in self.importer.columns]

    def _is_shown(self, field: forms.BoundField) -> bool:
        return bool(field.value() or field.field.required or field.errors)

    @property
    def unread(self) -> list[str]:
        """Heads of the file under which nothing is read."""
        read = {place for places in self.run.mapping.values() for place in places}
        return [label for place, label in enumerate(self.run.labels) if label and place not in read]

    @property
    def moved(self) -> bool:
        """Whether the head was said to be elsewhere."""
        return bool({"sheet", "header_row"} & set(self.changed_data))

    def mapping(self) -> dict[str, list[int]]:
        chosen = {
            column.key: self.cleaned_data.get(PREFIX + column.key, "") for column in self.importer.columns
        }
        return {key: [int(place) for place in said.split(",")] for key, said in chosen.items() if said}


def initial_of(run: ImportRun) -> dict[str, Any]:
    columns = {PREFIX + key: ",".join(map(str, places)) for key, places in run.mapping.items()}
    return {"sheet": run.sheet, "header_row": run.header_row + 1, **columns}


def _example(body: Sequence[Sequence[Any]], places: Sequence[int]) -> str:
    for row in body:
        said = "/".join(text_of(row[place]) for place in places if place < len(row))
        if said.strip("/"):
            return _("Ví dụ: %(text)s") % {"text": said[:60]}
    return ""
