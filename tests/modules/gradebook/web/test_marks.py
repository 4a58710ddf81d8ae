"""The page of marks: who opens it, what its doors answer, and that a plain form works too."""

import html
import io
import json
import re

import openpyxl
import pytest
from django.urls import reverse

from tests.factories.gradebook import make_line
from thongsuot.kit.notify.models import Notification
from thongsuot.modules.gradebook.models import RemarkPhrase, SubjectMarks, UnlockRequest


@pytest.fixture
def maths(world):
    return world.secondary.subjects["mathematics"]


def address(name, book, term=1):
    return reverse(f"gradebook:{name}", args=[book.pk, term])


def send(client, book, *changes, term=1, why=""):
    body = {"changes": [{"key": key, "old": old, "new": new} for key, old, new in changes], "why": why}
    return client.post(address("marks-save", book, term), json.dumps(body), content_type="application/json")


def test_who_opens_the_book(world, maths, signed_in):
    url = address("marks", maths)
    for actor in (world.maths, world.homeroom, world.principal, world.office):
        assert signed_in(actor).get(url).status_code == 200
    for actor in (world.stranger, world.primary_homeroom):
        assert signed_in(actor).get(url).status_code == 404
        assert send(signed_in(actor), maths, ("1|midterm", "", "8")).status_code == 404
    # The homeroom teacher reads what colleagues write, and cannot write it.
    page = signed_in(world.homeroom).get(url).content.decode()
    assert "data-locked" in page
    assert signed_in(world.homeroom).get(address("marks-import", maths)).status_code == 302
    assert send(signed_in(world.homeroom), maths, ("1|midterm", "", "8")).status_code == 404


def test_cells_are_saved_one_by_one(world, maths, signed_in):
    client, (one, two) = signed_in(world.maths), world.secondary.students
    answer = send(
        client,
        maths,
        (f"{one.pk}|regular.0", "", "7,5"),
        (f"{one.pk}|midterm", "", "11"),
        (f"{two.pk}|final", "", "V"),
        (f"{two.pk}|nonsense", "", "8"),
    ).json()
    assert {row["key"]: row["value"] for row in answer["saved"]} == {
        f"{one.pk}|regular.0": "7.5",
        f"{two.pk}|final": "V",
    }
    assert {row["key"] for row in answer["faults"]} == {f"{one.pk}|midterm", f"{two.pk}|nonsense"}
    # Sent twice because the answer was lost: the same cells are saved, nothing is written again.
    again = send(client, maths, (f"{one.pk}|regular.0", "", "7,5")).json()
    assert [row["value"] for row in again["saved"]] == ["7.5"]
    assert SubjectMarks.objects.get(student=one, class_subject=maths, term=1).version == 1


def test_two_people_in_one_cell(world, maths, signed_in):
    one = world.secondary.students[0]
    send(signed_in(world.office), maths, (f"{one.pk}|midterm", "", "6"))
    teacher = signed_in(world.maths)
    answer = send(teacher, maths, (f"{one.pk}|midterm", "", "8"), (f"{one.pk}|final", "", "9")).json()
    (clash,) = answer["conflicts"]
    assert (clash["key"], clash["stored"], bool(clash["by"])) == (f"{one.pk}|midterm", "6.0", True)
    assert [row["key"] for row in answer["saved"]] == [f"{one.pk}|final"]
    # Chosen knowingly, the other value is written, and both stand in the history with the reason.
    send(teacher, maths, (f"{one.pk}|midterm", "6.0", "8"), why="Chấm lại bài")
    story = teacher.get(address("cell-history", maths), {"em": one.pk, "cot": "midterm"}).content.decode()
    assert "Chấm lại bài" in story
    assert "6 → 8" in story
    now = teacher.get(address("marks-now", maths)).json()
    assert now["cells"][f"{one.pk}|midterm"] == "8.0"
    assert any("còn thiếu" in check["text"] for check in now["checks"])


@pytest.mark.parametrize(
    "body", ["", "[]", '{"changes": [1]}', '{"changes": [{"key": "x|y|z"}]}', '{"why": 1}']
)
def test_what_no_page_of_ours_sends_is_refused(world, maths, signed_in, body):
    client = signed_in(world.maths)
    answer = client.post(address("marks-save", maths), body, content_type="application/json")
    assert answer.status_code == 409
    assert answer.json()["refused"]


