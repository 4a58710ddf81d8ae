"""What readers are told about signatures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .types import Reason, Verdict

VERDICTS = {
    Verdict.VALID: _("Hợp lệ"),
    Verdict.INVALID: _("Không hợp lệ"),
    Verdict.INDETERMINATE: _("Chưa thể kết luận"),
}

REASONS = {
    Reason.ALTERED: _("Nội dung đã bị thay đổi sau khi ký."),
    Reason.SIGNATURE_WRONG: _("Chữ ký không khớp với chứng thư số đi kèm."),
    Reason.MISSING_REGION: _("Phần được ký không có trong tệp."),
    Reason.DUPLICATE_ID: _("Có hai phần mang cùng mã định danh nên không biết phần nào được ký."),
    Reason.WRAPPED: _(
        "Phần được ký không nằm đúng chỗ trong tệp: nội dung hiển thị có thể không phải nội dung được ký."
    ),
    Reason.NO_REFERENCE: _("Chữ ký không bao phủ nội dung nào."),
    Reason.EXTERNAL_REFERENCE: _("Chữ ký trỏ tới nội dung ở ngoài tệp."),
    Reason.TRANSFORM_REFUSED: _("Chữ ký dùng phép biến đổi không được chấp nhận."),
    Reason.ALGORITHM_REFUSED: _("Chữ ký dùng thuật toán không được chấp nhận."),
    Reason.WEAK_ALGORITHM: _("Chữ ký dùng thuật toán đã yếu (SHA-1 hoặc MD5)."),
    Reason.WEAK_KEY: _("Khóa ký quá ngắn (RSA dưới 2048 bit)."),
    Reason.KEY_MISMATCH: _("Khóa ghi trong chữ ký không phải khóa của chứng thư số."),
    Reason.MALFORMED: _("Chữ ký sai cấu trúc."),
    Reason.TIME_NOT_COVERED: _("Thời điểm ký không được chữ ký bảo vệ."),
    Reason.SIGNED_IN_FUTURE: _("Thời điểm ký nằm trong tương lai."),
    Reason.CHANGED_AFTER_SIGNING: _("Tệp có phần được thêm vào sau khi ký."),
    Reason.EXPIRED: _("Chứng thư số đã hết hạn vào lúc ký."),
    Reason.NOT_YET_VALID: _("Chứng thư số chưa có hiệu lực vào lúc ký."),
    Reason.REVOKED: _("Chứng thư số đã bị thu hồi vào lúc ký."),
    Reason.WRONG_KEY_USAGE: _("Chứng thư số không được cấp để ký văn bản."),
    Reason.NO_CERTIFICATE: _("Chữ ký không kèm chứng thư số."),
    Reason.UNKNOWN_ISSUER: _("Chứng thư số không do tổ chức đáng tin cậy cấp."),
    Reason.NO_REVOCATION_DATA: _("Chưa có dữ liệu thu hồi để biết chứng thư số còn hiệu lực hay không."),
    Reason.STALE_REVOCATION_DATA: _("Dữ liệu thu hồi của chứng thư số đã cũ."),
    Reason.REVOKED_LATER: _(
        "Chứng thư số bị thu hồi sau thời điểm ký và không có dấu thời gian chứng minh đã ký trước đó."
    ),
    Reason.NO_PROOF_OF_TIME: _(
        "Chứng thư số nay đã hết hạn và không có dấu thời gian chứng minh đã ký trước đó."
    ),
    Reason.NO_SIGNING_TIME: _("Chữ ký không ghi thời điểm ký."),
    Reason.UNCOVERED_CONTENT: _("Tệp có phần không chữ ký nào bao phủ."),
    Reason.TIMESTAMP_WRONG: _("Dấu thời gian không khớp với chữ ký hoặc không do tổ chức đáng tin cậy cấp."),
}

FAULTS = {
    "too_large": _("Tệp quá lớn để kiểm tra."),
    "not_xml": _("Tệp không phải là XML đúng cấu trúc."),
    "not_pdf": _("Tệp không phải là PDF đúng cấu trúc."),
    "encrypted": _("Tệp PDF có mật khẩu nên không ký được. Hãy bỏ mật khẩu, lưu lại rồi gửi tệp mới."),
    "doctype": _("Tệp XML có khai báo DOCTYPE hoặc thực thể: không được phép."),
    "encoding": _("Tệp XML phải ở bảng mã UTF-8."),
    "too_deep": _("Tệp XML lồng quá sâu hoặc có quá nhiều phần tử."),
    "too_many_signatures": _("Tệp có quá nhiều chữ ký."),
    "unknown_id": _("Không tìm thấy phần cần ký."),
    "duplicate_id": _("Có hai phần mang cùng mã định danh."),
    "no_reference": _("Chưa chỉ ra phần cần ký."),
    "naive_time": _("Thời điểm ký phải kèm múi giờ."),
    "wrong_certificate": _("Chứng thư số không hợp với khóa ký."),
    "no_revocation": _("Chưa có dữ liệu thu hồi để lưu kèm chữ ký."),
    "timestamp_refused": _("Máy chủ dấu thời gian từ chối yêu cầu."),
    "timestamp_unreachable": _("Không kết nối được với máy chủ dấu thời gian."),
}

KEY_FAULTS = {
    "no_key": _("Không tìm thấy khóa ký."),
    "not_private": _("Tệp khóa ký đang để người khác trên máy đọc được: không dùng."),
    "wrong_pin": _("Mã PIN không đúng."),
    "pin_locked": _("Thiết bị ký đã bị khóa vì nhập sai mã PIN nhiều lần."),
    "at_desk": _("Khóa nằm trên thiết bị của người ký: cần ký tại bàn."),
    "no_pin": _("Chưa đặt mã PIN của HSM trên máy chủ."),
    "no_token": _("Không tìm thấy thiết bị ký (USB token)."),
    "token_failed": _("Thiết bị ký báo lỗi."),
    "unreachable": _("Không kết nối được với dịch vụ ký từ xa."),
    "declined": _("Dịch vụ ký từ xa từ chối."),
    "not_authorised": _("Người ký không chấp thuận hoặc đã quá thời gian chờ."),
    "wrong_signature": _("Dịch vụ ký trả về chữ ký sai."),
    "wrong_certificate": _("Khóa ký không khớp với chứng thư số."),
    "weak_key": _("Khóa ký quá ngắn (RSA dưới 2048 bit)."),
}
