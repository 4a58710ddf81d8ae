from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="furthest",
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
