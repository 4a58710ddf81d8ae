"""Sums of a day over the province are kept; those of the last month are added up from what is there."""

from django.db import migrations, models


FILL = """
insert into quality_provincescore (day, rule, assessed, passed)
    select day, rule, sum(assessed), sum(passed) from quality_qualityscore
    where day > current_date - 32 and day in (
        select (started_at at time zone 'Asia/Ho_Chi_Minh')::date from quality_checkrun
        where unit_id is null and finished_at is not null
    )
    group by day, rule
"""


class Migration(migrations.Migration):

    dependencies = [
        ('quality', '0002_work_days_moved'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProvinceScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='ngày')),
                ('rule', models.CharField(max_length=80, verbose_name='quy tắc')),
                ('assessed', models.PositiveIntegerField(verbose_name='đã đánh giá')),
                ('passed', models.PositiveIntegerField(verbose_name='đạt')),
            ],
            options={
                'verbose_name': 'kết quả toàn tỉnh',
                'verbose_name_plural': 'kết quả toàn tỉnh',
                'ordering': ['day', 'rule'],
                'constraints': [models.UniqueConstraint(fields=('day', 'rule'), name='quality_province_once'), models.CheckConstraint(condition=models.Q(('passed__lte', models.F('assessed'))), name='quality_province_passed')],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
