"""Verbs of orders: with which words an item begins that tells somebody to do something, and where in a
sentence the name of a unit ends."""

from __future__ import annotations

import re

from .text import fold

# First words of an order (folded). A leaf that begins otherwise and stands in no section of tasks is not
# taken for one.
ACTION = re.compile(
    r"^(?:\W*)(?:tiep tuc|trien khai|xay dung|to chuc|tham muu|chu tri|phoi hop|day manh|tang cuong|nang "
    r"cao|thuc hien|ra soat|hoan thien|huong dan|"
    r"kiem tra|giam sat|theo doi|don doc|tong hop|bao cao|cap nhat|bo tri|dau tu|mua sam|nghien cuu|ap "
    r"dung|ung dung|phat trien|mo rong|"
    r"doi moi|dam bao|bao dam|ban hanh|trinh|lap|cu |giao|yeu cau|de nghi|chi dao|phan cong|thanh lap|kien "
    r"toan|tap huan|boi duong|dao tao|"
    r"tuyen truyen|pho bien|quan triet|cong khai|cung cap|chuan bi|ky|so hoa|ket noi|chia se|khai thac|van "
    r"hanh|su dung|quan ly|danh gia|"
    r"so ket|tong ket|thong ke|tich cuc|chu dong|khan truong|nghiem tuc|thuong xuyen|dinh ky|kip thoi|phat "
    r"dong|huy dong|ho tro|de xuat|gop y|"
    r"co bien phap|co giai phap|co ke hoach|tap trung|khuyen khich|thu hut|tham gia|gui|hoan thanh|sap xep|"
    r"uu tien|chuyen doi|tich hop|dua |tao |"
    r"chiu trach nhiem|dau moi|tiep nhan|giai quyet|xu ly|phan bo|tham dinh|phe duyet|cong nhan|bien soan|"
    r"lua chon|dang ky|thong nhat|can doi|gan |"
    r"phat huy|duy tri|cung co|khac phuc|phong,? chong|xac dinh|thiet lap|quy hoach|rut |dieu chinh|sua "
    r"doi|cat giam|don gian|tai cau truc|cu the hoa|"
    r"can cu|tren co so|thong bao|chuyen|giam |xoa |phan dau|dam |han che|ngan chan|truc tiep|lay |moi |"
    r"tuyen duong|quy dinh|xem xet|doi voi|kien nghi|trang bi|lap dat|nhan rong|thi diem|lam tot|quan tam)"
)

# Verbs after the name of a unit, with their marks: in names ("Trung tâm Hỗ trợ ...") they are capitalised.
_AFTER_UNITS = re.compile(
    r"(?<!\w)(?:huy động|vận động|điều tra|mở(?= \w)|tăng|giảm|sinh hoạt|duy trì|phát huy|củng cố|nâng cao|"
    r"đổi mới|phát động|hỗ trợ|khuyến khích|thu hút|ưu tiên|khảo sát|thẩm định|phê duyệt|công khai|công bố|"
    r"niêm yết|phổ biến|tập huấn|bồi dưỡng|giải quyết|xử lý|xử lí|khắc phục|ngăn chặn|phòng ngừa|trang bị|"
    r"lắp đặt|mua sắm|đầu tư|sửa chữa|nâng cấp|đưa|lồng ghép|tích cực|sẵn sàng|tận dụng|phân bổ|cân đối|"
    r"điều chỉnh|sắp xếp|kiện toàn|tuyển dụng|điều động|bổ sung|xác nhận|xác minh|tạo điều kiện|dành|kết nối|"
    r"tích hợp|chia sẻ|số h(?:óa|oá)|chuẩn h(?:óa|oá)|làm sạch|đối chiếu|đối soát|chấn chỉnh|ứng dụng|áp dụng|"
    r"có kế hoạch|có biện pháp|có giải pháp|tiến hành|hoàn thiện|hoàn trả|dừng|bàn giao|nộp|nhập|xét duyệt|"
    r"quan tâm|lưu ý|nhắc nhở|tổng kết|sơ kết|cam kết|đẩy nhanh|chuyển|thẩm tra|tiếp thu|nghiên cứu|"
    r"khám|chăm sóc|bảo vệ|tư vấn|chi trả|thanh toán|lưu trữ|bảo quản|khai thác|vận hành|phản ánh|thu thập|"
    r"thu hồi|gửi|trao đổi|trao tặng|biểu dương|tôn vinh|phân tích|dự báo|thí điểm|nhân rộng|phân cấp|"
    r"ủy quyền|uỷ quyền|tuần tra|phân luồng|định hướng|rút kinh nghiệm|phát hiện|phát hành|tiếp tục)(?!\w)"
)
# Groups that are named after what they do, in small letters: "tổ hỗ trợ công nghệ", "dự án đầu tư xây dựng".
_NAMED_AFTER = re.compile(
    r"(?<!\w)(?:[Tt]rung tâm|ban|[Tt]ổ|[Đđ]oàn|[Đđ]ội|[Qq]uỹ|[Bb]ộ phận|dự án|[Hh]ội đồng|cán bộ|giáo viên|"
    r"công tác|đầu tư|chuyên viên|nhóm)\s+$"
)


_EDUCATION = re.compile(r"\b[Gg]iáo\b|\bGIÁO\b")


def fold_orders(text: str) -> str:
    """`fold`, but "giáo" (giáo viên, giáo dục) is kept apart from "giao", the order."""
    out = list(fold(text))
    for match in _EDUCATION.finditer(text):
        out[match.end() - 1] = "_"
    return "".join(out)


def next_verb(text: str) -> int:
    """Where the first verb of this list stands in `text` outside the names of units; its length if none."""
    return next(
        (m.start() for m in _AFTER_UNITS.finditer(text) if not _NAMED_AFTER.search(text[: m.start()])),
        len(text),
    )


def begins_order(text: str, folded: str) -> bool:
    """Does `text` begin with a verb of an order?"""
    return bool(ACTION.match(folded)) or next_verb(text.lstrip(" ,")) == 0
