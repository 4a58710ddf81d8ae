"""A province with its rubrics, a round, and people for every step."""

from datetime import date, datetime

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from tests.factories.organization import make_province, make_school_year
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.maturity import actions, queries

NOW = timezone.make_aware(datetime(2027, 5, 20, 9, 0))
TODAY = NOW.date()


@pytest.fixture
def world(db):
    province = make_province()
    province.year = make_school_year(2026)
    actions.load_rubrics(by=Actor.system(), folder=django_settings.DATA_DIR / "maturity", now=NOW)
    officer = province.actor("department_officer", "office")
    province.round = actions.open_round(
        by=officer, school_year=province.year, dates=queries.proposed_dates(2027), now=NOW
    )
    assert province.round.self_due_on == date(2027, 5, 31)
    return province
