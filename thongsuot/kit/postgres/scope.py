"""Puts a transaction under an actor's database role and scope (ADR 0002)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakKeyDictionary

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from thongsuot.kit.postgres.roles import ALL_ROLE, SCOPED_ROLE, WEB_ROLE


class Acting(Protocol):
    """What isolation needs to know of an actor. reach: ids of visible units, None for all of them."""

    @property
    def reach(self) -> frozenset[int] | None: ...

    @property
    def user_id(self) -> int | None: ...


@dataclass(frozen=True)
class Scope:
    role: str
    units: str = ""
    user: str = ""


NO_SCOPE = Scope("none")
# `true` everywhere: a setting that outlived its transaction would reach the next request on the connection.
APPLY = (
    "select set_config('role', %s, true), set_config('app.units', %s, true), set_config('app.user', %s, true)"
)

_active: WeakKeyDictionary[BaseDatabaseWrapper, Scope] = WeakKeyDictionary()


def act_as(actor: Acting, *, using: str | None = None) -> contextlib.AbstractContextManager[None]:
    """Run the block in a transaction in which the database shows what `actor` may see, and nothing else.

    One statement more than `transaction.atomic`. Nests: a block for somebody else (a task that notifies other
    units as `Actor.system()`, say) gives the scope back when it ends, in whichever way. What runs after the
    commit (`on_commit`, a streamed answer) is outside: it must act as somebody itself.
    """
    user = "" if actor.user_id is None else str(actor.user_id)
    reach = actor.reach
    if reach is None:
        return _within(Scope(ALL_ROLE, "", user), using)
    return _within(Scope(SCOPED_ROLE, ",".join(map(str, sorted(reach))), user), using)


def without_actor(*, using: str | None = None) -> contextlib.AbstractContextManager[None]:
    """Run the block as the bare web role: what sign-in needs, nothing more. For pages of the anonymous.

    Tests connect as the owner, who sees everything; this makes an anonymous page as blind there as when live.
    """
    return _within(Scope(WEB_ROLE), using)


@contextlib.contextmanager
def _within(scope: Scope, using: str | None) -> Iterator[None]:
    connection = transaction.get_connection(using)
    outer = _active.get(connection, NO_SCOPE)
    # Outermost, the end of the transaction gives everything back; inside another one we must.
    nested = connection.in_atomic_block
    with transaction.atomic(using=using):
        if scope != outer:
            _apply(connection, scope)
        _active[connection] = scope
        try:
            yield
        finally:
            _active[connection] = outer
        # A block that failed is rolled back to its savepoint, and the settings with it.
        if nested and scope != outer and not connection.needs_rollback:
            _apply(connection, outer)


def _apply(connection: BaseDatabaseWrapper, scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(APPLY, [scope.role, scope.units, scope.user])
