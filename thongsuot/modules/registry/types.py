"""Words of the registry: states, kinds, refusals. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused


class Gender(TextChoices):
    MALE = "male", _("Nam")
    FEMALE = "female", _("Nữ")
    UNKNOWN = "", _("Chưa rõ")


class GradeLevel(IntegerChoices):
    """khối, nhóm tuổi: the numbers of the ministry's list `khoi` (1 to 12, then the groups of preschool)."""

    GRADE_1 = 1, _("Khối 1")
    GRADE_2 = 2, _("Khối 2")
    GRADE_3 = 3, _("Khối 3")
    GRADE_4 = 4, _("Khối 4")
    GRADE_5 = 5, _("Khối 5")
    GRADE_6 = 6, _("Khối 6")
    GRADE_7 = 7, _("Khối 7")
    GRADE_8 = 8, _("Khối 8")
    GRADE_9 = 9, _("Khối 9")
    GRADE_10 = 10, _("Khối 10")
    GRADE_11 = 11, _("Khối 11")
    GRADE_12 = 12, _("Khối 12")
    MONTHS_3_12 = 13, _("Trẻ 3-12 tháng")
    MONTHS_13_24 = 14, _("Trẻ 13-24 tháng")
    MONTHS_25_36 = 15, _("Trẻ 25-36 tháng")
    AGE_3 = 16, _("Trẻ 3-4 tuổi")
    AGE_4 = 17, _("Trẻ 4-5 tuổi")
    AGE_5 = 18, _("Trẻ 5-6 tuổi")


class EntryType(TextChoices):
    """How a spell at a class began."""

    NEW = "new", _("Tuyển mới")
    PROMOTED = "promoted", _("Lên lớp")
    RETAINED = "retained", _("Lưu ban")
    TRANSFERRED_IN = "transferred_in", _("Chuyển đến")
    MOVED_CLASS = "moved_class", _("Chuyển lớp trong trường")
    RETURNED = "returned", _("Nghỉ học xin học lại")
    REORGANIZED = "reorganized", _("Sáp nhập trường")


class ExitType(TextChoices):
    """How a spell at a class ended."""

    YEAR_END = "year_end", _("Hết năm học")
    MOVED_CLASS = "moved_class", _("Chuyển lớp trong trường")
    TRANSFERRED_OUT = "transferred_out", _("Chuyển đi")
    DROPPED_OUT = "dropped_out", _("Thôi học")
    GRADUATED = "graduated", _("Hoàn thành cấp học")
    REORGANIZED = "reorganized", _("Sáp nhập trường")
    WITHDRAWN = "withdrawn", _("Hủy, ghi nhầm")


# What counts as having left school (statistics.md: dropout counts thôi học, never chuyển đi).
LEFT_SCHOOL = frozenset({ExitType.TRANSFERRED_OUT.value, ExitType.DROPPED_OUT.value})


class CharacteristicKind(TextChoices):
    """Facts of a pupil that hold from one day to another and that statistics count."""

    POLICY = "policy", _("Diện chính sách")
    POVERTY = "poverty", _("Hộ nghèo, cận nghèo")
    DISABILITY = "disability", _("Khuyết tật")
    BOARDING = "boarding", _("Bán trú, nội trú")
    TWO_SESSIONS = "two_sessions", _("Học 2 buổi/ngày")
    UNION = "union", _("Đội viên, đoàn viên")
    SWIMMING = "swimming", _("Biết bơi")
    FEE_RELIEF = "fee_relief", _("Miễn, giảm học phí")
    HEALTH = "health", _("Sức khỏe")


# Only one of the kind holds at a time: a new one ends the one before.
ONE_AT_A_TIME = frozenset(
    {
        CharacteristicKind.POVERTY.value,
        CharacteristicKind.BOARDING.value,
        CharacteristicKind.TWO_SESSIONS.value,
        CharacteristicKind.UNION.value,
        CharacteristicKind.SWIMMING.value,
    }
)

# Personal data that are sensitive in law (NĐ 356/2025/NĐ-CP Điều 4); poverty follows the same care.
SENSITIVE_KINDS = frozenset({CharacteristicKind.DISABILITY.value, CharacteristicKind.HEALTH.value})


