"""The catalogue of rights: what can be allowed, in words that people understand. Pure."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation; the page that shows it translates."""
    return message


# A right is "module.verb". A right that is not here does not exist (a test holds roles to it).
RIGHTS: dict[str, str] = {
    "organization.view": gettext_noop(
        "Xem đơn vị, trường, năm học, danh mục và danh bạ trong phạm vi của mình"
    ),
    "organization.manage_units": gettext_noop("Thành lập, đổi tên, giải thể đơn vị và trường"),
    "organization.edit_details": gettext_noop(
        "Sửa địa chỉ, liên hệ, điểm trường của đơn vị trong phạm vi của mình"
    ),
    "organization.reorganize": gettext_noop(
        "Khi sáp nhập, giải thể trường: chuyển điểm trường, phân công và đóng đơn vị theo quyết định"
    ),
    "organization.manage_lists": gettext_noop(
        "Lập năm học, học kỳ; sửa danh mục mã và bản đồ đơn vị hành chính"
    ),
    "organization.manage_calendar": gettext_noop("Sửa ngày nghỉ lễ, ngày làm bù dùng để tính hạn"),
    "organization.manage_appointments": gettext_noop("Phân công, kết thúc phân công người vào vai trò"),
    "organization.delegate": gettext_noop("Uỷ quyền có thời hạn một phần quyền của mình cho người khác"),
    "accounts.manage": gettext_noop("Tạo, khoá, mở tài khoản; cấp lại mật khẩu"),
    "audit.read": gettext_noop("Đọc nhật ký: ai đã sửa gì, ai đã xem gì"),
    "audit.purge": gettext_noop("Xoá nhật ký đăng nhập đã quá thời hạn lưu"),
    "files.upload": gettext_noop("Tải tệp lên làm tài liệu, minh chứng"),
    "files.manage": gettext_noop("Quản lý kho tệp: dung lượng, tệp bị giữ lại để kiểm tra"),
    "importing.run": gettext_noop("Nhập dữ liệu từ tệp bảng tính"),
    "indicators.view": gettext_noop("Xem chỉ số và danh sách còn thiếu trong phạm vi của mình"),
    "api.token": gettext_noop("Cấp khoá truy cập cho phần mềm khác đọc dữ liệu thay mình"),
    "jobs.view_all": gettext_noop("Xem mọi việc chạy nền của hệ thống"),
    "directives.view": gettext_noop("Xem văn bản chỉ đạo và nhiệm vụ được giao cho mình"),
    "directives.view_unit": gettext_noop("Xem mọi nhiệm vụ của các đơn vị trong phạm vi của mình"),
    "directives.import": gettext_noop("Đưa văn bản chỉ đạo vào và rà soát kết quả bóc tách"),
    "directives.confirm": gettext_noop("Xác nhận kết quả rà soát để tạo nhiệm vụ, chỉ tiêu"),
    "directives.assign": gettext_noop("Giao nhiệm vụ cho đơn vị, cho người"),
    "directives.hand_down": gettext_noop("Giao tiếp nhiệm vụ xuống cấp dưới"),
    "directives.work": gettext_noop("Cập nhật tiến độ, nêu khó khăn, nộp kết quả nhiệm vụ được giao"),
    "directives.accept": gettext_noop("Nghiệm thu hoặc trả lại kết quả; quyết định gia hạn"),
    "directives.report": gettext_noop("Nộp báo cáo theo chế độ báo cáo"),
    "directives.approve_value": gettext_noop("Duyệt số liệu chỉ tiêu do cấp dưới báo cáo"),
    "directives.dashboard": gettext_noop("Xem bảng điều hành: đúng hạn, quá hạn, điểm nghẽn"),
    "directives.record_event": gettext_noop("Ghi nhận sự kiện làm bắt đầu thời hạn có điều kiện"),
    "directives.report_out": gettext_noop("Lập và xuất báo cáo kết quả gửi cấp trên"),
    "registry.view": gettext_noop("Xem lớp, học sinh, cán bộ, cơ sở vật chất trong phạm vi của mình"),
    "registry.view_own_classes": gettext_noop("Xem lớp mình chủ nhiệm, giảng dạy và học sinh của lớp"),
    "registry.view_sensitive": gettext_noop(
        "Xem đầy đủ số định danh, dân tộc, tôn giáo, khuyết tật, sức khỏe (mỗi lần xem đều được ghi lại)"
    ),
    "registry.edit": gettext_noop("Thêm, sửa, nhập tệp lớp, học sinh, cán bộ của trường"),
    "registry.import_files": gettext_noop(
        "Nhập tệp lớp, học sinh, cán bộ của nhiều trường cùng lúc (mỗi dòng ghi mã trường); hoàn tác được"
    ),
    "registry.edit_facilities": gettext_noop("Thêm, sửa đất, phòng, thiết bị, đường truyền của trường"),
    "registry.export": gettext_noop("Xuất tệp theo mẫu của Bộ, OneRoster và danh sách có thông tin cá nhân"),
    "registry.transfer": gettext_noop("Đề nghị, đồng ý, tiếp nhận học sinh chuyển trường"),
    "registry.promote": gettext_noop("Kết thúc năm học: lên lớp, lưu ban, xếp lớp năm mới"),
    "registry.match": gettext_noop("Quyết định hồ sơ nghi trùng; gộp và tách hồ sơ"),
    "registry.verify": gettext_noop("Gửi xác thực với cơ sở dữ liệu quốc gia về dân cư và xem kết quả"),
    "registry.reorganize": gettext_noop("Chuyển toàn bộ hồ sơ khi sáp nhập, giải thể trường"),
    "registry.set_facts": gettext_noop(
        "Sửa tham số của hồ sơ: tên nhóm mầm non, giới hạn tra cứu, giấy tờ chuyển trường"
    ),
    "registry.subject_requests": gettext_noop("Thực hiện yêu cầu hạn chế, xóa dữ liệu cá nhân theo luật"),
    "registry.own_children": gettext_noop("Xem hồ sơ của con mình và báo thông tin sai"),
    "registry.own_record": gettext_noop("Xem hồ sơ của chính mình"),
    "transcripts.view": gettext_noop("Xem học bạ số trong phạm vi của mình"),
    "transcripts.prepare": gettext_noop("Lập, bổ sung, gửi, xin thu hồi học bạ số của trường"),
    "transcripts.sign_homeroom": gettext_noop("Ký học bạ số của lớp mình chủ nhiệm, môn mình dạy"),
    "transcripts.sign_leader": gettext_noop("Ký học bạ số với tư cách lãnh đạo trường"),
    "transcripts.sign_seal": gettext_noop("Ký phát hành học bạ số bằng chứng thư số của trường"),
    "transcripts.gateway": gettext_noop(
        "Trực cổng tiếp nhận học bạ số: giao dịch, chứng thư, thu hồi, bản gốc"
    ),
    "transcripts.approve_recall": gettext_noop("Quyết định yêu cầu thu hồi học bạ số sau khi khóa năm học"),
    "transcripts.own": gettext_noop("Xem, tải học bạ số của mình, của con và báo sai sót"),
    "documents.view_certificates": gettext_noop(
        "Xem chứng thư số của người và đơn vị trong phạm vi của mình"
    ),
    "documents.register_certificates": gettext_noop(
        "Đăng ký, gia hạn, báo thu hồi chứng thư số của người trong trường và con dấu của trường"
    ),
    "documents.approve_certificates": gettext_noop("Duyệt, thu hồi chứng thư số dùng để ký"),
    "documents.use_seal": gettext_noop("Ký văn bản bằng con dấu (chứng thư số) của đơn vị"),
    "documents.own_certificate": gettext_noop("Đăng ký, gia hạn, báo mất chứng thư số của chính mình"),
    "maturity.view": gettext_noop("Xem phiếu và kết quả đánh giá chuyển đổi số trong phạm vi của mình"),
    "maturity.fill": gettext_noop("Tự đánh giá chuyển đổi số của đơn vị, kèm minh chứng"),
    "maturity.submit": gettext_noop("Nộp phiếu tự đánh giá, đồng ý hoặc kiến nghị về kết quả thay đơn vị"),
    "maturity.forward": gettext_noop(
        "Kiểm tra, gửi lên Sở hoặc trả lại phiếu đánh giá của các trường thuộc xã"
    ),
    "maturity.assess": gettext_noop(
        "Mở đợt, lập đoàn, đánh giá ngoài, lập quyết định công nhận chuyển đổi số"
    ),
    "maturity.recognise": gettext_noop(
        "Ban hành, công bố quyết định công nhận chuyển đổi số; giải quyết kiến nghị"
    ),
    "maturity.manage_rubrics": gettext_noop(
        "Sửa điểm, tiêu chí của bộ chỉ số chuyển đổi số (thành phiên bản mới)"
    ),
    "statistics.view": gettext_noop("Xem số liệu thống kê, biểu báo cáo, dự báo trong phạm vi của mình"),
    "statistics.confirm": gettext_noop("Xác nhận biểu thống kê và báo số liệu của đơn vị mình"),
    "statistics.review": gettext_noop("Kiểm tra, trả lại, chuyển tiếp biểu thống kê và số liệu của cấp dưới"),
    "statistics.sign_off": gettext_noop("Duyệt, chốt biểu thống kê toàn tỉnh"),
    "statistics.manage": gettext_noop("Mở kỳ thống kê, sửa biểu, định mức, dân số, chỉ số báo cáo"),
    "statistics.write_report": gettext_noop("Soạn báo cáo sơ kết, tổng kết của đơn vị"),
    "statistics.sign_report": gettext_noop("Ký duyệt báo cáo sơ kết, tổng kết của đơn vị"),
    "gradebook.view": gettext_noop("Xem sổ điểm, kết quả học tập, rèn luyện trong phạm vi của mình"),
    "gradebook.enter": gettext_noop(
        "Nhập điểm, nhận xét lớp mình dạy; rèn luyện, vắng học lớp mình chủ nhiệm"
    ),
    "gradebook.keep": gettext_noop("Lập sổ điểm, nhập và sửa điểm mọi lớp của trường, tính kết quả"),
    "gradebook.lock": gettext_noop("Khóa sổ điểm, quyết định mở khóa, đưa kết quả năm học vào hồ sơ"),
    "gradebook.set_rules": gettext_noop(
        "Đặt quy định đánh giá: văn bản mới, tham số đã đối chiếu, năm học áp dụng; rút bản đã đặt"
    ),
    "gradebook.view_own": gettext_noop("Xem điểm, nhận xét, kết quả của chính mình hoặc của con"),
    "quality.view": gettext_noop("Xem chất lượng dữ liệu và lỗi dữ liệu trong phạm vi của mình"),
    "quality.mend": gettext_noop("Nhận, sửa, giải trình lỗi dữ liệu của đơn vị"),
    "quality.run": gettext_noop("Chạy kiểm tra dữ liệu trong phạm vi của mình"),
    "quality.manage_rules": gettext_noop("Bật, tắt, đặt trọng số và tham số cho quy tắc kiểm tra"),
}

# Lending these on would let a delegation outlive or outgrow what was lent.
NEVER_DELEGATED = frozenset(
    {"organization.delegate", "organization.manage_appointments", "accounts.manage", "api.token"}
)
