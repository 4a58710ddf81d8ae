"""Who speaks with the population database about a list just now: the calls are made outside of transactions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='identitybatch',
            name='claim',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='identitybatch',
            name='claimed_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
