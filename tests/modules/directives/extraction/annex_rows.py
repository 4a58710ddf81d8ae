"""Cells of the table of the annex, as they stand on its pages."""

ROWS: list[list[str]] = [
    [
        "STT",
        "Nhiệm vụ/giải pháp thực hiện",
        "Căn cứ pháp lí",
        "Đơn vị chủ trì",
        "Cơ quan, đơn vị phối hợp",
        "Nhiệm vụ triển khai/thời gian trình/điều chỉnh, bổ sung",
        "Hình thức/Kết quả thực hiện/ Dự thảo",
    ],
    [
        "1",
        (
            "Tuyên truyền, phổ biến Quyết định số 1705/QĐ-TTg ngày 31/12/2024 của Thủ tướng Chính phủ "
            "phê duyệt Chiến lược phát triển giáo dục đến năm 2030, tầm nhìn đến năm 2045"
        ),
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "1.1",
        "Tuyên truyền về Kế hoạch thực hiện chiến lược của UBND tỉnh Quảng Ngãi",
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên",
        "Tài liệu, sản phẩm tuyên truyền",
    ],
    [
        "1.2",
        (
            "Tham gia Hội nghị phổ biến/triển khai Kế hoạch về việc triển khai Chiến lược phát triển "
            "giáo dục đến năm 2030, tầm nhìn đến năm 2045 trên địa bàn tỉnh Quảng Ngãi (cấp mầm non, "
            "tiểu học)"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH tham gia",
        "Các đơn vị có liên quan",
        "Hội nghị quán triệt hoàn thành Quý III /2025; và tổ chức thường xuyên",
        "Hội nghị",
    ],
    [
        "2",
        "Hoàn thiện thể chế trong giáo dục và đào tạo",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "2.1",
        (
            "Phối hợp thực hiện rà soát, đề xuất, góp ý hoàn thiện hệ thống pháp luật, các cơ chế, "
            "chính sách về giáo dục, đào tạo"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý",
    ],
    [
        "2.2",
        (
            "Tham mưu Nghị quyết phổ cập GDMN cho trẻ em từ 3 đến 5 tuổi phường Đức Phổ. Xây dựng Đề "
            "án phổ cập giáo dục mầm non cho trẻ em mẫu giáo từ 3 đến 5 tuổi trên địa bàn phường Đức "
            "Phổ"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý",
    ],
    [
        "2.3",
        (
            "Phối hợp đề xuất giải pháp để hoàn thiện cơ chế, chính sách đầu tư cho giáo dục và đào "
            "tạo; các chính sách ưu đãi về đất đai, tín dụng và thuế đối với tất cả cơ sở giáo dục... "
            "bảo đảm tính đồng bộ của các văn bản pháp luật liên quan, nhất là về đầu tư, tài chính, "
            "tài sản công, ngân sách nhà nước"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH phối hợp",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; các văn bản triển khai",
    ],
    [
        "2.4",
        "Triển khai thực hiện Đề án đổi mới chương trình giáo dục mầm non trên địa bàn phường Đức Phổ",
        (
            "Nghị quyết số 51/NQ-CP ngày 18 tháng 3 năm 2025 của Chính phủ triển khai thực hiện Chương "
            "trình hành động của Chính phủ thực hiện Kết luận 91-KH/TW của Bộ Chính trị"
        ),
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Sau khi Sở GD&ĐT xây dựng đề án",
        "Đề án đổi mới chương trình giáo dục mầm non trên địa bàn Phường Đức Phổ",
    ],
    [
        "2.5",
        ("Phối hợp góp ý việc hoàn thiện cơ chế, chính sách đối với nhà giáo và cán bộ quản lý giáo dục"),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Sau khi Bộ GDĐT triển khai",
        "Các văn bản góp ý; các văn bản triển khai",
    ],
    [
        "3",
        "Đổi mới quản lý giáo dục và quản trị nhà trường",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "3.1",
        (
            "Tiếp tục triển khai các hoạt động, giải pháp nhằm đổi mới công tác quản lý nhà nước về "
            "giáo dục; đổi mới bộ máy quản lý theo hướng nâng cao hiệu lực, hiệu quả quản lý; đẩy mạnh "
            "phân cấp, phân quyền; tăng cường vai trò của các cơ quan quản lý nhà nước về giáo dục và "
            "đào tạo trong việc quyết định về biên chế, tổ chức bộ máy, chính sách đối với nhà giáo và "
            "phân bổ ngân sách nhà nước cho ngành giáo dục"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "3.2",
        (
            "Triển khai các hoạt động, giải pháp nhằm đổi mới cơ chế quản trị cơ sở giáo dục theo "
            "hướng khoa học, hiện đại phù hợp với quá trình hội nhập quốc tế và thực tiễn ở nước ta; "
            "tăng quyền tự chủ, tự chịu trách nhiệm gắn với nâng cao trách nhiệm giải trình, phát huy "
            "dân chủ của các cơ sở giáo dục; bảo đảm việc tham gia của người học, gia đình và xã hội "
            "trong giám sát các cơ sở giáo dục"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "3.3",
        "Phối hợp triển khai Đề án xây dựng văn hóa học đường giai đoạn 2026-2035",
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH phối hợp",
        "Các đơn vị có liên quan",
        "Sau khi Thủ tướng Chính phủ phê duyệt Đề án",
        "Đề án xây dựng văn hóa học đường giai đoạn 2026-2035 trên địa bàn tỉnh",
    ],
    [
        "3.4",
        (
            "Triển khai các hoạt động, giải pháp nhằm tăng cường và nâng cao chất lượng, hiệu lực, "
            "hiệu quả công tác kiểm tra, giám sát về giáo dục"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "3.5",
        "Phối hợp triển khai thực hiện Đề án phát triển y tế học đường",
        (
            "Nghị quyết số 51/NQ-CP ngày 18 tháng 3 năm 2025 của Chính phủ triển khai thực hiện Chương "
            "trình hành động của Chính phủ thực hiện Kết luận 91-KH/TW của Bộ Chính trị"
        ),
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Sau khi Thủ tướng Chính phủ phê duyệt Đề án",
        "",
    ],
    [
        "3.6",
        (
            "Triển khai thực hiện quản trị (hồ sơ quản trị, sổ sách, kế hoạch giáo dục nhà trường, kế "
            "hoạch tổ chuyên môn, kế hoạch dạy học…) trên môi trường số bắt đầu từ năm học 2025-2026 "
            "tại các cơ sở giáo dục cấp mầm non, tiểu học."
        ),
        "Nhiệm vụ năm học hàng năm",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "3.7",
        (
            "Tham gia tập huấn xây dựng chiến lược và kế hoạch giáo dục nhà trường đối với các cơ sở "
            "giáo dục mầm non, tiểu học trên địa bàn toàn tỉnh do Sở GD&ĐT tổ chức"
        ),
        "Nhiệm vụ năm học hàng năm",
        "Phòng VH-XH tham gia",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "4",
        "Thực hiện công bằng trong tiếp cận giáo dục",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "4.1",
        "Phối hợp triển khai các hoạt động, giải pháp nhằm nâng cao hiệu quả công tác xóa mù chữ",
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH phối hợp",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "4.2",
        (
            "Phối hợp triển khai hoàn thiện chính sách hỗ trợ cho người học là đối tượng chính sách xã "
            "hội, người dân tộc thiểu số ở vùng có điều kiện kinh tế - xã hội đặc biệt khó khăn; chính "
            "sách cho người học là người dân tộc thiểu số rất ít người"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH phối hợp",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "4.3",
        (
            "Phối hợp triển khai chính sách hỗ trợ cho người học là đối tượng trẻ mồ côi, trẻ em không "
            "nơi nương tựa, người khuyết tật, người thuộc hộ nghèo và hộ cận nghèo; chính sách tín "
            "dụng giáo dục, học bổng, trợ cấp xã hội cho người học"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH phối hợp",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "4.4",
        (
            "Phối hợp triển khai chính sách miễn, giảm học phí và hỗ trợ tiền đóng học phí và chi phí "
            "sinh hoạt, tạo cơ hội học tập công bằng cho mọi người"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH phối hợp",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "4.5",
        (
            "Tham mưu hướng dẫn, tiếp tục tăng cường phương thức giáo dục hòa nhập, nhằm bảo đảm quyền "
            "được tiếp cận giáo dục có chất lượng cho người khuyết tật trong cơ sở giáo dục mầm non, "
            "tiểu học."
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Công văn hướng dẫn",
    ],
    [
        "5",
        "Phát triển mạng lưới cơ sở giáo dục đáp ứng nhu cầu học tập của người dân",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "5.1",
        (
            "Rà soát, sắp xếp mạng lưới cơ sở giáo dục mầm non và tiểu học phù hợp với nhu cầu và điều "
            "kiện thực tế của địa phương, bảo đảm đủ trường, lớp học và trang thiết bị dạy học, đáp "
            "ứng yêu cầu phổ cập giáo dục mầm non cho trẻ em mẫu giáo, tiểu học đảm bảo thực hiện giáo "
            "dục bắt buộc tiểu học."
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "5.2",
        (
            "Rà soát, sắp xếp mạng lưới cơ sở giáo dục thường xuyên theo hướng giáo dục mở, linh hoạt, "
            "hiệu quả bảo đảm đáp ứng nhu cầu học tập suốt đời của mọi người dân, xây dựng xã hội học "
            "tập"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "5.3",
        (
            "Nghiên cứu, thí điểm và triển khai các mô hình trường học mới như trường học số, trường "
            "học thông minh, trường hạnh phúc và phát triển hiệu quả Trường thực hành sư phạm cấp mầm "
            "non, tiểu học"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "5.4",
        (
            "Nghiên cứu xây dựng mô hình cơ sở giáo dục mầm non chất lượng cao, phát triển các cơ sở "
            "giáo dục mầm non độc lập tư thục đa dạng các loại hình cung ứng dịch vụ giáo dục"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "6",
        "Đổi mới nội dung, phương pháp dạy học, kiểm tra và đánh giá chất lượng giáo dục",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "6.1",
        "Xây dựng Đề án phổ cập giáo dục mầm non cho trẻ em mẫu giáo từ 3 đến 5 tuổi",
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Sau khi Thủ tướng Chính phủ phê duyệt Đề án",
        (
            "Đề án Đề án phổ cập giáo dục mầm non cho trẻ em mẫu giáo từ 3 đến 5 tuổi trên địa bàn "
            "tỉnh Quảng Ngãi"
        ),
    ],
    [
        "6.2",
        "Xây dựng Đề án phát triển giáo dục mầm non giai đoạn 2026 - 2030, định hướng đến năm 2045",
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Sau khi Thủ tướng Chính phủ phê duyệt Đề án",
        (
            "Đề án phát triển giáo dục mầm non giai đoạn 2026 - 2030, định hướng đến năm 2045 trên địa "
            "bàn tỉnh Quảng Ngãi"
        ),
    ],
    [
        "6.3",
        (
            "Hướng dẫn, theo dõi việc triển khai các hoạt động, giải pháp để nâng cao chất lượng, hiệu "
            "quả việc thực hiện chương trình giáo dục phổ thông 2018 cấp tiểu học; đẩy mạnh phương "
            "thức giáo dục tích hợp Khoa học, Kỹ thuật, Công nghệ, Toán học (STEM) và nghiên cứu khoa "
            "học trong các cơ sở giáo dục"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "6.4",
        (
            "Triển khai các hoạt động, giải pháp để tăng cường công tác giáo dục thể chất, hoạt động "
            "thể thao, xây dựng trường học an toàn, bảo vệ và chăm sóc sức khỏe trẻ em, học sinh toàn "
            "diện cả về thể chất và tinh thần"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "6.5",
        (
            "Triển khai các hoạt động, giải pháp nhằm đổi mới đánh giá người học theo hướng phát triển "
            "phẩm chất, năng lực."
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "6.6",
        (
            "Triển khai các hoạt động, giải pháp nhằm đẩy mạnh công tác bảo đảm chất lượng và kiểm "
            "định chất lượng cơ sở giáo dục"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "6.7",
        (
            "Phối hợp triển khai Đề án quốc gia “Từng bước đưa tiếng Anh thành ngôn ngữ thứ hai trong "
            "trường học” giai đoạn 2025-2035, tầm nhìn đến năm 2045"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Sau khi Thủ tướng Chính phủ phê duyệt Đề án",
        (
            "Đề án quốc gia “Từng bước đưa tiếng Anh thành ngôn ngữ thứ hai trong trường học” giai "
            "đoạn 2025-2035, tầm nhìn đến năm 2045"
        ),
    ],
    [
        "6.8",
        (
            "Xây dựng Đề án đảm bảo điều kiện để thực hiện giáo dục tiểu học là giáo dục bắt buộc theo "
            "Luật Giáo dục năm 2019."
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Sau khi Thủ tướng Chính phủ ban hành Quyết định",
        "",
    ],
    [
        "7",
        "Phát triển đội ngũ nhà giáo và cán bộ quản lý giáo dục",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "7.1",
        (
            "Hướng dẫn, theo dõi việc tổ chức thực hiện chương trình Bồi dưỡng thường xuyên đáp ứng "
            "định hướng đổi mới Chương trình GDMN, GDTH của các cơ sở GD"
        ),
        "Nhiệm vụ năm học hàng năm",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Kế hoạch, Công văn, Thông báo",
    ],
    [
        "7.2",
        (
            "Tổ chức các lớp tập huấn, bồi dưỡng nâng cao năng lực quản trị trường học cho cán bộ quản "
            "lí cấp mầm non, tiểu học thực hiện Chương trình Giáo dục phổ thông 2018."
        ),
        "Nhiệm vụ năm học hàng năm",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Kế hoạch, Công văn, Thông báo",
    ],
    [
        "7.3",
        (
            "Phối hợp xây dựng Đề án phát triển đội ngũ giáo viên mầm non và phổ thông ngành GDĐT "
            "phường Đức Phổ, giai đoạn 2025-2030, định hướng đến năm 2045"
        ),
        (
            "Nghị quyết số 51/NQ-CP ngày 18 tháng 3 năm 2025 của Chính phủ triển khai thực hiện Chương "
            'trình hành động của Chính phủ thực hiện Kết luận 91-KH/TW của Bộ Chính trị về "Đề án phát '
            "triển đội ngũ nhà giáo và cán bộ quản lý cơ sở giáo dục mầm non, giáo dục phổ thông giai "
            'đoạn 2026-2035" Nghị quyết 218 của Quốc Hội về PCGD cho trẻ mẫu giáo'
        ),
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        (
            'tham mưu điều chỉnh bổ sung khi "Đề án phát triển đội ngũ nhà giáo và cán bộ quản lý cơ '
            'sở giáo dục mầm non, giáo dục phổ thông giai đoạn 2026-2035" thuộc Nghị quyết số 51/NQ-CP '
            "ngày 18 tháng 3 năm 2025 của Chính phủ triển khai thực hiện Chương trình hành động của "
            "Chính phủ thực hiện Kết luận 91-KH/TW của Bộ Chính trị đc ban hành phê duyệt"
        ),
        "- Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn;",
    ],
    [
        "8",
        "Bảo đảm nguồn lực tài chính và cơ sở vật chất cho phát triển giáo dục",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "8.1",
        (
            "Phối hợp triển khai các nhiệm vụ, giải pháp để đẩy mạnh xã hội hóa, khuyến khích cộng "
            "đồng, xã hội tham gia phát triển giáo dục, nhất là đầu tư phát triển các loại hình cơ sở "
            "giáo dục tư thục đáp ứng nhu cầu xã hội, nhất là loại hình tư thục chất lượng cao và "
            "không vì lợi nhuận; để tăng cường huy động và thu hút các nguồn lực trong và ngoài nước "
            "cho phát triển giáo dục"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "8.2",
        (
            "Phối hợp xây dựng, triển khai Chương trình tăng cường cơ sở vật chất cho giáo dục mầm non "
            "và phổ thông giai đoạn 2026 - 2035"
        ),
        (
            "Quyết định số 1705/QĐ-TTg ngày 31/12/2024 chiến lược phát triển giáo dục việt nam giai "
            "đoạn 2026-2030, tầm nhìn đến 2045; Quyết định số 1756/QĐ-TTg ngày 31 tháng 12 năm 2024 về "
            "Phê duyệt Quy hoạch tỉnh Kon Tum thời kỳ 2021- 2030 tầm nhìn đến 2050; Nghi quyết "
            "51/NQ-CP ngày 18 tháng 3 năm 2025 của Chính phủ ban hành Chương trình hành động của Chính "
            "phủ thực hiện Kết luận số 91-KL/TW ngày 12 tháng 8 năm 2024 của Bộ Chính trị ”.Thông báo "
            "177-TB/VPTW ngày 25/4/2025 kết luận của đồng chí Tổng Bí thư Tô Lâm tại buổi làm việc với "
            "đại diện Đảng ủy Chính phủ và các ban, bộ, ngành Trung ương về tình hình thực hiện các "
            "nghị quyết của Trung ương về giáo dục và đào tạo"
        ),
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Sau khi Thủ tướng Chính phủ phê duyệt Đề án",
        (
            "Đề án bảo đảm cơ sở vật chất cho chương trình giáo dục mầm non và giáo dục phổ thông trên "
            "địa bàn tỉnh Quảng Ngãi giai đoạn 2026-2030"
        ),
    ],
    [
        "9",
        "Đẩy mạnh ứng dụng công nghệ và tăng cường chuyển đổi số trong giáo dục",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "9.1",
        "Tổ chức triển khai giáo dục kĩ năng công dân số cho học sinh tiểu học trên địa bàn phường",
        (
            "Công văn 3899/BGDĐT-GDTH ngày 30/7/2024, Bộ GDĐT hướng dẫn các Sở GDĐT tổ chức thực hiện "
            "giáo dục kỹ năng công dân số trong các cơ sở giáo dục thực hiện Chương trình giáo dục phổ "
            "thông cấp Tiểu học"
        ),
        "Phòng VH-XH",
        "Các đơn vị có liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "9.2",
        "Tiếp tục xây dựng, phát triển kho học liệu số dùng chung toàn ngành cấp mầm non, tiểu học.",
        (
            "Thực hiện Quyết định số 131/QĐ-TTg ngày 25/01/2022 của Thủ tướng Chính phủ phê duyệt Đề "
            "án “Tăng cường ứng dụng công nghệ thông tin và chuyển đổi số trong giáo dục và đào tạo "
            "giai đoạn 2022–2025, định hướng đến năm 2030”; Nghị quyết số 51/NQ-CP ngày 18 tháng 3 năm "
            "2025 của Chính phủ triển khai thực hiện Chương trình hành động của Chính phủ thực hiện "
            'Kết luận 91-KH/TW của Bộ Chính trị về "Đề án tăng cường ứng dụng công nghệ thông tin và '
            'chuyển đổi số trong giáo dục và đào tạo giai đoạn 2026-2030"'
        ),
        "Phòng VH-XH",
        "Các CSGD",
        (
            "Tiếp tục triển khai Kế hoạch số 1469/KH-UBND ngày 17/5/2022; tham mưu UBND tỉnh điều "
            'chỉnh bổ sung khi "Đề án tăng cường ứng dụng công nghệ thông tin và chuyển đổi số trong '
            'giáo dục và đào tạo giai đoạn 2026-2030" thuộc Nghị quyết số 51/NQ-CP ngày 18 tháng 3 năm '
            "2025 của Chính phủ triển khai thực hiện Chương trình hành động của Chính phủ thực hiện "
            "Kết luận 91-KH/TW của Bộ Chính trị đc ban hành phê duyệt. Tham mưu cấp có thẩm quyền sửa "
            "đổi bổ sung khi Đề án được Trung ương ban hành."
        ),
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn;",
    ],
    [
        "9.3",
        (
            "Tiếp tục triển khai xây dựng học bạ số tại tất cả các cơ sở giáo dục tiểu học trên địa "
            "bàn toàn tỉnh."
        ),
        (
            "Kế hoạch số 35/KH-BGDĐT ngày 15/01/2025 của Bộ Giáo dục và Đào tạo về triển khai thực "
            "hiện Học bạ số cấp tiểu học"
        ),
        "Phòng VH-XH",
        "Các CSGD",
        (
            "Tiếp tục triển khai Kế hoạch số 1469/KH-UBND ngày 17/5/2022; tham mưu UBND tỉnh điều "
            'chỉnh bổ sung khi "Đề án tăng cường ứng dụng công nghệ thông tin và chuyển đổi số trong '
            'giáo dục và đào tạo giai đoạn 2026-2030" thuộc Nghị quyết số 51/NQ-CP ngày 18 tháng 3 năm '
            "2025 của Chính phủ triển khai thực hiện Chương trình hành động của Chính phủ thực hiện "
            "Kết luận 91-KH/TW của Bộ Chính trị đc ban hành phê duyệt. Tham mưu cấp có thẩm quyền sửa "
            "đổi bổ sung khi Đề án được Trung ương ban hành."
        ),
        "Kế hoạch, Công văn, Thông báo",
    ],
    [
        "9.4",
        (
            "Tổ chức hướng dẫn khai thác học liệu số qua trung tâm điều hành; Tập huấn nâng cao năng "
            "lực xây dựng học liệu số và quản lý, dạy học an toàn trong môi trường số cho đội ngũ giáo "
            "viên mầm non, tiểu học cốt cán; hướng dẫn khai thác và sử dụng công nghệ AI an toàn, hiệu "
            "quả cho cán bộ quản lý và giáo viên cốt cán cấp mầm non, tiểu học."
        ),
        (
            "Đề án tăng cường ứng dụng công nghệ thông tin và chuyển đổi số trong giáo dục và đào tạo "
            "giai đoạn 2026-2030"
        ),
        "Phòng VH-XH",
        "Các CSGD",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "9.5",
        (
            "Tham gia tập huấn thí điểm ứng dụng trí tuệ nhân tạo trong đổi mới nội dung, phương pháp "
            "dạy học, kiểm tra và đánh giá chất lượng giáo dục cấp mầm non, tiểu học do Sở GD&ĐT tổ "
            "chức"
        ),
        (
            "Đề án tăng cường ứng dụng công nghệ thông tin và chuyển đổi số trong giáo dục và đào tạo "
            "giai đoạn 2026-2031"
        ),
        "Phòng VH-XH tham gia",
        "Các CSGD",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
    [
        "9.6",
        (
            "Triển khai các hoạt động đáp ứng Khung năng lực sô cấp tiểu học và mức độ chuyển đổi số "
            "GDMN, GDTH"
        ),
        "Quyết định số 1164/QĐ-BGDĐT ngày 26 tháng 4 năm 2025 của Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Phòng VH-XH",
        "Các đơn vị liên quan",
        "Thường xuyên, hằng năm",
        "Các văn bản góp ý; Báo cáo/Văn bản chỉ đạo, hướng dẫn",
    ],
]
