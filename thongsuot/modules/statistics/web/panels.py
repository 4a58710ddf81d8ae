"""Parts of a dashboard: each a table, most with a chart of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.indicators.types import PERCENT, Figure, Indicator, Source, UnitNode
from thongsuot.modules.organization.types import EducationLevel
from thongsuot.modules.registry.types import GradeLevel, RoomBuild, RoomKind

from ..queries import dashboards as data
from ..queries.reported import sources

NOTHING = Decimal(0)
SEXES = ("male", "female")
# The grades of a level in the order in which a child goes through them: the groups of preschool come first.
GRADES = (*range(13, 19), *range(1, 13))
LAST_OF_LEVEL = {18, 5, 9, 12}


@dataclass(frozen=True)
class Line:
    """A line of the table; the first cell opens `url`."""

    cells: Sequence[Any]
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """figure: drawn by the page's chart (kit.pages). drawing: a kind that only dashboards draw (map, pyramid, flow)."""

    code: str
    title: str
    header: Sequence[str]
    lines: Sequence[Line]
    note: str = ""
    figure: dict[str, Any] | None = None
    drawing: dict[str, Any] | None = None
    unit: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def opened(code: str, unit_id: int) -> str:
    """Where a figure is opened: its definition, the units below, its rows."""
    return reverse("indicators:unit", args=[code, unit_id])


def grade_word(grade: Any) -> str:
    return str(GradeLevel(grade).label) if grade in GradeLevel.values else _("Chưa rõ")


def short(name: str) -> str:
    """A commune by its name, not as the committee that it is."""
    return name.removeprefix("Ủy ban nhân dân ").removeprefix("UBND ")


