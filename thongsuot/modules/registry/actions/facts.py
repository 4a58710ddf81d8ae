"""How the department sets right the numbers and names of data/registry/journeys.json."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import clean_text

from ..models import RegistryFact
from ..permissions import SET_FACTS
from ..queries.facts import Fact, registry_fact
from ..types import BadValue

LONGEST, MOST_LINES = 120, 40


@transaction.atomic
def set_fact(*, by: Actor, key: str, value: Any, source: str, now: datetime) -> RegistryFact:
    """Let `value` hold from now on, whatever the file says. source: the paper or the reason.

    Raises NotAllowed, BadValue (unknown; a number out of its limits; a name missing or too long; no source).
    """
    by.require(SET_FACTS)
    try:
        fact = registry_fact(by, key)
    except KeyError:
        raise BadValue(_("Không có tham số này.")) from None
    if not clean_text(source):
        raise BadValue(_("Cần ghi căn cứ hoặc lý do."), field="source")
    row, _new = RegistryFact.objects.update_or_create(
        key=key,
        defaults={
            "value": _KINDS[fact.kind](fact, value),
            "source": clean_text(source)[:300],
            "set_by_id": by.user_id,
            "set_at": now,
        },
    )
    return row


@transaction.atomic
def restore_fact(*, by: Actor, key: str) -> None:
    """Let the file hold again. Raises NotAllowed."""
    by.require(SET_FACTS)
    RegistryFact.objects.filter(key=key).delete()


def _number(fact: Fact, value: Any) -> int:
    least, most = fact.limits or (0, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        said = _("Cần số nguyên từ %(least)d đến %(most)d.")
        raise BadValue(said % {"least": least, "most": most}, field="value")
    return value


def _text(fact: Fact, value: Any) -> str:
    words = clean_text(str(value))
    if not words or len(words) > LONGEST:
        raise BadValue(_("Cần từ 1 đến %(most)d ký tự.") % {"most": LONGEST}, field="value")
    return words


def _suffix(fact: Fact, value: Any) -> str:
    words = _text(fact, value)
    if len(words) > 10:
        raise BadValue(_("Cần từ 1 đến %(most)d ký tự.") % {"most": 10}, field="value")
    return words


def _lines(fact: Fact, value: Any) -> list[str]:
    found = list(dict.fromkeys(_text(fact, one) for one in value if clean_text(str(one))))
    if not found or len(found) > MOST_LINES:
        raise BadValue(_("Cần từ 1 đến %(most)d dòng.") % {"most": MOST_LINES}, field="value")
    return found


def _names(fact: Fact, value: Any) -> dict[str, str]:
    if set(value) != set(fact.value):
        raise BadValue(_("Thiếu tên của một nhóm."), field="value")
    found = {key: _text(fact, name) for key, name in value.items()}
    if len({name.casefold() for name in found.values()}) != len(found):
        raise BadValue(_("Hai nhóm không gọi cùng một tên."), field="value")
    return found


_KINDS = {"number": _number, "text": _suffix, "lines": _lines, "names": _names}