SENSITIVE_FIELDS = frozenset({"ethnicity", "religion", "personal_id"})


class Poverty(TextChoices):
    POOR = "poor", _("Hộ nghèo")
    NEAR_POOR = "near_poor", _("Hộ cận nghèo")


class LearningResult(TextChoices):
    """Kết quả học tập cả năm: the four of primary school (TT 27/2020 Điều 9), the four after it (TT 22/2021 Điều 9)."""

    EXCELLENT = "excellent", _("Hoàn thành xuất sắc")
    WELL_DONE = "well_done", _("Hoàn thành tốt")
    DONE = "done", _("Hoàn thành")
    NOT_DONE = "not_done", _("Chưa hoàn thành")
    GOOD = "good", _("Tốt")
    FAIR = "fair", _("Khá")
    PASSED = "passed", _("Đạt")
    NOT_PASSED = "not_passed", _("Chưa đạt")


class ConductResult(TextChoices):
    """Kết quả rèn luyện cả năm (TT 22/2021 Điều 8)."""

    GOOD = "good", _("Tốt")
    FAIR = "fair", _("Khá")
    PASSED = "passed", _("Đạt")
    NOT_PASSED = "not_passed", _("Chưa đạt")


class PromotionDecision(TextChoices):
    PROMOTED = "promoted", _("Được lên lớp")
    AGAIN = "again", _("Kiểm tra, rèn luyện lại trong hè")
    NOT_PROMOTED = "retained", _("Không được lên lớp")


class ContactRelation(TextChoices):
    FATHER = "father", _("Cha")
    MOTHER = "mother", _("Mẹ")
    GUARDIAN = "guardian", _("Người giám hộ")


class IdentityStatus(TextChoices):
    """State of checking against the national population database (Đề án 06)."""

    NOT_SENT = "not_sent", _("Chưa gửi")
    WAITING = "waiting", _("Đang chờ")
    MATCHED = "matched", _("Đã xác thực")
    MISMATCHED = "mismatched", _("Không khớp")
    NOT_FOUND = "not_found", _("Không tìm thấy")
    ID_SHARED = "id_shared", _("Trùng số")
    ID_CANCELLED = "id_cancelled", _("Số đã hủy hoặc đổi")
    WITH_POLICE = "with_police", _("Đã chuyển công an xác minh")
    MENDED = "mended", _("Đã sửa, chờ gửi lại")


class BatchState(TextChoices):
    """How far a list for the population database is."""

    QUEUED = "queued", _("Chờ gửi")
    SENT = "sent", _("Đã gửi, chờ trả lời")
    DONE = "done", _("Đã trả lời đủ")
    GIVEN_UP = "given_up", _("Đã dừng")


class Channel(TextChoices):
    """By which way a list goes to the population database."""

    HTTP = "http", _("Kết nối trực tiếp")
    FILE = "file", _("Trao đổi tệp")


class StaffGroup(TextChoices):
    """nhóm cán bộ"""

    MANAGER = "manager", _("Cán bộ quản lý")
    TEACHER = "teacher", _("Giáo viên")
    EMPLOYEE = "employee", _("Nhân viên")


class StaffStatus(TextChoices):
    """trạng thái cán bộ; only WORKING counts in ratios"""

    WORKING = "working", _("Đang làm việc")
    ON_LEAVE = "on_leave", _("Tạm nghỉ")
    MOVED = "moved", _("Chuyển công tác")
    RETIRED = "retired", _("Nghỉ hưu")
    LEFT = "left", _("Thôi việc")


class RoomKind(TextChoices):
    """khối phòng (TT 13/2020/TT-BGDĐT)"""

    CLASSROOM = "classroom", _("Phòng học")
    SUBJECT_ROOM = "subject_room", _("Phòng bộ môn")
    LIBRARY = "library", _("Thư viện")
    HEALTH = "health", _("Phòng y tế")
    HALL = "hall", _("Nhà đa năng")
    KITCHEN = "kitchen", _("Bếp ăn")
    STAFF_HOUSING = "staff_housing", _("Nhà công vụ")
    TOILET = "toilet", _("Nhà vệ sinh")
    OFFICE = "office", _("Phòng hành chính")


