"""What the log of changes shows is named in Vietnamese: a field without a name of its own reads "Decided at"."""

import pytest
from django.apps import apps

from thongsuot.kit.audit.queries import tracked_fields, tracked_kinds, tracked_model

EVENTS = {
    model.pgh_tracked_model._meta.label_lower: model
    for model in apps.get_models()
    if hasattr(model, "pgh_tracked_model")
}


@pytest.mark.parametrize("kind", [kind for kind, _words in tracked_kinds()])
def test_every_tracked_field_has_a_name(kind):
    model = tracked_model(kind)
    named = {f.name: str(f.verbose_name) for f in tracked_fields(EVENTS[kind])}
    assert [n for n, words in named.items() if words == n.replace("_", " ")] == [], model
