from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.notify.actions import send_digest
from thongsuot.kit.postgres.isolation import act_as


class Command(BaseCommand):
    help = "Xếp hàng thư tổng hợp thông báo chưa đọc của mỗi người (việc nền gửi thư; ban đêm không gửi)."

    def handle(self, *args: Any, **options: Any) -> None:
        system = Actor.system()
        with act_as(system):
            people = send_digest(by=system, today=timezone.localdate())
        self.stdout.write(f"{people} người có thư.")
