"""People with just as many rights as a test of the kit needs; the kit knows no roles."""

from __future__ import annotations

import itertools

from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor, Holding

_numbers = itertools.count(1)


def make_user(full_name: str = "Trần Thị Bình") -> User:
    return User.objects.create(username=f"nguoi.{next(_numbers)}", full_name=full_name)


def actor_of(
    user: User | None,
    *rights: str,
    reach: set[int] | None = frozenset({1}),  # type: ignore[assignment]
    role_name: str = "Văn phòng trường",
) -> Actor:
    """`user` holding `rights` at the first unit of `reach` (None: the whole province)."""
    units = None if reach is None else frozenset(reach)
    holding = Holding(
        role="tested",
        role_name=role_name,
        unit_id=min(units) if units else 1,
        unit_kind="school",
        unit_name="Trường thử",
        rights=frozenset(rights),
        reach=units,
    )
    return Actor(user_id=user.pk if user else None, name=user.full_name if user else "", holdings=(holding,))
