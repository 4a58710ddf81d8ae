"""What people open and send: the same steps through the browser's door."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.modules.maturity.bodies import FULL, body
from tests.modules.maturity.conftest import NOW
from tests.modules.maturity.steps import make_assessment
from thongsuot.modules.maturity import queries
from thongsuot.modules.maturity.models import Answer, Appeal, Assessment, Evidence, RubricVersion


@pytest.fixture
def signed_in(world):
    def sign_in(role, unit):
        client = Client()
        client.force_login(get_user_model().objects.get(pk=world.actor(role, unit).user_id))
        return client

    return sign_in


def url(row, *more):
    return reverse("maturity:assessment-detail", args=[row.public_id]) + "".join(more)


def test_a_school_begins_and_fills_in(world, signed_in):
    office = signed_in("school_office", "school_a1")
    page = office.get(reverse("maturity:assessment-list"))
    assert "Bắt đầu tự đánh giá" in page.content.decode()
    started = office.post(reverse("maturity:start", args=[world.school_a1.pk]))
    row = Assessment.objects.get()
    assert started["Location"] == url(row)
    assert office.post(reverse("maturity:start", args=[world.school_b1.pk])).status_code == 404
    htmx = {"HX-Request": "true"}
    said = office.post(url(row, "muc/1.6.1/luu/"), {"numerator": "12", "denominator": "20,0"}, headers=htmx)
    text = said.content.decode()
    assert 'id="muc-1.6.1"' in text
    assert 'hx-swap-oob="true"' in text
    assert Answer.objects.get(item="1.6.1").numerator == 12
    wrong = office.post(url(row, "muc/1.6.1/luu/"), {"numerator": "21", "denominator": "20"}, headers=htmx)
    assert "nhiều hơn" in wrong.content.decode()
    letters = office.post(url(row, "muc/1.6.1/luu/"), {"numerator": "ba"}, headers=htmx)
    assert "không phải là số" in letters.content.decode()
    assert Answer.objects.get(item="1.6.1").numerator == 12
    file = SimpleUploadedFile("ke-hoach.txt", "Kế hoạch số 5".encode(), content_type="text/plain")
    office.post(url(row, "muc/1.1/minh-chung/"), {"title": "Kế hoạch số 5", "file": file})
    proof = Evidence.objects.get()
    assert (proof.kind, proof.item, proof.file.owner_unit_id) == ("file", "1.1", world.school_a1.pk)
    opened = reverse("files:download", args=[proof.file.public_id])
    assert "Kế hoạch" in signed_in("commune_officer", "commune_a_office").get(opened).getvalue().decode()
    assert signed_in("commune_officer", "commune_b_office").get(opened).status_code == 404
    assert signed_in("teacher", "school_a1").get(opened).status_code == 404
    office.post(url(row, "muc/1.1/bo-minh-chung/"), {"evidence": str(proof.public_id)})
    assert not Evidence.objects.exists()
    assert signed_in("teacher", "school_a1").get(url(row)).status_code == 404
    assert signed_in("principal", "school_b1").get(url(row)).status_code == 404


@pytest.mark.parametrize(
    ("upto", "role", "unit", "words"),
    [
        ("draft", "principal", "school_a1", "Nộp phiếu"),
        ("submitted", "commune_officer", "commune_a_office", "Trả lại trường"),
        ("external", "department_officer", "office", "Gửi kết quả cho trường"),
        ("proposed", "principal", "school_a1", "Phần mềm chưa dùng"),
        ("published", "principal", "school_a1", "Gửi kiến nghị"),
    ],
)
def test_the_page_at_each_step(world, signed_in, upto, role, unit, words, monkeypatch):
    row = make_assessment(world, upto)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a: NOW.date())
    page = signed_in(role, unit).get(url(row))
    assert page.status_code == 200
    assert words in page.content.decode()


def test_steps_by_pages(world, signed_in):
    row = make_assessment(world, "filled")
    principal, commune = signed_in("principal", "school_a1"), signed_in("commune_officer", "commune_a_office")
    principal.post(url(row, "buoc/nop/"))
    assert commune.post(url(row, "buoc/tra-lai/"), {"return-reason": ""}).status_code == 422
    commune.post(url(row, "buoc/gui-so/"), {"note": "Đủ"})
    row.refresh_from_db()
    assert (row.state, row.note) == ("forwarded", "Đủ")
    again = commune.post(url(row, "buoc/gui-so/"), {"note": ""})
    assert again.status_code == 422
    officer = signed_in("department_officer", "office")
    me = world.actor("department_officer", "office").user_id
    officer.post(reverse("maturity:team-create"), {"name": "Đoàn 1", "lead_id": me, "member_ids": [me]})
    team = world.round.teams.get()
    listed = officer.post(reverse("maturity:assessment-list"), {"do": f"team-{team.pk}", "pick": [row.pk]})
    assert listed.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.team) == ("external", team)


def test_a_rubric_is_corrected_on_the_page(world, signed_in):
    officer = signed_in("department_officer", "office")
    version = queries.current_rubrics().get(code="4725")
    page = officer.get(reverse("maturity:rubric-edit", args=[version.public_id]))
    form = fields_of(page.content.decode())
    sent = form | {"max-2.3.1": "16", "confidence-2.3.1": "V", "reason": "Theo bản PDF"}
    bad = officer.post(page.request["PATH_INFO"], sent | {"max-2.3.1": "mười"})
    assert bad.status_code == 422
    made = officer.post(page.request["PATH_INFO"], sent)
    assert made.status_code == 302
    latest = RubricVersion.objects.get(code="4725", is_current=True)
    assert [(c.before, c.after) for c in queries.changes_of(latest)] == [("6", "16"), ("M", "V")]
    assert latest.body != body("4725")
    assert signed_in("principal", "school_a1").get(page.request["PATH_INFO"]).status_code == 404
    admin = signed_in("system_administrator", "department")
    assert admin.get(reverse("maturity:rubric-detail", args=[latest.public_id])).status_code == 200


def test_exactly_75_and_a_limit_corrected_on_the_page(world, signed_in):
    """Group 1 at exactly 75 is level 2 (the text says "above 75"); once the page says "from 75 on", a sheet that begins
    then is level 3 by the same answers, and the one handed in before keeps its level."""
    answers = {k: v for k, v in FULL.items() if k not in ("1.5.1", "1.5.2", "1.7.3")}
    first = make_assessment(world, "submitted", answers=answers)
    assert (first.self_points["1"], first.self_level) == ("75", 2)
    officer = signed_in("department_officer", "office")
    version = queries.current_rubrics().get(code="4725")
    edit = reverse("maturity:rubric-edit", args=[version.public_id])
    form = fields_of(officer.get(edit).content.decode())
    assert form["level-2-above"] == "on"
    nobody = officer.post(edit, form | {"source-1.6.1": "registry.no_such_figure", "reason": "Thử"})
    assert nobody.status_code == 422
    assert "registry.no_such_figure" in nobody.content.decode()
    del form["level-2-above"]
    assert officer.post(edit, form | {"reason": "Theo công văn hướng dẫn"}).status_code == 302
    second = make_assessment(world, "submitted", "school_b1", answers)
    assert (second.self_points["1"], second.self_level) == ("75", 3)
    first.refresh_from_db()
    assert (first.self_level, queries.sheet(first, today=NOW.date()).own.level) == (2, 2)


def fields_of(page):
    """What a browser would send of the form that edits a rubric."""
    import lxml.html

    form = next(f for f in lxml.html.fromstring(page).forms if "reason" in f.fields)
    return {k: v for k, v in form.form_values() if k != "csrfmiddlewaretoken"}


def test_decision_appeal_overview_and_public(world, signed_in):
    row = make_assessment(world, "concluded")
    officer, leader = signed_in("department_officer", "office"), signed_in("department_leader", "department")
    officer.post(reverse("maturity:assessment-list"), {"do": "draft", "pick": [row.pk]})
    decision = queries.decisions(world.actor("department_officer", "office")).get()
    page = reverse("maturity:decision-detail", args=[decision.public_id])
    assert officer.get(page).status_code == 200
    signed = {"do": "issue", "number": 5, "signed_on": "2026-01-05", "signer_name": "Trần Văn Giám"}
    assert officer.post(page, signed).status_code == 404
    leader.post(page, signed)
    leader.post(page, {"do": "publish"})
    anybody = Client()
    assert row.unit.name in anybody.get(reverse("maturity:public")).content.decode()
    assert row.unit.name not in anybody.get(reverse("maturity:public"), {"q": "khong co"}).content.decode()
    overview = reverse("maturity:overview")
    for client in (
        officer,
        signed_in("principal", "school_a1"),
        signed_in("commune_officer", "commune_b_office"),
    ):
        assert client.get(overview).status_code == 200
    export = officer.get(overview, {"nam": "2026-2027", "export": "xlsx"})
    assert export.getvalue().startswith(b"PK")
    line = queries.register(world.actor("principal", "school_a1")).get()
    school = signed_in("principal", "school_a1")
    school.post(reverse("maturity:appeal-create", args=[line.public_id]), {"reason": "Xem lại mục 1.5.1"})
    appeal = reverse("maturity:appeal-detail", args=[Appeal.objects.get().public_id])
    assert school.get(appeal).status_code == 200
    leader.post(appeal, {"answer": "Giữ nguyên", "level": ""})
    assert Appeal.objects.get().state == "dismissed"


def test_dates_are_set_on_the_page(world, signed_in):
    officer = signed_in("department_officer", "office")
    page = reverse("maturity:round")
    assert officer.get(page).status_code == 200
    dates = {
        "as_of": "2027-05-31", "self_due_on": "2027-05-30", "forward_due_on": "2027-06-08",
        "external_due_on": "2027-06-20", "appeal_days": "15",
    }  # fmt: skip
    assert officer.post(page, dates | {"forward_due_on": "2027-05-01"}).status_code == 422
    assert officer.post(page, dates).status_code == 302
    world.round.refresh_from_db()
    assert world.round.appeal_days == 15
