from django.db import migrations, models


class Migration(migrations.Migration):
    """Not every reported figure is a share: the part may be larger than what it is divided by."""

    dependencies = [
        ("statistics", "0006_closing_periods"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reportedfigure',
            name='statistics_reported_part',
        ),
        migrations.AddConstraint(
            model_name='reportedfigure',
            constraint=models.CheckConstraint(condition=models.Q(('denominator__gte', 0), ('numerator__gte', 0)), name='statistics_reported_part'),
        ),
    ]
