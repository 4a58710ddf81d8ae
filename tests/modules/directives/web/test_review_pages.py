"""From a file to confirmed tasks, by the buttons of the pages."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.directives import make_directive, make_finding
from thongsuot.modules.directives.domain.found import value_of
from thongsuot.modules.directives.models import Assignment, Directive, Finding
from thongsuot.modules.directives.types import DirectiveState, FindingState

from .conftest import messages_of

TEXT = """SỞ GIÁO DỤC VÀ ĐÀO TẠO
Số: 77/KH-SGDĐT
Quảng Ngãi, ngày 15 tháng 01 năm 2026
KẾ HOẠCH
Triển khai chuyển đổi số năm 2026
II. NHIỆM VỤ
1. Phòng Giáo dục Trung học chủ trì tham mưu kế hoạch bồi dưỡng giáo viên, hoàn thành trước ngày 31/3/2026.
2. Phòng Tổ chức cán bộ rà soát dữ liệu đội ngũ, hoàn thành trong quý II/2026.
"""


def upload(name="ke-hoach.txt", text=TEXT):
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


@pytest.fixture
def directive(province):
    return make_directive(
        province.department, state=DirectiveState.REVIEWING, source_text="Một\nHai\nBa", number="9/KH"
    )


@pytest.fixture
def finding(directive, province):
    units = {"lead": [province.office.pk], "coordinating": [], "unmatched": []}
    return make_finding(directive, units=units, data={"text": "Lập kế hoạch"}, start_line=2, end_line=2)


def url_of(name, directive, *args):
    return reverse(f"directives:{name}", args=[directive.public_id, *args])


def test_a_file_goes_in_and_opens_its_review(officer):
    response = officer.post(reverse("directives:directive-upload"), {"file": upload()}, follow=True)
    directive = Directive.objects.get()
    assert response.redirect_chain[-1][0] == url_of("review", directive)
    assert response.status_code == 200
    assert "bồi dưỡng giáo viên" in response.content.decode()


def test_the_same_file_twice_is_refused_with_the_way_to_the_first(officer):
    address = reverse("directives:directive-upload")
    officer.post(address, {"file": upload()})
    response = officer.post(address, {"file": upload("khac.txt")})
    assert response.status_code == 422
    assert url_of("directive-detail", Directive.objects.get()) in response.content.decode()


def test_a_picture_is_refused_in_words(officer):
    file = SimpleUploadedFile("anh.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    response = officer.post(reverse("directives:directive-upload"), {"file": file})
    assert response.status_code == 422
    assert not Directive.objects.exists()


def test_no_file_is_refused(officer):
    response = officer.post(reverse("directives:directive-upload"), {})
    assert "Hãy chọn tệp." in response.content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_accept_drop_and_take_back(officer, directive, finding, htmx):
    headers = {"HX-Request": "true"} if htmx else {}

    def press(name):
        response = officer.post(url_of(name, directive, finding.pk), headers=headers)
        finding.refresh_from_db()
        assert response.status_code == (200 if htmx else 302)
        return response

    press("finding-accept")
    assert finding.state == FindingState.ACCEPTED
    press("finding-drop")
    assert finding.state == FindingState.DROPPED
    answer = press("finding-restore")
    assert finding.state == FindingState.PROPOSED
    if htmx:
        assert "Đã rà soát 0/1" in answer.content.decode()


def test_a_finding_without_a_unit_is_not_accepted(officer, directive):
    lost = make_finding(directive, units={"lead": [], "coordinating": [], "unmatched": ["Ban X"]})
    response = officer.post(url_of("finding-accept", directive, lost.pk), follow=True)
    lost.refresh_from_db()
    assert lost.state == FindingState.PROPOSED
    assert any("Ban X" in said for said in messages_of(response))


def test_mend(officer, directive, finding, province):
    page = officer.get(url_of("finding-edit", directive, finding.pk))
    assert "Lập kế hoạch" in page.content.decode()
    prefix = f"f{finding.pk}-"
    said = {
        "text": "Lập kế hoạch năm 2026",
        "lead": f"{province.office.pk},{province.staff_office.pk}",
        "coordinating": province.commune_a.pk,
        "product": "Kế hoạch",
        "deadline_words": "Trước ngày 31/3/2026",
    }
    officer.post(
        url_of("finding-edit", directive, finding.pk), {prefix + name: value for name, value in said.items()}
    )
    finding.refresh_from_db()
    assert finding.data["text"] == "Lập kế hoạch năm 2026"
    assert finding.data["deadline"]["date"] == "2026-03-31"
    assert finding.units["lead"] == [province.office.pk, province.staff_office.pk]
    assert finding.units["coordinating"] == [province.commune_a.pk]
    assert finding.is_edited
    assert finding.state == FindingState.ACCEPTED


def test_a_target_of_all_is_mended_to_a_number(officer, directive):
    read = {"measure": "all", "value": "Tất cả", "unit": "trường", "operator": "="}
    finding = make_finding(directive, "target", data=read)
    url, prefix = url_of("finding-edit", directive, finding.pk), f"f{finding.pk}-"
    form = officer.get(url).context["form"]
    assert (form["value"].value(), form["unit"].value()) == (100, "%")
    officer.post(url, {f"{prefix}text": "Có mạng", f"{prefix}operator": ">=", f"{prefix}value": "95,5"})
    finding.refresh_from_db()
    assert value_of(finding.data) == (Decimal("95.5"), "%")
    assert "≥ 95,5" in officer.get(url_of("review", directive), {"kind": "target"}).content.decode()


def test_mending_without_a_unit_says_so(officer, directive, finding):
    prefix = f"f{finding.pk}-"
    response = officer.post(url_of("finding-edit", directive, finding.pk), {f"{prefix}text": "Việc"})
    assert "Hãy chọn ít nhất một đơn vị." in response.content.decode()


def test_split_and_merge(officer, directive, finding):
    parts = {f"f{finding.pk}-parts": "Việc một\nViệc hai"}
    officer.post(url_of("finding-split", directive, finding.pk), parts)
    assert sorted(f.data["text"] for f in Finding.objects.all()) == ["Việc hai", "Việc một"]
    both = {"finding": [f.pk for f in Finding.objects.all()]}
    response = officer.post(url_of("merge-findings", directive), both, follow=True)
    assert messages_of(response) == ["Đã gộp 2 nội dung thành một."]
    assert Finding.objects.exclude(state=FindingState.DROPPED).count() == 1


def test_split_needs_two_parts(officer, directive, finding):
    response = officer.post(url_of("finding-split", directive, finding.pk), {f"f{finding.pk}-parts": "Một"})
    assert "ít nhất hai nội dung" in response.content.decode()
    assert Finding.objects.count() == 1


def test_lines_become_a_finding(officer, directive, province):
    address = url_of("finding-add", directive) + "?kind=task&start=2&end=3"
    page = officer.get(address).content.decode()
    assert "Hai Ba" in page
    officer.post(address, {"text": "Hai Ba", "lead": province.office.pk})
    added = Finding.objects.get()
    assert (added.start_line, added.end_line, added.state) == (2, 3, FindingState.ACCEPTED)


def test_lines_that_are_not_there_are_ignored(officer, directive):
    assert officer.get(url_of("finding-add", directive) + "?start=3&end=99").status_code == 200
    assert officer.get(url_of("finding-add", directive) + "?start=x&end=").status_code == 200


def test_the_head_is_set_right(officer, directive):
    officer.post(url_of("review-header", directive), {"number": "10/KH-SGDĐT", "subject": "Việc khác"})
    directive.refresh_from_db()
    assert (directive.number, directive.subject) == ("10/KH-SGDĐT", "Việc khác")


def test_confirm_says_what_is_missing_then_creates(officer, directive, finding, province):
    page = officer.get(url_of("confirm", directive)).content.decode()
    assert "Còn 1 nội dung chưa rà soát" in page
    refused = officer.post(url_of("confirm", directive), follow=True)
    assert messages_of(refused)
    officer.post(url_of("accept-all", directive), {"kind": "task"})
    officer.post(url_of("confirm", directive), follow=True)
    directive.refresh_from_db()
    assert directive.state == DirectiveState.IN_FORCE
    assert Assignment.objects.get().unit == province.office


def test_a_confirmed_directive_is_not_reviewed_again(officer, province):
    directive = make_directive(province.department)
    response = officer.get(url_of("review", directive))
    assert response["Location"] == url_of("directive-detail", directive)


def test_withdraw_and_close(officer, province):
    first, second = make_directive(province.department), make_directive(province.department)
    officer.post(url_of("directive-withdraw", first))
    officer.post(url_of("directive-close", second))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (DirectiveState.WITHDRAWN, DirectiveState.CLOSED)


@pytest.mark.parametrize("tab", ["", "nhiem-vu", "chi-tieu", "bao-cao", "van-ban", "lich-su", "khong-co"])
def test_tabs_of_a_directive(officer, province, tab):
    directive = make_directive(province.department, source_text="Dòng một\tÔ hai")
    assert officer.get(url_of("directive-detail", directive), {"tab": tab}).status_code == 200


def test_units_are_found_by_name_and_by_group(officer, province):
    found = officer.get(reverse("directives:unit-search"), {"q": "phong giao duc"}).json()["items"]
    assert [province.office.pk] in [item["ids"] for item in found]
    groups = officer.get(reverse("directives:unit-search"), {"q": "UBND các xã, phường"}).json()["items"]
    assert {province.commune_a.pk, province.commune_b.pk} == set(groups[0]["ids"])
    assert officer.get(reverse("directives:unit-search"), {"q": "a"}).json() == {"items": []}


def test_words_of_a_deadline_are_read_at_once(officer):
    address = reverse("directives:deadline-preview")
    answer = officer.get(address, {"f1-deadline_words": "Trước ngày 31/3/2026"}).content.decode()
    assert "31/03/2026" in answer
    assert "Chưa nhận ra" in officer.get(address, {"deadline_words": "xyz"}).content.decode()
