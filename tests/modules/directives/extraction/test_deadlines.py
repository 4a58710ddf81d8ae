"""Time cells and clauses as offices word them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.extraction.deadlines import KINDS, find_deadline, parse_deadline

CELLS = [
    ("Trước ngày 31/3/2026", "date", "2026-03-31"),
    ("Chậm nhất ngày 5 tháng 4 năm 2026", "date", "2026-04-05"),
    ("15.6.2026", "date", "2026-06-15"),
    ("30-9-2026", "date", "2026-09-30"),
    ("Trước 15/4", "date", "2026-04-15"),
    ("trong tháng 4 năm 2026", "month", "2026-04-30"),
    ("tháng 4/2026", "month", "2026-04-30"),
    ("04/2026", "month", "2026-04-30"),
    ("T4/2026", "month", "2026-04-30"),
    ("Tháng 02/2028", "month", "2028-02-29"),
    ("Tháng 3-5/2026", "month", "2026-05-31"),
    ("tháng 3, 4/2026", "month", "2026-04-30"),
    ("Từ tháng 3/2026 đến tháng 5/2026", "month", "2026-05-31"),
    ("Tháng 12", "month", "2026-12-31"),
    ("Quý III/2025", "quarter", "2025-09-30"),
    ("Quý III /2025", "quarter", "2025-09-30"),
    ("quý 3 năm 2025", "quarter", "2025-09-30"),
    ("Quý I, II/2026", "quarter", "2026-06-30"),
    ("Quý IV", "quarter", "2026-12-31"),
    ("6 tháng đầu năm", "date", "2026-06-30"),
    ("6 tháng cuối năm 2026", "date", "2026-12-31"),
    ("hết năm 2026", "date", "2026-12-31"),
    ("năm 2026", "date", "2026-12-31"),
    ("2026-2030", "date", "2030-12-31"),
    ("Hè 2026", "date", "2026-08-31"),
    ("Giai đoạn 2026 - 2030", "date", "2030-12-31"),
    ("năm học 2025-2026", "school-year", None),
    ("Năm học 2025 – 2026 và các năm tiếp theo", "school-year", None),
    ("học kỳ I", "school-year", None),
    ("Cuối năm học", "school-year", None),
    ("hằng tháng", "recurring", None),
    ("định kỳ hằng quý", "recurring", None),
    ("trước ngày 15 hằng tháng", "recurring", None),
    ("Ngày 10 tháng 10 hàng năm", "recurring", None),
    ("2 lần/năm", "recurring", None),
    ("Thường xuyên", "ongoing", None),
    ("Thường xuyên, hằng năm", "ongoing", None),
    ("Sau khi Thủ tướng Chính phủ phê duyệt Đề án", "event", None),
    ("theo tiến độ", "event", None),
    ("Ngay sau khi ban hành", "event", None),
    ("Theo Kế hoạch của Bộ", "event", None),
    ("Theo quy định", "event", None),
    ("Xong trước khai giảng năm học 2026-2027", "event", None),
    ("Trước kỳ họp cuối năm của HĐND", "event", None),
    ("Ngày 20 của tháng cuối quý", "recurring", None),
    ("Trước 30/6 hằng năm", "recurring", None),
    ("06 tháng đầu năm", "date", "2026-06-30"),
    ("30/9", "date", "2026-09-30"),
    ("Trong vòng 10 ngày kể từ ngày ban hành", "event", None),
    ("Đợt 1: 15/3/2026; đợt 2: 30/6/2026", "date", "2026-06-30"),
    ("Từ ngày 01/3/2026 đến 15/4/2026", "date", "2026-04-15"),
    ("Hội nghị quán triệt hoàn thành Quý III /2025; và tổ chức thường xuyên", "quarter", "2025-09-30"),
    (
        'Tiếp tục triển khai Kế hoạch số 1469/KH-UBND ngày 17/5/2022; điều chỉnh khi "Đề án 2026-2030" '
        "được ban hành",
        "event",
        None,
    ),
    ("", "none", None),
    (None, "none", None),
    ("31/02/2026", "none", None),
    ("Phòng Tổ chức cán bộ", "none", None),
]


@pytest.mark.parametrize(("raw", "kind", "date"), CELLS)
def test_cells(raw: str | None, kind: str, date: str | None) -> None:
    found = parse_deadline(raw, today_year=2026)
    assert (found.kind, found.date and found.date.isoformat()) == (kind, date)


PROSE = [
    ("Gửi báo cáo về Sở trước ngày 10 tháng 01 năm 2026.", "date", "2026-01-10"),
    ("Hoàn thành trong tháng 10 năm 2025.", "month", "2025-10-31"),
    ("Hoàn thành trước 17 giờ 00 ngày 05/5/2026.", "date", "2026-05-05"),
    ("Triển khai Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị.", "none", None),
    ("Tổng kết Đề án “Tăng cường ứng dụng giai đoạn 2022 - 2025, định hướng đến năm 2030”.", "none", None),
    ("Thường xuyên rà soát, khắc phục nguy cơ.", "ongoing", None),
    (
        "Đẩy mạnh đánh giá thường xuyên bằng hình thức trực tuyến; đánh giá định kỳ trên máy tính.",
        "none",
        None,
    ),
    ("Phát triển giáo dục thường xuyên.", "none", None),
    ("Tổ chức kiểm tra (có thể lồng ghép vào kế hoạch kiểm tra hàng năm).", "none", None),
    ("Hưởng ứng Ngày Chuyển đổi số vào ngày 10 tháng 10 hàng năm.", "recurring", None),
    ("Báo cáo định kỳ hằng quý kết quả thực hiện.", "recurring", None),
    ("Chủ động hướng dẫn triển khai nhiệm vụ năm học 2025 - 2026.", "school-year", None),
    ("Bắt đầu từ năm học 2025-2026 tại các trường.", "none", None),
    ("Thực hiện trong giai đoạn 2026-2030.", "date", "2030-12-31"),
    ("Nộp hồ sơ trước 16h ngày thứ Sáu, 20/11/2026.", "date", "2026-11-20"),
    ("Nộp báo cáo trong 05 ngày kể từ ngày kết thúc học kỳ.", "event", None),
    ("Bố trí đủ giáo viên xong trước khai giảng năm học 2026-2027.", "event", None),
    ("Vận động quà tặng xong trước Tết Nguyên đán.", "event", None),
    ("Bảo đảm giáo viên được bồi dưỡng trong học kỳ I.", "school-year", None),
    ("Niêm yết tại bảng tin trong suốt năm học.", "ongoing", None),
    ("Lấy ý kiến của cha mẹ học sinh trước khi ban hành.", "none", None),
    ("Công khai theo quy định của pháp luật.", "none", None),
    ("Phấn đấu hoàn thành trong năm 2026.", "date", "2026-12-31"),
    ("Báo cáo về Sở trước ngày 15/12/2025 và 31/5/2026.", "date", "2026-05-31"),
]


@pytest.mark.parametrize(("text", "kind", "date"), PROSE)
def test_prose(text: str, kind: str, date: str | None) -> None:
    found = find_deadline(text)
    assert (found.kind, found.date and found.date.isoformat()) == (kind, date)


def test_an_event_before_a_date_is_kept_beside_it() -> None:
    found = find_deadline(
        "Tổ chức sơ kết sau khi kết thúc học kỳ 1 và gửi về Sở trước ngày 20 tháng 01 năm 2026."
    )
    assert found.date == dt.date(2026, 1, 20)
    assert found.event is not None
    assert found.event.startswith("sau khi kết thúc học kỳ 1")
    assert found.bound == "before"


WORDS = st.lists(
    st.sampled_from(
        [
            "trước",
            "ngày",
            "31/3/2026",
            "Quý",
            "III",
            "quý",
            "4",
            "/",
            ",",
            "-",
            ";",
            "tháng",
            "13",
            "tháng",
            "0",
            "năm",
            "2026",
            "202",
            "hằng",
            "năm",
            "định",
            "kỳ",
            "thường",
            "xuyên",
            "sau",
            "khi",
            "99/99/2026",
            "học",
            "kỳ",
            "I",
            "năm",
            "học",
            "2025-2026",
            "6",
            "tháng",
            "đầu",
            "“",
            "”",
            "(",
            ")",
            "đến",
            "từ",
            "chậm",
            "nhất",
            "29/02/2027",
            "T5/2026",
            "đợt",
            "1:",
        ]
    ),
    max_size=12,
).map(" ".join)


@given(st.one_of(st.text(max_size=80), WORDS), st.one_of(st.none(), st.integers(1990, 2100)))
def test_any_text_gives_an_answer(text: str, year: int | None) -> None:
    for found in (parse_deadline(text, today_year=year), find_deadline(text, year=year)):
        assert found.kind in KINDS
        assert (found.date is not None) == (found.kind in ("date", "month", "quarter"))
        assert found.as_json()["kind"] == found.kind


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(
        [
            "{d}/{m}/{y}",
            "{d:02}/{m:02}/{y}",
            "ngày {d} tháng {m} năm {y}",
            "Trước ngày {d}-{m}-{y}",
            "{d}.{m}.{y}",
        ]
    ),
)
def test_a_day_that_is_written_is_the_day(day: dt.date, form: str) -> None:
    assert parse_deadline(form.format(d=day.day, m=day.month, y=day.year)).date == day


@given(st.integers(1, 12), st.integers(2000, 2099))
def test_a_month_ends_on_its_last_day_and_in_its_quarter(month: int, year: int) -> None:
    found = parse_deadline(f"Tháng {month}/{year}").date
    quarter = parse_deadline(f"Quý {['I', 'II', 'III', 'IV'][(month - 1) // 3]}/{year}").date
    assert found is not None
    assert quarter is not None
    assert (found + dt.timedelta(days=1)).day == 1
    assert found.month == month
    assert quarter >= found
    assert parse_deadline(f"năm {year}").date == dt.date(year, 12, 31)


@given(WORDS)
def test_the_last_day_is_not_before_any_day_written(text: str) -> None:
    days = [found for word in text.split() if (found := parse_deadline(word)).precision == "day"]
    whole = parse_deadline(text)
    if days and whole.precision == "day" and not set(text) & set("()“”"):
        assert whole.date is not None
        assert all(whole.date >= day.date for day in days if day.date)
