from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.kit.indicators import province as p
from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import queries, registry
from thongsuot.kit.indicators.actions import take_snapshots
from thongsuot.kit.indicators.models import IndicatorSnapshot
from thongsuot.kit.indicators.types import Direction, Figure, figure_of
from thongsuot.kit.postgres.isolation import act_as

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def _province(settings, monkeypatch):
    settings.UNIT_NODES = "tests.kit.indicators.province.nodes"
    settings.ACTOR_RESOLVER = "tests.kit.indicators.test_indicators.resolve"
    monkeypatch.setattr(registry, "_indicators", {})
    registry.register(p.make_indicator())


def resolve(user, *, acting_index=0) -> Actor:
    return actor_of(user, "indicators.view", reach={p.COMMUNE, p.SCHOOL_A, p.SCHOOL_B})


@pytest.fixture
def files():
    p.make_files(p.SCHOOL_A, pdf=1, other=2)
    p.make_files(p.SCHOOL_B, pdf=3)
    p.make_files(p.OTHER_COMMUNE, pdf=1, other=1)


def figure(numerator, denominator, value) -> Figure:
    return Figure(Decimal(numerator), Decimal(denominator), Decimal(value))


def test_figures_add_up_whoever_looks(files):
    today = timezone.localdate()
    with act_as(actor_of(make_user(), reach={p.SCHOOL_A})):
        found = queries.values("tests.pdf", [p.DEPARTMENT, p.COMMUNE, p.SCHOOL_A], today)
    assert found == {
        p.DEPARTMENT: figure(5, 8, "62.50"),
        p.COMMUNE: figure(4, 6, "66.67"),
        p.SCHOOL_A: figure(1, 3, "33.33"),
    }
    assert queries.value("tests.pdf", p.SCHOOL_B, today).value == 100
    assert queries.value("tests.pdf", p.SCHOOL_B, today - timedelta(days=9)).value is None
    assert queries.value("tests.pdf", 99, today) is None
    assert queries.value("nobody's", p.SCHOOL_B, today) is None


def test_all_units_take_one_run_of_the_formula(files, django_assert_num_queries):
    with act_as(SYSTEM), django_assert_num_queries(3):
        # A savepoint around the formula.
        queries.values("tests.pdf", list(p.NODES), timezone.localdate())


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "value"),
    [
        ("%", 1, 8, "12.50"),
        ("%", 1, 3, "33.33"),
        ("%", 2, 3, "66.67"),
        ("%", 1, 0, None),
        ("%", 1, None, None),
        ("trường", 7, None, "7.00"),
        ("điểm", 7, 2, "3.50"),
        ("điểm", 1, 200, "0.01"),
    ],
)
def test_rounding_is_half_up_and_nothing_is_not_zero(unit, numerator, denominator, value):
    whole = None if denominator is None else Decimal(denominator)
    found = figure_of(p.make_indicator(unit=unit), Decimal(numerator), whole).value
    assert found == (None if value is None else Decimal(value))


def test_a_code_is_taken_once():
    with pytest.raises(ValueError):
        registry.register(p.make_indicator())


def test_a_day_that_is_over_stays_as_it_was(files):
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    with pytest.raises(NotAllowed):
        take_snapshots(by=actor_of(make_user()), as_of=today, today=today)
    assert take_snapshots(by=SYSTEM, as_of=today, today=today) == 5
    p.make_files(p.SCHOOL_A, pdf=0)
    IndicatorSnapshot.objects.update(as_of=yesterday)
    from thongsuot.kit.files.models import StoredFile

    StoredFile.objects.filter(owner_unit_id=p.SCHOOL_B).update(created_at=timezone.now() - timedelta(days=1))
    take_snapshots(by=SYSTEM, as_of=yesterday, today=today)
    take_snapshots(by=SYSTEM, as_of=today, today=today)
    StoredFile.objects.filter(owner_unit_id=p.SCHOOL_B).delete()
    take_snapshots(by=SYSTEM, as_of=today, today=today)
    trend = queries.trend("tests.pdf", p.COMMUNE, since=yesterday, until=today)
    assert trend == [(yesterday, figure(4, 6, "66.67")), (today, figure(1, 3, "33.33"))]
    monkey = registry._indicators
    monkey["tests.pdf"] = p.make_indicator(version=2)
    assert queries.trend("tests.pdf", p.COMMUNE, since=yesterday, until=today) == []


def test_pages(client, settings, files):
    today = timezone.localdate()
    user = make_user()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    take_snapshots(by=SYSTEM, as_of=today - timedelta(days=1), today=today - timedelta(days=1))
    IndicatorSnapshot.objects.bulk_create(
        IndicatorSnapshot(
            code="tests.pdf",
            version=1,
            unit_id=p.COMMUNE,
            as_of=today - timedelta(days=days),
            numerator=days,
            denominator=10,
            computed_at=timezone.now(),
        )
        for days in (5, 6)
    )
    listed = client.get("/chi-so/").content.decode()
    assert "Tỷ lệ tệp PDF" in listed
    assert "66,67 %" in listed
    page = client.get("/chi-so/tests.pdf/").content.decode()
    below = page[page.index('id="theo-don-vi"') :]
    assert below.index("Trường A") < below.index("Trường B"), "the worst stand first"
    assert 'id="dien-bien"' in page
    assert "Xã Hai" not in page
    for hidden in (p.DEPARTMENT, p.OTHER_COMMUNE, 99):
        assert client.get(f"/chi-so/tests.pdf/{hidden}/").status_code == 404
        assert client.get(f"/chi-so/tests.pdf/{hidden}/chi-tiet/").status_code == 404
    assert client.get("/chi-so/nobodys/").status_code == 404
    assert client.get("/chi-so/tests.pdf/?ngay=2020-13-45").status_code == 200
    rows = client.get(f"/chi-so/tests.pdf/{p.COMMUNE}/chi-tiet/").content.decode()
    assert "Tệp chưa là PDF" in rows
    assert "3-1" in rows
    assert "4-0" not in rows
    csv = b"".join(client.get("/chi-so/tests.pdf/?export=csv").streaming_content).decode("utf-8-sig")
    assert csv.splitlines()[1].startswith("Trường A,33.33,%,1,3,")


def test_the_worse_direction_turns_the_order(client, settings, files, monkeypatch):
    monkeypatch.setattr(registry, "_indicators", {})
    registry.register(p.make_indicator(direction=Direction.LOWER))
    client.force_login(make_user(), backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get("/chi-so/tests.pdf/").content.decode()
    page = page[page.index('id="theo-don-vi"') :]
    assert page.index("Trường B") < page.index("Trường A")
