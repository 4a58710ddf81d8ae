"""Between tests with real transactions: nothing is left behind, and every trigger is in force again (tests/database.py)."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tests.factories.organization import make_province, make_user
from thongsuot.modules.organization.models import Unit

# Written anew by Django after it has emptied the rest.
OF_DJANGO = {"contenttypes.ContentType", "auth.Permission"}


@pytest.mark.django_db(transaction=True)
def test_all_tables_are_emptied():
    make_province()
    make_user()
    assert Unit.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("select tgrelid, tgname from pg_trigger where tgenabled = 'D'")
        before = cursor.fetchall()
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
        left = {
            model._meta.label for model in apps.get_models() if model._meta.managed and model.objects.exists()
        }
        assert left <= OF_DJANGO
        cursor.execute("select tgrelid, tgname from pg_trigger where tgenabled = 'D'")
        assert cursor.fetchall() == before
