from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.queries import damaged
from thongsuot.kit.files.types import StoreUnavailable
from thongsuot.kit.postgres.isolation import act_as

WORDS = {"missing": "thiếu", "corrupt": "hỏng"}


class Command(BaseCommand):
    help = "Đọc lại mọi tệp đã lưu, báo tệp thiếu hoặc bị thay đổi."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        try:
            with act_as(Actor.system()):
                for sha256, state, uploads in damaged():
                    found += 1
                    self.stdout.write(f"{WORDS[state]}\t{sha256}\t{uploads} lượt tải lên")
        except StoreUnavailable as error:
            raise CommandError(error.message) from error
        if found:
            raise CommandError(f"{found} nội dung bị thiếu hoặc hỏng.")
        self.stdout.write("Kho tệp nguyên vẹn.")
