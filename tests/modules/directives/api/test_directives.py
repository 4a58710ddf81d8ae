"""Orders over REST: a file comes in, what was found is reviewed and confirmed; who sees none of it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.directives import make_directive, make_finding
from thongsuot.kit.files.models import StoredFile
from thongsuot.modules.directives.models import Assignment, Directive, Finding

SEEDS = Path(__file__).resolve().parents[4] / "data" / "demo" / "directives"
SA_THAY = "sa-thay-cong-van-cntt-2025-2026.txt"


def upload():
    return SimpleUploadedFile(SA_THAY, (SEEDS / SA_THAY).read_bytes(), "text/plain")


@pytest.fixture
def order(place):
    return make_directive(place.department, state="reviewing", source_text="một\nhai\nba")


def path(order, step=""):
    return f"/directives/{order.public_id}" + (f"/{step}" if step else "")


def one(order, finding, step=""):
    return path(order, f"findings/{finding.pk}") + (f"/{step}" if step else "")


def lead(*units, **more):
    return {"lead": [unit.pk for unit in units], "coordinating": [], "unmatched": [], **more}


def test_a_file_comes_in_and_becomes_work(place, officer, principal):
    response = officer.send("/directives", file=upload())
    assert response.status_code == 201, response.content.decode()
    made = response.json()
    assert (made["state"], made["owner_unit"]["id"]) == ("reviewing", place.department.pk)
    assert made["file"]["name"] == SA_THAY
    assert made["review"]["proposed"] > 5
    order = f"/directives/{made['id']}"
    assert len(officer.get(f"{order}/text").json()["lines"]) > 50
    assert (
        b"".join(officer.get(f"/files/{made['file']['id']}").streaming_content)
        == (SEEDS / SA_THAY).read_bytes()
    )
    again = officer.send("/directives", file=upload())
    assert (again.status_code, again.json()["code"]) == (409, "already_imported")

    unready = officer.post(f"{order}/confirm")
    assert (unready.status_code, unready.json()["code"]) == (409, "not_reviewed")
    for kind in ("task", "target", "reporting"):
        officer.post(f"{order}/findings/accept-all", {"kind": kind})
    for left in officer.items(f"{order}/findings", state="proposed", limit=200):
        mended = officer.patch(f"{order}/findings/{left['id']}", {"units": {"lead": [place.commune_a.pk]}})
        assert mended.json()["is_edited"] is True
    expected = officer.get(f"{order}/confirmation").json()
    assert officer.post(f"{order}/confirm").json()["state"] == "in_force"
    assert Assignment.objects.count() == expected["assignments"] > 0
    assert [row["id"] for row in officer.items("/directives", q="cong nghe thong tin")] == [made["id"]]
    # A school that is asked to do something reads the order; reviewing it stays with its owner.
    seen = principal.get(order)
    if seen.status_code == 200:
        assert seen.json()["review"] is None
    assert principal.get(f"{order}/findings").status_code == 404 or not principal.items(f"{order}/findings")


def test_files_that_are_refused(place, officer, commune):
    scan = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    assert officer.send("/directives", file=scan).status_code in (409, 422)
    assert officer.send("/directives").status_code == 422
    assert officer.send("/directives", file=upload(), owner_unit_id="x").status_code == 422
    assert commune.send("/directives", file=upload(), owner_unit_id=place.department.pk).status_code == 404
    assert commune.send("/directives", file=upload(), owner_unit_id=place.commune_b.pk).status_code == 404
    assert not Directive.objects.exists()
    assert not StoredFile.objects.exists()


def test_the_list(place, officer, commune, principal):
    mine = make_directive(place.department, recipients=(place.commune_a,), subject="Phổ cập giáo dục mầm non")
    make_directive(place.commune_b, subject="Việc của phường khác", issued_on=None)
    draft = make_directive(place.department, state="reviewing", subject="Đang rà soát")
    assert [row["id"] for row in commune.items("/directives")] == [str(mine.public_id)]
    assert principal.items("/directives") == []
    assert len(officer.items("/directives")) == 3
    assert [row["id"] for row in officer.items("/directives", state="reviewing")] == [str(draft.public_id)]
    assert [row["id"] for row in officer.items("/directives", q="pho cap")] == [str(mine.public_id)]
    assert len(officer.items("/directives", owner_unit_id=place.commune_b.pk)) == 1
    assert len(officer.items("/directives", issued_from="2026-01-01", issued_to="2026-01-31")) == 2
    assert commune.get(path(draft)).status_code == 404
    assert commune.get(path(draft, "text")).status_code == 404


def test_findings_are_taken_mended_added_dropped(place, officer, order):
    task = make_finding(order, units=lead(place.office))
    vague = make_finding(order, units=lead(unmatched=["Hội X"]))
    refused = officer.post(one(order, vague, "accept"))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_reviewed")
    assert officer.post(one(order, task, "accept")).json()["state"] == "accepted"
    assert (
        officer.post(one(order, task, "drop"), {"reason": "Trùng"}).json()["data"]["drop_reason"] == "Trùng"
    )
    assert officer.post(one(order, task, "restore")).json()["state"] == "proposed"

    said = {
        "data": {"text": "Mua máy", "deadline": {"raw": "Trước ngày 31/3/2026"}},
        "units": {"lead": [place.commune_a.pk, place.commune_a.pk], "coordinating": [place.office.pk]},
    }
    mended = officer.patch(one(order, vague), said).json()
    assert mended["data"]["deadline"]["kind"] == "date"
    assert mended["units"] == {
        "lead": [place.commune_a.pk],
        "coordinating": [place.office.pk],
        "unmatched": [],
    }
    dated = officer.patch(
        one(order, vague), {"data": {"deadline": {"kind": "date", "date": "2026-12-31"}}}
    ).json()
    assert (dated["data"]["deadline"]["date"], dated["data"]["text"]) == ("2026-12-31", "Mua máy")

    parts = officer.post(one(order, vague, "split"), {"parts": ["Mua máy", "Lắp máy"]}).json()
    assert [part["data"]["text"] for part in parts] == ["Mua máy", "Lắp máy"]
    ids = [part["id"] for part in parts]
    merged = officer.post(path(order, "findings/merge"), {"findings": ids}).json()
    assert (merged["id"], merged["data"]["text"]) == (ids[0], "Mua máy\nLắp máy")

    added = officer.post(
        path(order, "findings"),
        {
            "kind": "target",
            "data": {"text": "Trường có mạng", "operator": ">=", "value": "95.5", "unit": "%"},
        },
    )
    assert added.status_code == 201, added.content.decode()
    assert added.json()["data"]["value"] == 95.5
    assert [row["id"] for row in officer.items(path(order, "findings"), kind="target")] == [
        added.json()["id"]
    ]


def test_a_number_stands_instead_of_all(place, officer, order):
    """ "Tất cả" was read as a measure; whoever writes 90 means 90."""
    every = make_finding(order, "target", data={"text": "Tất cả trường", "measure": "all"})
    officer.patch(one(order, every), {"data": {"value": 90, "unit": "%"}})
    officer.post(path(order, "confirm"))
    assert str(order.targets.get().value) == "90.0000"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"data": {"text": ""}}, "data.text"),
        ({"data": {"operator": ">="}}, "data.operator"),
        ({"data": {"drop_reason": "x"}}, "data.drop_reason"),
        ({"data": {"text": None}}, "data.text"),
        ({"data": {"text": 5}}, "data.text"),
        ({"data": {"deadline": {"kind": "soon"}}}, "data.deadline.kind"),
        ({"units": {"lead": [10**12]}}, "units.lead"),
        ({"units": {"boss": [1]}}, "units.boss"),
        ({"units": {"lead": [0]}}, "units.lead.0"),
    ],
)
def test_mistakes_in_a_finding(place, officer, order, change, field):
    task = make_finding(order, units=lead(place.office))
    response = officer.patch(one(order, task), change)
    assert response.status_code == 422, response.content.decode()
    assert field in [found["field"] for found in response.json()["errors"]]
    assert not Finding.objects.get(pk=task.pk).is_edited


def test_findings_of_another_order_are_not_reached_through_this_one(place, officer, order):
    other = make_directive(place.commune_b, state="reviewing")
    foreign, own = make_finding(other), make_finding(order)
    assert officer.get(one(order, foreign)).status_code == 404
    merge = {"findings": [own.pk, foreign.pk]}
    assert officer.post(path(order, "findings/merge"), merge).status_code == 404


def test_only_reviewers_review(place, call, commune, principal, order):
    task = make_finding(order, units=lead(place.office))
    viewing = call("department_officer", "office", ["directives.view", "directives.view_unit"])
    assert viewing.get(path(order)).status_code == 200
    for caller in (commune, principal, viewing):
        assert caller.get(path(order, "findings")).status_code == 404
        assert caller.get(one(order, task)).status_code == 404
        assert caller.post(one(order, task, "accept")).status_code == 404
        assert caller.post(path(order, "confirm")).status_code == 404
        assert caller.patch(path(order), {"number": "1"}).status_code == 404
        assert caller.post(path(order, "withdraw"), {}).status_code == 404
    assert Finding.objects.get(pk=task.pk).state == "proposed"


def test_the_head_is_set_right(officer, order):
    mended = officer.patch(path(order), {"number": "15/KH-SGDĐT", "issued_on": "2026-02-03"}).json()
    assert (mended["number"], mended["issued_on"]) == ("15/KH-SGDĐT", "2026-02-03")
    assert mended["subject"] == order.subject
    assert officer.patch(path(order), {"state": "closed"}).status_code == 422
    assert officer.patch(path(order), {"number": "x" * 81}).status_code == 422


def test_the_end_of_an_order(place, officer, order):
    make_finding(order, state="accepted", units=lead(place.commune_a))
    officer.post(path(order, "confirm"))
    early = officer.post(path(order, "close"))
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    assert officer.post(path(order, "withdraw"), {"reason": "Thay thế"}).json()["state"] == "withdrawn"
    assert officer.post(path(order, "confirm")).status_code == 409
    assert officer.post(path(order, "reread")).status_code == 409
    assert Assignment.objects.get().state == "cancelled"