def test_a_plain_form_saves_and_says_what_is_wrong(world, maths, signed_in):
    client, (one, two) = signed_in(world.maths), world.secondary.students
    posted = {f"o{one.pk}-midterm": "7,5", f"o{two.pk}-midterm": "mười", "o1-evil": "x"}
    answer = client.post(address("marks", maths), posted)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“mười” không phải điểm" in page
    assert 'value="mười"' in page
    again = {f"o{one.pk}-midterm": "8", f"s{one.pk}": seen(page, one)}
    assert client.post(address("marks", maths), again).status_code == 302
    assert str(SubjectMarks.objects.get(student=one, class_subject=maths).midterm) == "8.0"


def seen(page, pupil):
    """What the page, read without scripts, carries of a pupil's line."""
    (found,) = re.findall(f'<noscript><input type="hidden" name="s{pupil.pk}" value="([^"]*)"', page)
    return html.unescape(found)


def test_a_plain_form_that_has_grown_old_overwrites_nobody(world, maths, signed_in):
    teacher, office, one = signed_in(world.maths), signed_in(world.office), world.secondary.students[0]
    make_line(maths, one, midterm="6.0", final="7.0")
    old = {f"s{one.pk}": seen(teacher.get(address("marks", maths)).content.decode(), one)}
    send(office, maths, (f"{one.pk}|midterm", "6.0", "9"), (f"{one.pk}|final", "7.0", "5"))
    # The final mark was left as it was shown; the midterm was changed by both.
    posted = {f"o{one.pk}-midterm": "8", f"o{one.pk}-final": "7"}
    answer = teacher.post(address("marks", maths), posted | old)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "vừa ghi “9”; gửi lại để thay" in page
    assert 'value="8"' in page
    row = SubjectMarks.objects.get(student=one, class_subject=maths)
    assert (str(row.midterm), str(row.final)) == ("9.0", "5.0")
    # A form that says nothing of what it showed, or nonsense, overwrites nothing either.
    for said in ({}, {f"s{one.pk}": "[1"}, {f"s{one.pk}": "[1]"}):
        assert teacher.post(address("marks", maths), posted | said).status_code == 422
    # Sent again with the other's mark in sight, it is written.
    again = {f"o{one.pk}-midterm": "8", f"o{one.pk}-final": "5", f"s{one.pk}": seen(page, one)}
    again["why"] = "Cộng sót điểm"
    assert teacher.post(address("marks", maths), again).status_code == 302
    row.refresh_from_db()
    assert (str(row.midterm), str(row.final)) == ("8.0", "5.0")
    story = teacher.get(address("cell-history", maths), {"em": one.pk, "cot": "midterm"}).content.decode()
    assert "Cộng sót điểm" in story


def test_a_locked_book_and_the_way_to_open_it(world, maths, signed_in):
    one = world.secondary.students[0]
    teacher, principal = signed_in(world.maths), signed_in(world.principal)
    board = reverse("gradebook:progress-act")
    principal.post(board, {"ky": 1, "lam": "khoa"})
    refused = send(teacher, maths, (f"{one.pk}|midterm", "", "8"))
    assert refused.status_code == 409
    assert "khóa" in refused.json()["refused"]
    assert "mo-khoa" in teacher.get(address("marks", maths)).content.decode()
    assert teacher.post(address("ask-unlock", maths), {"reason": ""}).status_code == 422
    assert teacher.post(address("ask-unlock", maths), {"reason": "Chấm lại một bài"}).status_code == 302
    request = UnlockRequest.objects.get()
    assert Notification.objects.filter(recipient_id=world.principal.user_id, kind="gradebook.unlock").exists()
    # A refusal wants a reason; what is granted lets the marks in until then.
    principal.post(board, {"ky": 1, "lam": "tu-choi", "de-nghi": request.pk})
    request.refresh_from_db()
    assert request.state == "asked"
    principal.post(board, {"ky": 1, "lam": "dong-y", "de-nghi": request.pk, "gio": "24"})
    assert send(teacher, maths, (f"{one.pk}|midterm", "", "8")).status_code == 200
    assert Notification.objects.filter(recipient_id=world.maths.user_id, kind="gradebook.unlock").exists()
    # A teacher locks nothing.
    assert teacher.post(board, {"ky": 1, "lam": "mo"}).status_code == 404


