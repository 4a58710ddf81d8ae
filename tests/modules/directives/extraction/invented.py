"""Directives that were invented to try the rules on layouts other than the labelled ones. Places and
persons do not exist."""

from __future__ import annotations

from typing import Any

Block = dict[str, Any]


def task(
    text: str,
    *,
    lead: list[str] | None = None,
    coordinating: list[str] | None = None,
    product: str | None = None,
    kind: str = "none",
    date: str | None = None,
) -> dict[str, Any]:
    return {
        "text": text,
        "lead": lead,
        "coordinating": coordinating or [],
        "products": product,
        "deadline": {"kind": kind, "date": date},
    }


def target(text: str, operator: str, value: float, unit: str = "%") -> dict[str, Any]:
    return {"text": text, "operator": operator, "value": value, "unit": unit}


# A plan of a provincial department: head in two storeys, groups over the whole width, numbers 1.1.
PLAN: list[Block] = [
    {
        "sides": [
            ["UBND TỈNH AN BÌNH", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "Số: 215/KH-SGDĐT"],
            [
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "An Bình, ngày 05 tháng 02 năm 2026",
            ],
        ]
    },
    {"p": "KẾ HOẠCH", "look": "title"},
    {"p": "Triển khai học bạ số và hồ sơ điện tử trong các cơ sở giáo dục năm 2026", "look": "center"},
    {"p": "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ về công tác văn thư;"},
    {
        "p": "Căn cứ Quyết định số 612/QĐ-UBND ngày 14 tháng 01 năm 2026 của Ủy ban nhân dân tỉnh An Bình "
        "về việc phê duyệt "
        "Chương trình chuyển đổi số ngành giáo dục,"
    },
    {"p": "Sở Giáo dục và Đào tạo ban hành Kế hoạch triển khai học bạ số và hồ sơ điện tử như sau:"},
    {"p": "I. MỤC ĐÍCH, YÊU CẦU", "look": "title"},
    {"p": "1. Mục đích"},
    {"p": "Thống nhất việc lập, ký, lưu trữ và khai thác học bạ số trong toàn tỉnh."},
    {"p": "2. Yêu cầu"},
    {"p": "Việc triển khai phải đồng bộ, tiết kiệm, bảo đảm an toàn thông tin theo quy định."},
    {"p": "II. CHỈ TIÊU", "look": "title"},
    {"p": "1. 100% trường tiểu học, trung học cơ sở, trung học phổ thông tạo lập học bạ số."},
    {"p": "2. Ít nhất 95% giáo viên có chữ ký số do cơ quan có thẩm quyền cấp."},
    {
        "p": "3. Tỷ lệ hồ sơ tuyển sinh đầu cấp nộp trực tuyến đạt trên 90%; tỷ lệ hồ sơ phải bổ sung "
        "không quá 5%."
    },
    {"p": "III. NHIỆM VỤ VÀ PHÂN CÔNG THỰC HIỆN", "look": "title"},
    {
        "table": [
            [
                "TT",
                "Nội dung công việc",
                "Đơn vị thực hiện",
                None,
                "Kết quả",
                "Thời gian hoàn thành",
                "Ghi chú",
            ],
            ["TT", "Nội dung công việc", "Chủ trì", "Phối hợp", "Kết quả", "Thời gian hoàn thành", "Ghi chú"],
            ["A", "Hoàn thiện quy định và tổ chức bộ máy", None, None, None, None, None],
            [
                "1",
                "Ban hành quy chế quản lý, sử dụng học bạ số",
                "Phòng Quản lý chất lượng",
                "Văn phòng Sở; Thanh tra Sở",
                "Quy chế",
                "Trước ngày 31/3/2026",
                "",
            ],
            [
                "2",
                "Kiện toàn Tổ công tác chuyển đổi số của ngành",
                "Phòng Tổ chức cán bộ",
                "Các phòng thuộc Sở",
                "Quyết định",
                "Quý I/2026",
                "",
            ],
            ["B", "Hạ tầng và dữ liệu", None, None, None, None, None],
            [
                "1",
                "Rà soát đường truyền, máy tính tại các trường; tổng hợp nhu cầu mua sắm bổ sung cho năm "
                "học 2026-2027",
                "Phòng Kế hoạch - Tài chính",
                "UBND các xã, phường; các đơn vị trực thuộc Sở",
                "Báo cáo tổng hợp",
                "Tháng 5/2026",
                "Kinh phí năm 2026",
            ],
            [
                "2",
                "Đối soát dữ liệu học sinh với Cơ sở dữ liệu quốc gia về dân cư",
                "Các cơ sở giáo dục",
                "Công an các xã, phường",
                "100% hồ sơ học sinh được xác thực",
                "Định kỳ hằng quý",
                "",
            ],
            [
                "3",
                "Vận hành kho học bạ số của tỉnh",
                "Văn phòng Sở",
                "Sở Khoa học và Công nghệ",
                "Kho học bạ số hoạt động ổn định",
                "Thường xuyên",
                "",
            ],
            [
                "4",
                "Kết nối với trục liên thông của Bộ Giáo dục và Đào tạo",
                "Văn phòng Sở",
                "",
                "Hệ thống được kết nối",
                "Sau khi Bộ Giáo dục và Đào tạo ban hành hướng dẫn kỹ thuật",
                "",
            ],
        ]
    },
    {"p": "IV. KINH PHÍ", "look": "title"},
    {"p": "Kinh phí thực hiện từ nguồn chi thường xuyên được giao năm 2026."},
    {"p": "V. TỔ CHỨC THỰC HIỆN", "look": "title"},
    {
        "p": "1. Văn phòng Sở: Đầu mối theo dõi, đôn đốc việc thực hiện Kế hoạch; định kỳ hằng tháng báo "
        "cáo Giám đốc Sở."
    },
    {
        "p": "2. Các cơ sở giáo dục: Xây dựng kế hoạch của đơn vị, gửi báo cáo kết quả về Sở Giáo dục và "
        "Đào tạo (qua Văn phòng Sở) "
        "trước ngày 15/11/2026."
    },
    {
        "p": "Trên đây là Kế hoạch triển khai học bạ số và hồ sơ điện tử năm 2026, yêu cầu các đơn vị "
        "nghiêm túc thực hiện./."
    },
    {
        "sides": [
            [
                "Nơi nhận:",
                "- UBND tỉnh (báo cáo);",
                "- Các phòng thuộc Sở;",
                "- Các cơ sở giáo dục;",
                "- Lưu: VT, VP.",
            ],
            ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "", "", "Trần Thị Bảo Ngân"],
        ]
    },
]
PLAN_GOLD = {
    "document": {
        "number_symbol": "215/KH-SGDĐT",
        "type": "Kế hoạch",
        "issuer": "Sở Giáo dục và Đào tạo tỉnh An Bình",
        "date": "2026-02-05",
        "subject": "Triển khai học bạ số và hồ sơ điện tử trong các cơ sở giáo dục năm 2026",
        "signer": {"name": "Trần Thị Bảo Ngân"},
        "recipients": ["UBND tỉnh (báo cáo)", "Các phòng thuộc Sở", "Các cơ sở giáo dục"],
        "legal_bases": [{"number": "30/2020/NĐ-CP"}, {"number": "612/QĐ-UBND"}],
    },
    "tasks": [
        task(
            "Ban hành quy chế quản lý, sử dụng học bạ số",
            lead=["Phòng Quản lý chất lượng"],
            coordinating=["Văn phòng Sở", "Thanh tra Sở"],
            product="Quy chế",
            kind="date",
            date="2026-03-31",
        ),
        task(
            "Kiện toàn Tổ công tác chuyển đổi số của ngành",
            lead=["Phòng Tổ chức cán bộ"],
            coordinating=["Các phòng thuộc Sở"],
            product="Quyết định",
            kind="quarter",
            date="2026-03-31",
        ),
        task(
            "Rà soát đường truyền, máy tính tại các trường; tổng hợp nhu cầu mua sắm bổ sung cho năm học "
            "2026-2027",
            lead=["Phòng Kế hoạch - Tài chính"],
            coordinating=["UBND các xã, phường", "các đơn vị trực thuộc Sở"],
            product="Báo cáo tổng hợp",
            kind="month",
            date="2026-05-31",
        ),
        task(
            "Đối soát dữ liệu học sinh với Cơ sở dữ liệu quốc gia về dân cư",
            lead=["Các cơ sở giáo dục"],
            coordinating=["Công an các xã, phường"],
            product="100% hồ sơ học sinh được xác thực",
            kind="recurring",
        ),
        task(
            "Vận hành kho học bạ số của tỉnh",
            lead=["Văn phòng Sở"],
            coordinating=["Sở Khoa học và Công nghệ"],
            product="Kho học bạ số hoạt động ổn định",
            kind="ongoing",
        ),
        task(
            "Kết nối với trục liên thông của Bộ Giáo dục và Đào tạo",
            lead=["Văn phòng Sở"],
            product="Hệ thống được kết nối",
            kind="event",
        ),
    ],
    "targets": [
        target("100% trường tiểu học, trung học cơ sở, trung học phổ thông tạo lập học bạ số", "=", 100),
        target("Ít nhất 95% giáo viên có chữ ký số do cơ quan có thẩm quyền cấp", ">=", 95),
        target("Tỷ lệ hồ sơ tuyển sinh đầu cấp nộp trực tuyến đạt trên 90%", ">", 90),
        target("tỷ lệ hồ sơ phải bổ sung không quá 5%", "<=", 5),
        target("100% hồ sơ học sinh được xác thực", "=", 100),
    ],
}

