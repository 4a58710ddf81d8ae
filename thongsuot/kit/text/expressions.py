"""The same folding in SQL, for columns that have no `*_fold` beside them and for generated columns."""

from __future__ import annotations

from django.db.models import Expression, F, Func, TextField, Value
from django.db.models.functions import Lower, Trim

from thongsuot.kit.text.vietnamese import FOLD_FROM, FOLD_TO, SPACES, UNSEEN


class _Normalize(Func):
    function = "normalize"
    template = "%(function)s(%(expressions)s, NFD)"
    output_field = TextField()


class _Replace(Func):
    function = "regexp_replace"
    output_field = TextField()


class _Translate(Func):
    function = "translate"
    output_field = TextField()


def Fold(source: str | Expression) -> Expression:
    """SQL of `text.fold`; immutable, so fit for GeneratedField(expression=Fold("name"), db_persist=True).

    Marks are stripped before lower(), so that the collation of the database does not matter.
    """
    text: Expression = _Normalize(F(source) if isinstance(source, str) else source)
    text = _Replace(text, Value(f"[\u0300-\u036f{UNSEEN}]"), Value(""), Value("g"))
    text = Lower(_Translate(text, Value(FOLD_FROM), Value(FOLD_TO)))
    return Trim(_Replace(text, Value(f"[{SPACES}]+"), Value(" "), Value("g")))
