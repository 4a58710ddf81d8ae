"""What modules above have to say in a report: they declare it here in `apps.ready()`, statistics know none of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from thongsuot.kit.accounts.types import Actor

from ..types import Provided

# provider(actor, unit_id=..., first=..., last=..., today=...) -> Provided, or None where it has nothing to say.
Provider = Callable[..., Provided | None]
_providers: dict[str, Provider] = {}


def register_report_part(code: str, provider: Provider) -> None:
    """`code` is what a template names in {"kind": "provided", "code": ...}."""
    _providers[code] = provider


def provided_json(
    actor: Actor, codes: list[str], *, unit_id: int, first: date, last: date, today: date
) -> dict[str, Any]:
    """{code: sentences and tables as JSON}; a code that nobody provides is left out."""
    found: dict[str, Any] = {}
    for code in codes:
        provider = _providers.get(code)
        said = provider(actor, unit_id=unit_id, first=first, last=last, today=today) if provider else None
        if said is not None:
            found[code] = {
                "sentences": list(said.sentences),
                "url": said.url,
                "tables": [
                    {"title": t.title, "columns": list(t.columns), "rows": [list(row) for row in t.rows]}
                    for t in said.tables
                ],
            }
    return found