# A directive (chỉ thị) of a province's chairman: units as headings, prose, an annex with a table of targets.
ORDER: list[Block] = [
    {
        "sides": [
            ["ỦY BAN NHÂN DÂN", "TỈNH HOÀ PHÚ", "Số: 07/CT-UBND"],
            [
                "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "Hoà Phú, ngày 12 tháng 8 năm 2025",
            ],
        ]
    },
    {"p": "CHỈ THỊ", "look": "title"},
    {"p": "Về việc thực hiện nhiệm vụ trọng tâm năm học 2025 - 2026", "look": "center"},
    {
        "p": "Năm học 2024 - 2025, ngành Giáo dục tỉnh đã hoàn thành các chỉ tiêu được giao. Tuy nhiên, "
        "việc sắp xếp mạng lưới "
        "trường lớp ở một số địa bàn còn chậm, cơ sở vật chất còn thiếu."
    },
    {"p": "Để thực hiện tốt nhiệm vụ năm học 2025 - 2026, Chủ tịch Ủy ban nhân dân tỉnh yêu cầu:"},
    {"p": "1. Sở Giáo dục và Đào tạo"},
    {
        "p": "a) Chủ trì, phối hợp với Sở Nội vụ, Sở Tài chính rà soát, tham mưu bố trí đủ biên chế giáo "
        "viên theo định mức; báo cáo "
        "Ủy ban nhân dân tỉnh trước ngày 30 tháng 9 năm 2025."
    },
    {"p": "b) Hướng dẫn các trường tổ chức dạy học 2 buổi/ngày; hoàn thành trong tháng 10 năm 2025."},
    {"p": "c) Thường xuyên kiểm tra công tác bảo đảm an toàn trường học, phòng, chống bạo lực học đường."},
    {"p": "2. Sở Tài chính"},
    {"p": "- Cân đối, bố trí kinh phí sửa chữa trường lớp trong Quý IV năm 2025."},
    {"p": "- Phối hợp với Sở Giáo dục và Đào tạo hướng dẫn các khoản thu đầu năm học."},
    {"p": "3. Ủy ban nhân dân các xã, phường"},
    {
        "p": "a) Huy động trẻ 5 tuổi ra lớp; rà soát, sửa chữa cơ sở vật chất trước khi khai giảng năm học "
        "mới."
    },
    {
        "p": "b) Báo cáo kết quả thực hiện về Ủy ban nhân dân tỉnh (qua Sở Giáo dục và Đào tạo) trước ngày "
        "15 hằng tháng."
    },
    {
        "p": "4. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh tăng cường giám sát việc thực hiện các "
        "khoản thu trong nhà trường."
    },
    {"p": "Chỉ thị này có hiệu lực kể từ ngày ký. Yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện./."},
    {
        "sides": [
            [
                "Nơi nhận:",
                "- Bộ Giáo dục và Đào tạo;",
                "- Các sở, ban, ngành;",
                "- UBND các xã, phường;",
                "- Lưu: VT, KGVX.",
            ],
            ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "", "", "Lê Văn Đông Hải"],
        ]
    },
    {"p": "PHỤ LỤC", "look": "title"},
    {"p": "CHỈ TIÊU CHỦ YẾU NĂM HỌC 2025 - 2026", "look": "title"},
    {
        "p": "(Kèm theo Chỉ thị số 07/CT-UBND ngày 12 tháng 8 năm 2025 của Chủ tịch Ủy ban nhân dân tỉnh)",
        "look": "center",
    },
    {
        "table": [
            ["STT", "Chỉ tiêu", "Đơn vị tính", "Năm học 2025-2026"],
            ["1", "Tỷ lệ trẻ em 5 tuổi đến lớp", "%", "99,8"],
            ["2", "Trường đạt chuẩn quốc gia công nhận mới", "trường", "12"],
            ["3", "Tỷ lệ học sinh bỏ học", "%", "Dưới 0,5"],
        ]
    },
]
ORDER_GOLD = {
    "document": {
        "number_symbol": "07/CT-UBND",
        "type": "Chỉ thị",
        "issuer": "Ủy ban nhân dân tỉnh Hoà Phú",
        "date": "2025-08-12",
        "subject": "Về việc thực hiện nhiệm vụ trọng tâm năm học 2025 - 2026",
        "signer": {"name": "Lê Văn Đông Hải"},
        "recipients": ["Bộ Giáo dục và Đào tạo", "Các sở, ban, ngành", "UBND các xã, phường"],
        "legal_bases": [],
    },
    "tasks": [
        task(
            "Chủ trì, phối hợp với Sở Nội vụ, Sở Tài chính rà soát, tham mưu bố trí đủ biên chế giáo viên "
            "theo định mức; báo cáo "
            "Ủy ban nhân dân tỉnh trước ngày 30 tháng 9 năm 2025.",
            lead=["Sở Giáo dục và Đào tạo"],
            coordinating=["Sở Nội vụ", "Sở Tài chính"],
            kind="date",
            date="2025-09-30",
        ),
        task(
            "Hướng dẫn các trường tổ chức dạy học 2 buổi/ngày; hoàn thành trong tháng 10 năm 2025.",
            lead=["Sở Giáo dục và Đào tạo"],
            kind="month",
            date="2025-10-31",
        ),
        task(
            "Thường xuyên kiểm tra công tác bảo đảm an toàn trường học, phòng, chống bạo lực học đường.",
            lead=["Sở Giáo dục và Đào tạo"],
            kind="ongoing",
        ),
        task(
            "Cân đối, bố trí kinh phí sửa chữa trường lớp trong Quý IV năm 2025.",
            lead=["Sở Tài chính"],
            kind="quarter",
            date="2025-12-31",
        ),
        task(
            "Phối hợp với Sở Giáo dục và Đào tạo hướng dẫn các khoản thu đầu năm học.",
            lead=["Sở Tài chính"],
            coordinating=["Sở Giáo dục và Đào tạo"],
        ),
        task(
            "Huy động trẻ 5 tuổi ra lớp; rà soát, sửa chữa cơ sở vật chất trước khi khai giảng năm học mới.",
            lead=["Ủy ban nhân dân các xã, phường"],
            kind="event",
        ),
        task(
            "Báo cáo kết quả thực hiện về Ủy ban nhân dân tỉnh (qua Sở Giáo dục và Đào tạo) trước ngày 15 "
            "hằng tháng.",
            lead=["Ủy ban nhân dân các xã, phường"],
            kind="recurring",
        ),
        task(
            "Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh tăng cường giám sát việc thực hiện các khoản "
            "thu trong nhà trường.",
            lead=["Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"],
        ),
    ],
    "targets": [
        target("Tỷ lệ trẻ em 5 tuổi đến lớp", ">=", 99.8),
        target("Trường đạt chuẩn quốc gia công nhận mới", ">=", 12, "trường"),
        target("Tỷ lệ học sinh bỏ học", "<", 0.5),
    ],
}

