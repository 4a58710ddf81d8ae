"""The calendar of working days goes down to `organization`: rows and their history are copied, then the tables go."""

from django.db import migrations

# Copied as they are: the triggers would write a second history of the same rows.
COPY = """
alter table {to} disable trigger user;
insert into {to} (id, day, is_working, name)
    select id, day, is_working, name from {source}
    on conflict (day) do update set is_working = excluded.is_working, name = excluded.name;
alter table {to} enable trigger user;
insert into {to}event (pgh_created_at, pgh_label, pgh_context, id, day, is_working, name, pgh_obj_id)
    select pgh_created_at, pgh_label, pgh_context, id, day, is_working, name, pgh_obj_id
    from {source}event order by pgh_id;
select setval(pg_get_serial_sequence('{to}', 'id'), coalesce(max(id), 1), max(id) is not null) from {to};
"""
OLD, NEW = "quality_workday", "organization_workday"


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial"), ("organization", "0004_work_days")]

    operations = [
        migrations.RunSQL(COPY.format(source=OLD, to=NEW), COPY.format(source=NEW, to=OLD)),
        migrations.RemoveField(model_name="workdayevent", name="pgh_obj"),
        migrations.DeleteModel(name="WorkDay"),
        migrations.DeleteModel(name="WorkDayEvent"),
    ]
