"""What the user reads: levels, outcomes, awards, and the sentence of each reason with its article."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..domain.reasons import Reason
from ..types import Award, Conduct, Learning, Outcome, PrimaryLearning, Why

LEARNING = {
    Learning.GOOD: gettext_lazy("Tốt"),
    Learning.FAIR: gettext_lazy("Khá"),
    Learning.PASSED: gettext_lazy("Đạt"),
    Learning.NOT_PASSED: gettext_lazy("Chưa đạt"),
}
CONDUCT = {Conduct(one.value): said for one, said in LEARNING.items()}
PRIMARY = {
    PrimaryLearning.EXCELLENT: gettext_lazy("Hoàn thành xuất sắc"),
    PrimaryLearning.WELL_DONE: gettext_lazy("Hoàn thành tốt"),
    PrimaryLearning.DONE: gettext_lazy("Hoàn thành"),
    PrimaryLearning.NOT_DONE: gettext_lazy("Chưa hoàn thành"),
}
OUTCOMES = {
    Outcome.PROMOTED: gettext_lazy("Được lên lớp"),
    Outcome.COMPLETED: gettext_lazy("Hoàn thành chương trình lớp cuối cấp"),
    Outcome.REASSESS: gettext_lazy("Kiểm tra, đánh giá lại trong hè"),
    Outcome.TRAIN: gettext_lazy("Rèn luyện trong hè"),
    Outcome.SUPPORT: gettext_lazy("Giúp đỡ rồi đánh giá bổ sung"),
    Outcome.REPEAT: gettext_lazy("Không được lên lớp"),
    Outcome.UNDECIDED: gettext_lazy("Chưa đủ căn cứ"),
}
AWARDS = {
    Award.EXCELLENT: gettext_lazy("Học sinh Xuất sắc"),
    Award.GOOD: gettext_lazy("Học sinh Giỏi"),
    Award.OUTSTANDING: gettext_lazy("Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện"),
}
# Qualities and competences of primary school (TT 27/2020 Điều 8).
TRAITS = {
    "patriotism": gettext_lazy("Yêu nước"),
    "kindness": gettext_lazy("Nhân ái"),
    "diligence": gettext_lazy("Chăm chỉ"),
    "honesty": gettext_lazy("Trung thực"),
    "responsibility": gettext_lazy("Trách nhiệm"),
    "self_reliance": gettext_lazy("Tự chủ và tự học"),
    "communication": gettext_lazy("Giao tiếp và hợp tác"),
    "problem_solving": gettext_lazy("Giải quyết vấn đề và sáng tạo"),
    "language": gettext_lazy("Ngôn ngữ"),
    "calculation": gettext_lazy("Tính toán"),
    "scientific": gettext_lazy("Khoa học"),
    "technological": gettext_lazy("Công nghệ"),
    "informatics": gettext_lazy("Tin học"),
    "aesthetic": gettext_lazy("Thẩm mĩ"),
    "physical": gettext_lazy("Thể chất"),
}
COLUMNS = (
    gettext_lazy("học kỳ I"),
    gettext_lazy("học kỳ II"),
    gettext_lazy("cả năm"),
    gettext_lazy("sau đánh giá lại"),
)
PERIODIC = {
    "midterm": gettext_lazy("giữa kì"),
    "final": gettext_lazy("cuối kì"),
    "level": gettext_lazy("mức cuối năm"),
}
SENTENCES = {
    Why.TERM_AVERAGE: gettext_lazy("học kỳ %(term)s: %(total)s : %(weight)s = %(result)s"),
    Why.TERM_COMMENT: gettext_lazy("học kỳ %(term)s: các lần đánh giá đều có, kết quả %(result)s"),
    Why.YEAR_AVERAGE: gettext_lazy(
        "cả năm: học kỳ I %(first)s, học kỳ II %(second)s hệ số 2, được %(result)s"
    ),
    Why.YEAR_COMMENT: gettext_lazy("cả năm lấy theo học kỳ II: %(result)s"),
    Why.REGULAR_MISSING: gettext_lazy(
        "học kỳ %(term)s: có %(given)s trên %(wanted)s lần đánh giá thường xuyên"
    ),
    Why.REGULAR_MORE: gettext_lazy(
        "học kỳ %(term)s: %(given)s lần đánh giá thường xuyên, quy định %(wanted)s"
    ),
    Why.PERIODIC_MISSING: gettext_lazy("thiếu đánh giá %(which)s"),
    Why.ABSENT_COUNTS: gettext_lazy("học kỳ %(term)s: vắng không kiểm tra bù, tính %(as)s"),
    Why.EXEMPT: gettext_lazy("được miễn, không tính"),
    Why.LEVEL_MET: gettext_lazy("kết quả học tập %(column)s: %(result)s (Điều 9.2)"),
    Why.TOO_LOW: gettext_lazy("%(column)s chưa %(level)s: dưới %(mark)s có %(names)s (Điều 9.2)"),
    Why.TOO_FEW: gettext_lazy(
        "%(column)s chưa %(level)s: %(given)s môn từ %(mark)s trở lên, cần %(wanted)s (Điều 9.2)"
    ),
    Why.COMMENTS_FAILED: gettext_lazy("%(column)s chưa %(level)s: Chưa đạt ở %(names)s (Điều 9.2)"),
    Why.RAISED: gettext_lazy(
        "kết quả học tập %(column)s: chỉ vì một môn mà xuống %(base)s, điều chỉnh lên %(result)s (Điều 9.3)"
    ),
    Why.CONDUCT_MATRIX: gettext_lazy(
        "rèn luyện: học kỳ I %(first)s, học kỳ II %(second)s, cả năm %(result)s (Điều 8)"
    ),
    Why.CONDUCT_TRAINED: gettext_lazy("rèn luyện sau hè: %(result)s"),
    Why.CONDUCT_MISSING: gettext_lazy("thiếu kết quả rèn luyện của một học kỳ"),
    Why.REASSESSED: gettext_lazy("đánh giá lại: %(before)s thành %(result)s"),
    Why.ABSENCES: gettext_lazy("nghỉ %(number)s buổi, quá %(most)s buổi (Điều 12)"),
    Why.BOTH_FAILED: gettext_lazy("rèn luyện và học tập cả năm đều Chưa đạt (Điều 12)"),
    Why.LEARNING_FAILED: gettext_lazy("học tập cả năm Chưa đạt (Điều 12, 14)"),
    Why.CONDUCT_FAILED: gettext_lazy("rèn luyện cả năm Chưa đạt (Điều 12, 13)"),
    Why.SUBJECTS_MISSING: gettext_lazy("thiếu môn: %(names)s"),
    Why.TRAITS_MISSING: gettext_lazy("thiếu đánh giá phẩm chất, năng lực: %(names)s"),
    Why.TESTS_MISSING: gettext_lazy("thiếu điểm kiểm tra cuối năm: %(names)s"),
    Why.ABSENCES_MISSING: gettext_lazy("chưa có số buổi nghỉ"),
    Why.PRIMARY_LEVEL: gettext_lazy("cả năm: %(result)s (Điều 9.2)"),
    Why.PRIMARY_FAILED: gettext_lazy("có kết quả %(found)s nên Chưa hoàn thành (Điều 9.2)"),
    Why.OWN_PLAN: gettext_lazy("đánh giá theo kế hoạch giáo dục cá nhân"),
}


def sentence(reason: Reason, names: dict[str, str]) -> str:
    """The reason in words. names: subject code -> name, for what the reason is about."""
    said = {key: _word(key, value, names) for key, value in reason.said.items()}
    text = str(SENTENCES[reason.why]) % said
    return f"{names.get(reason.about, reason.about)}: {text}" if reason.about else text[:1].upper() + text[1:]


def _word(key: str, value: Any, names: dict[str, str]) -> str:
    if key == "column":
        return str(COLUMNS[value])
    if key == "which":
        return str(PERIODIC[value])
    if isinstance(value, list):
        return ", ".join(names.get(str(one), str(one)) for one in value)
    for known in (LEARNING, CONDUCT, PRIMARY):
        if isinstance(value, type(next(iter(known)))):
            return str(known[value])  # type: ignore[index]
    if isinstance(value, Decimal):
        return (
            f"{value.normalize():f}".replace(".", ",")
            if key in ("total", "as")
            else str(value).replace(".", ",")
        )
    return str(value)


def name_of(value: Any) -> str:
    """The Vietnamese of a level, an outcome, an award; "" for None."""
    for known in (LEARNING, CONDUCT, PRIMARY, OUTCOMES, AWARDS):
        if value is not None and isinstance(value, type(next(iter(known)))):
            return str(known[value])  # type: ignore[index]
    return _("chưa có") if value is None else str(value)
