"""A whole transcript as content, and the tags of the specification as they were read in its text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from thongsuot.modules.transcripts.domain.profile import Profile, load_profiles
from thongsuot.modules.transcripts.domain.values import VIETNAM

DATA = Path(__file__).resolve().parents[3] / "data" / "transcripts"
PROFILES = load_profiles(DATA)
PRIMARY = PROFILES["spec-v1.0-primary"]
SECONDARY = PROFILES["provincial-secondary-2025"]
BY_SUBJECT = PROFILES["provincial-secondary-2026"]
UUID = "3f0e8a52-6a0b-4d0a-9d0e-0a4f5b6c7d8e"

# CV 2088/BGDĐT-GDTH Phụ lục 1, typed from the text and not from the layout; * is X (mandatory).
SPEC_TAGS = {
    "THONG_TIN_CHUNG": """PHIEN_BAN* THONG_TU* MA_TRA_CUU_UUID* TEN_NAM_HOC* MA_SO_GIAO_DUC* TEN_SO_GD* MA_TRUONG*
        TEN_TRUONG* TEN_QUAN_HUYEN* TEN_XA_PHUONG* TEN_TINH_THANH_PHO* MA_CAP_HOC* SO_SO_DANG_BO* HO_VA_TEN* SO_CCCD*
        MA_HOC_SINH* GIOI_TINH* NGAY_SINH* CAN_NANG* CHIEU_CAO* TONG_SO_BUOI_NGHI_CO_PHEP*
        THONG_SO_BUOI_NGHI_KHONG_PHEP* NOI_SINH* QUE_QUAN* CHO_O_HIEN_NAY* DAN_TOC* QUOC_TICH* HO_VA_TEN_CHA
        HO_VA_TEN_ME* HO_VA_TEN_NGUOI_GIAM_HO TEN_GIAM_HIEU_KY_HOC_BA* SO_CCCD_GIAM_HIEU_KY_HOC_BA*
        CHUC_VU_GIAM_HIEU_KY_HOC_BA* DIA_DANH_PHAT_HANH_HOC_BA* NGAY_TAO_HOC_BA* NGAY_KY_PHAT_HANH_HOC_BA*
        TEN_GIAO_VIEN_CHU_NHIEM SO_CCCD_GIAO_VIEN_CHU_NHIEM MA_KHOI* TEN_LOP* NAM_HOC*""",
    "QUA_TRINH_HOC_TAP": "TEN_LOP* TEN_TRUONG* NGAY_TRANG_THAI_CHUYEN_DEN*",
    "TONG_KET": """KET_QUA_XEP_LOAI* DUOC_LEN_LOP* NOI_DUNG_HOAN_THANH_CHUONG_TRINH
        DA_HOAN_THANH_CHUONG_TRINH_LOP_HOC* DA_HOAN_THANH_CHUONG_TRINH_TIEU_HOC NOI_DUNG_KHEN_THUONG
        NOI_DUNG_KHEN_THUONG_DOT_XUAT NHAN_XET_GVCN*""",
    "BANG_DIEM": "MA_MON_HOC* TEN_MON_HOC* MUC_DAT_DUOC* DIEM_KIEM_TRA_DINH_KY",
    "NANG_LUC_PHAM_CHAT": """NANG_LUC_TU_CHU_TU_HOC* NANG_LUC_GIAO_TIEP_HOC_TAC*
        NANG_LUC_GIAI_QUYET_VAN_DE_SANG_TAO* NANG_LUC_NGON_NGU* NANG_LUC_TINH_TOAN* NANG_LUC_KHOA_HOC*
        NANG_LUC_CONG_NGHE NANG_LUC_TIN_HOC NANG_LUC_THAM_MI* NANG_LUC_THE_CHAT* PHAM_CHAT_YEU_NUOC*
        PHAM_CHAT_NHAN_AI* PHAM_CHAT_CHAM_CHI* PHAM_CHAT_TRUNG_THUC* PHAM_CHAT_TRACH_NHIEM* NHAN_XET_PHAM_CHAT*
        NHAN_XET_NANG_LUC_CHUNG* NHAN_XET_NANG_LUC_DAC_THU*""",
}


def primary_content(**common: Any) -> dict[str, Any]:
    """Lớp 3A, năm học 2025-2026: everything that the specification asks for."""
    moment = datetime(2026, 5, 29, 8, 30, tzinfo=VIETNAM)
    return {
        "common": {
            "spec_version": "1.0",
            "circular": "27/2020/TT-BGDĐT",
            "uuid": UUID,
            "school_year_name": "2025-2026",
            "department_code": "79",
            "department_name": "Sở Giáo dục và Đào tạo",
            "school_code": "7900001",
            "school_name": "Trường Tiểu học Hòa Bình",
            "district_name": "Không có",
            "commune_name": "Phường Bến Thành",
            "province_name": "Thành phố Hồ Chí Minh",
            "level_code": "1",
            "register_number": "0123",
            "full_name": "Nguyễn Thị Ánh",
            "personal_id": "079316000012",
            "student_code": "7912345678",
            "gender": "Nữ",
            "birth_date": date(2017, 3, 4),
            "weight": Decimal("27.50"),
            "height": Decimal(128),
            "absent_excused": 2,
            "absent_unexcused": 0,
            "birth_place": "Bệnh viện Từ Dũ",
            "home_town": "Tỉnh Vĩnh Long",
            "current_address": "12 Lê Lợi & Pasteur",
            "ethnicity": "Kinh",
            "nationality": "Việt Nam",
            "father_name": "Nguyễn Văn Bình",
            "mother_name": "Trần Thị Cúc",
            "leader_name": "Lê Văn Dũng",
            "leader_personal_id": "079075000001",
            "leader_position": "Hiệu trưởng",
            "issue_place": "Bến Thành",
            "created_at": moment,
            "issued_at": moment,
            "homeroom_name": "Phạm Thị Em",
            "homeroom_personal_id": "079185000002",
            "grade_code": "3",
            "class_name": "3A",
            "first_year": 2025,
            **common,
        },
        "history": [
            {"class_name": "3A", "school_name": "Trường Tiểu học Hòa Bình", "arrived_on": date(2023, 9, 5)}
        ],
        "summary": {
            "result": "Hoàn thành tốt",
            "is_promoted": True,
            "is_grade_completed": True,
            "awards": "Học sinh Tiêu biểu",
            "homeroom_remark": "Chăm chỉ, hòa đồng với bạn bè.",
        },
        "subjects": [
            {
                "subject_code": "vietnamese",
                "subject_name": "Tiếng Việt",
                "level": "T",
                "mark": Decimal(9),
            },
            {"subject_code": "mathematics", "subject_name": "Toán", "level": "T", "mark": Decimal(10)},
            {"subject_code": "ethics", "subject_name": "Đạo đức", "level": "H"},
        ],
        "traits": {
            **{
                f.source: "T" if "remark" not in f.source else "Tốt."
                for f in PRIMARY.section("traits").fields  # type: ignore[union-attr]
                if f.required
            },
        },
    }


def tags_of(profile: Profile, key: str) -> list[str]:
    section = next(one for one in profile.sections if one.tag == key)
    return [f.tag + ("*" if f.required else "") for f in section.fields]
