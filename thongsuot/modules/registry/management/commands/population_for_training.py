"""`thongsuot population_for_training FILE`: the demo's people for ops/population_server. Refused outside a demo."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal

from ...models import Staff, Student

FIELDS = ("personal_id_sealed", "full_name", "birth_date", "is_birth_year_only", "gender")


class Command(BaseCommand):
    help = "Ghi người của bản trình diễn ra tệp cho máy chủ dân cư mẫu (ops/population_server)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Chỉ dùng với dữ liệu trình diễn (TS_DEMO=1): tệp chứa số định danh.")
        path: Path = options["file"]
        path.touch(mode=0o600)
        number = 0
        with act_as(Actor.system()), path.open("w", encoding="utf-8") as out:
            known = {"personal_id_sealed__isnull": False, "birth_date__isnull": False}
            people = chain.from_iterable(
                model.objects.filter(**known).order_by("pk").values_list(*FIELDS).iterator(chunk_size=5000)
                for model in (Student, Staff)
            )
            for sealed, name, born, year_only, gender in people:
                day = f"{born:%Y}" if year_only else born.isoformat()
                person = {
                    "personal_id": unseal(sealed),
                    "full_name": name,
                    "birth_date": day,
                    "gender": gender,
                }
                out.write(json.dumps(person, ensure_ascii=False) + "\n")
                number += 1
        self.stdout.write(f"{number} người")
