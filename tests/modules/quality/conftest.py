"""A province with two schools in which nothing is wrong yet."""

import pytest

from tests.factories.organization import make_province
from tests.modules.registry.checks.worlds import clean_school, settle


@pytest.fixture
def world(db):
    return make_world()


def make_world():
    province = make_province()
    province.year, province.commune = settle()
    province.class_a1 = clean_school(province.school_a1, province.year, province.commune)
    province.class_b1 = clean_school(province.school_b1, province.year, province.commune)
    return province
