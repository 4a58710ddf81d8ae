"""The life of a task, by the forms of its page."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.directives import make_assignment, make_directive
from thongsuot.modules.directives.models import Assignment, Difficulty
from thongsuot.modules.directives.types import AssignmentState, DeadlineKind

from .conftest import messages_of


@pytest.fixture
def given(province, today):
    """A task of the department for commune A."""
    directive = make_directive(province.department, recipients=(province.commune_a,))
    due = today + timedelta(days=30)
    return make_assignment(province.commune_a, province.department, directive=directive, due_on=due)


@pytest.fixture
def commune(browse):
    return browse("commune_leader", "commune_a")


@pytest.fixture
def leader(browse):
    return browse("department_leader", "department")


def page_of(assignment):
    return reverse("directives:assignment-detail", args=[assignment.public_id])


def do(client, assignment, act, prefix=None, **said):
    prefix = f"{prefix or act}-"
    data = {name if name == "do" else prefix + name: value for name, value in said.items()}
    address = reverse("directives:assignment-act", args=[assignment.public_id, act])
    response = client.post(address, data, follow=True)
    assignment.refresh_from_db()
    return response


def offered(client, assignment):
    return [act.key for act in client.get(page_of(assignment)).context["acts"]]


def test_what_is_offered_depends_on_who_looks(given, commune, leader, browse):
    assert {"start", "report", "submit", "hand_down", "difficulty", "extend"} <= set(offered(commune, given))
    assert "decide" not in offered(commune, given)
    assert {"pause", "cancel"} <= set(offered(leader, given))
    assert "submit" not in offered(leader, given)


def test_from_start_to_acceptance(given, commune, leader, today):
    do(commune, given, "start")
    assert given.state == AssignmentState.IN_PROGRESS
    do(commune, given, "report", percent=40, note="Đã họp triển khai")
    assert given.progress == 40
    evidence = {
        "subject": "Báo cáo kết quả",
        "number": "12",
        "symbol": "BC-UBND",
        "issued_on": today.isoformat(),
    }
    refused = do(commune, given, "submit", **evidence)
    assert refused.status_code == 422
    assert "Cần có minh chứng" in refused.content.decode()
    do(commune, given, "submit", link="https://example.org/bc", **evidence)
    assert given.state == AssignmentState.SUBMITTED
    silent = do(leader, given, "decide", note="", do="return")
    assert silent.status_code == 422
    do(leader, given, "decide", note="Thiếu số liệu", do="return")
    assert given.state == AssignmentState.RETURNED
    assert "Thiếu số liệu" in commune.get(page_of(given)).content.decode()
    file = SimpleUploadedFile("bao-cao.txt", b"Bao cao", content_type="text/plain")
    do(commune, given, "submit", file=file, **evidence)
    do(leader, given, "decide", note="Tốt", do="accept")
    assert given.state == AssignmentState.ACCEPTED


def test_handed_down_and_rolled_up(given, commune, browse, province, today):
    schools = f"{province.school_a1.pk},{province.school_a2.pk}"
    response = do(
        commune, given, "hand_down", "hand", unit_ids=schools, text="Việc của trường", product="Báo cáo"
    )
    assert messages_of(response) == ["Đã giao cho 2 đơn vị."]
    assert Assignment.objects.filter(parent=given).count() == 2
    page = commune.get(page_of(given))
    assert [node.unit_name for node in page.context["tree"]] == [
        "Trường Mầm non Hoa Hồng",
        "Trường Tiểu học An Bình",
    ]
    child = Assignment.objects.get(parent=given, unit=province.school_a1)
    principal = browse("principal", "school_a1")
    assert principal.get(page_of(child)).status_code == 200
    assert browse("principal", "school_b1").get(page_of(child)).status_code == 404


def test_handing_down_out_of_reach_is_refused(given, commune, province):
    response = do(commune, given, "hand_down", "hand", unit_ids=province.school_b1.pk, text="Việc")
    assert response.status_code == 422
    assert not Assignment.objects.filter(parent=given).exists()


def test_extension_asked_and_granted(given, commune, leader, today):
    later = today + timedelta(days=60)
    do(commune, given, "extend", new_due_on=later.isoformat(), reason="Chờ kinh phí")
    assert "decide_extension" in offered(leader, given)
    do(leader, given, "decide_extension", "grant", granted_due_on=later.isoformat(), note="", do="grant")
    assert given.due_on == later


def test_extension_refused_leaves_the_day(given, commune, leader, today):
    before = given.due_on
    do(commune, given, "extend", new_due_on=(today + timedelta(days=60)).isoformat(), reason="Chờ kinh phí")
    do(leader, given, "decide_extension", "grant", note="Không đủ lý do", do="refuse")
    assert given.due_on == before


def test_difficulty_raised_decided_and_on_the_board(given, commune, leader):
    do(commune, given, "difficulty", text="Thiếu máy tính", proposal="Cấp 10 máy")
    thing = Difficulty.objects.get()
    board = reverse("directives:difficulty-list")
    assert "Thiếu máy tính" in leader.get(board, {"loai": "toi"}).content.decode()
    decide = reverse("directives:difficulty-decide", args=[thing.pk])
    leader.post(decide, {"decision": "Đồng ý cấp trong quý I"})
    thing.refresh_from_db()
    assert thing.decision == "Đồng ý cấp trong quý I"
    assert "Thiếu máy tính" not in leader.get(board).content.decode()
    assert "Thiếu máy tính" in leader.get(board, {"loai": "xong"}).content.decode()


def test_a_stranger_decides_nothing(given, commune, browse):
    do(commune, given, "difficulty", text="Thiếu máy tính", proposal="")
    address = reverse("directives:difficulty-decide", args=[Difficulty.objects.get().pk])
    assert browse("principal", "school_b1").post(address, {"decision": "x"}).status_code == 404
    assert commune.post(address, {"decision": "x"}).status_code == 404


def test_an_event_starts_the_deadline(province, leader, commune, today):
    waiting = make_assignment(
        province.commune_a,
        province.department,
        due_on=None,
        deadline_kind=DeadlineKind.EVENT,
        deadline_event="Trong 15 ngày sau khi Thủ tướng phê duyệt",
        deadline_words="Trong 15 ngày sau khi Thủ tướng phê duyệt",
    )
    assert "event" in offered(leader, waiting)
    do(leader, waiting, "event", occurred_on=(today - timedelta(days=1)).isoformat(), document="12/QĐ-TTg")
    assert waiting.event_occurred_on == today - timedelta(days=1)


def test_an_ongoing_task_is_confirmed_each_period(province, commune, today):
    ongoing = make_assignment(
        province.commune_a,
        province.department,
        due_on=None,
        deadline_kind=DeadlineKind.ONGOING,
        assigned_on=today - timedelta(days=400),
        period="month",
    )
    do(commune, ongoing, "confirm_period", "period", note="Vẫn thực hiện đều")
    assert ongoing.notes.get().period_start is not None


def test_people_are_named(given, commune, province, browse):
    browse("commune_officer", "commune_a")
    person = province.actors["commune_officer", "commune_a"].user_id
    do(commune, given, "set_people", "people", person=person, leader="")
    assert given.person_id == person


@pytest.mark.parametrize("act", ["pause", "cancel"])
def test_stopping_needs_a_reason(given, leader, act):
    assert do(leader, given, act, reason="").status_code == 422
    do(leader, given, act, reason="Đổi kế hoạch")
    assert given.state == {"pause": AssignmentState.PAUSED, "cancel": AssignmentState.CANCELLED}[act]


def test_a_paused_task_goes_on(given, leader):
    do(leader, given, "pause", reason="Chờ")
    do(leader, given, "resume", reason="Có hướng dẫn")
    assert given.state == AssignmentState.IN_PROGRESS


def test_what_is_no_longer_open_says_so(given, leader):
    response = do(leader, given, "decide", note="", do="accept")
    assert messages_of(response) == ["Nhiệm vụ đã đổi trạng thái; việc này không còn làm được."]


def test_a_task_without_a_document(leader, province, today):
    said = {
        "text": "Kiểm tra an toàn trường học",
        "unit_ids": f"{province.commune_a.pk},{province.commune_b.pk}",
        "deadline_kind": "date",
        "due_on": (today + timedelta(days=10)).isoformat(),
    }
    response = leader.post(reverse("directives:assignment-create"), said, follow=True)
    assert response.status_code == 200
    assert Assignment.objects.count() == 2


def test_list_is_searched_without_accents_and_filtered(leader, province, given, today):
    late = make_assignment(
        province.school_b1, province.commune_b, text="Sửa nhà vệ sinh", due_on=today - timedelta(days=3)
    )
    address = reverse("directives:assignment-list")

    def shown(**asked):
        return [row.pk for row in leader.get(address, asked).context["page"].object_list]

    assert shown(q="nha ve sinh") == [late.pk]
    assert shown(timeliness="late") == [late.pk]
    assert shown(timeliness="open") == [late.pk, given.pk]
    assert shown(below=province.commune_b.pk) == [late.pk]
    assert shown(unit=province.commune_b.pk) == []
    assert shown(directive=str(given.directive.public_id)) == [given.pk]
    assert shown(mine="person") == []
    chips = leader.get(address, {"below": province.commune_b.pk}).context["chips"]
    assert [chip.value for chip in chips] == ["Ủy ban nhân dân phường Hòa Lợi"]


def test_list_as_a_spreadsheet(leader, given):
    response = leader.get(reverse("directives:assignment-list"), {"export": "csv"})
    assert given.text in b"".join(response.streaming_content).decode("utf-8-sig")


def test_a_page_costs_the_same_with_many_children(given, leader, province, django_assert_max_num_queries):
    for school in (province.school_a1, province.school_a2):
        make_assignment(school, province.commune_a, parent=given)
    with django_assert_max_num_queries(40):
        leader.get(page_of(given))
