"""Finding people: by any part of the name without accents, code, birth date or year, class, full personal id.

Over the whole province an index of words answers (registry_student_words, registry_staff_words), unless the top of
the register in its order does; a school's own actor reads the rows of the school by its unit index (see
models/searching.py for why).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import Contains
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.planning import planned_without
from thongsuot.kit.sealing.sealing import digest
from thongsuot.kit.text.expressions import Fold
from thongsuot.modules.organization import queries as organization

from ..domain.search_words import Looked, as_tsquery, looked_for, may_be_class
from ..models import Enrolment, SchoolClass, Student
from ..models.searching import HasWords, SearchLine
from ..permissions import VIEW, classes_visible
from .records import staff as staff_of
from .records import students as students_of

FEW = 2000
# Rows of the register that are looked through in its order, at about a microsecond each.
NEAR = 1000
Matching = Callable[[Actor, QuerySet[Any], str], QuerySet[Any]]


@dataclass(frozen=True)
class Found:
    """One line of an answer. `place`: class of a pupil."""

    kind: str
    public_id: UUID
    name: str
    birth_date: date | None
    unit: str
    code: str
    place: str = ""


def with_class_now(rows: QuerySet[Student]) -> QuerySet[Any]:
    """Adds class_id, class_name, grade_now, status_now of the open spell (there is one at most)."""
    return rows.annotate(
        now=FilteredRelation("enrolments", condition=Q(enrolments__left_on__isnull=True))
    ).annotate(
        class_id=F("now__school_class_id"),
        class_name=F("now__school_class__name"),
        grade_now=F("now__grade"),
        status_now=F("now__status"),
    )


def students_matching(actor: Actor, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those of `rows` that `text` means; all of them for an empty text."""
    asked = looked_for(text)
    if asked.is_empty:
        return rows
    if asked.class_name:
        rows = rows.filter(pk__in=_sitting_in(_classes_called(actor, asked.class_name)))
    return _matching(actor, rows, asked, _classes_of_words(actor, asked.words))


def staff_matching(actor: Actor, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    asked = looked_for(text)
    if asked.is_empty:
        return rows
    return rows.none() if asked.class_name else _matching(actor, rows, asked, {})


def _matching(
    actor: Actor, rows: QuerySet[Any], asked: Looked, classes: dict[str, QuerySet[SchoolClass]]
) -> QuerySet[Any]:
    for first, last in asked.births:
        rows = rows.filter(birth_date__range=(first, last))
    wide = actor.reach_of(VIEW) is None
    if asked.personal_id:
        found = Q(personal_id_digest=digest(asked.personal_id))
        rows = rows.filter(found | _has(rows, (asked.personal_id,), wide))
    plain = tuple(word for word in asked.words if word not in classes)
    if plain:
        rows = rows.filter(_has(rows, plain, wide))
    for word, named in classes.items():
        there = rows.model._default_manager.filter(_has(rows, (word,), wide)).order_by().values("pk")
        # A union, so that both sides may use their index; OR would read the whole table.
        rows = rows.filter(pk__in=there.union(_sitting_in(named)))
    return rows


def _has(rows: QuerySet[Any], words: tuple[str, ...], wide: bool) -> Q:
    if wide:
        few = _few(rows.model, words)
        return Q(HasWords(as_tsquery(words))) if few is None else Q(pk__in=few)
    return _on_the_line(words)


def _on_the_line(words: tuple[str, ...]) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(Contains(SearchLine(), f" {word}"))
    return condition


def _few(model: Any, words: tuple[str, ...]) -> list[int] | None:
    """Keys of all rows with these words; None when there are more than FEW.

    The planner cannot know how rare a beginning of a word is, and would walk the register in its order until a page is
    full: quick for a common name, the whole table for a rare code. Here it has no other way than the index of words.
    """
    found = model._default_manager.filter(HasWords(as_tsquery(words))).order_by().values_list("pk", flat=True)
    with planned_without("enable_seqscan", "enable_indexscan"):
        keys = list(found[: FEW + 1])
    return keys if len(keys) <= FEW else None


def _sitting_in(classes: QuerySet[SchoolClass]) -> QuerySet[Any, Any]:
    spells = Enrolment.objects.filter(school_class__in=classes.order_by().values("pk"), left_on__isnull=True)
    return spells.order_by().values("student_id")


def _classes_this_year(actor: Actor) -> QuerySet[SchoolClass]:
    year = organization.current_school_year(timezone.localdate())
    return SchoolClass.objects.filter(classes_visible(actor), school_year=year)


def _classes_called(actor: Actor, name: str) -> QuerySet[SchoolClass]:
    return _classes_this_year(actor).alias(folded=Fold("name")).filter(folded=name)


def _classes_of_words(actor: Actor, words: Sequence[str]) -> dict[str, QuerySet[SchoolClass]]:
    """Words that name a class this year, with the classes."""
    asked = {word for word in words if may_be_class(word)}
    if not asked:
        return {}
    named = _classes_this_year(actor).annotate(lowered=Lower("name"))
    there = set(named.filter(lowered__in=asked).order_by().values_list("lowered", flat=True).distinct())
    return {word: named.filter(lowered=word) for word in sorted(asked & there)}


def find_people(actor: Actor, words: str, *, most: int = 12) -> tuple[list[Found], list[Found]]:
    """(pupils, staff) whom the words mean, each at most `most` + 1 (one more tells that there are more), in the order
    of a register. Nothing is asked for: nothing is found.
    """
    if looked_for(words).is_empty:
        return [], []
    pupils, people = students_of(actor), staff_of(actor)
    pupils = with_class_now(pupils.filter(pk__in=_first(actor, pupils, words, students_matching, most + 1)))
    people = people.filter(pk__in=_first(actor, people, words, staff_matching, most + 1))
    return (
        [_found("student", row, row.class_name or "") for row in _in_order(pupils.select_related("unit"))],
        [_found("staff", row, "") for row in _in_order(people.select_related("unit"))],
    )


def _in_order(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("sort_key", "id")


def _first(
    actor: Actor, rows: QuerySet[Any], text: str, matching: Matching, number: int
) -> Sequence[int] | QuerySet[Any]:
    """Keys of the first `number` rows that `text` means. Class and school are joined to these only: the planner, which
    knows nothing of how common a word is, would join them to all that match.
    """
    near = _near_the_top(actor, rows, looked_for(text), number)
    return _in_order(matching(actor, rows, text)).values("pk")[:number] if near is None else near


def _near_the_top(actor: Actor, rows: QuerySet[Any], asked: Looked, number: int) -> list[int] | None:
    """The keys when the first NEAR rows of the province's register hold `number` that match, or are all there are;
    None when they do not tell.

    A common name fills a page here, in the same time whatever the size of the register; the index of words would
    first collect everybody of that name. Not for codes, dates and classes, which are rare.
    """
    if actor.reach_of(VIEW) is not None or not asked.is_letters_only:
        return None
    register = rows.model._default_manager.order_by("sort_key").values_list("sort_key", flat=True)
    last = list(register[NEAR - 1 : NEAR])
    if last:
        rows = rows.filter(sort_key__lte=last[0])
    keys = list(_in_order(rows.filter(_on_the_line(asked.words))).values_list("pk", flat=True)[:number])
    return keys if len(keys) == number or not last else None


def _found(kind: str, row: Any, place: str) -> Found:
    code = row.ministry_code or row.local_code or row.provisional_code
    return Found(kind, row.public_id, row.full_name, row.birth_date, row.unit.name, code, place)
