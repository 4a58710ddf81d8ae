"""The department sets rules of assessment: a new circular, or a parameter of one put right; and withdraws them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization.queries import school_kinds

from ..domain.rules import PrimaryRules, SecondaryRules
from ..models import ClassSubject, PupilYear, RulesVersion
from ..permissions import LAST_PRIMARY, SET_RULES
from ..queries.books import level_of
from ..queries.columns import regular_wanted
from ..queries.rules import all_rules, read_rules, rules_held, rules_of
from ..types import BadValue, GradingFault, StateConflict

CODE = re.compile(r"[A-Za-z0-9-]{1,14}")
LONGEST = 300
# Two who set rules at the same time: the second sees the number of the first.
LOCK = "select pg_advisory_xact_lock(hashtext('gradebook.rules'))"


@transaction.atomic
def set_rules(
    *, by: Actor, base: str, document: Mapping[str, Any], source: str, now: datetime
) -> RulesVersion:
    """Let a set of rules hold for the grades and from the school years that its `applies` names.

    base: code of the rules that it was made from, or "" for a circular that is not known yet. Results that were computed
    by other rules are computed again by `follow_rules`; the caller asks for it. Legal source: the circular that
    `legal_source` of the document names. Raises NotAllowed, BadRules, GradingFault (no such base),
    BadValue (no source; nothing is new).
    """
    by.require(SET_RULES)
    if not clean_text(source):
        raise BadValue(_("Cần ghi căn cứ hoặc lý do."), field="source")
    rules = read_rules(document)
    if base:
        rules_of("", 0, 0, base)
    _require_change(rules, base)
    circular = (base or rules.code).split(".")[0]
    if not CODE.fullmatch(circular):
        said = _("Mã quy định chỉ gồm chữ không dấu, số, gạch ngang, nhiều nhất 14 ký tự.")
        raise BadValue(said, field="code")
    _lock()
    number = 1 + RulesVersion.objects.filter(code__startswith=f"{circular}.").count()
    code = f"{circular}.{number}"
    kept = rules.model_copy(update={"code": code}).model_dump(mode="json", exclude={"most_absences"})
    return RulesVersion.objects.create(
        code=code,
        base=base,
        document=kept,
        source=clean_text(source)[:LONGEST],
        set_by_id=by.user_id,
        set_at=now,
    )


def _lock() -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(LOCK)


def _require_change(rules: SecondaryRules | PrimaryRules, base: str) -> None:
    """Some grade would get other parameters than those that hold for it in that year."""
    known = all_rules()
    if not base and any(one.code.split(".")[0] == rules.code for one in known):
        said = _("Đã có quy định mang mã %(code)s; hãy sửa từ quy định đó.")
        raise BadValue(said % {"code": rules.code}, field="code")
    fields = {"code", "applies", "most_absences", "note", "unsure", "confidence"}
    new = rules.model_dump(exclude=fields)
    for one in rules.applies:
        try:
            holds = rules_of(one.level, one.grade, one.from_year, known=known)
        except GradingFault:
            return
        # From which year it holds is what is being decided: a doubt about that is no parameter.
        doubts = [set(each.unsure) - {"applies"} for each in (holds, rules)]
        if holds.model_dump(exclude=fields) != new or doubts[0] != doubts[1]:
            return
    raise BadValue(_("Không có gì khác với quy định đang áp dụng cho các khối, năm đã chọn."))


@transaction.atomic
def withdraw_rules(*, by: Actor, version: RulesVersion, reason: str, now: datetime) -> RulesVersion:
    """Let what held before hold again; the version is kept, results name it. Raises NotAllowed, BadValue (no reason),
    StateConflict (withdrawn already)."""
    by.require(SET_RULES)
    if not clean_text(reason):
        raise BadValue(_("Cần ghi lý do."), field="reason")
    row = RulesVersion.objects.select_for_update().get(pk=version.pk)
    if row.withdrawn_at is not None:
        raise StateConflict(_("Bản này đã được rút."))
    row.withdrawn_by_id, row.withdrawn_at = by.user_id, now
    row.withdrawn_for = clean_text(reason)[:LONGEST]
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_for"])
    return row


@rules_held()
def follow_rules(*, by: Actor, school_year: Any, unit_ids: Collection[int], today: date) -> int:
    """Results of the schools' pupils that were computed by other rules than those which hold now are to be computed
    again; books of a year that is not over get the columns of regular assessments that are asked for now, none is taken
    away.

    Returns how many results are stale by it; again, none. The system only: raises NotAllowed.
    """
    if not by.is_system:
        raise NotAllowed(_("Chỉ hệ thống mới tính lại theo quy định mới."))
    kinds = school_kinds()
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for unit_id in unit_ids:
        if unit_id in kinds:
            alike[tuple(kinds[unit_id].levels)].append(unit_id)
    if school_year.ends_on >= today:
        _add_columns(school_year, unit_ids)
    return sum(_mark_stale(school_year, levels, units) for levels, units in alike.items())


def _mark_stale(school_year: Any, levels: Collection[str], unit_ids: Collection[int]) -> int:
    number = 0
    for grade in range(1, 13):
        try:
            code = rules_of(level_of(grade, levels) or "", grade, school_year.starts_on.year).code
        except GradingFault:
            continue
        rows = PupilYear.objects.filter(
            unit_id__in=unit_ids, school_year=school_year, school_class__grade=grade, is_stale=False
        )
        number += rows.exclude(rules=code).update(is_stale=True)
    return number


def _add_columns(school_year: Any, unit_ids: Collection[int]) -> None:
    rows = ClassSubject.objects.filter(
        unit_id__in=unit_ids, school_year=school_year, school_class__grade__gt=LAST_PRIMARY
    )
    short = []
    for row in rows.select_related("school_class", "school_year", "unit__school"):
        wanted = regular_wanted(row)
        if row.regular_count < wanted:
            row.regular_count = wanted
            short.append(row)
    ClassSubject.objects.bulk_update(short, ["regular_count"], batch_size=500)
