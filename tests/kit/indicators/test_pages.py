"""Pages of figures that are made of measures. Records are stored files: small ones are "poor" in a made-up fact table."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.kit.indicators import counted
from tests.kit.indicators import province as p
from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.actions import keep_day, take_snapshots
from thongsuot.kit.indicators.measures import measure
from thongsuot.kit.indicators.models import IndicatorSnapshot
from thongsuot.kit.indicators.types import Confidence, Direction, DrillDown, Figure, Indicator
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.postgres.isolation import act_as

pytestmark = pytest.mark.django_db
FACT = "tests.pupils"
SENSITIVE_UNITS = {p.SCHOOL_B}


def resolve(user, *, acting_index=0) -> Actor:
    return actor_of(user, "indicators.view", reach={p.COMMUNE, p.SCHOOL_A, p.SCHOOL_B})


def share(code, part, **said):
    whole = measure(FACT)
    said = {"breakdowns": ("level", "poor"), "subject": "Học sinh", "decimals": 1, **said}
    return Indicator(
        f"tests.{code}",
        said.pop("name", code),
        "%",
        numerator=whole.with_where(part),
        denominator=whole,
        **said,
    )


@pytest.fixture
def world(settings, monkeypatch, client):
    """School A: three pupils in primary, one of them poor; school B: two in lower secondary, one poor, of one unknown."""
    settings.UNIT_NODES = "tests.kit.indicators.province.nodes"
    settings.ACTOR_RESOLVER = f"{__name__}.resolve"
    settings.READY_FIGURES = ""
    monkeypatch.setattr(registry, "_indicators", {})
    monkeypatch.setattr(registry, "_facts", {})
    p.make_files(p.SCHOOL_A, other=3)
    p.make_files(p.SCHOOL_B, other=2)
    poor = iter([True, False, False, True, None])
    rows = [
        {
            "record_id": file.pk, "unit_id": file.owner_unit_id, "poor": next(poor), "grade": 1, "born": None, "points": 5,
            "level": "primary" if file.owner_unit_id == p.SCHOOL_A else "lower",
        }
        for file in StoredFile.objects.order_by("pk")
    ]  # fmt: skip

    def drill_down(actor, as_of):
        rows = StoredFile.objects.order_by("original_name")
        return DrillDown(rows, p.FileTable, search_fields=("original_name",))

    registry.register_facts(
        counted.fact_of(
            rows, drill_down=drill_down, may_open_sensitive=lambda actor, unit_id: unit_id in SENSITIVE_UNITS
        )
    )
    registry.register(
        share(
            "primary",
            {"level": "primary"},
            name="Tỷ lệ tiểu học",
            source_of_law="TT 03",
            confidence=Confidence.MEMORY,
        )
    )
    registry.register(
        share("poor", {"poor": True}, name="Tỷ lệ hộ nghèo", direction=Direction.LOWER, subject="Chính sách")
    )
    client.force_login(make_user(), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def text(client, address, **asked):
    answer = client.get(address, asked, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


def file_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content)


def lines_of(client, address):
    return file_of(client, address).decode("utf-8-sig").splitlines()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_list_is_grouped_searched_and_carried_out(world):
    page = text(world, "/chi-so/")
    order = [
        page.index(said)
        for said in ('id="h-1">Học sinh', "Tỷ lệ tiểu học", 'id="h-2">Chính sách', "Tỷ lệ hộ nghèo")
    ]
    assert order == sorted(order)
    # Commune: 3 of 5 in primary, 2 of 5 poor.
    assert "60,0 %" in page
    assert "3 / 5" in page
    assert "cần kiểm tra" in page
    found = text(world, "/chi-so/", q="ho ngheo")
    assert "Tỷ lệ hộ nghèo" in found
    assert "Tỷ lệ tiểu học" not in found
    assert "Không có chỉ số nào như vậy" in text(world, "/chi-so/", q="không có đâu")
    of_school = text(world, "/chi-so/", **{"don-vi": p.SCHOOL_A})
    assert "100,0 %" in of_school
    assert world.get("/chi-so/", {"don-vi": p.OTHER_COMMUNE}, follow=True).status_code == 404
    chosen = world.get("/chi-so/tests.primary/", {"don-vi": p.SCHOOL_B, "chieu": "poor"})
    assert chosen["Location"] == f"/chi-so/tests.primary/{p.SCHOOL_B}/?chieu=poor"
    lines = lines_of(world, "/chi-so/?export=csv")
    assert lines[1].startswith("Học sinh,Tỷ lệ tiểu học,60.0,%,3,5,Xã Một,")
    assert "TT 03,Cần kiểm tra lại," in lines[1]
    assert file_of(world, "/chi-so/?export=xlsx").startswith(b"PK")


def test_as_many_questions_for_three_as_for_one(world):
    text(world, "/chi-so/")
    few = queries_of(world, "/chi-so/")
    for number in range(2):
        registry.register(share(f"more{number}", {"grade": number}))
    assert queries_of(world, "/chi-so/") == few
    of_one = queries_of(world, f"/chi-so/tests.primary/{p.SCHOOL_A}/")
    assert queries_of(world, f"/chi-so/tests.primary/{p.COMMUNE}/") == of_one


def test_a_day_that_is_over_shows_what_was_kept_and_says_what_it_would_be_now(world):
    yesterday = timezone.localdate() - timedelta(days=1)
    IndicatorSnapshot.objects.create(
        code="tests.primary", version=1, unit_id=p.COMMUNE, as_of=yesterday, numerator=4, denominator=5,
        computed_at=timezone.now(),
    )  # fmt: skip
    assert "80,0 %" in text(world, "/chi-so/", ngay=yesterday.isoformat())
    assert "60,0 %" in text(world, "/chi-so/")
    page = text(world, f"/chi-so/tests.primary/{p.COMMUNE}/", ngay=yesterday.isoformat())
    assert "60,0 %" in page
    assert "Số đã lưu của ngày này là 80,0 %" in page


def ready(indicators, nodes, as_of):
    known = {
        one.code: {key: Figure(Decimal(9), Decimal(10), Decimal(90)) for key in nodes}
        for one in indicators
        if one.code == "tests.primary"
    }
    return known, timezone.now() - timedelta(minutes=7)


def test_what_is_kept_ready_is_used_for_today_only(world, settings):
    settings.READY_FIGURES = f"{__name__}.ready"
    page = text(world, "/chi-so/")
    assert "9 / 10" in page
    # The other one is counted.
    assert "2 / 5" in page
    assert "9 / 10" not in text(world, "/chi-so/", ngay="2026-01-05")


def test_detail_opens_every_number(world):
    page = text(world, f"/chi-so/tests.primary/{p.COMMUNE}/")
    rows = f"/chi-so/tests.primary/{p.COMMUNE}/chi-tiet"
    today = timezone.localdate().isoformat()
    for part in ("tu-so", "mau-so", "con-thieu"):
        assert f'href="{rows}/{part}/{today}/"' in page
        assert f'href="{rows}/{part}/{today}/level/lower/"' in page or part == "tu-so"
    # School B has nobody in primary: it stands first, and its nothing is no link.
    assert page.index("Trường B") < page.index("Trường A", page.index('id="theo-don-vi"'))
    assert f"/chi-so/tests.primary/{p.SCHOOL_A}/chi-tiet/tu-so/{today}/" in page
    assert f"/chi-so/tests.primary/{p.SCHOOL_B}/chi-tiet/tu-so/{today}/" not in page
    assert "Cần kiểm tra lại" in page
    assert "Học sinh (Cấp học: Tiểu học)" in page
    lines = lines_of(world, f"/chi-so/tests.primary/{p.COMMUNE}/?export=csv&bang=chieu")
    assert [line.split(",")[:5] for line in lines[1:]] == [
        ["Tiểu học", "100.0", "%", "3", "3"],
        ["THCS", "0.0", "%", "0", "2"],
        ["Xã Một", "60.0", "%", "3", "5"],
    ]


def test_rows_of_parts_and_lines(world):
    day = timezone.localdate().isoformat()
    rows = f"/chi-so/tests.primary/{p.COMMUNE}/chi-tiet"
    for address, expected in {
        "/": {"4-0", "4-1"},
        f"/con-thieu/{day}/": {"4-0", "4-1"},
        f"/tu-so/{day}/": {"3-0", "3-1", "3-2"},
        f"/mau-so/{day}/": {"3-0", "3-1", "3-2", "4-0", "4-1"},
        f"/mau-so/{day}/level/primary/": {"3-0", "3-1", "3-2"},
        f"/mau-so/{day}/level/chua-ro/": set(),
    }.items():
        page = world.get(rows + address)
        assert {row.original_name for row in page.context["page"].object_list} == expected, address
    searched = world.get(f"{rows}/tu-so/{day}/", {"q": "3-1"})
    assert [row.original_name for row in searched.context["page"].object_list] == ["3-1"]
    for wrong in (
        "/khac/2026-09-30/", "/tu-so/30-9/", f"/tu-so/{day}/grade/1/", f"/tu-so/{day}/nobody/1/",
    ):  # fmt: skip
        assert world.get(rows + wrong).status_code == 404, wrong
    assert not ReadingLog.objects.exists()


def test_where_less_is_better_nobody_is_missing(world):
    page = text(world, f"/chi-so/tests.poor/{p.SCHOOL_B}/")
    assert "con-thieu" not in page
    assert "Còn thiếu" not in page
    assert world.get(f"/chi-so/tests.poor/{p.SCHOOL_B}/chi-tiet/con-thieu/2026-09-30/").status_code == 404


def test_sensitive_rows_open_for_who_may_and_leave_a_trace(world):
    day = timezone.localdate().isoformat()
    closed = f"/chi-so/tests.poor/{p.SCHOOL_A}/chi-tiet/tu-so/{day}/"
    page = text(world, f"/chi-so/tests.poor/{p.SCHOOL_A}/")
    assert closed not in page
    assert "Không mở được danh sách" in page
    assert "chỉ nơi giữ hồ sơ mới mở được" in page
    assert world.get(closed).status_code == 404
    # Of all in the school nothing sensitive is told; of those in the line "poor" it is.
    assert world.get(f"/chi-so/tests.primary/{p.SCHOOL_A}/chi-tiet/mau-so/{day}/").status_code == 200
    assert world.get(f"/chi-so/tests.primary/{p.SCHOOL_A}/chi-tiet/mau-so/{day}/poor/co/").status_code == 404
    assert not ReadingLog.objects.exists()
    opened = f"/chi-so/tests.poor/{p.SCHOOL_B}/chi-tiet/tu-so/{day}/"
    assert opened in text(world, f"/chi-so/tests.poor/{p.SCHOOL_B}/")
    assert world.get(opened).status_code == 200
    assert len(lines_of(world, f"{opened}?export=csv")) == 2
    with act_as(Actor.system()):
        kept = list(ReadingLog.objects.order_by("pk").values_list("subject_table", "subject_pk", "purpose"))
    what = "chỉ số “Tỷ lệ hộ nghèo”, Đã tính ở tử số"
    assert kept == [
        ("organization_unit", str(p.SCHOOL_B), f"Các dòng của {what}"),
        ("organization_unit", str(p.SCHOOL_B), f"Xuất các dòng của {what}"),
    ]
    unknown = world.get(f"/chi-so/tests.poor/{p.SCHOOL_B}/chi-tiet/mau-so/{day}/poor/chua-ro/")
    assert [row.original_name for row in unknown.context["page"].object_list] == ["4-1"]


def test_a_formula_opens_the_rows_it_names(world):
    """A number of its own making: there is nothing behind it but the list that its module gives."""

    def files(as_of, unit_ids):
        return [(unit_id, 3, None) for unit_id in unit_ids if unit_id == p.SCHOOL_A]

    registry.register(
        p.make_indicator(code="tests.files", name="Số tệp", unit="tệp", formula=files, decimals=0)
    )
    day = timezone.localdate().isoformat()
    page = text(world, f"/chi-so/tests.files/{p.COMMUNE}/")
    assert f"/chi-so/tests.files/{p.COMMUNE}/chi-tiet/con-thieu/{day}/" in page
    assert "3 tệp" in page
    assert f"/chi-so/tests.files/{p.SCHOOL_A}/chi-tiet/con-thieu/{day}/" in page
    assert f"/chi-so/tests.files/{p.SCHOOL_B}/chi-tiet/" not in page
    assert world.get(f"/chi-so/tests.files/{p.COMMUNE}/chi-tiet/con-thieu/{day}/").status_code == 200
    assert world.get(f"/chi-so/tests.files/{p.COMMUNE}/chi-tiet/tu-so/{day}/").status_code == 404


def test_a_day_with_nothing_to_count_is_no_point_and_the_last_that_is_one_is_shown(world):
    today = timezone.localdate()
    school_day = today - timedelta(days=40)
    fact = registry.get_facts(FACT)

    def counts_on(day, columns):
        return day <= school_day or "poor" not in columns

    registry._facts[FACT] = replace(fact, counts_on=counts_on)
    registry.register(Indicator("tests.all", "Số tệp", "tệp", numerator=measure(FACT)))
    for day in (school_day, today):
        take_snapshots(by=Actor.system(), as_of=day, today=day)
    kept = IndicatorSnapshot.objects.filter(unit_id=p.COMMUNE)
    assert list(kept.filter(code="tests.poor").values_list("as_of", flat=True)) == [school_day]
    assert set(kept.filter(code="tests.all").values_list("as_of", flat=True)) == {school_day, today}
    page = text(world, "/chi-so/tests.poor/")
    assert f"Số gần nhất, lưu ngày {school_day:%d/%m/%Y}: 40" in page
    assert f"?ngay={school_day:%Y-%m-%d}" in page
    assert "Số gần nhất" not in text(world, "/chi-so/tests.all/")
    assert "Số gần nhất" not in text(world, "/chi-so/tests.poor/", ngay=f"{school_day:%Y-%m-%d}")


def test_a_past_day_of_a_large_unit_is_counted_by_a_job_once(world, settings):
    settings.FORM_UNITS_AT_ONCE = 1
    yesterday = timezone.localdate() - timedelta(days=1)
    said, address = {"ngay": yesterday.isoformat()}, f"/chi-so/don-vi/{p.COMMUNE}/?ngay={yesterday:%Y-%m-%d}"
    with CaptureQueriesContext(connection) as captured:
        page = text(world, "/chi-so/", **said)
    assert "Chưa lưu số liệu của ngày này" in page
    assert not [one for one in captured if "jsonb_to_recordset" in one["sql"]], (
        "nothing is counted while it opens"
    )
    # A unit with little below it is counted at once; so is today.
    assert "Chưa lưu" not in text(world, f"/chi-so/don-vi/{p.SCHOOL_A}/", **said)
    assert "Chưa lưu" not in text(world, "/chi-so/")
    answer = world.post(address)
    job = Job.objects.get(task="indicators.day")
    assert answer.url == f"/cong-viec/{job.public_id}/" or str(job.public_id) in answer.url
    told = []
    by = resolve(None)
    written = keep_day(
        by=by, unit_id=p.COMMUNE, as_of=yesterday, now=timezone.now(), tell=lambda *one: told.append(one[:2])
    )
    assert (written, told) == (2, [(0, 2), (2, 2)])
    page = text(world, "/chi-so/", **said)
    assert "2 / 5" in page
    assert "3 / 5" in page
    again = keep_day(by=by, unit_id=p.COMMUNE, as_of=yesterday, now=timezone.now(), tell=lambda *_one: None)
    assert again == 0
    with pytest.raises(NotAllowed):
        keep_day(by=by, unit_id=p.COMMUNE, as_of=timezone.localdate(), now=timezone.now(), tell=print)
    with pytest.raises(NotAllowed):
        keep_day(by=by, unit_id=p.OTHER_COMMUNE, as_of=yesterday, now=timezone.now(), tell=print)
