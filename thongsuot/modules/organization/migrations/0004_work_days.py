"""The calendar of working days comes here; quality 0002 brings what people had set there."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0003_island_district'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='ngày')),
                ('is_working', models.BooleanField(verbose_name='ngày làm việc')),
                ('name', models.CharField(max_length=200, verbose_name='lý do, văn bản')),
            ],
            options={
                'verbose_name': 'ngày nghỉ, ngày làm bù',
                'verbose_name_plural': 'ngày nghỉ, ngày làm bù',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='WorkDayEvent',
            fields=[
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('pgh_label', models.CharField(max_length=20, verbose_name='thao tác')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('day', models.DateField(verbose_name='ngày')),
                ('is_working', models.BooleanField(verbose_name='ngày làm việc')),
                ('name', models.CharField(max_length=200, verbose_name='lý do, văn bản')),
            ],
            options={
                'verbose_name': 'ngày nghỉ, ngày làm bù',
                'verbose_name_plural': 'ngày nghỉ, ngày làm bù',
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workday',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF coalesce(current_setting('thongsuot.may_truncate', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'TRUNCATE of % leaves no history', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ", hash='92c113412e1271d1a7e9441263fcd5b72a1f09b2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_3120b', table='organization_workday', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workday',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organization_workdayevent" ("day", "id", "is_working", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."day", new_values."id", new_values."is_working", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fc071ac725f7ac64ef07b1e6e495da73ffa732e8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_7e5df', referencing='REFERENCING NEW TABLE AS new_values ', table='organization_workday', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workday',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organization_workdayevent" ("day", "id", "is_working", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."day", new_values."id", new_values."is_working", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='19c32c783a0f0a660f25cd74adac690260158b90', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_1b35e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='organization_workday', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workday',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organization_workdayevent" ("day", "id", "is_working", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."day", old_values."id", old_values."is_working", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4af43af3e158a69b34a7b8801bb6fe7982d627c1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_73a9b', referencing='REFERENCING OLD TABLE AS old_values ', table='organization_workday', when='AFTER')),
        ),
        migrations.AddField(
            model_name='workdayevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.workday'),
        ),
        migrations.AddIndex(
            model_name='workdayevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='organizatio_pgh_cre_30722e_brin'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workdayevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF coalesce(current_setting('thongsuot.may_truncate', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'TRUNCATE of % leaves no history', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ", hash='3883c0a402e0363cb8630085d1abaa68032d6125', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_b0dd2', table='organization_workdayevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workdayevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='defd84ef089e62f3776a539ed62f38d2e4d8ece9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_89cb2', table='organization_workdayevent', when='BEFORE')),
        ),
    ]
