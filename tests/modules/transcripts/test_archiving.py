"""What the making of a school's archive leaves behind: thrown away by the one who asked for it, or by the system."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tests.modules.transcripts.flow import SYSTEM
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.exports.models import Export
from thongsuot.modules.transcripts import actions
from thongsuot.modules.transcripts.actions.archiving import FOLDER, Part


def test_parts_are_cleared_by_whose_they_are(world):
    office, leader = world.actors["office"], world.actors["leader"]
    export = Export.objects.create(
        user_id=office.user_id, title="Học bạ", name="hoc-ba.zip", rows=1, path="/", query="", kind="zip"
    )
    names = [
        default_storage.save(f"{FOLDER}/{export.public_id}/{name}.zip", ContentFile(b"x")) for name in "ab"
    ]
    first = [Part(names[0], [])]
    with pytest.raises(NotAllowed):
        actions.clear_parts(by=leader, export_id=export.pk, parts=first)
    soon = timezone.now() + timedelta(minutes=1)
    with pytest.raises(NotAllowed):
        actions.clear_old_parts(by=office, before=soon)
    assert all(map(default_storage.exists, names))

    actions.clear_parts(by=office, export_id=export.pk, parts=first)
    assert [default_storage.exists(name) for name in names] == [False, True]
    assert actions.clear_old_parts(by=SYSTEM, before=soon - timedelta(minutes=10)) == 0
    assert actions.clear_old_parts(by=SYSTEM, before=soon) == 1
    assert not default_storage.exists(names[1])