class RoomBuild(TextChoices):
    SOLID = "solid", _("Kiên cố")
    HALF_SOLID = "half_solid", _("Bán kiên cố")
    TEMPORARY = "temporary", _("Tạm")
    BORROWED = "borrowed", _("Nhờ, mượn")


class Condition(TextChoices):
    GOOD = "good", _("Tốt")
    USABLE = "usable", _("Dùng được")
    WORN = "worn", _("Xuống cấp, cần sửa")
    BROKEN = "broken", _("Hỏng, không dùng được")


class EquipmentKind(TextChoices):
    TEACHING = "teaching", _("Thiết bị dạy học tối thiểu")
    COMPUTER = "computer", _("Máy tính")
    PROJECTOR = "projector", _("Máy chiếu, tivi, bảng tương tác")
    SMART_DEVICE = "smart_device", _("Thiết bị thông minh")
    OTHER = "other", _("Thiết bị khác")


class EquipmentUse(TextChoices):
    TEACHING = "teaching", _("Dạy và học")
    MANAGEMENT = "management", _("Quản lý, văn phòng")


class TransferState(TextChoices):
    REQUESTED = "requested", _("Trường đến đề nghị")
    RELEASED = "released", _("Trường đi đã đồng ý")
    COMPLETED = "completed", _("Đã tiếp nhận")
    REFUSED = "refused", _("Không đồng ý")
    CANCELLED = "cancelled", _("Đã rút")


# Nobody else may ask for the pupil, and no other step of the dossier is taken, while a transfer stands here.
OPEN_TRANSFER = (TransferState.REQUESTED.value, TransferState.RELEASED.value)


@dataclass(frozen=True)
class Sought:
    """What a school knows of a pupil whom it is to receive: the name, and one of the others."""

    full_name: str
    birth_date: date | None = None
    personal_id: str = ""
    ministry_code: str = ""


class Looked(TextChoices):
    """All that a school learns of a pupil of another school before that school lets go."""

    FOUND = "found", _("Đang ở trường")
    OWN = "own", _("Đã ở trường mình")
    SEVERAL = "several", _("Có từ hai học sinh")
    NONE = "none", _("Không thấy")


@dataclass(frozen=True)
class Whereabouts:
    """The answer of the search door: nothing but the name of the school."""

    state: Looked
    school: str = ""


@dataclass(frozen=True)
class Outside:
    """A school of another province or country, and the papers that went or came along."""

    school: str
    place: str
    is_abroad: bool = False
    document_number: str = ""
    document_on: date | None = None
    papers: tuple[str, ...] = ()


class Returning(TextChoices):
    """What is known of somebody who comes from another province."""

    NEW = "new", _("Chưa có hồ sơ trong tỉnh")
    BACK = "back", _("Có hồ sơ cũ, dùng lại")
    PERHAPS = "perhaps", _("Có thể là người đã chuyển ra ngoài tỉnh")
    TWIN = "twin", _("Có em cùng tên, cùng ngày sinh trong tỉnh")
    HERE = "here", _("Đang học ở trường mình")
    ELSEWHERE = "elsewhere", _("Đang có hồ sơ ở trường khác trong tỉnh")
    RESTRICTED = "restricted", _("Hồ sơ đang hạn chế xử lý")


class Outcome(TextChoices):
    """What a school year ends with for a pupil."""

    PROMOTED = "promoted", _("Lên lớp")
    RETAINED = "retained", _("Ở lại lớp")
    GRADUATED = "graduated", _("Hoàn thành cấp học")
    # Ends the year here and does not come back: a transfer or a dropout of the summer follows by itself.
    LEFT = "left", _("Không học tiếp")
    # Assessed again in the summer: the spell runs on, and the year is ended for this pupil once that is known.
    WAITING = "waiting", _("Chờ đánh giá lại")