def workbook(client, book):
    answer = client.get(address("marks-file", book))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_a_spreadsheet_goes_out_and_comes_back(world, maths, signed_in):
    client, (one, two) = signed_in(world.maths), world.secondary.students
    make_line(maths, one, midterm="6.0", final="7.0")
    book = workbook(client, maths)
    sheet = book.active
    keys = {cell.value: cell.column for cell in sheet[3] if cell.value}
    rows = {sheet.cell(row, 3).value: row for row in (5, 6)}
    sheet.cell(rows[one.full_name], keys["midterm"]).value = 8.5
    sheet.cell(rows[one.full_name], keys["final"]).value = None
    sheet.cell(rows[two.full_name], keys["midterm"]).value = 12
    kept = io.BytesIO()
    book.save(kept)
    kept.seek(0)
    kept.name = "diem.xlsx"
    looked = client.post(address("marks-import", maths), {"tep": kept})
    assert looked.status_code == 200
    page = looked.content.decode()
    assert "không phải điểm từ 0 đến 10" in page
    assert [(one.old, one.new) for one in looked.context["read"]["changes"]] == [("6", "8,5")]
    # Nothing is written before it is agreed to, an empty cell takes nothing away.
    row = SubjectMarks.objects.get(student=one, class_subject=maths)
    assert str(row.midterm) == "6.0"
    sealed = looked.context["read"]["sealed"]
    assert client.post(address("marks-import", maths), {"doi": sealed}).status_code == 302
    row.refresh_from_db()
    assert (str(row.midterm), str(row.final)) == ("8.5", "7.0")
    assert not SubjectMarks.objects.filter(student=two, class_subject=maths).exists()
    # Of another book, forged, no spreadsheet.
    assert client.post(address("marks-import", maths, 2), {"doi": sealed}).status_code == 404
    assert client.post(address("marks-import", maths), {"doi": sealed + "x"}).status_code == 404
    kept.seek(0)
    wrong = client.post(address("marks-import", maths, 2), {"tep": kept})
    assert wrong.status_code == 422
    assert "sổ khác" in wrong.content.decode()
    bad = io.BytesIO(b"PK\x03\x04 not a workbook")
    bad.name = "x.xlsx"
    assert client.post(address("marks-import", maths), {"tep": bad}).status_code == 422


def test_the_follow_up_book_as_a_file(world, maths, signed_in):
    make_line(maths, world.secondary.students[0], midterm="6.0", remark="Có tiến bộ")
    answer = signed_in(world.maths).get(address("marks-pdf", maths))
    assert answer.content.startswith(b"%PDF")
    sheet = signed_in(world.maths).get(address("marks-pdf", maths), {"dang": "xlsx"})
    found = openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content))).active
    values = {cell.value for row in found.iter_rows() for cell in row}
    assert {6, "Có tiến bộ", world.secondary.students[0].full_name} <= values


def test_phrases(world, maths, signed_in):
    teacher, one = signed_in(world.maths), world.secondary.students[0]
    form = {"text": "Cần luyện thêm phần hình học", "subject": "mathematics", "level": ""}
    assert teacher.post(reverse("gradebook:phrase-create"), form).status_code == 302
    own = teacher.get(address("phrases", maths), {"em": one.pk, "cot": "remark"}).content.decode()
    assert "Cần luyện thêm phần hình học" in own
    office = signed_in(world.office)
    assert "hình học" not in office.get(reverse("gradebook:phrase-list")).content.decode()
    office.post(reverse("gradebook:phrase-create"), {"text": "Chăm ngoan", "is_shared": "on"})
    listed = teacher.get(reverse("gradebook:phrase-list")).content.decode()
    assert "Chăm ngoan" in listed
    # What one may only use leads nowhere; the own may be reworded.
    mine, schools = (RemarkPhrase.objects.get(text=text) for text in (form["text"], "Chăm ngoan"))
    edit = [reverse("gradebook:phrase-edit", args=[one.pk]) for one in (mine, schools)]
    assert edit[0] in listed
    assert edit[1] not in listed
    assert [teacher.get(url).status_code for url in edit] == [200, 404]
    assert office.get(edit[1]).status_code == 200
