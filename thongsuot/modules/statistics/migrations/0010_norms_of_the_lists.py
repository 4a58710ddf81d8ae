"""Class sizes and teachers of the forecast come from the code lists alone: what was set right for the forecast goes into
the lists, marked as set right by a person, and is asked for nowhere else.
"""

from decimal import Decimal

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

SIZES, TEACHERS = "si_so_lop_toi_da", "dinh_muc_giao_vien_lop"
GRADES = {"primary": range(1, 6), "lower_secondary": range(6, 10), "upper_secondary": range(10, 13)}


def _lines(group):
    """Lines of the two lists that a group went by."""
    sizes = [str(grade) for grade in GRADES[group]] if group in GRADES else [group]
    return sizes, group if group in GRADES else "nursery" if int(group) < 16 else "preschool"


def into_lists(apps, schema_editor):
    """Rows in order of their group: where two groups share a line the last one holds, as the forecast had no other."""
    code_value = apps.get_model("organization", "CodeValue")
    for row in apps.get_model("statistics", "ForecastNorm").objects.order_by("group"):
        sizes, teachers = _lines(row.group)
        wanted = [(SIZES, line, str(row.class_size)) for line in sizes]
        wanted.append((TEACHERS, teachers, f"{row.teachers.normalize():f}"))
        for code_list, line, name in wanted:
            found = code_value.objects.filter(code_list__code=code_list, code=line).exclude(name=name)
            found.update(name=name, is_corrected=True)


def from_lists(apps, schema_editor):
    code_value = apps.get_model("organization", "CodeValue")
    names = {
        (code_list, code): name.replace(",", ".")
        for code_list, code, name in code_value.objects.filter(
            code_list__code__in=(SIZES, TEACHERS)
        ).values_list("code_list__code", "code", "name")
    }
    for row in apps.get_model("statistics", "ForecastNorm").objects.all():
        sizes, teachers = _lines(row.group)
        row.class_size = int(Decimal(names.get((SIZES, sizes[0]), "35")))
        row.teachers = Decimal(names.get((TEACHERS, teachers), "1"))
        row.save(update_fields=["class_size", "teachers"])


def _optional(model):
    """Nullable first, so that going back finds a column that rows can do without."""
    return [
        migrations.AlterField(model, "class_size", models.PositiveSmallIntegerField("học sinh mỗi lớp", null=True)),
        migrations.AlterField(
            model, "teachers", models.DecimalField("giáo viên mỗi lớp", max_digits=4, decimal_places=2, null=True)
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0004_work_days"),
        ('statistics', '0009_kept_forms'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='forecastnorm',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='forecastnorm',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='forecastnorm',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='forecastnorm',
            name='statistics_norm_above_zero',
        ),
        *_optional("forecastnorm"),
        *_optional("forecastnormevent"),
        migrations.RunPython(into_lists, from_lists),
        migrations.RemoveField(
            model_name='forecastnorm',
            name='class_size',
        ),
        migrations.RemoveField(
            model_name='forecastnorm',
            name='teachers',
        ),
        migrations.RemoveField(
            model_name='forecastnormevent',
            name='class_size',
        ),
        migrations.RemoveField(
            model_name='forecastnormevent',
            name='teachers',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='forecastnorm',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "statistics_forecastnormevent" ("classes_per_room", "group", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") SELECT new_values."classes_per_room", new_values."group", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."source" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c5838afaa4bb80ecf87deb9e203f68bd92ffa182', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4a411', referencing='REFERENCING NEW TABLE AS new_values ', table='statistics_forecastnorm', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='forecastnorm',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "statistics_forecastnormevent" ("classes_per_room", "group", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") SELECT new_values."classes_per_room", new_values."group", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', new_values."id", new_values."source" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='72365d5d87deaf173cf98c59eff4eae04c5ebf98', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c2518', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='statistics_forecastnorm', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='forecastnorm',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "statistics_forecastnormevent" ("classes_per_room", "group", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") SELECT old_values."classes_per_room", old_values."group", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."source" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='0e74393fa1b12a5e8839aedf9ffc4b3f9e8315a6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_8211d', referencing='REFERENCING OLD TABLE AS old_values ', table='statistics_forecastnorm', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='forecastnorm',
            constraint=models.CheckConstraint(condition=models.Q(('classes_per_room__gt', 0)), name='statistics_norm_above_zero'),
        ),
    ]
