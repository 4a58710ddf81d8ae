"""Rules about rooms, equipment and Internet lines in use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from thongsuot.modules.quality.types import Dataset, ErrorGroup, Rule, Severity, Word

from ..models import Equipment, InternetLine, Room
from ..types import Condition, RoomBuild, RoomKind
from . import sources
from .expressions import blank, filled
from .lazily import pl
from .reading import at_units, copy_frame, scope
from .words import found_by, labels_of, page_of

Loader = Callable[[Collection[int] | None, date], "pl.DataFrame"]
BASE = {
    "id": ("t.id", "int"),
    "unit_id": ("t.unit_id", "int"),
    "name": ("t.name", "text"),
    "same_name": ("count(*) over (partition by t.unit_id, t.site_id, lower(t.name)) - 1", "int"),
    "valid_from": ("t.valid_from", "date"),
}
ROOM_COLUMNS = {
    **BASE,
    "kind": ("t.kind", "text"),
    "build": ("t.build", "text"),
    "condition": ("t.condition", "text"),
    "area": ("t.area::float8", "float"),
    "built_year": ("t.built_year", "int"),
    "capacity": ("t.capacity", "int"),
}
EQUIPMENT_COLUMNS = {
    **BASE,
    "kind": ("t.kind", "text"),
    "measure": ("t.measure", "text"),
    "quantity": ("t.quantity", "int"),
    "needed": ("t.needed", "int"),
    "broken": ("t.broken", "int"),
    "is_connected": ("t.is_connected::int", "bool"),
}
LINE_COLUMNS = {
    **BASE,
    "provider": ("t.provider", "text"),
    "technology": ("t.technology", "text"),
    "bandwidth": ("t.bandwidth", "int"),
}


def _loader(table: str, columns: Mapping[str, tuple[str, str]]) -> Loader:
    picked = ", ".join(expression for expression, _ in columns.values())
    kinds = {name: kind for name, (_, kind) in columns.items()}

    def load(unit_ids: Collection[int] | None, today: date) -> pl.DataFrame:
        sql = (
            f"select {picked} from {table} t where t.valid_from <= %(today)s"  # noqa: S608 - own names
            f" and (t.valid_to is null or t.valid_to >= %(today)s) and {at_units('t.unit_id', unit_ids)}"
        )
        return copy_frame(sql, scope(unit_ids, today), kinds)

    return load


room = partial(Rule, dataset="room", severity=Severity.WARNING, source=sources.FACILITIES)
is_classroom: dict[str, Any] = {"applies": lambda p: pl.col("kind") == "classroom"}
ROOM_RULES = (
    room(
        code="room.name.twice",
        field="name",
        title=_("Hai phòng cùng tên"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        message=_("Ở cùng điểm trường có phòng khác cùng tên."),
        repair=_("Đổi tên, hoặc xóa dòng nhập hai lần."),
        fails=lambda p: pl.col("same_name") > 0,
    ),
    room(
        code="room.kind.code",
        field="kind",
        title=_("Loại phòng, kết cấu, tình trạng không có trong danh mục"),
        group=ErrorGroup.REFERENCE,
        word=Word.CLEAN,
        severity=Severity.ERROR,
        message=_(
            "Loại phòng, kết cấu hoặc tình trạng không có trong danh mục: tổng các loại sẽ không bằng tổng số phòng."
        ),
        repair=_("Chọn lại từ danh sách."),
        fails=lambda p: (
            ~pl.col("kind").is_in(RoomKind.values)
            | ~pl.col("build").is_in(RoomBuild.values)
            | ~pl.col("condition").is_in(Condition.values)
        ),
        sla_days=5,
    ),
    room(
        code="room.area.missing",
        field="area",
        title=_("Phòng học chưa ghi diện tích"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Phòng học chưa ghi diện tích."),
        repair=_("Đo, ghi diện tích (m²)."),
        fails=lambda p: pl.col("area").is_null(),
        **is_classroom,
    ),
    room(
        code="room.area.range",
        field="area",
        title=_("Diện tích phòng bất thường"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        message=_("Diện tích phòng học quá nhỏ hoặc quá lớn."),
        repair=_("Kiểm tra đơn vị đo (m²) và dấu phẩy; giải trình nếu đúng."),
        fails=lambda p: ~pl.col("area").is_between(p["least"], p["most"]),
        applies=lambda p: (pl.col("kind") == "classroom") & pl.col("area").is_not_null(),
        parameters={"least": 15, "most": 200},
        labels={"least": _("Nhỏ nhất (m²)"), "most": _("Lớn nhất (m²)")},
    ),
    room(
        code="room.capacity.missing",
        field="capacity",
        title=_("Phòng học chưa ghi số chỗ"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Phòng học chưa ghi số chỗ ngồi."),
        repair=_("Ghi số chỗ ngồi."),
        fails=lambda p: pl.col("capacity").is_null(),
        weight=Decimal("0.5"),
        **is_classroom,
    ),
    room(
        code="room.capacity.area",
        field="capacity",
        title=_("Số chỗ không hợp với diện tích"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Diện tích chia cho số chỗ nhỏ hơn mức tối thiểu."),
        repair=_("Kiểm tra diện tích và số chỗ."),
        fails=lambda p: pl.col("area") * 100 < pl.col("capacity") * p["least"],
        applies=lambda p: (
            (pl.col("kind") == "classroom") & pl.col("area").is_not_null() & (pl.col("capacity") > 0)
        ),
        parameters={"least": 100},
        labels={"least": _("Diện tích ít nhất một chỗ (phần trăm m²)")},
        confidence="M",
    ),
    room(
        code="room.built_year.range",
        field="built_year",
        title=_("Năm xây bất thường"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        severity=Severity.ERROR,
        message=_("Năm xây ở tương lai hoặc quá xa."),
        repair=_("Sửa năm xây."),
        fails=lambda p: ~pl.col("built_year").is_between(p["earliest"], p.today.year),
        applies=lambda p: pl.col("built_year").is_not_null(),
        parameters={"earliest": 1900},
        labels={"earliest": _("Năm sớm nhất")},
    ),
    room(
        code="room.built_year.since",
        field="built_year",
        title=_("Dùng trước khi xây"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Năm xây sau năm bắt đầu có phòng."),
        repair=_("Sửa năm xây hoặc ngày bắt đầu."),
        fails=lambda p: pl.col("built_year") > pl.col("valid_from").dt.year(),
        applies=lambda p: pl.col("built_year").is_not_null(),
        weight=Decimal("0.5"),
    ),
)
thing = partial(Rule, dataset="equipment", severity=Severity.WARNING, source=sources.EQUIPMENT)
EQUIPMENT_RULES = (
    thing(
        code="equipment.name.twice",
        field="name",
        title=_("Hai dòng thiết bị cùng tên"),
        group=ErrorGroup.DUPLICATE,
        word=Word.CLEAN,
        message=_("Ở cùng điểm trường có dòng khác cùng tên thiết bị."),
        repair=_("Gộp thành một dòng với tổng số lượng."),
        fails=lambda p: pl.col("same_name") > 0,
    ),
    thing(
        code="equipment.measure.missing",
        field="measure",
        title=_("Thiết bị chưa ghi đơn vị tính"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Chưa ghi đơn vị tính (chiếc, bộ)."),
        repair=_("Ghi đơn vị tính theo danh mục."),
        fails=lambda p: blank("measure"),
        weight=Decimal("0.5"),
    ),
    thing(
        code="equipment.quantity.zero",
        field="quantity",
        title=_("Số lượng bằng không"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        message=_("Dòng thiết bị có số lượng bằng 0 mà không ghi số cần theo định mức."),
        repair=_("Ghi số lượng, hoặc ghi ngày kết thúc nếu không còn."),
        fails=lambda p: (pl.col("quantity") == 0) & pl.col("needed").is_null(),
    ),
    thing(
        code="equipment.needed.missing",
        field="needed",
        title=_("Chưa ghi số cần theo định mức"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Thiết bị dạy học tối thiểu chưa ghi số cần có theo định mức."),
        repair=_("Ghi số cần có theo danh mục thiết bị dạy học tối thiểu."),
        fails=lambda p: pl.col("needed").is_null(),
        applies=lambda p: pl.col("kind") == "teaching",
    ),
    thing(
        code="equipment.needed.excess",
        field="needed",
        title=_("Hiện có vượt xa số cần"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        message=_("Số hiện có gấp nhiều lần số cần: có thể nhập thừa chữ số."),
        repair=_("Kiểm tra số lượng; giải trình nếu đúng."),
        fails=lambda p: pl.col("quantity") > pl.col("needed") * p["times"],
        applies=lambda p: pl.col("needed") > 0,
        parameters={"times": 5},
        labels={"times": _("Gấp bao nhiêu lần số cần")},
    ),
    thing(
        code="equipment.broken.share",
        field="broken",
        title=_("Phần lớn thiết bị đã hỏng"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        message=_("Tỷ lệ hỏng của dòng thiết bị này quá cao mà chưa thanh lý."),
        repair=_("Kiểm tra số liệu; thanh lý, ghi ngày kết thúc; giải trình nếu chờ sửa."),
        fails=lambda p: pl.col("broken") * 100 > pl.col("quantity") * p["percent"],
        applies=lambda p: pl.col("quantity") > 0,
        parameters={"percent": 50},
        labels={"percent": _("Quá bao nhiêu phần trăm")},
    ),
    thing(
        code="equipment.is_connected.smart",
        field="is_connected",
        title=_("Thiết bị thông minh không nối mạng"),
        group=ErrorGroup.CONTRADICTION,
        word=Word.CONSISTENT,
        message=_("Thiết bị thông minh, máy tính bảng ghi là không nối mạng."),
        repair=_("Đánh dấu nối mạng nếu đúng; giải trình nếu dùng ngoại tuyến."),
        fails=lambda p: ~pl.col("is_connected"),
        applies=lambda p: pl.col("kind") == "smart_device",
        weight=Decimal("0.5"),
    ),
)
line = partial(Rule, dataset="line", severity=Severity.WARNING, source=sources.DIGITAL)
LINE_RULES = (
    line(
        code="line.bandwidth.missing",
        field="bandwidth",
        title=_("Đường truyền chưa ghi băng thông"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Chưa ghi băng thông của đường truyền."),
        repair=_("Ghi băng thông theo hợp đồng (Mbps)."),
        fails=lambda p: pl.col("bandwidth").is_null(),
    ),
    line(
        code="line.bandwidth.range",
        field="bandwidth",
        title=_("Băng thông bất thường"),
        group=ErrorGroup.OUT_OF_RANGE,
        word=Word.ACCURATE,
        message=_("Băng thông quá nhỏ hoặc quá lớn: có thể nhầm đơn vị (Kbps, Gbps)."),
        repair=_("Ghi lại theo Mbps; giải trình nếu đúng."),
        fails=lambda p: ~pl.col("bandwidth").is_between(p["least"], p["most"]),
        applies=lambda p: pl.col("bandwidth").is_not_null(),
        parameters={"least": 10, "most": 10_000},
        labels={"least": _("Nhỏ nhất (Mbps)"), "most": _("Lớn nhất (Mbps)")},
    ),
    line(
        code="line.provider.missing",
        field="provider",
        title=_("Đường truyền chưa ghi nhà cung cấp, loại kết nối"),
        group=ErrorGroup.MISSING,
        word=Word.COMPLETE,
        message=_("Chưa ghi nhà cung cấp hoặc loại kết nối."),
        repair=_("Ghi nhà cung cấp và loại kết nối (cáp quang, 4G, vệ tinh)."),
        fails=lambda p: ~(filled("provider") & filled("technology")),
        weight=Decimal("0.5"),
    ),
)
DATASETS = (
    (
        Dataset(
            code="room",
            name=_("Phòng"),
            load=_loader("registry_room", ROOM_COLUMNS),
            labels_of=labels_of(Room, "name"),
            url_of=page_of(Room, "registry:thing-detail", kind="room"),
            fields={
                "name": _("Tên"),
                "kind": _("Loại, kết cấu, tình trạng"),
                "area": _("Diện tích"),
                "capacity": _("Số chỗ"),
                "built_year": _("Năm xây"),
            },
            find=found_by(Room, "name"),
        ),
        ROOM_RULES,
    ),
    (
        Dataset(
            code="equipment",
            name=_("Thiết bị"),
            load=_loader("registry_equipment", EQUIPMENT_COLUMNS),
            labels_of=labels_of(Equipment, "name"),
            url_of=page_of(Equipment, "registry:thing-detail", kind="equipment"),
            fields={
                "name": _("Tên"),
                "measure": _("Đơn vị tính"),
                "quantity": _("Hiện có"),
                "needed": _("Cần theo định mức"),
                "broken": _("Hỏng"),
                "is_connected": _("Nối mạng"),
            },
            find=found_by(Equipment, "name"),
        ),
        EQUIPMENT_RULES,
    ),
    (
        Dataset(
            code="line",
            name=_("Đường truyền Internet"),
            load=_loader("registry_internetline", LINE_COLUMNS),
            labels_of=labels_of(InternetLine, "name"),
            url_of=page_of(InternetLine, "registry:thing-detail", kind="line"),
            fields={"bandwidth": _("Băng thông"), "provider": _("Nhà cung cấp, loại kết nối")},
            find=found_by(InternetLine, "name"),
        ),
        LINE_RULES,
    ),
)
