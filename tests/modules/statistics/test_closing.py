"""A closed period: who closes it and when, what it forbids, how it is opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.factories.organization import make_province
from tests.factories.statistics import DUE, NOW, make_period, officer, return_of
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.notify.models import Notification
from thongsuot.modules.statistics.actions.closing import close_period, close_signed, reopen_period
from thongsuot.modules.statistics.actions.periods import change_days
from thongsuot.modules.statistics.actions.return_corrections import correct_return
from thongsuot.modules.statistics.actions.return_reminding import remind_units, send_return_reminders
from thongsuot.modules.statistics.actions.returns import accept_return, confirm_return, send_back, sign_off
from thongsuot.modules.statistics.models import ReportingPeriod, Return, ReturnVersion
from thongsuot.modules.statistics.queries.returns import board, steps, unsigned
from thongsuot.modules.statistics.types import PeriodRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def period(province):
    return make_period(officer(province), frozen=True)


def all_signed(province, period, upto="department"):
    """Both schools, both communes, then the department."""
    for key in ("a", "b"):
        school, commune = getattr(province, f"school_{key}1"), getattr(province, f"commune_{key}")
        clerk = province.actor("commune_officer", f"commune_{key}_office")
        principal = province.actor("principal", f"school_{key}1")
        confirm_return(by=principal, one=return_of(period, school), now=NOW)
        accept_return(by=clerk, one=return_of(period, school), now=NOW)
        confirm_return(by=clerk, one=return_of(period, commune), now=NOW)
        sign_off(by=officer(province), one=return_of(period, commune), now=NOW)
    if upto == "department":
        sign_off(by=officer(province), one=return_of(period, province.department), now=NOW)
    period.refresh_from_db()


def test_the_last_signature_closes_it(province, period):
    all_signed(province, period, upto="communes")
    assert (period.state, period.closed_at) == ("frozen", None)
    sign_off(by=officer(province), one=return_of(period, province.department), now=NOW)
    period.refresh_from_db()
    assert (period.state, period.closed_at, period.closed_by, period.state_reason) == (
        "closed",
        NOW,
        None,
        "",
    )


def test_what_two_signed_at_once_is_closed_at_night(province, period):
    all_signed(province, period)
    ReportingPeriod.objects.update(state="frozen", closed_at=None)
    with pytest.raises(NotAllowed):
        close_signed(by=officer(province), now=NOW)
    assert close_signed(by=Actor.system(), now=NOW) == 1
    assert close_signed(by=Actor.system(), now=NOW) == 0
    open_one = make_period(officer(province), year=period.school_year, as_of=period.as_of - timedelta(days=9))
    assert close_signed(by=Actor.system(), now=NOW) == 0
    open_one.refresh_from_db()
    assert open_one.state == "open"


def test_the_officer_closes_it_with_a_reason_while_something_is_owed(province, period):
    by = officer(province)
    for role, unit in (("commune_officer", "commune_a_office"), ("principal", "school_a1")):
        with pytest.raises(NotAllowed):
            close_period(by=province.actor(role, unit), period=period, now=NOW, reason="Xong")
    with pytest.raises(PeriodRefused, match="5 biểu"):
        close_period(by=by, period=period, now=NOW, reason="  ")
    Notification.objects.all().delete()
    closed = close_period(by=by, period=period, now=NOW, reason="Hết hạn gửi Bộ")
    assert (closed.state, closed.closed_by_id, closed.state_reason) == (
        "closed",
        by.user_id,
        "Hết hạn gửi Bộ",
    )
    told = set(Notification.objects.values_list("recipient_id", flat=True))
    assert province.actor("principal", "school_a1").user_id in told
    with pytest.raises(PeriodRefused, match="chưa khóa"):
        close_period(by=by, period=period, now=NOW, reason="Lần nữa")
    waiting = make_period(by, year=period.school_year, as_of=period.as_of - timedelta(days=9))
    with pytest.raises(PeriodRefused, match="đã chốt"):
        close_period(by=by, period=waiting, now=NOW, reason="Sớm quá")


def test_nothing_moves_in_a_closed_period(province, period):
    by, principal = officer(province), province.actor("principal", "school_a1")
    clerk = province.actor("commune_officer", "commune_a_office")
    other = province.actor("principal", "school_b1")
    confirm_return(by=other, one=return_of(period, province.school_b1), now=NOW)
    close_period(by=by, period=period, now=NOW, reason="Hết hạn")
    mine, theirs = return_of(period, province.school_a1), return_of(period, province.school_b1)
    states = dict(Return.objects.values_list("pk", "state"))
    clerk_b = province.actor("commune_officer", "commune_b_office")
    for step in (
        lambda: confirm_return(by=principal, one=mine, now=NOW),
        lambda: correct_return(by=principal, one=mine, reason="Muộn", now=NOW),
        lambda: accept_return(by=clerk_b, one=theirs, now=NOW),
        lambda: send_back(by=clerk_b, one=theirs, reason="Xem lại", now=NOW),
        lambda: sign_off(by=by, one=return_of(period, province.department), now=NOW),
        lambda: change_days(by=by, period=period, due=DUE),
        lambda: remind_units(by=clerk, returns=[mine.pk], now=NOW),
    ):
        with pytest.raises(Refused, match="khóa"):
            step()
    assert dict(Return.objects.values_list("pk", "state")) == states
    assert ReturnVersion.objects.filter(number__gt=1).count() == 0
    assert not any(vars(steps(principal, mine, ReturnVersion.objects.get(owner=mine))).values())
    late = DUE["school"] + timedelta(days=3)
    found = board(clerk, period, province.commune_a.pk, today=late)
    assert (found.late, found.owed_ids) == (0, [])
    assert send_return_reminders(by=Actor.system(), now=NOW.replace(month=10, day=2)) == 0


def test_opened_again_for_a_late_correction_and_closed_by_hand(province, period):
    all_signed(province, period)
    by, principal = officer(province), province.actor("principal", "school_a1")
    with pytest.raises(NotAllowed):
        reopen_period(by=principal, period=period, reason="Sửa")
    with pytest.raises(PeriodRefused, match="lý do"):
        reopen_period(by=by, period=period, reason=" ")
    row = reopen_period(by=by, period=period, reason="Trường An Bình xin đính chính")
    assert (row.state, row.closed_at) == ("frozen", None)
    with pytest.raises(PeriodRefused, match="chưa khóa"):
        reopen_period(by=by, period=period, reason="Lần nữa")
    correct_return(by=principal, one=return_of(period, province.school_a1), reason="Hồ sơ đến muộn", now=NOW)
    assert unsigned(by, period) == {"draft": 3}
    # Signed again by all: it stays open for what it was opened for, until somebody closes it.
    confirm_return(by=principal, one=return_of(period, province.school_a1), now=NOW)
    clerk = province.actor("commune_officer", "commune_a_office")
    accept_return(by=clerk, one=return_of(period, province.school_a1), now=NOW)
    confirm_return(by=clerk, one=return_of(period, province.commune_a), now=NOW)
    sign_off(by=by, one=return_of(period, province.commune_a), now=NOW)
    sign_off(by=by, one=return_of(period, province.department), now=NOW)
    period.refresh_from_db()
    assert (period.state, unsigned(by, period)) == ("frozen", {})
    assert close_period(by=by, period=period, now=NOW).state == "closed"


def test_the_pages(client, province, period):
    def sign_in(actor):
        client.force_login(get_user_model().objects.get(pk=actor.user_id))

    close, reopen, shown = (
        reverse(f"statistics:period-{name}", args=[period.public_id])
        for name in ("close", "reopen", "detail")
    )
    sign_in(province.actor("principal", "school_a1"))
    assert client.get(close).status_code == 404
    assert client.post(close, {"reason": "Xong"}).status_code == 404
    sign_in(officer(province))
    assert "Còn 5 biểu Sở chưa duyệt" in client.get(close).content.decode()
    assert close in client.get(shown).content.decode()
    assert client.get(reopen).status_code == 404
    assert client.post(close, {"reason": ""}).status_code == 422
    assert client.post(close, {"reason": "Hết hạn gửi Bộ"}).status_code == 302
    page = client.get(shown).content.decode()
    assert "Kỳ đã khóa lúc" in page
    assert "Hết hạn gửi Bộ" in page
    assert close not in page
    assert client.get(close).status_code == 404
    one = return_of(period, province.school_a1)
    assert "đã khóa" in client.get(reverse("statistics:return-detail", args=[one.public_id])).content.decode()
    assert client.post(reopen, {"reason": "Đính chính"}).status_code == 302
    assert "Kỳ đã được mở lại" in client.get(shown).content.decode()