# A notice of conclusions (thông báo): "Giao ... chủ trì", fields under a task, nested (1), (i).
NOTICE: list[Block] = [
    {
        "sides": [
            ["UBND XÃ TÂN THUẬN", "VĂN PHÒNG HĐND VÀ UBND", "Số: 88/TB-VP"],
            [
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "Tân Thuận, ngày 03 tháng 3 năm 2026",
            ],
        ]
    },
    {"p": "THÔNG BÁO", "look": "title"},
    {
        "p": "Kết luận của Chủ tịch Ủy ban nhân dân xã tại cuộc họp về công tác giáo dục tháng 3 năm 2026",
        "look": "center",
    },
    {
        "p": "Ngày 02/3/2026, Chủ tịch Ủy ban nhân dân xã chủ trì cuộc họp về công tác giáo dục. Sau khi "
        "nghe báo cáo và ý kiến của các "
        "đại biểu, Chủ tịch Ủy ban nhân dân xã kết luận như sau:"
    },
    {"p": "1. Về tuyển sinh đầu cấp"},
    {
        "p": "Giao Phòng Văn hóa - Xã hội chủ trì, phối hợp với các trường tiểu học, Trường Trung học cơ "
        "sở Tân Thuận xây dựng kế hoạch "
        "tuyển sinh lớp 1, lớp 6, trình Ủy ban nhân dân xã trước ngày 20/4/2026."
    },
    {"p": "2. Về cơ sở vật chất"},
    {
        "p": "(1) Phòng Kinh tế có trách nhiệm thẩm định dự toán sửa chữa 03 phòng học của Trường Mầm non "
        "Hoa Sen, hoàn thành trong tháng 6/2026."
    },
    {
        "p": "(2) Hiệu trưởng các trường chịu trách nhiệm kiểm tra an toàn điện, phòng cháy chữa cháy định "
        "kỳ hằng quý."
    },
    {"p": "3. Lắp đặt camera tại cổng trường"},
    {"p": "- Đơn vị chủ trì: Công an xã."},
    {"p": "- Đơn vị phối hợp: Các trường học trên địa bàn."},
    {"p": "- Thời gian hoàn thành: Quý II/2026."},
    {"p": "- Sản phẩm: Hệ thống camera hoạt động."},
    {"p": "Văn phòng HĐND và UBND xã thông báo để các cơ quan, đơn vị biết, thực hiện./."},
    {
        "sides": [
            ["Nơi nhận:", "- Chủ tịch, các PCT UBND xã;", "- Các trường học;", "- Lưu: VT."],
            ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG", "", "", "Phạm Minh Khôi"],
        ]
    },
]
NOTICE_GOLD = {
    "document": {
        "number_symbol": "88/TB-VP",
        "type": "Thông báo",
        "issuer": "Văn phòng HĐND và UBND xã Tân Thuận",
        "date": "2026-03-03",
        "subject": "Kết luận của Chủ tịch Ủy ban nhân dân xã tại cuộc họp về công tác giáo dục tháng 3 năm "
        "2026",
        "signer": {"name": "Phạm Minh Khôi"},
        "recipients": ["Chủ tịch, các PCT UBND xã", "Các trường học"],
        "legal_bases": [],
    },
    "tasks": [
        task(
            "Giao Phòng Văn hóa - Xã hội chủ trì, phối hợp với các trường tiểu học, Trường Trung học cơ sở "
            "Tân Thuận xây dựng kế "
            "hoạch tuyển sinh lớp 1, lớp 6, trình Ủy ban nhân dân xã trước ngày 20/4/2026.",
            lead=["Phòng Văn hóa - Xã hội"],
            coordinating=["các trường tiểu học", "Trường Trung học cơ sở Tân Thuận"],
            product="kế hoạch tuyển sinh lớp 1",
            kind="date",
            date="2026-04-20",
        ),
        task(
            "Phòng Kinh tế có trách nhiệm thẩm định dự toán sửa chữa 03 phòng học của Trường Mầm non Hoa "
            "Sen, hoàn thành trong "
            "tháng 6/2026.",
            lead=["Phòng Kinh tế"],
            kind="month",
            date="2026-06-30",
        ),
        task(
            "Hiệu trưởng các trường chịu trách nhiệm kiểm tra an toàn điện, phòng cháy chữa cháy định kỳ "
            "hằng quý.",
            lead=["Hiệu trưởng các trường"],
            kind="recurring",
        ),
        task(
            "Lắp đặt camera tại cổng trường",
            lead=["Công an xã"],
            coordinating=["Các trường học trên địa bàn"],
            product="Hệ thống camera hoạt động",
            kind="quarter",
            date="2026-06-30",
        ),
    ],
    "targets": [],
}

