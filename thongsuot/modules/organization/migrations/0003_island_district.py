"""Lý Sơn had stood as a commune without a code; the file now has it as the district that it was."""

from django.db import migrations

MEND = """
update organization_administrativeunitchange
set level = 'district', old_code = '536', old_parent_name = ''
where old_code = '' and old_name = 'Huyện Lý Sơn' and not is_corrected
"""


class Migration(migrations.Migration):
    # The trigger that records the change calls a function of pghistory.
    dependencies = [("organization", "0002_commune_map"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [migrations.RunSQL(MEND, migrations.RunSQL.noop)]
