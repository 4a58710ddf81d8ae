"""The words by which a person is found, as SQL: for an index over the province, and for the few rows of a school."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, Func, TextField, Value

COLUMNS = ("name_fold", "local_code", "ministry_code", "provisional_code")
# The line of SearchLine as SQL text, the same without the given name, and the codes only.
CODES = " || ' ' || ".join(COLUMNS[1:])
LINE_OF_CODES = f"lower(' ' || {CODES})"
LINE = f"lower(' ' || name_fold || ' ' || {CODES})"
LINE_WITHOUT_GIVEN = (
    f"lower(' ' || left(name_fold, -length(split_part(name_fold, ' ', -1))) || ' ' || {CODES})"
)


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


class MarkedWords(SearchWords):
    """The same words with marks: GIVEN before the given name (the last word), CODE before a code. So those who bear a word
    as another part of the name are told from the many whose given name it is, who stand together in the register.
    """

    def __init__(self, *columns: Any, **extra: Any) -> None:
        codes = [MarkedCode(column) for column in COLUMNS[1:]]
        super().__init__(*(columns or (MarkedName("name_fold"), *codes)), **extra)


class MarkedName(Func):
    """ "tran thi \x01lan". The marks are what no folded name or code begins a word with."""

    template = (
        "left(%(expressions)s, -length(split_part(%(expressions)s, ' ', -1))) || chr(1) || "
        "split_part(%(expressions)s, ' ', -1)"
    )
    output_field = TextField()


class MarkedCode(Func):
    template = "coalesce(chr(2) || nullif(%(expressions)s, ''), '')"
    output_field = TextField()


class HasWords(Func):
    """Whether a row has all words of a tsquery literal (domain/search_words.py: as_tsquery)."""

    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, query: Any, **extra: Any) -> None:
        super().__init__(MarkedWords(), Value(query), **extra)