def number(value: Decimal | None) -> int | float | None:
    """As charts and files take it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def mean(top: Decimal, below: Decimal) -> Decimal | None:
    return (top / below).quantize(Decimal("0.01"), ROUND_HALF_UP) if below else None


def bars(
    title: str, unit: str, categories: Sequence[str], *series: tuple[str, Sequence[Any], str]
) -> dict[str, Any]:
    return {
        "title": title,
        "kind": "bar",
        "unit": unit,
        "categories": list(categories),
        "series": [{"name": name, "data": list(values), "tone": tone} for name, values, tone in series],
    }


def trend_panel(found: data.KeyFigure, node: UnitNode) -> Panel | None:
    """What the figure was through the year; nothing where it has been kept for one day only."""
    if len(found.trend) < 2:
        return None
    name = str(found.indicator.name)
    points = found.trend
    figure = bars(name, found.indicator.unit, [f"{day:%d/%m/%Y}" for day, _figure in points],
                  (name, [number(one.value) for _day, one in points], "info"))  # fmt: skip
    figure["kind"] = "line"
    sources = source_of_days(found.indicator, [day for day, _figure in points])
    lines = [
        Line(
            (f"{day:%d/%m/%Y}", one.value, source),
            f"{opened(found.indicator.code, node.id)}?ngay={day:%Y-%m-%d}",
        )
        for (day, one), source in zip(points, sources, strict=True)
    ]
    changed = _("Nguồn số liệu đã đổi trong kỳ: xem cột “Nguồn”.") if len(set(sources)) > 1 else ""
    header = [_("Ngày"), _("Giá trị"), _("Nguồn")]
    return Panel("dien-bien", _("Diễn biến: %s") % name, header, lines, changed, figure=figure)


def source_of_days(indicator: Indicator, days: Sequence[date]) -> list[str]:
    """Whether the figure of each day was computed or reported: a series goes on when its source changes."""
    spells = sources(indicator.code)
    found = []
    for day in days:
        before = [kind for since, kind in spells if since <= day]
        kind = before[-1] if before else spells[0][1] if spells else indicator.kind
        found.append(str(Source(kind).label))
    return found


def below_panel(rows: list[tuple[UnitNode, Figure]], indicator: Indicator) -> Panel:
    lines = [
        Line(
            (short(one.name), figure.value, figure.numerator, figure.denominator),
            opened(indicator.code, one.id),
        )
        for one, figure in rows
    ]
    shown = [(short(one.name), number(figure.value)) for one, figure in rows if figure.value][:30]
    figure = bars(str(indicator.name), indicator.unit, [name for name, _value in shown],
                  (str(indicator.name), [value for _name, value in shown], "info"))  # fmt: skip
    figure["kind"] = "hbar"
    figure["tall"] = len(shown) > 10
    note = _("Biểu đồ vẽ 30 đơn vị đầu; bảng có tất cả.") if len(lines) > 30 else ""
    return Panel("so-sanh", str(indicator.name), [_("Đơn vị"), _("Giá trị"), _("Tử số"), _("Mẫu số")], lines,
                 figure=figure if shown else None, note=note, unit=indicator.unit)  # fmt: skip


def similar_panel(found: data.Compared, indicator: Indicator) -> Panel:
    lines = [
        Line(
            (
                f"{_number(one.low)} – {_number(one.high)}",
                one.count,
                _("Trường mình") if one.holds_own else "",
            )
        )
        for one in found.spread
    ]
    names = [str(line.cells[0]) for line in lines]
    own = [one.count if one.holds_own else None for one in found.spread]
    others = [None if one.holds_own else one.count for one in found.spread]
    title = str(indicator.name)
    figure = bars(title, _("trường"), names, (_("Các trường tương tự"), others, "quiet"),
                  (_("Khoảng có trường mình"), own, "info"))  # fmt: skip
    figure["kind"] = "stacked"
    note = _("Cùng cấp học, loại hình và nhóm quy mô. Không nêu tên trường khác.")
    if not found.spread:
        note = _("Có quá ít trường cùng cấp học, loại hình và quy mô để so sánh (%d trường).") % found.like
    if found.place is not None:
        place = found.place
        said = {"place": place.place, "of": place.of, "median": _number(place.median),
                "lower": _number(place.lower), "upper": _number(place.upper), "own": found.own.value}  # fmt: skip
        words = _("Trường: %(own)s, đứng thứ %(place)d trong %(of)d trường tương tự; trung vị %(median)s, "
                  "một nửa số trường nằm trong khoảng %(lower)s – %(upper)s.")  # fmt: skip
        note = f"{words % said} {note}"
    return Panel(
        "tuong-tu", title, [_("Khoảng giá trị"), _("Số trường"), ""], lines, note, figure if lines else None
    )


def apart_panel(rows: list[data.Apart]) -> Panel:
    lines = []
    for row in rows:
        level = ", ".join(str(EducationLevel(one).label) for one in row.level.split(",") if one)
        way = _("cao hơn hẳn") if row.outlier.z > 0 else _("thấp hơn hẳn")
        said = {"way": way, "median": _number(row.outlier.median), "level": level}
        why = _("%(way)s mức giữa %(median)s của các trường %(level)s") % said
        lines.append(Line((row.name, str(row.indicator.name), row.figure.value, _number(row.outlier.median),
                           row.outlier.z, why), opened(row.indicator.code, row.unit_id)))  # fmt: skip
    header = [_("Trường"), _("Chỉ số"), _("Giá trị"), _("Mức giữa"), _("Độ lệch (z)"), _("Vì sao")]
    limit = data.settings_of_pages()["outlier_limit"]
    note = _("So với mọi trường cùng cấp học trong tỉnh; z bền vững = (giá trị − trung vị) / (1,4826 × trung vị của "
             "độ lệch tuyệt đối), nêu khi |z| ≥ %(z)s và có ít nhất %(least)d trường.")  # fmt: skip
    said = {"z": str(limit["z"]).replace(".", ","), "least": limit["least_schools"]}
    return Panel("bat-thuong", _("Khác thường so với trường cùng cấp"), header, lines, note % said)


def pupil_panels(node: UnitNode) -> list[Panel]:
    found = data.cells_of(
        node, "pupils:age,sex", "pupils:grade,sex", "ends:grade,result", "gone:grade", "moved:grade"
    )
    url = opened("registry.pupils", node.id)
    ages = sorted({at[0] for at in found["pupils:age,sex"] if at[0] is not None})
    return [
        _pyramid("thap-tuoi", _("Tháp tuổi và giới tính"), _("Tuổi"), found["pupils:age,sex"], ages, str, url),
        _pyramid("thap-khoi", _("Theo khối và giới tính"), _("Khối"), found["pupils:grade,sex"], GRADES, grade_word, url),
        _flow(found, node),
    ]  # fmt: skip


def _pyramid(
    code: str, title: str, name: str, cells: dict[Any, Decimal], keys: Sequence[Any], word: Any, url: str
) -> Panel:
    keys = [key for key in keys if any((key, sex) in cells for sex in (*SEXES, None))]
    male = [number(cells.get((key, "male"), NOTHING)) for key in keys]
    female = [number(cells.get((key, "female"), NOTHING)) for key in keys]
    unknown = [number(cells.get((key, None), NOTHING)) for key in keys]
    lines = [
        Line((word(key), *numbers), url) for key, *numbers in zip(keys, male, female, unknown, strict=True)
    ]
    drawing = {
        "kind": "pyramid", "title": title, "categories": [word(key) for key in keys],
        "series": [{"name": _("Nam"), "data": male}, {"name": _("Nữ"), "data": female}],
    }  # fmt: skip
    header = [name, _("Nam"), _("Nữ"), _("Chưa rõ")]
    return Panel(code, title, header, lines, drawing=drawing if lines else None, unit=_("học sinh, trẻ"))


def _flow(found: dict[str, dict[Any, Decimal]], node: UnitNode) -> Panel:
    """Where the pupils of last year's grades are now, and who has left since. What leads nowhere is not known."""
    before, now = _("%s (năm trước)"), _("%s (năm nay)")
    done, nowhere = _("Hoàn thành cấp học"), _("Chưa rõ")
    links: list[tuple[str, str, str, Decimal]] = []
    for grade in GRADES:
        for result, word in (
            ("promoted", _("Lên lớp")),
            ("retained", _("Ở lại lớp")),
            ("completed", done),
            (None, nowhere),
        ):
            count = found["ends:grade,result"].get((grade, result), NOTHING)
            if count:
                to = _next(grade, result)
                links.append((before % grade_word(grade), now % grade_word(to) if to else word, word, count))
    for grade in GRADES:
        for code, word in (("gone:grade", _("Thôi học")), ("moved:grade", _("Chuyển đi"))):
            count = found[code].get((grade,), NOTHING)
            if count:
                links.append((now % grade_word(grade), word, word, count))
    names = list(dict.fromkeys(name for start, end, _word, _count in links for name in (start, end)))
    drawing: dict[str, Any] = {
        "kind": "flow", "title": _("Luồng học sinh giữa hai năm học"), "nodes": names,
        "links": [{"source": start, "target": end, "value": number(count)} for start, end, _word, count in links],
    }  # fmt: skip
    url = opened("registry.promotion_rate", node.id)
    lines = [Line((start, word, end, number(count)), url) for start, end, word, count in links]
    return Panel("luong", drawing["title"], [_("Từ"), _("Kết quả"), _("Đến"), _("Số học sinh")], lines,
                 _("Năm học đã kết thúc gần nhất và năm học này đến hôm nay."),
                 drawing=drawing if links else None)  # fmt: skip


