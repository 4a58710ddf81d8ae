"""Rows for the lists of this room, for tests/house/test_list_page_queries.py."""

import itertools

from tests.kit.importing.people import PeopleImporter
from thongsuot.kit.importing import registry
from thongsuot.kit.importing.models import ImportRow, ImportRun

_numbers = itertools.count(1)


def make_run(actor, **fields):
    registry.register(PeopleImporter())
    return ImportRun.objects.create(
        kind=PeopleImporter.kind, user_id=actor.user_id, file_name=f"tệp {next(_numbers)}.xlsx", **fields
    )


def make_runs(number, actor):
    for _ in range(number):
        make_run(actor, state="planned", counts={"new": 1, "rejected": 2})


def make_rows(number, actor):
    run = ImportRun.objects.filter(file_name="dòng.xlsx").first() or make_run(actor)
    ImportRun.objects.filter(pk=run.pk).update(file_name="dòng.xlsx", state="planned", counts={"new": 1})
    for _ in range(number):
        ImportRow.objects.create(
            run=run,
            number=next(_numbers),
            state="rejected",
            values={"username": "a"},
            texts={"username": ["a", ""]},
            errors=[{"field": "username", "label": "Mã", "value": "a", "reason": "sai"}],
        )
    return {"public_id": run.public_id}


ROWS = {"importing:run-list": make_runs, "importing:row-list": make_rows}
