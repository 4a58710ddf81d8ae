"""A list that is too long for a request comes as a file made in the background."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.kit.pages.conftest import RIGHTS
from tests.kit.pages.reading import body
from thongsuot.kit.accounts.types import ANONYMOUS, Actor, NotAllowed
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.exports import actions
from thongsuot.kit.exports.models import Export
from thongsuot.kit.exports.tasks import write
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.kit.jobs.types import JobState
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.pages import exporting
from thongsuot.kit.pages.giving import Wanted

URL = "/thu/nguoi/"


@pytest.fixture(autouse=True)
def short(settings):
    settings.EXPORT_INLINE_ROWS = 3


@pytest.fixture
def asked(reader, make_people):
    """Six people asked for as CSV, searched and sorted; the answer of the page."""
    make_people(6)
    make_people("Đặng Bé", "Lê Bé", phone="0912")
    reader.post(URL, {"do": "columns", "column": ["full_name", "phone"]})
    return reader.get(URL, {"q": "nguoi", "sort": "-full_name", "export": "csv"})


def rows_of(response):
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


def test_a_short_list_comes_at_once(reader, make_people):
    make_people(3)
    assert len(rows_of(reader.get(URL, {"export": "csv"}))) == 4
    assert not Job.objects.exists()


def test_a_long_list_is_a_job_with_progress_and_a_notice(reader, asked):
    job = Job.objects.get()
    assert asked.url == f"/viec-nen/{job.public_id}/"
    assert "6 dòng" in reader.get(asked.url).content.decode()
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 6, 6)
    notice = Notification.objects.get(recipient=reader.user)
    assert (notice.kind, notice.url) == (actions.READY, job.result_url)
    assert job.result_url in reader.get(asked.url).content.decode()


def test_the_file_has_what_the_page_showed(reader, asked):
    run_jobs()
    response = reader.get(Job.objects.get().result_url)
    found = rows_of(response)
    assert found == [["Họ tên", "Điện thoại"], *([f"Người số {n}", ""] for n in (5, 4, 3, 2, 1, 0))]
    assert response["Content-Disposition"].startswith('attachment; filename="nguoi-')
    assert ReadingLog.objects.filter(user_id=reader.user.pk, subject_table="exports_export").exists()


def test_an_xlsx_too(reader, make_people):
    make_people(5)
    reader.get(URL, {"export": "xlsx"})
    run_jobs()
    data = body(reader.get(Job.objects.get().result_url))
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()) == 6


def test_a_double_click_makes_one_file(reader, asked):
    again = reader.get(URL, {"q": "nguoi", "sort": "-full_name", "export": "csv"})
    assert again.url == asked.url
    run_jobs()
    after = reader.get(URL, {"q": "nguoi", "sort": "-full_name", "export": "csv"})
    assert after.url != asked.url


def test_nobody_sees_anothers_file(sign_in, reader, asked):
    run_jobs()
    url = Job.objects.get().result_url
    assert sign_in("writer").get(url).status_code == 404
    assert sign_in("nobody").get(url).status_code == 404


def test_rights_are_those_of_the_moment_of_writing(reader, asked, monkeypatch):
    monkeypatch.setitem(RIGHTS, "reader", ())
    run_jobs()
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert "không còn quyền" in job.message
    assert Export.objects.get().stored_as == ""


def test_stopped_half_way_leaves_nothing(reader, asked, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS_BETWEEN_STEPS", 1)
    monkeypatch.setattr("thongsuot.kit.jobs.progress.SECONDS_BETWEEN", 0)
    Job.objects.update(cancel_requested=True)
    run_jobs()
    assert Job.objects.get().state == JobState.CANCELLED
    export = Export.objects.get()
    assert (export.stored_as, default_storage.exists(f"exports/{export.public_id}.csv")) == ("", False)
    assert not Notification.objects.exists()


def test_too_many_rows_are_refused_before_any_job(reader, make_people, monkeypatch):
    make_people(5)
    monkeypatch.setitem(exporting.MOST_ROWS, "xlsx", 4)
    assert "hơn 4 dòng" in reader.get(URL, {"export": "xlsx"}, follow=True).content.decode()
    assert not Job.objects.exists()


def test_an_old_file_is_thrown_away_and_its_link_leads_to_the_list(reader, asked, settings):
    run_jobs()
    export = Export.objects.get()
    name = export.stored_as
    today = timezone.localdate()
    assert actions.purge(by=Actor.system(), today=today + timedelta(days=settings.EXPORT_KEPT_DAYS)) == 0
    assert actions.purge(by=Actor.system(), today=today + timedelta(days=settings.EXPORT_KEPT_DAYS + 1)) == 1
    assert not default_storage.exists(name)
    response = reader.get(Job.objects.get().result_url)
    assert response.url == f"{URL}?q=nguoi&sort=-full_name"
    assert "Hãy xuất lại" in reader.get(response.url).content.decode()
    actions.purge(by=Actor.system(), today=today + actions.REMEMBERED + timedelta(days=1))
    assert not Export.objects.exists()


def test_who_may_purge_and_who_may_ask(reader):
    with pytest.raises(NotAllowed):
        actions.purge(by=Actor(user_id=reader.user.pk, name="x"), today=timezone.localdate())
    wanted = Wanted(path=URL, query="", kind="csv", title="Người", name="nguoi.csv", rows=9)
    with pytest.raises(NotAllowed):
        actions.ask_for_file(by=ANONYMOUS, wanted=wanted, task=write)
