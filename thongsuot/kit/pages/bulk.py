"""Something done to several rows of a list at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from thongsuot.kit.accounts.types import Actor


@dataclass(frozen=True)
class BulkAction:
    """A button under a list with boxes.

    name   what the form sends. label: what the button says. icon: a name of ops/icons.txt.
    run    run(by=actor, rows=queryset of the picked rows) -> the message to show; may raise Refused.
    right  the actor must hold it; "" when seeing the list is enough.
    confirm  a question asked first, or "".
    """

    name: str
    label: Any
    run: Callable[..., Any]
    right: str = ""
    icon: str = ""
    confirm: Any = ""

    def allowed(self, actor: Actor) -> bool:
        return not self.right or actor.can(self.right)
