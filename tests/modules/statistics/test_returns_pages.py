"""Pages of periods and returns: the chain by browser addresses, 404 for others', rows behind numbers, files."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.factories import registry
from tests.factories.organization import make_province, make_school_year
from tests.factories.statistics import make_period, officer, return_of
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.modules.registry.models import Enrolment
from thongsuot.modules.statistics.models import ReportingPeriod, Return

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    province, year = make_province(), make_school_year()
    school_class = registry.make_class(province.school_a1, year, "1A")
    for name in ("Lê Thứ Nhất", "Lê Thứ Hai"):
        registry.make_student(province.school_a1, name, school_class=school_class, ethnicity="03")
    period = make_period(officer(province), year=year, frozen=True)
    return province, period


def sign_in(client, actor):
    client.force_login(get_user_model().objects.get(pk=actor.user_id))
    return client


def test_a_school_confirms_its_own_and_finds_nobody_elses(client, world):
    province, period = world
    sign_in(client, province.actor("principal", "school_a1"))
    mine, other = return_of(period, province.school_a1), return_of(period, province.school_b1)
    page = client.get(reverse("statistics:return-detail", args=[mine.public_id]))
    assert page.status_code == 200
    assert [line["places"][0]["place"].number for line in page.context["blocks"][0]["lines"]] == [
        "2",
        "2",
        "2",
    ]
    for name, *more in (
        ("return-detail",), ("return-differences",), ("return-cell", "A01.1"), ("return-act", "xac-nhan"),
    ):  # fmt: skip
        assert client.get(reverse(f"statistics:{name}", args=[other.public_id, *more])).status_code == 404
    url = reverse("statistics:return-act", args=[other.public_id, "xac-nhan"])
    assert client.post(url).status_code == 404
    assert client.post(reverse("statistics:return-act", args=[mine.public_id, "duyet"])).status_code == 404
    assert client.post(reverse("statistics:return-act", args=[mine.public_id, "xac-nhan"])).status_code == 302
    assert Return.objects.get(pk=mine.pk).state == "confirmed"
    listed = client.get(reverse("statistics:return-list"))
    assert [row.pk for row in listed.context["page"].object_list] == [mine.pk]


def test_a_number_opens_its_rows_and_the_difference_names_who_left(client, world):
    province, period = world
    sign_in(client, province.actor("principal", "school_a1"))
    one = return_of(period, province.school_a1)
    page = client.get(reverse("statistics:return-cell", args=[one.public_id, "A01.1"]))
    assert {line.name for line in page.context["page"]} == {"Lê Thứ Nhất", "Lê Thứ Hai"}
    Enrolment.objects.filter(student__full_name="Lê Thứ Hai").update(
        left_on=date(2026, 9, 20), exit_type="transferred_out"
    )
    url = reverse("statistics:return-differences", args=[one.public_id])
    page = client.get(url)
    assert [(line.name, line.change.value) for line in page.context["page"]] == [("Lê Thứ Hai", "left")]
    assert next((c.cell, c.before, c.after) for c in page.context["changes"]) == ("A01.1", 2, 1)
    assert client.get(url, {"o": "A01.1", "page": "9"}).status_code == 200
    assert client.get(url, {"o": "Z99.1"}).status_code == 404
    file = b"".join(client.get(url, {"export": "csv"}).streaming_content).decode()
    assert "Lê Thứ Hai" in file
    # A correction, from the page: a second version whose difference is shown.
    act = reverse("statistics:return-act", args=[one.public_id, "dinh-chinh"])
    assert client.post(act, {"correct-reason": ""}).status_code == 422
    assert client.post(act, {"correct-reason": "Biết muộn"}).status_code == 302
    page = client.get(reverse("statistics:return-detail", args=[one.public_id]))
    assert page.context["changes"][0].by == -1
    between = client.get(url, {"ban": "1", "voi": "2"})
    assert len(between.context["page"].object_list) == 1


def test_sensitive_rows_are_not_opened_for_who_may_not_read_them(client, world):
    province, period = world
    sign_in(client, province.actor("commune_officer", "commune_a_office"))
    one = return_of(period, province.school_a1)
    open_ = client.get(reverse("statistics:return-cell", args=[one.public_id, "A01.1"]))
    hidden = client.get(reverse("statistics:return-cell", args=[one.public_id, "A03.1"]))
    assert open_.context["page"] is not None
    assert (hidden.context["page"], hidden.context["is_hidden"]) == (None, True)
    url = reverse("statistics:return-differences", args=[one.public_id])
    assert client.get(url).status_code == 404
    assert client.get(url, {"o": "A03.1"}).status_code == 404
    assert client.get(url, {"o": "A01.1"}).status_code == 200


@pytest.mark.parametrize("kind", ["xlsx", "csv", "sdmx"])
def test_files_of_a_frozen_return(client, world, kind):
    province, period = world
    sign_in(client, province.actor("principal", "school_a1"))
    one = return_of(period, province.school_a1)
    answer = client.get(reverse("statistics:return-detail", args=[one.public_id]), {"export": kind})
    assert answer.status_code == 200
    assert len(answer.content) > 200


def test_freezing_is_asked_for_once_and_done_in_the_background(client, world):
    province, frozen = world
    by = officer(province)
    period = make_period(by, year=frozen.school_year, as_of=date(2026, 10, 1))
    board = reverse("statistics:period-detail", args=[period.public_id])
    sign_in(client, by)
    first, second = (client.post(board, {"do": "freeze"}).headers["Location"] for _click in range(2))
    assert first == second
    assert run_jobs() == 1
    period.refresh_from_db()
    assert period.state == "frozen"
    assert return_of(period, province.school_a1).version == 1
    assert board in client.get(first).content.decode()
    assert "đã chốt" in client.post(board, {"do": "freeze"}, follow=True).content.decode()
    sign_in(client, province.actor("commune_officer", "commune_a_office"))
    assert client.post(board, {"do": "freeze"}).status_code == 404


def test_the_commune_reminds_and_the_department_opens_a_period(client, world):
    province, period = world
    commune = province.actor("commune_officer", "commune_a_office")
    province.actor("principal", "school_a1")
    sign_in(client, commune)
    board = reverse("statistics:period-detail", args=[period.public_id])
    page = client.get(board)
    assert [row["line"].unit_name for row in page.context["lines"]] == ["Trường Tiểu học An Bình"]
    assert client.post(board, {"do": "remind"}).status_code == 302
    assert client.get(f"{board}?don-vi={province.commune_b.pk}").status_code == 404
    assert client.get(reverse("statistics:period-create")).status_code == 404
    sign_in(client, officer(province))
    create = reverse("statistics:period-create")
    shown = client.get(create)
    assert shown.status_code == 200
    data = {
        "kind": "other", "name": "Kỳ thử", "as_of": "2026-10-10", "forms": ["02.ĐN-TH"],
        "school_due_on": "2026-10-20", "commune_due_on": "2026-10-25", "department_due_on": "2026-10-30",
    }  # fmt: skip
    assert client.post(create, {**data, "commune_due_on": "2026-10-15"}).status_code == 422
    assert client.post(create, data).status_code == 302
    made = ReportingPeriod.objects.get(name="Kỳ thử")
    assert client.get(reverse("statistics:period-days", args=[made.public_id])).status_code == 200
    waiting = return_of(made, province.school_a1, "02.ĐN-TH")
    assert client.get(reverse("statistics:return-detail", args=[waiting.public_id])).status_code == 200
