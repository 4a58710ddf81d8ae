"""Taking a person out of what imports have kept: the rows that speak of the person, the files in which they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.files.actions import discard
from thongsuot.kit.importing.bulk import LISTED_ROWS
from thongsuot.kit.importing.models import ImportRow, ImportRun
from thongsuot.kit.importing.queries import is_busy
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import fold

_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True)
class Person:
    """Whom to forget, as files may name them. A row is the person's when it was matched to `target_id`, when its key
    holds one of `codes`, or when it has the name and no other birth date."""

    target_id: int
    name: str
    birth_date: date | None
    codes: frozenset[str]


@dataclass(frozen=True)
class Forgotten:
    rows: int
    files: int


@transaction.atomic
def forget(
    *,
    by: Actor,
    people: Collection[Person],
    kinds: Collection[str],
    targets: Collection[str],
    instead: str,
    name_column: str = "full_name",
    birth_column: str = "birth_date",
) -> Forgotten:
    """Blank the rows of these people in all imports of `kinds`, with `instead` in the place of the name, and delete
    the files of those imports. targets: the kinds whose rows point to `Person.target_id`.

    That there was a row, its number and its outcome stay: the counts of the import still hold. A province's file whose
    rows are not all listed goes too, since nobody can say who stands in it. Raises NotAllowed for anybody but the
    system.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    with act_as(by):
        theirs = [
            row
            for row in _candidates(people, kinds, targets).select_related("run")
            if any(_is_of(row, one, targets, name_column, birth_column) for one in people)
        ]
        blank = {"values": {}, "before": {}, "texts": {name_column: [instead, ""]}, "errors": []}
        ImportRow.objects.filter(pk__in=[row.pk for row in theirs]).update(
            key=instead, key_fold=fold(instead), **blank
        )
        runs = {row.run_id for row in theirs}
        with_file = ImportRun.objects.filter(kind__in=kinds, file__isnull=False).select_related("file", "job")
        gone = [run for run in with_file if (run.pk in runs or _is_cut(run)) and not is_busy(run)]
        for run in gone:
            stored, run.file = run.file, None
            run.save(update_fields=["file"])
            if stored is not None:
                discard(by=by, file=stored)
    return Forgotten(len(theirs), len(gone))


def _candidates(people: Collection[Person], kinds: Collection[str], targets: Collection[str]) -> Any:
    said = {fold(word) for one in people for word in (one.name, *one.codes) if word.strip()}
    wanted = [Q(run__kind__in=targets, target_id__in=[one.target_id for one in people])]
    wanted += [Q(key_fold__contains=word) for word in sorted(said)]
    return ImportRow.objects.filter(reduce(or_, wanted), run__kind__in=kinds).order_by("pk")


def _is_of(
    row: ImportRow, one: Person, targets: Collection[str], name_column: str, birth_column: str
) -> bool:
    if row.run.kind in targets and row.target_id is not None:
        # The row was found to be somebody's: the name says no more than that.
        return row.target_id == one.target_id
    if any(fold(code) in row.key_fold for code in one.codes):
        return True
    return _said(row.texts, name_column) == fold(one.name) and _may_be_born(
        _said(row.texts, birth_column), one.birth_date
    )


def _said(texts: Mapping[str, Any], column: str) -> str:
    return fold(str((texts.get(column) or [""])[0]))


def _may_be_born(text: str, day: date | None) -> bool:
    """False only where the cell clearly names another day or year: what is in doubt is forgotten."""
    numbers = [int(number) for number in _NUMBERS.findall(text)]
    if day is None or not numbers:
        return True
    if len(numbers) == 1:
        return numbers[0] == day.year or numbers[0] > 9999
    return sorted(numbers[:3]) == sorted([day.year, day.month, day.day])


def _is_cut(run: ImportRun) -> bool:
    return any(isinstance(number, int) and number > LISTED_ROWS for number in run.counts.values())
