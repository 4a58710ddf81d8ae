"""Lists of the room: imports, and the rows of one import."""

from __future__ import annotations

from typing import Any

import django_filters
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.importing.models import ImportRow, ImportRun
from thongsuot.kit.importing.registry import importer_of, importers_for
from thongsuot.kit.importing.types import ROW_TONES, RUN_TONES, RowState, RunState
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table


def badge(label: object, tone: str) -> str:
    return render_to_string("components/badge.html", {"label": label, "tone_class": f"ts-tone-{tone}"})


def title_of(kind: str) -> str:
    try:
        return str(importer_of(kind).title)
    except LookupError:
        return kind


class RunTable(Table):
    file_name = Column(verbose_name=gettext_lazy("tên tệp"))
    kind = Column(verbose_name=gettext_lazy("loại dữ liệu"))
    state = Column(verbose_name=gettext_lazy("trạng thái"), orderable=False)
    counts = Column(verbose_name=gettext_lazy("kết quả"), orderable=False)
    created_at = DateTimeColumn(verbose_name=gettext_lazy("tải lên lúc"))

    def value_kind(self, value: str) -> str:
        return title_of(value)

    render_kind = value_kind

    def render_state(self, record: ImportRun) -> str:
        return badge(record.get_state_display(), RUN_TONES[RunState(record.state)])

    def value_state(self, record: ImportRun) -> str:
        return record.get_state_display()

    def value_counts(self, value: dict[str, int]) -> str:
        said = [f"{state.label}: {value[state.value]}" for state in RowState if value.get(state.value)]
        return ", ".join(said) or _("%(rows)d dòng") % {"rows": value.get("rows", 0)}

    render_counts = value_counts


class RunFilter(FilterSet):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Loại dữ liệu"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("Trạng thái"), choices=RunState.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(i.kind, i.title) for i in importers_for(self.actor)]


class RowTable(Table):
    number = Column(verbose_name=gettext_lazy("dòng"))
    state = Column(verbose_name=gettext_lazy("kết quả"))
    key = Column(verbose_name=gettext_lazy("bản ghi"), orderable=False)
    texts = Column(verbose_name=gettext_lazy("nội dung"), orderable=False)
    errors = Column(verbose_name=gettext_lazy("lỗi"), orderable=False, empty_values=(None, ""))

    def __init__(self, *args: Any, labels: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = labels or {}

    def render_number(self, record: ImportRow) -> str:
        # Those not in the file stand behind its last row.
        return "–" if record.state == RowState.MISSING else str(record.number)

    value_number = render_number

    def render_state(self, record: ImportRow) -> str:
        return badge(record.get_state_display(), ROW_TONES[RowState(record.state)])

    def value_state(self, record: ImportRow) -> str:
        return record.get_state_display()

    def render_texts(self, record: ImportRow) -> str:
        return render_to_string("importing/row_texts.html", {"pairs": self._pairs(record), "row": record})

    def value_texts(self, record: ImportRow) -> str:
        said = [
            f"{label}: {f'{old} → ' if old else ''}{new}" for label, new, old, _differs in self._pairs(record)
        ]
        return "; ".join(said)

    def render_errors(self, value: list[dict[str, str]]) -> str:
        return render_to_string("importing/row_errors.html", {"errors": value}) if value else "–"

    def value_errors(self, value: list[dict[str, str]]) -> str:
        return "; ".join(f"{error['label']}: {error['reason']}".lstrip(": ") for error in value)

    def _pairs(self, record: ImportRow) -> list[tuple[str, str, str, bool]]:
        """(label, new, old, whether it differs); of a changed row only what differs."""
        changed = record.state in (RowState.CHANGED, RowState.MOVED)
        # JSON keeps no order: as the importer names its columns.
        keys = [*(key for key in self.labels if key in record.texts), *(record.texts.keys() - self.labels)]
        return [
            (self.labels.get(key, key), new, old, key in record.before)
            for key, (new, old) in ((key, record.texts[key]) for key in keys)
            if (key in record.before if changed else new)
        ]


class RowFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("Kết quả"), choices=RowState.choices)
