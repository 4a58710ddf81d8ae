"""An index of what waits for teachers alone: the board counts classes from it, whatever else there is."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0005_what_is_still_to_come")]
    operations = [
        migrations.AddIndex(
            model_name="transcript",
            index=models.Index(
                fields=["school_year", "unit", "school_class"],
                condition=Q(state="initialised", kind="year"),
                name="transcripts_waiting_classes",
            ),
        )
    ]
