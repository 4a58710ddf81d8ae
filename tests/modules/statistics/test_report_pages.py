"""The pages of periodic reports as somebody uses them."""

from datetime import datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_province, make_school_year
from thongsuot.modules.statistics import actions
from thongsuot.modules.statistics.models import Report, ReportFigureNote

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2027, 1, 5, 9))


def test_from_writing_to_the_signed_paper(client, settings):
    settings.MFA_REQUIRED = "none"
    province = make_province()
    principal = province.actor("principal", "school_a1")
    report = actions.start_report(
        by=principal, unit=province.school_a1, school_year=make_school_year(2026), kind="year", now=NOW
    )
    client.force_login(get_user_model().objects.get(pk=principal.user_id))
    page = client.get(reverse("statistics:report-detail", args=[report.public_id]))
    assert page.status_code == 200
    assert "Tồn tại, hạn chế" in page.content.decode()
    save = reverse("statistics:report-text", args=[report.public_id, "overview"])
    htmx = {"headers": {"HX-Request": "true"}}
    assert "Đã lưu" in client.post(save, {"text": "Bản một", "edition": "0"}, **htmx).content.decode()
    said = client.post(save, {"text": "Bản hai", "edition": "0"}, **htmx).content.decode()
    assert "Bản một" in said
    assert "Bản hai" in said
    whole = client.post(save, {"text": "Bản hai", "edition": "0"})
    assert whole.status_code == 409
    assert "Bản hai" in whole.content.decode()
    note = reverse("statistics:report-figure", args=[report.public_id, "registry.pupils"])
    client.post(note, {"value": "1.234", "reason": ""})
    assert not ReportFigureNote.objects.exists()
    client.post(note, {"value": "1.234", "reason": "Thiếu hồ sơ"})
    assert ReportFigureNote.objects.get().value == 1234
    for act, given in (("luu-ban", {"label": "Bản đầu"}), ("tinh-lai", {}), ("ky", {"number": "x"})):
        client.post(reverse("statistics:report-act", args=[report.public_id, act]), given)
    assert Report.objects.get().state == "draft"
    client.post(reverse("statistics:report-act", args=[report.public_id, "ky"]), {"number": "12"})
    assert (Report.objects.get().state, Report.objects.get().number) == ("signed", 12)
    compared = client.get(reverse("statistics:report-compare", args=[report.public_id, 1]))
    assert compared.status_code == 200
    paper = client.get(reverse("statistics:report-file", args=[report.public_id, "docx"]))
    assert paper.content.startswith(b"PK")
    beside = province.actor("principal", "school_a2")
    client.force_login(get_user_model().objects.get(pk=beside.user_id))
    for name, more in (("report-detail", []), ("report-compare", [1]), ("report-file", ["pdf"])):
        assert client.get(reverse(f"statistics:{name}", args=[report.public_id, *more])).status_code == 404
