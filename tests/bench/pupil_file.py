"""A province's pupils as one workbook, written fast: the cells are put together by Polars, not one by one."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import polars as pl

HEAD = {
    "stt": "STT",
    "school": "Mã trường",
    "klass": "Mã lớp",
    "code": "Mã học sinh",
    "name": "Họ tên",
    "born": "Ngày sinh",
    "gender": "Giới tính",
    "state": "Trạng thái HS",
    "since": "Ngày nhập\ntrạng thái",
    "ethnicity": "Dân tộc",
    "disability": "Loại khuyết tật",
    "personal_id": "Số định danh cá nhân",
    "religion": "Tôn giáo",
    "nationality": "Quốc tịch",
    "birth_place": "Nơi sinh",
    "home": "Quê quán",
    "commune": "Mã xã thường trú",
    "address": "Địa chỉ thường trú",
    "now": "Chỗ ở hiện nay",
    "phone": "SĐT",
    "policy": "Diện chính sách",
    "poverty": "Hộ nghèo",
    "boarding": "Bán trú",
}
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi", "Y", "Hồ", "Đinh", "Vũ", "Võ")
MIDDLE = ("Thị", "Văn", "Minh", "Thu", "Đức", "Ngọc", "Hải", "Khánh", "Gia", "Bảo", "Quốc", "Thị Thu")
GIVEN = ("An", "Bình", "Hòa", "Thủy", "Đạt", "Khôi", "Niê", "Huy", "Lan", "Mai", "Tú", "Vy", "Yến", "Phúc")
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pupils(number: int, schools: list[str], year: int, *, seed: int = 7) -> pl.DataFrame:
    """Columns of text under HEAD: every code differs; one in a hundred has a disability, one in ten a policy."""
    place = pl.int_range(number, eager=True).alias("place").to_frame()
    turn = pl.col("place")
    school = (turn * len(schools) // number).clip(0, len(schools) - 1)
    mixed = turn.hash(seed)

    def of(words: tuple[str, ...], salt: int) -> pl.Expr:
        return (mixed // salt % len(words)).cast(pl.Int64).replace_strict(dict(enumerate(words)))

    born = pl.lit(date(year - 6, 1, 1)) + pl.duration(days=(mixed // 11 % 365).cast(pl.Int64))
    text = pl.col("place").cast(pl.String)
    street = pl.concat_str(pl.lit("Thôn "), (mixed // 3 % 40).cast(pl.String), pl.lit(", xã Thử Nghiệm"))
    rare = pl.when(turn % 100 == 3).then(pl.lit("Nhìn"))
    return place.select(
        stt=(turn + 1).cast(pl.String),
        school=school.replace_strict(dict(enumerate(schools))),
        klass=pl.concat_str(pl.lit("1A"), (turn // 30 % 15 + 1).cast(pl.String)),
        code=pl.concat_str(pl.lit("51"), text.str.zfill(8)),
        name=pl.concat_str(of(FAMILY, 3), of(MIDDLE, 41), of(GIVEN, 977), separator=" "),
        born=born.dt.to_string("%d/%m/%Y"),
        gender=of(("Nam", "Nữ"), 5),
        state=pl.lit("Đang học"),
        since=pl.lit(f"05/09/{year}"),
        ethnicity=of(("Kinh", "Kinh", "Kinh", "Ba-na", "Ê-đê"), 13),
        disability=rare,
        personal_id=pl.concat_str(pl.lit("051220"), text.str.zfill(6)),
        religion=of(("Không", "Không", "Phật giáo", "Công giáo"), 17),
        nationality=pl.lit("Việt Nam"),
        birth_place=of(("Trung tâm Y tế huyện", "Bệnh viện Đa khoa tỉnh"), 19),
        home=street,
        commune=(mixed // 23 % 900 + 20000).cast(pl.String),
        address=street,
        now=street,
        phone=pl.concat_str(pl.lit("09"), text.str.zfill(8)),
        policy=pl.when(turn % 10 == 1).then(pl.lit("Hộ nghèo")),
        poverty=pl.when(turn % 10 == 1).then(pl.lit("Hộ nghèo")),
        boarding=pl.when(turn % 4 == 0).then(pl.lit("x")),
    )


def workbook(frame: pl.DataFrame) -> bytes:
    """The frame as an xlsx under HEAD, every cell a shared string, as spreadsheet programs save it."""
    texts = pl.concat([frame[name].rename("t") for name in frame.columns]).drop_nulls().unique()
    heads = pl.Series("t", [HEAD[name] for name in frame.columns])
    shared = pl.concat([heads, texts.filter(~texts.is_in(heads.implode()))])
    known = shared.to_frame("t").with_row_index("i")
    number = (pl.int_range(frame.height, eager=True) + 2).cast(pl.String).alias("r")
    cells = pl.DataFrame([number])
    for place, name in enumerate(frame.columns):
        index = (
            frame.select(t=name).join(known, on="t", how="left", maintain_order="left")["i"].cast(pl.String)
        )
        letter = chr(65 + place)
        cell = pl.concat_str(
            pl.lit(f'<c r="{letter}'), pl.col("r"), pl.lit('" t="s"><v>'), index, pl.lit("</v></c>")
        )
        cells = cells.with_columns(cell.fill_null("").alias(name))
    rows = cells.select(
        pl.concat_str(pl.lit('<row r="'), pl.col("r"), pl.lit('">'), *frame.columns, pl.lit("</row>"))
    ).to_series()
    first = "".join(f'<c r="{chr(65 + n)}1" t="s"><v>{n}</v></c>' for n in range(frame.width))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in _PARTS.items():
            book.writestr(name, text)
        with book.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{NAMESPACE}">'.encode())
            for piece in shared.to_frame("t").iter_slices(50_000):
                part.write("".join(f"<si><t>{text}</t></si>" for text in piece["t"]).encode())
            part.write(b"</sst>")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(
                f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{NAMESPACE}"><sheetData>'.encode()
            )
            part.write(f'<row r="1">{first}</row>'.encode())
            for start in range(0, len(rows), 50_000):
                part.write("".join(rows[start : start + 50_000]).encode())
            part.write(b"</sheetData></worksheet>")
    return out.getvalue()


_PARTS = {
    "[Content_Types].xml": (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{NAMESPACE}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
        f'Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
}
