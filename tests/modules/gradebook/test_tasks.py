"""Results follow the marks by themselves."""

from __future__ import annotations

from tests.factories.gradebook import SYSTEM, fill_year
from thongsuot.kit.importing.progress import Silent
from thongsuot.modules.gradebook import tasks
from thongsuot.modules.gradebook.models import PupilYear
from thongsuot.modules.gradebook.queries import open_units, stale_units
from thongsuot.modules.gradebook.tasks import results


def test_step_by_step(world, monkeypatch):
    monkeypatch.setattr(results, "AT_ONCE", 1)
    fill_year(world.secondary, world.secondary.students[0])
    units = open_units(SYSTEM, world.year)
    assert units == {world.school.pk, world.primary.unit.pk}
    said = {"by": SYSTEM, "progress": Silent(), "year_id": world.year.pk}
    assert "4" in tasks.compute_step(**said, unit_ids=sorted(units)).message
    assert stale_units(SYSTEM) == {}
    PupilYear.objects.filter(student=world.secondary.students[0]).update(is_stale=True)
    assert stale_units(SYSTEM) == {world.year.pk: {world.school.pk}}
    assert "1" in tasks.compute_step(**said, unit_ids=[world.school.pk]).message
