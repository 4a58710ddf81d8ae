"""Each rule about one transcript and as a filter, held equal; what the database itself hides."""

import pytest

from tests.factories.organization import make_actor, make_school
from tests.modules.transcripts.flow import build
from tests.modules.transcripts.world import TODAY
from thongsuot.kit.accounts.types import ANONYMOUS
from thongsuot.kit.postgres.isolation import act_as, without_actor
from thongsuot.modules.transcripts.models import Transcript, TranscriptSignature
from thongsuot.modules.transcripts.permissions import can_see, signable_by, transcripts_visible


def test_object_and_filter_agree(world):
    build(world)
    other = make_school(parent=world.school.parent)
    inherited = Transcript.objects.order_by("pk")[1]
    Transcript.objects.filter(pk=inherited.pk).update(holder=other)
    actors = {
        **world.actors,
        "stranger": make_actor("principal", make_school(parent=world.school.parent), today=TODAY),
        "holder": make_actor("principal", other, today=TODAY),
        "other teacher": make_actor("teacher", world.school, today=TODAY),
        "accountant": make_actor("accountant", world.school, today=TODAY),
        "anonymous": ANONYMOUS,
    }
    seen = {}
    for name, actor in actors.items():
        by_filter = set(Transcript.objects.filter(transcripts_visible(actor)).values_list("pk", flat=True))
        by_object = {row.pk for row in Transcript.objects.all() if can_see(actor, row)}
        assert by_filter == by_object, name
        seen[name] = len(by_filter)
    assert seen == {
        "teacher": 3, "leader": 3, "office": 3, "officer": 3, "chief": 3, "stranger": 0, "holder": 1,
        "other teacher": 0, "accountant": 0, "anonymous": 0,
    }  # fmt: skip
    signable = {
        role: {
            name
            for name, actor in actors.items()
            if Transcript.objects.filter(signable_by(actor, role)).exists()
        }
        for role in ("homeroom", "leader", "seal")
    }
    assert signable == {"homeroom": {"teacher"}, "leader": {"leader"}, "seal": {"leader", "office"}}
    # The database hides what the query forgot to.
    with act_as(actors["stranger"]):
        assert not Transcript.objects.exists()
        assert not TranscriptSignature.objects.exists()
    with act_as(actors["holder"]):
        assert Transcript.objects.count() == 1
    with pytest.raises(Exception, match="permission denied"), without_actor():
        Transcript.objects.exists()