def _next(grade: int, result: str | None) -> int | None:
    if result == "retained":
        return grade
    if result != "promoted":
        return None
    return {18: 1, 12: None}.get(grade, grade + 1)


def class_panels(node: UnitNode) -> list[Panel]:
    found = data.cells_of(
        node, "classes:grade", "class-pupils:grade", "crowded:grade", "classes:level", "teachers:level",
        "rooms:kind,build", "equipment:kind",
    )  # fmt: skip
    return [_class_size(found, node), _teachers(found, node), _rooms(found, node), _facilities(node)]


def _class_size(found: dict[str, dict[Any, Decimal]], node: UnitNode) -> Panel:
    most = data.norms("si_so_lop_toi_da")
    lines, names, means, limits = [], [], [], []
    for grade in GRADES:
        classes = found["classes:grade"].get((grade,), NOTHING)
        if not classes:
            continue
        size = mean(found["class-pupils:grade"].get((grade,), NOTHING), classes)
        crowded = found["crowded:grade"].get((grade,), NOTHING)
        limit = most.get(str(grade))
        names.append(grade_word(grade))
        means.append(number(size))
        limits.append(number(limit))
        cells = (grade_word(grade), number(classes), number(size), number(limit), number(crowded))
        lines.append(Line(cells, opened("registry.pupils_per_class", node.id)))
    title = _("Sĩ số bình quân một lớp")
    figure = bars(
        title, _("học sinh/lớp"), names, (_("Bình quân"), means, "info"), (_("Tối đa"), limits, "quiet")
    )
    header = [_("Khối"), _("Số lớp"), _("Bình quân"), _("Tối đa"), _("Lớp vượt")]
    note = _("Sĩ số tối đa: danh mục “si_so_lop_toi_da”, sửa được.")
    return Panel("si-so", title, header, lines, note, figure if lines else None)


