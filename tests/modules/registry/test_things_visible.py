"""Facilities: the rule about one row says the same as its filter, for whoever keeps only these too."""

import pytest
from django.db import connection

from tests.factories.organization import make_province
from tests.factories.registry import make_room
from tests.modules.registry.test_permissions import HOLDERS
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import permissions as p
from thongsuot.modules.registry.models import Room


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "unit"), HOLDERS)
def test_one_and_many_agree(role, unit):
    province = make_province()
    for name in ("school_a1", "school_b1"):
        make_room(getattr(province, name), name)
    actor = province.actor(role, unit)
    listed = set(Room.objects.filter(p.things_visible(actor)))
    assert listed == {room for room in Room.objects.all() if p.can_see_thing(actor, room)}
    assert (role not in ("teacher", "parent", "pupil", "system_administrator")) == bool(listed)
    with act_as(actor), connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_room")
        assert cursor.fetchone()[0] >= len(listed)