# A decision (quyết định) with articles and an annex whose table has other heads, no number column, many
# dates in a cell.
DECISION: list[Block] = [
    {
        "sides": [
            ["BỘ GIÁO DỤC VÀ ĐÀO TẠO", "TRƯỜNG ĐẠI HỌC BÌNH MINH", "Số: 1024/QĐ-ĐHBM"],
            [
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "Bình Minh, ngày 20 tháng 01 năm 2026",
            ],
        ]
    },
    {"p": "QUYẾT ĐỊNH", "look": "title"},
    {"p": "Về việc giao nhiệm vụ cải cách hành chính năm 2026", "look": "center"},
    {"p": "HIỆU TRƯỞNG TRƯỜNG ĐẠI HỌC BÌNH MINH", "look": "title"},
    {"p": "Căn cứ Luật Giáo dục đại học số 08/2012/QH13 ngày 18 tháng 6 năm 2012;"},
    {
        "p": "Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ ban hành Chương trình tổng thể "
        "cải cách hành chính nhà nước;"
    },
    {"p": "Theo đề nghị của Trưởng phòng Hành chính - Tổng hợp."},
    {"p": "QUYẾT ĐỊNH:", "look": "title"},
    {
        "p": "Điều 1. Giao nhiệm vụ cải cách hành chính năm 2026 cho các đơn vị theo Phụ lục kèm theo "
        "Quyết định này."
    },
    {
        "p": "Điều 2. Phòng Hành chính - Tổng hợp chủ trì theo dõi, đôn đốc; định kỳ hằng quý tổng hợp, "
        "báo cáo Hiệu trưởng."
    },
    {
        "p": "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Trưởng các đơn vị và cá nhân liên quan "
        "chịu trách nhiệm thi hành "
        "Quyết định này./."
    },
    {"sides": [["Nơi nhận:", "- Như Điều 3;", "- Lưu: VT, HCTH."], ["HIỆU TRƯỞNG", "", "", "Vũ Ngọc Ánh"]]},
    {"p": "PHỤ LỤC", "look": "title"},
    {"p": "NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2026", "look": "title"},
    {
        "table": [
            ["Số TT", "Tên nhiệm vụ", "Sản phẩm dự kiến", "Tiến độ", "Cơ quan chủ trì", "Cơ quan phối hợp"],
            [
                "1",
                "Đơn giản hóa thủ tục xác nhận sinh viên",
                "Quy trình mới",
                "15/3/2026",
                "Phòng Công tác sinh viên",
                "Phòng Đào tạo, Trung tâm Công nghệ thông tin",
            ],
            [
                "2",
                "Số hóa hồ sơ tốt nghiệp các khóa trước năm 2015",
                "Kho dữ liệu",
                "Đợt 1: 30/4/2026; đợt 2: 30/9/2026",
                "Phòng Đào tạo",
                "Thư viện",
            ],
            [
                "3",
                "Khảo sát sự hài lòng của người học",
                "Báo cáo khảo sát",
                "6 tháng đầu năm 2026",
                "Phòng Khảo thí và Bảo đảm chất lượng",
                "Các khoa",
            ],
            [
                "4",
                "Tiếp nhận, xử lý phản ánh, kiến nghị",
                "",
                "Hằng ngày",
                "Văn phòng Trường",
                "Các đơn vị liên quan",
            ],
            [
                "5",
                "Tổng kết công tác cải cách hành chính",
                "Báo cáo",
                "Tháng 12",
                "Phòng Hành chính - Tổng hợp",
                "Các đơn vị",
            ],
            [
                "6",
                "Nâng cấp cổng dịch vụ công của Trường",
                "Cổng dịch vụ công",
                "Hết năm 2026",
                "Trung tâm Công nghệ thông tin",
                "Phòng Tài chính - Kế toán",
            ],
        ]
    },
]
DECISION_GOLD = {
    "document": {
        "number_symbol": "1024/QĐ-ĐHBM",
        "type": "Quyết định",
        "issuer": "Trường Đại học Bình Minh",
        "date": "2026-01-20",
        "subject": "Về việc giao nhiệm vụ cải cách hành chính năm 2026",
        "signer": {"name": "Vũ Ngọc Ánh"},
        "recipients": ["Như Điều 3"],
        "legal_bases": [{"number": "08/2012/QH13"}, {"number": "76/NQ-CP"}],
    },
    "tasks": [
        task(
            "Đơn giản hóa thủ tục xác nhận sinh viên",
            lead=["Phòng Công tác sinh viên"],
            coordinating=["Phòng Đào tạo", "Trung tâm Công nghệ thông tin"],
            product="Quy trình mới",
            kind="date",
            date="2026-03-15",
        ),
        task(
            "Số hóa hồ sơ tốt nghiệp các khóa trước năm 2015",
            lead=["Phòng Đào tạo"],
            coordinating=["Thư viện"],
            product="Kho dữ liệu",
            kind="date",
            date="2026-09-30",
        ),
        task(
            "Khảo sát sự hài lòng của người học",
            lead=["Phòng Khảo thí và Bảo đảm chất lượng"],
            coordinating=["Các khoa"],
            product="Báo cáo khảo sát",
            kind="date",
            date="2026-06-30",
        ),
        task(
            "Tiếp nhận, xử lý phản ánh, kiến nghị",
            lead=["Văn phòng Trường"],
            coordinating=["Các đơn vị liên quan"],
            kind="ongoing",
        ),
        task(
            "Tổng kết công tác cải cách hành chính",
            lead=["Phòng Hành chính - Tổng hợp"],
            coordinating=["Các đơn vị"],
            product="Báo cáo",
            kind="month",
            date="2026-12-31",
        ),
        task(
            "Nâng cấp cổng dịch vụ công của Trường",
            lead=["Trung tâm Công nghệ thông tin"],
            coordinating=["Phòng Tài chính - Kế toán"],
            product="Cổng dịch vụ công",
            kind="date",
            date="2026-12-31",
        ),
    ],
    "targets": [],
}

INVENTED = {
    "plan": (PLAN, PLAN_GOLD),
    "order": (ORDER, ORDER_GOLD),
    "notice": (NOTICE, NOTICE_GOLD),
    "decision": (DECISION, DECISION_GOLD),
}
