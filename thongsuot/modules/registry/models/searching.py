"""The words by which a person is found, as SQL: for an index over the province, and for the few rows of a school."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, Func, TextField, Value

COLUMNS = ("name_fold", "local_code", "ministry_code", "provisional_code")


class SearchWords(Func):
    """Name and codes as a set of words. array_to_tsvector takes words as they are: no parser cuts a code in pieces."""

    template = "array_to_tsvector(array_remove(string_to_array(lower(%(expressions)s), ' '), ''))"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()

    def __init__(self, *columns: Any, **extra: Any) -> None:
        super().__init__(*(columns or COLUMNS), **extra)


class SearchLine(Func):
    """The same as one line that begins with a space: " tok" is found where a word begins with tok.

    Row-level security reads rows before it lets an operator like @@ see them, so that an index of words cannot serve
    a school's own actor; the index of the school does, and this is the cheapest look at each of its rows.
    """

    template = "lower(' ' || %(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()

    def __init__(self, *columns: Any, **extra: Any) -> None:
        super().__init__(*(columns or COLUMNS), **extra)


class HasWords(Func):
    """Whether a row has all words of a tsquery literal."""

    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, query: Any, **extra: Any) -> None:
        super().__init__(SearchWords(), Value(query), **extra)
