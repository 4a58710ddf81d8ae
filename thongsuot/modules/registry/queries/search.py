"""Finding people: by any part of the name without accents, code, birth date or year, class, full personal id.

Over the whole province the roads of register.py lead to them; a school's own actor reads the rows of the school by its
unit index (see models/searching.py for why).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.sealing.sealing import digest
from thongsuot.kit.text.expressions import Fold
from thongsuot.modules.organization import queries as organization

from ..domain.search_words import looked_for, may_be_class
from ..models import Enrolment, SchoolClass, Staff, Student
from ..permissions import VIEW, classes_visible
from .records import staff as staff_of
from .records import students as students_of
from .register import FEW, Register, on_the_line

# Up to so many days the index of birth dates leads to few enough.
FEW_DAYS = 31
# So far into what was found a page is read from the beginning of the register; beyond, from all that is found.
DEEP = 1_500
# A name of classes is that of about one class in so many.
OF_A_CLASS = 16


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


class Sought:
    """Those whom a text means, as far as the actor sees them.

    `among` narrows any rows to them. Over the whole province (`has_window`) `first` and `counted` read the register from
    its beginning, in its order.
    """

    model: type[Student] | type[Staff]

    def __init__(self, actor: Actor, text: str) -> None:
        self.actor, self.asked = actor, looked_for(text)
        self.is_wide = actor.reach_of(VIEW) is None

    def visible(self) -> QuerySet[Any]:
        raise NotImplementedError

    def named_classes(self) -> dict[str, QuerySet[SchoolClass]]:
        """Words that name a class, with the classes."""
        return {}

    @cached_property
    def classes(self) -> dict[str, QuerySet[SchoolClass]]:
        return self.named_classes()

    @cached_property
    def plain(self) -> tuple[str, ...]:
        return tuple(word for word in self.asked.words if word not in self.classes)

    @cached_property
    def is_near(self) -> bool:
        """Does an index that the planner knows well lead to few rows?"""
        days = min(((last - first).days + 1 for first, last in self.asked.births), default=FEW_DAYS + 1)
        return bool(self.asked.personal_id) or days <= FEW_DAYS

    @cached_property
    def register(self) -> Register:
        in_classes = bool(self.asked.class_name or self.classes)
        rows = self._by_the_rest(self.visible().order_by())
        return Register(rows, self.plain, self.asked.births, OF_A_CLASS if in_classes else 1)

    @property
    def has_window(self) -> bool:
        return self.is_wide and not self.is_near and not self.asked.is_empty

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of `rows` that are meant; all of them for an empty text."""
        if self.asked.is_empty:
            return rows
        rows = self._by_the_rest(rows)
        if not self.plain:
            return rows
        return rows.filter(self.register.has_words if self.has_window else on_the_line(self.plain))

    def first(self, number: int) -> Sequence[int] | QuerySet[Any]:
        """Keys of the first `number` in the order of the register."""
        if self.has_window:
            return self.register.first(number)
        # Class and school are joined to these only: the planner would join them to all that match.
        return _in_order(self.among(self.visible())).values("pk")[:number]

    def counted(self, most: int) -> int:
        return self.register.counted(most)

    def _by_the_rest(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """By all that is no word of a name or code."""
        for first, last in self.asked.births:
            rows = rows.filter(birth_date__range=(first, last))
        if number := self.asked.personal_id:
            rows = rows.filter(Q(personal_id_digest=digest(number)) | self._with_word(number))
        for word, named in self.classes.items():
            rows = self._with_word_or_class(rows, word, named)
        return rows

    def _with_word(self, word: str) -> Q:
        if not self.is_wide:
            return on_the_line([word])
        return Register(self.model._default_manager.order_by(), (word,)).has_words

    def _with_word_or_class(
        self, rows: QuerySet[Any], word: str, named: QuerySet[SchoolClass]
    ) -> QuerySet[Any]:
        there = self.model._default_manager.filter(self._with_word(word)).order_by().values("pk")
        # A union, so that both sides may use their index; OR would read the whole table.
        return rows.filter(pk__in=there.union(_sitting_in(named).values("student_id")))


class SoughtStudents(Sought):
    model = Student

    def visible(self) -> QuerySet[Any]:
        return students_of(self.actor)

    def named_classes(self) -> dict[str, QuerySet[SchoolClass]]:
        return _classes_of_words(self.actor, self.asked.words)

    def _by_the_rest(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.asked.class_name:
            rows = rows.filter(self._sits_in(_classes_called(self.actor, self.asked.class_name)))
        return super()._by_the_rest(rows)

    def _with_word_or_class(
        self, rows: QuerySet[Any], word: str, named: QuerySet[SchoolClass]
    ) -> QuerySet[Any]:
        if not self.is_wide:
            return super()._with_word_or_class(rows, word, named)
        return rows.filter(self._with_word(word) | self._sits_in(named))

    def _sits_in(self, named: QuerySet[SchoolClass]) -> Q:
        """Over a province a name is that of many classes: whoever reads the register looks where each pupil sits."""
        spells = _sitting_in(named)
        if not self.is_wide:
            return Q(pk__in=spells.values("student_id"))
        keys = list(spells.values_list("student_id", flat=True)[: FEW + 1])
        return Q(pk__in=keys) if len(keys) <= FEW else Q(Exists(spells.filter(student_id=OuterRef("pk"))))


class SoughtStaff(Sought):
    model = Staff

    def visible(self) -> QuerySet[Any]:
        return staff_of(self.actor)

    def _by_the_rest(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return super()._by_the_rest(rows.none() if self.asked.class_name else rows)


@dataclass(frozen=True)
class FoundRows:
    """Whoever is sought over the province, in the order of the register, as `rows` has them (kit.pages.paging.Window)."""

    sought: Sought
    rows: QuerySet[Any]

    def part(self, first: int, last: int) -> list[Any]:
        if last > DEEP:
            return list(_in_order(self.sought.among(self.rows))[first:last])
        keys = list(self.sought.first(last))[first:]
        return list(_in_order(self.rows.filter(pk__in=keys))) if keys else []

    def counted(self, most: int) -> int:
        return self.sought.counted(most)


def students_matching(actor: Actor, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those of `rows` that `text` means; all of them for an empty text."""
    return SoughtStudents(actor, text).among(rows)


def staff_matching(actor: Actor, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return SoughtStaff(actor, text).among(rows)


def _sitting_in(classes: QuerySet[SchoolClass]) -> QuerySet[Enrolment]:
    spells = Enrolment.objects.filter(school_class__in=classes.order_by().values("pk"), left_on__isnull=True)
    return spells.order_by()


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
    pupils = with_class_now(_first_of(SoughtStudents(actor, words), most + 1))
    people = _first_of(SoughtStaff(actor, words), most + 1)
    return (
        [_found("student", row, row.class_name or "") for row in pupils],
        [_found("staff", row, "") for row in people],
    )


def _first_of(sought: Sought, number: int) -> QuerySet[Any]:
    found = sought.visible().filter(pk__in=sought.first(number)).select_related("unit")
    return _in_order(found)


def _in_order(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("sort_key", "id")


def _found(kind: str, row: Any, place: str) -> Found:
    code = row.ministry_code or row.local_code or row.provisional_code
    return Found(kind, row.public_id, row.full_name, row.birth_date, row.unit.name, code, place)
