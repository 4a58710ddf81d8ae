"""Reports that are owed and targets, by the forms of their pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.factories.directives import make_directive, make_duty, make_obligation, make_target
from thongsuot.modules.directives.models import ReportObligation, TargetValue
from thongsuot.modules.directives.types import ObligationState, TargetValueState

from .conftest import messages_of


@pytest.fixture
def directive(province):
    return make_directive(province.department, recipients=(province.commune_a, province.school_a1))


@pytest.fixture
def duty(directive):
    return make_duty(directive.owner_unit, directive=directive)


@pytest.fixture
def owed(duty, province, today):
    """The school's report to its commune."""
    return make_obligation(duty, province.school_a1, province.commune_a, due_on=today + timedelta(days=5))


def do(client, obligation, act, **said):
    data = {name if name == "do" else f"{act}-{name}": value for name, value in said.items()}
    address = reverse("directives:obligation-act", args=[obligation.public_id, act])
    response = client.post(address, data, follow=True)
    obligation.refresh_from_db()
    return response


def test_submitted_returned_accepted_and_forwarded(owed, duty, province, browse, today):
    principal, commune = browse("principal", "school_a1"), browse("commune_officer", "commune_a_office")
    leader = browse("department_leader", "department")
    above = make_obligation(duty, province.commune_a, province.department, due_on=today + timedelta(days=9))
    do(principal, owed, "submit", summary="Đã xong")
    assert owed.state == ObligationState.SUBMITTED
    do(commune, owed, "decide", note="Thiếu số liệu", do="return")
    assert owed.state == ObligationState.RETURNED
    do(principal, owed, "submit", summary="Đã xong, có số liệu")
    do(commune, owed, "decide", note="", do="accept")
    assert owed.state == ObligationState.ACCEPTED
    page = commune.get(reverse("directives:obligation-detail", args=[above.public_id]))
    assert "có số liệu" in page.content.decode()
    do(commune, above, "forward", gathered=[owed.pk], summary="Toàn xã đã xong")
    assert above.state == ObligationState.SUBMITTED
    owed.refresh_from_db()
    assert owed.forwarded_in == above
    assert (
        "Toàn xã đã xong"
        in leader.get(reverse("directives:obligation-detail", args=[above.public_id])).content.decode()
    )


def test_waived(owed, browse):
    do(browse("commune_officer", "commune_a_office"), owed, "waive", reason="Trường mới thành lập")
    assert owed.state == ObligationState.WAIVED


def test_what_is_closed_says_so(owed, browse):
    response = do(browse("commune_officer", "commune_a_office"), owed, "decide", note="", do="accept")
    assert messages_of(response) == ["Báo cáo đã đổi trạng thái; việc này không còn làm được."]


def test_a_duty_without_a_document(browse, province, today):
    said = {
        "what": "Báo cáo sĩ số",
        "unit_ids": f"{province.school_a1.pk},{province.school_a2.pk}",
        "first_due_on": (today + timedelta(days=7)).isoformat(),
        "period": "",
    }
    response = browse("commune_leader", "commune_a").post(
        reverse("directives:duty-create"), said, follow=True
    )
    assert response.status_code == 200
    assert set(ReportObligation.objects.values_list("unit", "to_unit")) == {
        (province.school_a1.pk, province.commune_a.pk),
        (province.school_a2.pk, province.commune_a.pk),
    }


def test_calendar_shows_what_is_due(owed, browse, today):
    page = browse("principal", "school_a1").get(
        reverse("directives:calendar"), {"thang": f"{owed.due_on:%Y-%m}"}
    )
    assert "Báo cáo kết quả thực hiện" in page.content.decode()
    assert browse("principal", "school_b1").get(reverse("directives:calendar")).context["agenda"] == []


@pytest.mark.parametrize("month", ["2026-13", "x", "", "1999-01"])
def test_calendar_of_any_month(officer, month):
    assert officer.get(reverse("directives:calendar"), {"thang": month}).status_code == 200


@pytest.fixture
def target(directive, province):
    return make_target(directive, province.commune_a, province.school_a1, value=90)


def report(client, target, **said):
    address = reverse("directives:target-act", args=[target.public_id, "report"])
    return client.post(address, {f"report-{name}": value for name, value in said.items()}, follow=True)


def test_value_reported_returned_and_approved(target, province, browse, today):
    principal = browse("principal", "school_a1")
    bare = report(principal, target, unit=province.school_a1.pk, as_of=today.isoformat(), value="80")
    assert bare.status_code == 422
    figures = {"numerator": "19", "denominator": "20", "link": "https://example.org/mc"}
    report(principal, target, unit=province.school_a1.pk, as_of=today.isoformat(), **figures)
    value = TargetValue.objects.get()
    assert value.value == Decimal(95)
    commune = browse("commune_officer", "commune_a_office")
    commune.post(reverse("directives:target-value-return", args=[value.pk]), {"reason": "Chưa khớp"})
    value.refresh_from_db()
    assert value.state == TargetValueState.RETURNED
    report(principal, target, unit=province.school_a1.pk, as_of=today.isoformat(), **figures)
    second = TargetValue.objects.get(state=TargetValueState.SUBMITTED)
    commune.post(reverse("directives:target-value-approve", args=[second.pk]))
    second.refresh_from_db()
    assert second.state == TargetValueState.APPROVED
    page = commune.get(reverse("directives:target-detail", args=[target.public_id]))
    assert page.context["value_words"] == "95%"
    assert [row["name"] for row in page.context["missing"]] == [province.commune_a.name]


def test_a_stranger_approves_nothing(target, province, browse, today):
    figures = {"numerator": "19", "denominator": "20", "link": "https://example.org/mc"}
    report(
        browse("principal", "school_a1"),
        target,
        unit=province.school_a1.pk,
        as_of=today.isoformat(),
        **figures,
    )
    address = reverse("directives:target-value-approve", args=[TargetValue.objects.get().pk])
    assert browse("principal", "school_b1").post(address).status_code == 404
    assert browse("principal", "school_a1").post(address).status_code == 404


def test_a_target_is_bound_to_an_indicator(target, officer):
    address = reverse("directives:target-act", args=[target.public_id, "bind"])
    assert officer.post(address, {"bind-indicator_code": "khong.co"}).status_code == 422
    officer.post(address, {"bind-indicator_code": "directives.on_time_rate"})
    target.refresh_from_db()
    assert target.indicator_code == "directives.on_time_rate"
    assert officer.get(reverse("directives:target-detail", args=[target.public_id])).status_code == 200
