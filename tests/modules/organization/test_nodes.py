import pytest

from tests.factories.organization import make_school, make_unit
from thongsuot.modules.organization.queries import unit_nodes

pytestmark = pytest.mark.django_db


def test_which_units_add_up_to_which():
    committee = make_unit("province_committee", "UBND tỉnh")
    department = make_unit("department", "Sở", parent=committee)
    office = make_unit("department_office", "Phòng", parent=department)
    commune = make_unit("commune", "Xã A", parent=committee)
    commune_office = make_unit("commune_office", "Phòng VH-XH", parent=commune)
    high_school = make_school("Trường B", parent=department)
    primary = make_school("Trường C", parent=commune)
    everything = {
        u.pk for u in (committee, department, office, commune, commune_office, high_school, primary)
    }
    nodes = unit_nodes()
    assert set(nodes) == everything
    for whole in (committee, department, office):
        assert nodes[whole.pk].covers == everything
        assert set(nodes[whole.pk].children) >= {commune.pk}
    assert nodes[department.pk].children == (commune.pk, high_school.pk)
    for body in (commune, commune_office):
        assert nodes[body.pk].covers == {commune.pk, commune_office.pk, primary.pk}
        assert nodes[body.pk].children == (primary.pk,)
    assert unit_nodes([primary.pk])[primary.pk].covers == {primary.pk}