def _teachers(found: dict[str, dict[Any, Decimal]], node: UnitNode) -> Panel:
    norm = data.norms("dinh_muc_giao_vien_lop")
    lines, names, have, should = [], [], [], []
    for level in EducationLevel:
        classes = found["classes:level"].get((level.value,), NOTHING)
        teachers = found["teachers:level"].get((level.value,), NOTHING)
        if not classes:
            continue
        each, wanted = mean(teachers, classes), norm.get(level.value)
        lacking = (
            None if wanted is None else (wanted * classes - teachers).quantize(Decimal(1), ROUND_HALF_UP)
        )
        names.append(str(level.label))
        have.append(number(each))
        should.append(number(wanted))
        cells = (
            str(level.label),
            number(classes),
            number(teachers),
            number(each),
            number(wanted),
            number(lacking),
        )
        lines.append(Line(cells, opened("registry.teachers_per_class", node.id)))
    title = _("Giáo viên trên lớp so với định mức")
    figure = bars(
        title, _("giáo viên/lớp"), names, (_("Hiện có"), have, "info"), (_("Định mức"), should, "quiet")
    )
    header = [_("Cấp học"), _("Số lớp"), _("Giáo viên"), _("Trên lớp"), _("Định mức"), _("Thiếu so định mức")]
    note = _("Định mức: danh mục “dinh_muc_giao_vien_lop”, cần kiểm tra lại, sửa được. Số âm là thừa.")
    return Panel("giao-vien", title, header, lines, note, figure if lines else None)


def _rooms(found: dict[str, dict[Any, Decimal]], node: UnitNode) -> Panel:
    cells = found["rooms:kind,build"]
    kinds = [one for one in RoomKind if any(at[0] == one.value for at in cells)]
    builds = [one for one in RoomBuild if any(at[1] == one.value for at in cells)]
    url = opened("registry.classrooms", node.id)
    table = {kind: [number(cells.get((kind.value, one.value), NOTHING)) for one in builds] for kind in kinds}
    title = _("Phòng theo loại và kết cấu")
    figure = bars(title, _("phòng"), [str(kind.label) for kind in kinds],
                  *((str(one.label), [table[kind][at] for kind in kinds], tone)
                    for at, (one, tone) in enumerate(zip(builds, ("ok", "info", "warn", "bad", "quiet"), strict=False))))  # fmt: skip
    figure["kind"] = "hstacked"
    lines = [Line((str(kind.label), *table[kind]), url) for kind in kinds]
    header = [_("Loại phòng"), *(str(one.label) for one in builds)]
    return Panel("phong", title, header, lines, figure=figure if lines else None)


def _facilities(node: UnitNode) -> Panel:
    lines = [
        Line(
            (str(one.name), figure.value, one.unit, figure.numerator, figure.denominator),
            opened(one.code, node.id),
        )
        for one, figure in data.figures(node, data.chosen("facilities"))
    ]
    header = [_("Chỉ số"), _("Giá trị"), _("Đơn vị tính"), _("Tử số"), _("Mẫu số")]
    return Panel("co-so", _("Cơ sở vật chất"), header, lines)


def map_panel(indicator: Indicator, province: str, unit_id: int) -> Panel:
    rows = data.map_figures(indicator)
    lines = [
        Line(
            (short(node.name), figure.value, figure.numerator, figure.denominator),
            opened(indicator.code, node.id),
        )
        for _code, node, figure in rows
    ]
    drawing = {
        "kind": "map", "title": str(indicator.name), "unit": indicator.unit,
        "source": reverse("statistics:boundaries", args=[province]) if province else "", "reversed": indicator.direction == "lower",
        "percent": indicator.unit == PERCENT, "none": _("chưa có"),
        "low": _("Thấp"), "high": _("Cao"),
        "data": [{"name": code, "label": short(node.name), "value": number(figure.value)} for code, node, figure in rows],
    }  # fmt: skip
    header = [_("Xã, phường"), _("Giá trị"), _("Tử số"), _("Mẫu số")]
    return Panel("ban-do", str(indicator.name), header, lines, _("Ranh giới chỉ để vẽ, theo dữ liệu tháng 3/2026."),
                 drawing=drawing if rows and province else None, unit=indicator.unit)  # fmt: skip


def _number(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")
