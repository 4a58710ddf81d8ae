"""An order from its file to work, on the real directives of the demo."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.directives import NOW, make_directive, make_finding
from tests.factories.organization import TODAY, make_province, make_school, make_unit
from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.directives import actions, queries
from thongsuot.modules.directives.actions.refusals import AlreadyImported, NotReviewed, OutOfReach, WrongState
from thongsuot.modules.directives.models import (
    Assignment,
    AssignmentCoordinator,
    Directive,
    Finding,
    ReportObligation,
    Target,
)

SEEDS = Path(__file__).resolve().parents[3] / "data" / "demo" / "directives"
LAM_DONG = "lam-dong-ke-hoach-nq57-2026.txt"
SA_THAY = "sa-thay-cong-van-cntt-2025-2026.txt"


def upload(name, content=None):
    return SimpleUploadedFile(name, content or (SEEDS / name).read_bytes(), content_type="text/plain")


@pytest.fixture
def place(db):
    place = make_province()
    for name in ("Văn phòng Sở", "Phòng Kế hoạch - Tài chính"):
        make_unit("department_office", name, parent=place.department)
    return place


@pytest.fixture
def officer(place):
    return place.actor("department_officer", "office")


@pytest.fixture
def order(place):
    return make_directive(place.department, state="reviewing", issued_on=date(2026, 4, 1))


def lead(*units, **more):
    return {"lead": [u.pk for u in units], "coordinating": [], "unmatched": [], **more}


def test_a_real_plan_becomes_work(place, officer):
    colleague = place.actor("department_officer", "staff_office")
    with act_as(officer):
        order = actions.import_directive(
            by=officer, upload=upload(LAM_DONG), owner_unit=place.department, now=NOW
        )
        tasks = list(queries.findings(officer, order, "task").exclude(state="dropped"))
        assert len(tasks) == 20
        assert tasks[0].original == tasks[0].data
        assert tasks[0].units["lead"] == [place.office.pk]
        for kind in ("task", "target", "reporting"):
            actions.accept_all(by=officer, directive=order, kind=kind, now=NOW)
        left = list(queries.findings(officer, order).filter(state="proposed"))
        assert left
        with pytest.raises(NotReviewed, match="chưa rà soát"):
            actions.confirm_directive(by=officer, directive=order, now=NOW)
        for finding in left:
            actions.edit_finding(
                by=officer, finding=finding, data={}, units={"lead": [place.office.pk]}, now=NOW
            )
        actions.confirm_directive(by=officer, directive=order, now=NOW)
    assert Assignment.objects.filter(directive=order).count() == 20
    month = Assignment.objects.filter(directive=order, deadline_kind="month").first()
    assert month.due_on.day in (30, 31)
    assert Target.objects.filter(directive=order, measure="%").count() > 10
    assert Notification.objects.filter(recipient_id=colleague.user_id).exists()


def test_confirming_twice_makes_nothing_twice(place, officer, order):
    make_finding(order, state="accepted", units=lead(place.commune_a))
    actions.confirm_directive(by=officer, directive=order, now=NOW)
    actions.confirm_directive(by=officer, directive=order, now=NOW)
    assert Assignment.objects.count() == 1


def test_the_same_file_is_not_taken_twice(place, officer):
    first = actions.import_directive(by=officer, upload=upload(SA_THAY), owner_unit=place.department, now=NOW)
    with pytest.raises(AlreadyImported) as refused:
        actions.import_directive(by=officer, upload=upload(SA_THAY), owner_unit=place.department, now=NOW)
    assert refused.value.details["directive"] == first.public_id
    commune = place.actor("commune_officer", "commune_a_office")
    with act_as(commune):
        own = actions.import_directive(
            by=commune, upload=upload(SA_THAY), owner_unit=place.commune_a, now=NOW
        )
    assert own.pk != first.pk


def test_who_may_not_import(place):
    for role, unit, owner in (
        ("principal", "school_a1", place.school_a1),
        ("commune_officer", "commune_a_office", place.department),
        ("commune_officer", "commune_a_office", place.commune_b),
        ("teacher", "school_a1", place.commune_a),
    ):
        with pytest.raises(NotAllowed):
            actions.import_directive(
                by=place.actor(role, unit), upload=upload(SA_THAY), owner_unit=owner, now=NOW
            )


def test_an_unreadable_file_leaves_nothing_behind(place, officer):
    with pytest.raises(Refused):
        actions.import_directive(
            by=officer, upload=upload("a.doc", b"\xd0\xcf\x11\xe0"), owner_unit=place.department, now=NOW
        )
    assert Directive.objects.count() == 0


def test_words_of_a_commune_mean_its_own(place):
    commune = place.actor("commune_officer", "commune_a_office")
    order = actions.import_directive(by=commune, upload=upload(SA_THAY), owner_unit=place.commune_a, now=NOW)
    rows = [f for f in order.findings.all() if f.data.get("lead") == ["Các đơn vị trường học"]]
    assert rows
    for row in rows:
        assert set(row.units["lead"]) == {place.school_a1.pk, place.school_a2.pk}


def test_what_a_person_changed_survives_reading_again(place, officer):
    order = actions.import_directive(
        by=officer, upload=upload(LAM_DONG), owner_unit=place.department, now=NOW
    )
    count = order.findings.count()
    mended, dropped = order.findings.filter(kind="task")[:2]
    actions.edit_finding(
        by=officer, finding=mended, data={"text": "Đã sửa"}, units={"lead": [place.office.pk]}, now=NOW
    )
    actions.drop_finding(by=officer, finding=dropped, reason="Trùng", now=NOW)
    actions.reread(by=officer, directive=order, now=NOW)
    assert order.findings.count() == count
    mended.refresh_from_db()
    dropped.refresh_from_db()
    assert (mended.data["text"], mended.is_edited, mended.original["text"] == "Đã sửa") == (
        "Đã sửa",
        True,
        False,
    )
    assert (dropped.state, dropped.data["drop_reason"]) == ("dropped", "Trùng")


def test_words_of_a_deadline_are_read_when_mended(place, officer, order):
    finding = make_finding(order)
    deadline = {"raw": "Quý III/2026", "kind": "", "date": None}
    mended = actions.edit_finding(
        by=officer, finding=finding, data={"deadline": deadline}, units=lead(place.office), now=NOW
    )
    assert (mended.data["deadline"]["kind"], mended.data["deadline"]["date"]) == ("quarter", "2026-09-30")
    assert mended.state == "accepted"


@pytest.mark.parametrize(
    ("given", "stands"),
    [
        ({"value": 95, "unit": "%"}, (95, "%")),
        ({"value": 12, "unit": "trường"}, (12, "trường")),
        ({"value": None, "unit": ""}, (None, "")),
        ({"text": "Mọi trường có kế hoạch"}, (100, "%")),
    ],
)
def test_a_number_given_stands_instead_of_all(place, officer, order, given, stands):
    read = {"measure": "all", "value": "Tất cả", "unit": "trường", "operator": "="}
    finding = make_finding(order, "target", data=read, units=lead(place.commune_a))
    actions.edit_finding(by=officer, finding=finding, data=given, now=NOW)
    actions.confirm_directive(by=officer, directive=order, now=NOW)
    target = Target.objects.get(directive=order)
    assert (target.value, target.measure) == stands


def test_nobody_known_to_lead_is_not_accepted(place, officer, order):
    nobody = make_finding(order)
    unknown = make_finding(order, units={"lead": [], "coordinating": [], "unmatched": ["Ban chuyên đề"]})
    for finding in (nobody, unknown):
        with pytest.raises(NotReviewed):
            actions.accept_finding(by=officer, finding=finding, now=NOW)
    make_finding(order, units=lead(place.office))
    assert actions.accept_all(by=officer, directive=order, kind="task", now=NOW) == 1


def test_confirming_lists_what_is_in_the_way(place, officer, order):
    make_finding(order)
    make_finding(
        order, state="accepted", units={"lead": [], "coordinating": [], "unmatched": ["Ban chuyên đề"]}
    )
    with pytest.raises(NotReviewed, match="Ban chuyên đề") as refused:
        actions.confirm_directive(by=officer, directive=order, now=NOW)
    assert refused.value.details["proposed"] == 1
    empty = make_directive(place.department, state="reviewing")
    with pytest.raises(NotReviewed):
        actions.confirm_directive(by=officer, directive=empty, now=NOW)


def test_splitting_and_merging(place, officer, order):
    finding = make_finding(
        order, units=lead(place.office), data={"text": "Làm A; làm B"}, position=1, start_line=5, end_line=6
    )
    parts = actions.split_finding(by=officer, finding=finding, parts=["Làm A", "Làm B", "Làm C"], now=NOW)
    assert [f.data["text"] for f in queries.findings(officer, order)] == ["Làm A", "Làm B", "Làm C"]
    assert {(f.start_line, f.end_line) for f in parts} == {(5, 6)}
    merged = actions.merge_findings(by=officer, findings=parts[1:], now=NOW)
    assert merged.data["text"] == "Làm B\nLàm C"
    assert sorted(order.findings.values_list("state", flat=True)) == ["accepted", "dropped", "proposed"]
    other = make_finding(order, kind="target")
    with pytest.raises(WrongState):
        actions.merge_findings(by=officer, findings=[merged, other], now=NOW)


def test_adding_and_restoring(place, officer, order):
    made = actions.add_finding(
        by=officer,
        directive=order,
        kind="reporting",
        data={"what": "Báo cáo quý", "due": "Trước ngày 20/12/2026"},
        units=lead(place.office),
        now=NOW,
    )
    assert (made.state, made.original, made.data["due"]["date"]) == ("accepted", None, "2026-12-20")
    dropped = actions.drop_finding(by=officer, finding=made, reason="Thừa", now=NOW)
    restored = actions.restore_finding(by=officer, finding=dropped, now=NOW)
    assert (restored.state, "drop_reason" in restored.data) == ("proposed", False)


def test_review_is_for_the_owner_and_ends_with_confirmation(place, officer, order):
    finding = make_finding(order, units=lead(place.commune_a))
    commune = place.actor("commune_leader", "commune_a")
    with pytest.raises(NotAllowed):
        actions.accept_finding(by=commune, finding=finding, now=NOW)
    assert not queries.findings(commune, order).exists()
    actions.accept_finding(by=officer, finding=finding, now=NOW)
    actions.confirm_directive(by=officer, directive=order, now=NOW)
    with pytest.raises(WrongState):
        actions.drop_finding(by=officer, finding=finding, now=NOW)
    assert queries.directive(commune, order.public_id) == order


def test_a_commune_gives_work_only_to_its_own(place):
    commune = place.actor("commune_officer", "commune_a_office")
    order = make_directive(place.commune_a, state="reviewing")
    finding = make_finding(order)
    police = make_unit("external", "Công an xã", parent=place.committee)
    with pytest.raises(OutOfReach):
        actions.edit_finding(by=commune, finding=finding, data={}, units=lead(place.school_b1), now=NOW)
    with act_as(commune):
        actions.edit_finding(
            by=commune, finding=finding, data={}, units=lead(place.school_a1, police), now=NOW
        )
        actions.confirm_directive(by=commune, directive=order, now=NOW)
    assert set(Assignment.objects.values_list("unit__name", flat=True)) == {
        place.school_a1.name,
        "Công an xã",
    }


def test_fan_out_to_many_schools_is_a_handful_of_statements(place, officer, django_assert_max_num_queries):
    def confirm(schools):
        order = make_directive(place.department, state="reviewing")
        make_finding(order, state="accepted", units=lead(*schools, coordinating=[place.office.pk]))
        make_finding(order, kind="target", state="accepted", units=lead(*schools))
        duty = {"what": "Báo cáo", "due": {"kind": "date", "date": "2026-12-20", "raw": "trước 20/12"}}
        make_finding(order, kind="reporting", state="accepted", units=lead(*schools), data=duty)
        with django_assert_max_num_queries(45) as counted:
            actions.confirm_directive(by=officer, directive=order, now=NOW)
        return order, len(counted)

    _order, few = confirm([place.school_a1])
    schools = [place.school_a1, place.school_b1] + [make_school(parent=place.commune_b) for _ in range(60)]
    order, many = confirm(schools)
    assert many == few
    assert Assignment.objects.filter(directive=order).count() == 62
    owed = ReportObligation.objects.filter(duty__directive=order)
    assert owed.filter(unit=place.school_b1, to_unit=place.commune_b).count() == 1
    assert owed.filter(unit=place.commune_b, to_unit=place.department).count() == 1
    assert owed.count() == 64


def test_two_groups_work_together_each_with_its_own(place, officer):
    schools = [make_school(parent=place.commune_b) for _ in range(25)]
    order = make_directive(place.department, state="reviewing")
    units = lead(place.commune_a, place.commune_b, coordinating=[s.pk for s in [place.school_a1, *schools]])
    make_finding(order, state="accepted", units=units)
    actions.confirm_directive(by=officer, directive=order, now=NOW)
    assert AssignmentCoordinator.objects.filter(lead_unit=place.commune_a).count() == 1
    assert AssignmentCoordinator.objects.filter(lead_unit=place.commune_b).count() == 25


def test_withdrawing_and_closing(place, officer, order):
    make_finding(order, state="accepted", units=lead(place.commune_a))
    make_finding(order, state="accepted", units=lead(place.commune_b), data={"deadline": {"kind": "ongoing"}})
    actions.confirm_directive(by=officer, directive=order, now=NOW)
    with pytest.raises(WrongState, match="Còn 1 nhiệm vụ"):
        actions.close_directive(by=officer, directive=order, now=NOW)
    first = Assignment.objects.get(unit=place.commune_a)
    commune = place.actor("commune_leader", "commune_a")
    actions.submit_result(by=commune, assignment=first, subject="Kế hoạch", link="https://a.vn", now=NOW)
    actions.accept_result(by=officer, assignment=first, now=NOW)
    closed = actions.close_directive(by=officer, directive=order, now=NOW)
    assert closed.state == "closed"
    assert (
        dict(Assignment.objects.values_list("unit__kind", "state").order_by("unit_id"))["commune"]
        == "cancelled"
    )
    with pytest.raises(WrongState):
        actions.withdraw_directive(by=officer, directive=order, now=NOW)
    second = make_directive(place.department, state="reviewing")
    assert actions.withdraw_directive(by=officer, directive=second, now=NOW).state == "withdrawn"


def test_edit_header(place, officer, order):
    actions.edit_header(
        by=officer, directive=order, data={"number": " 12/KH-SGDĐT ", "issued_on": TODAY}, now=NOW
    )
    order.refresh_from_db()
    assert (order.number, order.issued_on) == ("12/KH-SGDĐT", TODAY)
    assert Finding.objects.filter(directive=order).count() == 0
