"""The quick way through the migrations leaves what the models declare, and the models of the past as Django draws them."""

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from thongsuot.kit.postgres.migrating import quick_states

OPERATIONS = [
    migrations.CreateModel("unit", [("id", models.AutoField(primary_key=True))]),
    migrations.CreateModel(
        "pupil",
        [("id", models.AutoField(primary_key=True)), ("unit", models.ForeignKey("x.unit", models.CASCADE))],
    ),
    migrations.AddIndex("pupil", models.Index(fields=["unit"], name="x_pupil_unit")),
    migrations.AddField("unit", "code", models.CharField(max_length=5, default="")),
    migrations.AddField("pupil", "friend", models.ForeignKey("x.pupil", models.CASCADE, null=True)),
    migrations.AddConstraint("unit", models.UniqueConstraint(fields=["code"], name="x_unit_code")),
    migrations.AlterField("unit", "code", models.CharField(max_length=9, default="")),
    migrations.AlterField(
        "unit", "code", models.CharField("mã", max_length=9, default="", help_text="năm chữ")
    ),
    migrations.AlterField(
        "pupil", "friend", models.ForeignKey("x.pupil", models.CASCADE, "pupils", null=True)
    ),
    migrations.AlterField(
        "pupil",
        "friend",
        models.ForeignKey("x.pupil", models.CASCADE, "pupils", null=True, verbose_name="bạn"),
    ),
    migrations.RenameField("pupil", "unit", "school"),
    migrations.RemoveIndex("pupil", "x_pupil_unit"),
    migrations.RemoveField("pupil", "friend"),
    migrations.CreateModel(
        "room", [("unit", models.OneToOneField("x.unit", models.CASCADE, primary_key=True))]
    ),
    migrations.DeleteModel("room"),
]


def _said(state):
    """Each model as its class says it: fields, relations that lead to it, indexes, constraints."""
    found = {}
    for model in state.apps.get_models():
        meta = model._meta
        found[meta.label] = (
            [(field.name, field.deconstruct()[1:]) for field in meta.local_fields],
            sorted((one.related_model._meta.label, one.field.name) for one in meta.related_objects),
            [one.name for one in meta.indexes],
            [one.name for one in meta.constraints],
        )
        for field in meta.fields:
            if field.is_relation:  # to the class of today, not to one that was drawn before
                assert field.related_model is state.apps.get_model(field.related_model._meta.label)
    return found


def _through(*, quickly):
    state, said = ProjectState(), []
    assert state.apps is not None
    for operation in OPERATIONS:
        state = state.clone()
        if quickly:
            with quick_states():
                operation.state_forwards("x", state)
        else:
            operation.state_forwards("x", state)
        said.append(_said(state))
    return said


def test_each_step_draws_the_same_models():
    assert _through(quickly=True) == _through(quickly=False)


def test_django_draws_as_before_afterwards():
    before = ProjectState.reload_model
    with quick_states():
        assert ProjectState.reload_model is not before
    assert ProjectState.reload_model is before


@pytest.mark.django_db
def test_the_database_has_what_the_models_declare():
    with connection.cursor() as cursor:
        cursor.execute(
            """select relname from pg_class where relkind = 'i' union select conname from pg_constraint
               union select tgname from pg_trigger"""
        )
        there = {name for (name,) in cursor.fetchall()}
    wanted = {
        one.get_pgid(model) if hasattr(one, "get_pgid") else one.name
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for one in [*model._meta.indexes, *model._meta.constraints, *getattr(model._meta, "triggers", [])]
    }
    assert len(wanted) > 500
    assert sorted(wanted - there) == []
