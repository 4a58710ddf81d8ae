"""`thongsuot setup`: bring the database and the static files to this release. Safe to repeat."""

from __future__ import annotations

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.utils.translation import gettext as _

from thongsuot.kit.postgres.migrating import quick_states


class Command(BaseCommand):
    help = _("Chuẩn bị cơ sở dữ liệu và tệp tĩnh cho phiên bản này.")

    def handle(self, *args: object, **options: object) -> None:
        with quick_states():
            call_command("migrate", interactive=False, verbosity=0)
        call_command("load_reference_data", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(_("Đã chuẩn bị xong (%(folder)s).") % {"folder": settings.VAR_DIR.name + "/"})
