"""Words of the module: states, roles of signers, kinds of transactions, what is refused. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused


class TranscriptState(TextChoices):
    """The life of one version of a transcript (CV 2088/BGDĐT-GDTH Phụ lục 1, steps 1-11)."""

    DRAFT = "draft", _("Bản nháp")
    INITIALISED = "initialised", _("Đã khởi tạo, chờ giáo viên ký")
    TEACHER_SIGNED = "teacher_signed", _("Giáo viên đã ký, chờ lãnh đạo ký")
    LEADER_SIGNED = "leader_signed", _("Lãnh đạo đã ký, chờ phát hành")
    ISSUED = "issued", _("Đã phát hành, chờ gửi Sở")
    SENT = "sent", _("Đã gửi, chờ Sở")
    ACCEPTED = "accepted", _("Sở đã tiếp nhận")
    REFUSED = "refused", _("Sở từ chối")
    REPORTED = "reported", _("Đã về kho của Bộ")
    RECALL_ASKED = "recall_asked", _("Đang xin thu hồi")
    RECALLED = "recalled", _("Đã thu hồi")
    REPLACED = "replaced", _("Đã có bản thay thế")
    DISCARDED = "discarded", _("Đã bỏ")


class SignerRole(TextChoices):
    """In which role somebody signs; which of them a profile wants, and in which order, is data."""

    SUBJECT = "subject", _("Giáo viên bộ môn")
    HOMEROOM = "homeroom", _("Giáo viên chủ nhiệm")
    LEADER = "leader", _("Cán bộ quản lý")
    SEAL = "seal", _("Ký phát hành (nhà trường)")


class TranscriptKind(TextChoices):
    """What a transcript speaks of; each kind has a layout of its own, so that a file says what it is."""

    YEAR = "year", _("Cả năm học")
    PARTIAL = "partial", _("Kết quả đến khi chuyển trường")
    DIGITISED = "digitised", _("Số hóa từ học bạ giấy")


class HandOverWay(TextChoices):
    """How a pupil's transcripts came to another school."""

    TRANSFER = "transfer", _("Chuyển trường")
    ENROLMENT = "enrolment", _("Vào cấp học mới")
    NIGHTLY = "nightly", _("Đối chiếu hằng đêm")
    BY_HAND = "by_hand", _("Trường nhận trên trang bàn giao")


class HandOverState(TextChoices):
    """waiting: issued, its pupil sits at the next school, which has not taken it yet."""

    WAITING = "waiting", _("Chờ nhận")
    TAKEN = "taken", _("Đã nhận")
    UNDONE = "undone", _("Đã hoàn tác")


class KeepingKind(TextChoices):
    CHECK = "check", _("Kiểm tra nguyên vẹn")
    STAMP = "stamp", _("Đóng, gia hạn dấu thời gian")


class SessionState(TextChoices):
    OPEN = "open", _("Đang ký")
    DONE = "done", _("Đã ký xong")
    STOPPED = "stopped", _("Đã dừng")


class Transaction(IntegerChoices):
    """type of authenticationRequest."""

    SUBMIT = 1, _("Gửi học bạ")
    SUBMIT_RESULT = 2, _("Hỏi kết quả gửi học bạ")
    REGISTER_CERTIFICATE = 3, _("Đăng ký chứng thư số")
    CERTIFICATE_RESULT = 4, _("Hỏi kết quả đăng ký chứng thư số")
    RECALL = 5, _("Thu hồi học bạ")
    RECALL_RESULT = 6, _("Hỏi kết quả thu hồi học bạ")


class MessageState(TextChoices):
    WAITING = "waiting", _("Chờ xử lý")
    # The state of a certificate cannot be decided yet: looked at again for some hours.
    CHECKING = "checking", _("Chờ xác minh")
    DONE = "done", _("Đã xử lý")
    # Not to be read, or from somebody whose certificate is not known: nothing of it was looked at.
    FAILED = "failed", _("Không nhận")


class OriginalState(TextChoices):
    """What the original store says of a transcript that it keeps."""

    IN_FORCE = "in_force", _("Đang lưu hành")
    RECALLED = "recalled", _("Đã thu hồi")
    REPLACED = "replaced", _("Đã thay thế")


class RecallState(TextChoices):
    """1 waiting, 2 agreed, 3 refused in the transactions; who has to agree stands in `Recall.needs_ministry`."""

    WAITING = "waiting", _("Chờ Sở đồng ý")
    AT_MINISTRY = "at_ministry", _("Chờ Bộ đồng ý")
    AGREED = "agreed", _("Đã đồng ý")
    REFUSED = "refused", _("Bị từ chối")


class RecallReason(TextChoices):
    MISTAKE = "mistake", _("Sai sót của nhà trường")
    CIVIL_STATUS = "civil_status", _("Thay đổi hộ tịch")
    FAMILY_REPORT = "family_report", _("Gia đình báo sai")
    OTHER = "other", _("Lý do khác")


class CertificateState(TextChoices):
    WAITING = "waiting", _("Chờ duyệt")
    APPROVED = "approved", _("Đã duyệt")
    REFUSED = "refused", _("Từ chối")
    ENDED = "ended", _("Đã hết hiệu lực")


class CorrectionState(TextChoices):
    OPEN = "open", _("Chờ nhà trường trả lời")
    MENDED = "mended", _("Đã sửa")
    DISMISSED = "dismissed", _("Không sai")
    APPEALED = "appealed", _("Gia đình đề nghị Sở xem lại")
    UPHELD = "upheld", _("Sở kết luận không sai")
    ORDERED = "ordered", _("Sở yêu cầu trường sửa")


class TranscriptFault(Refused):
    """A transcript cannot be made or read as it stands; the message says what is wrong and where."""

    code = "transcript_fault"


class TranscriptStep(Refused):
    """The transcript is not in a state that allows this."""

    code = "transcript_step"


class SigningRefused(Refused):
    """Nobody may sign so: the wrong person, the wrong certificate, something else than was shown."""

    code = "signing_refused"


class PackingFault(Refused):
    """A content that cannot be unpacked: not Base64, not GZip, another length than it says, too large."""

    code = "packing_fault"


class ContentTooLarge(PackingFault):
    """More than a transaction may carry: to be sent in parts."""

    code = "content_too_large"


class RecallRefused(Refused):
    code = "recall_refused"


@dataclass(frozen=True)
class Problem:
    """Why a pupil's transcript cannot be made: `where` is the field as people know it, `tag` as the spec does."""

    tag: str
    where: str
    reason: str


@dataclass(frozen=True)
class Unready:
    """A pupil whose transcript cannot be made yet."""

    student_id: int
    name: str
    problems: Sequence[Problem]
