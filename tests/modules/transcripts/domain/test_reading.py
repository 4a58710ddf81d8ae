"""What people read of a transcript: a mean with its place, no code that only programs know, nothing rounded away."""

from pathlib import Path

import pytest

from thongsuot.modules.transcripts.domain.profile import load_profiles
from thongsuot.modules.transcripts.queries.printing import LINE, MARGINS, column_widths
from thongsuot.modules.transcripts.queries.reading import shown, shown_changes

PROFILES = load_profiles(Path(__file__).parents[4] / "data" / "transcripts")
SECONDARY = [code for code, one in PROFILES.items() if "secondary" in code and one.section("subjects")]


def subjects(code, row):
    profile = PROFILES[code]
    return next(one for one in shown(profile, {"subjects": [row]}) if one.headings)


@pytest.mark.parametrize("code", SECONDARY)
def test_means_have_one_decimal_and_codes_are_not_read(code):
    row = {
        "subject_code": "mathematics",
        "subject_name": "Toán",
        "mark_1": "8",
        "mark_2": "7.5",
        "mark": "10",
    }
    part = subjects(code, row | {"reassessed": "5"})
    assert part.rows == [["Toán", "8,0", "7,5", "10,0", "5,0"]]
    assert "Mã môn học" not in part.headings
    # Who signs sees it all the same: it is signed.
    (seen,) = [one for one in shown(PROFILES[code], {"subjects": [row]}, whole=True) if one.headings]
    assert seen.rows[0][seen.headings.index("Mã môn học")] == "mathematics"


def test_whole_tests_of_primary_school_stay_whole():
    row = {"subject_code": "vietnamese", "subject_name": "Tiếng Việt", "level": "T", "mark": "9"}
    assert subjects("spec-v1.0-primary", row).rows == [["Tiếng Việt", "T", "9"]]


def test_levels_and_what_others_wrote_stand_as_they_were_signed():
    row = {"subject_name": "Âm nhạc", "level": "Đạt", "reassessed": "Đạt", "mark": "8.25", "mark_1": "tám"}
    assert subjects("provincial-secondary-2026", row).rows == [["Âm nhạc", "Đạt", "tám", "8,25", "Đạt"]]


def test_a_replacement_is_told_in_the_same_words():
    profile = PROFILES["provincial-secondary-2026"]
    before = {"subjects": [{"subject_code": "a", "subject_name": "Toán", "mark": "8"}]}
    after = {"subjects": [{"subject_code": "b", "subject_name": "Toán", "mark": "7.5"}]}
    (one,) = shown_changes(profile, before, after)
    assert (one.field, one.row, one.before, one.after) == ("Điểm trung bình cả năm", "Toán", "8,0", "7,5")


def test_no_number_is_cut_where_a_table_is_printed():
    """The twelve digits of a teacher's number beside long remarks: a column holds its longest word."""
    remark = "Hiểu bài, làm bài đầy đủ, cần mạnh dạn hơn."
    columns = [
        ["Tên môn học", "Hoạt động trải nghiệm, hướng nghiệp"],
        ["Mức đạt được", "Đạt"],
        ["Điểm", "10,0"],
    ]
    columns += [
        ["Nhận xét", remark],
        ["Giáo viên", "Nguyễn Thị Thanh Thủy"],
        ["Số định danh", "051081884319"],
    ]
    widths = column_widths(columns)
    assert sum(widths) == pytest.approx(LINE)
    for texts, width in zip(columns, widths, strict=True):
        assert width >= MARGINS + max(len(word) for text in texts for word in text.split())
    # More than a page holds: still what each word needs, in proportion.
    assert column_widths([["x" * 60]] * 3) == [62.0] * 3
    assert column_widths([]) == []