class OutcomeReason(TextChoices):
    """Why an outcome is proposed for a pupil at the end of a year."""

    NO_RESULT = "no_result", _("Chưa có kết quả năm học")
    PROMOTED = "promoted", _("Kết quả năm học: được lên lớp")
    RETAINED = "retained", _("Kết quả năm học: không được lên lớp")
    AGAIN = "again", _("Kết quả năm học: kiểm tra, rèn luyện lại trong hè")
    COMPLETED = "completed", _("Hoàn thành chương trình lớp học")
    NOT_COMPLETED = "not_completed", _("Chưa hoàn thành chương trình lớp học, chưa có quyết định")
    LEARNING_FAILED = "learning_failed", _("Học tập chưa đạt, chưa có quyết định")
    CONDUCT_FAILED = "conduct_failed", _("Rèn luyện chưa đạt, chưa có quyết định")
    BOTH_FAILED = "both_failed", _("Học tập và rèn luyện chưa đạt, chưa có quyết định")
    TOO_ABSENT = "too_absent", _("Nghỉ quá số buổi cho phép, chưa có quyết định")
    PASSED = "passed", _("Kết quả đạt, chưa có quyết định")
    LEVEL_NOT_COMPLETED = "level_not_completed", _("Quyết định: chưa hoàn thành cấp học")


class SubmissionStatus(TextChoices):
    """State of an object on its way to the ministry's database (trang_thai_day_len_bo)."""

    NOT_SENT = "not_sent", _("Chưa gửi")
    SENT = "sent", _("Đã gửi")
    ACCEPTED = "accepted", _("Đã tiếp nhận")
    REFUSED = "refused", _("Bị từ chối")


class MatchDecision(TextChoices):
    SAME = "same", _("Cùng một người")
    DIFFERENT = "different", _("Hai người khác nhau")
    LATER = "later", _("Để xem sau")


class ErrorReportState(TextChoices):
    OPEN = "open", _("Chờ trường xem")
    MENDED = "mended", _("Đã sửa")
    DECLINED = "declined", _("Giữ nguyên, có lý do")


class SubjectRequestKind(TextChoices):
    """What a data subject may ask for (Luật 91/2025/QH15; clocks in NĐ 356/2025/NĐ-CP Điều 5)."""

    RESTRICT = "restrict", _("Hạn chế xử lý")
    ERASE = "erase", _("Xóa dữ liệu")


class AlreadyEnrolled(Refused):
    """The pupil has an open spell elsewhere."""

    code = "already_enrolled"


class WrongClass(Refused):
    """The class is of another school, year or grade."""

    code = "wrong_class"


class StateConflict(Refused):
    """What is asked for does not fit the state in which the thing is."""

    code = "state_conflict"


class NotFoundElsewhere(Refused):
    """No pupil of another school answers to what was given, or more than one does."""

    code = "not_found_elsewhere"


class TransferPending(Refused):
    """Another transfer of the pupil has not ended."""

    code = "transfer_pending"


class TooEarly(Refused):
    """The day on which this can be done has not come."""

    code = "too_early"


class StillInUse(Refused):
    """The school still has pupils, staff or classes."""

    code = "still_in_use"


class ChangedMeanwhile(Refused):
    """Somebody else has changed the record since the form was opened; nothing was overwritten."""

    code = "changed_meanwhile"


class DuplicateCode(Refused):
    """The code, or the personal id, already belongs to another record of the school."""

    code = "duplicate_code"


class BadValue(Refused):
    """A value that cannot be right; `field` names it."""

    code = "bad_value"


class WrongDatum(Refused):
    """A value that the field cannot hold."""

    code = "wrong_datum"


class NothingToVerify(Refused):
    """Nobody of those asked for needs to be sent to the population database."""

    code = "nothing_to_verify"


def result_choice(result_id: int) -> str:
    """Name of the choice between a result of the kept record ("kept", unless chosen) and this one ("gone") of a merge."""
    return f"result-{result_id}"


@dataclass(frozen=True)
class YearResultEntry:
    """What a year came to for a pupil; codes of LearningResult, ConductResult, PromotionDecision."""

    student_id: int
    class_id: int
    grade: int | None
    learning: str
    conduct: str
    is_completed: bool | None
    promotion: str
    days_absent: int | None
    awards: str


@dataclass(frozen=True)
class YearResultChange:
    """A result that is there (by the names of models.results.SAID; None: nothing is) and what takes its place."""

    student_id: int
    before: dict[str, Any] | None
    after: dict[str, Any]
