"""Who acts, with which rights, over which units. Pure: no Django here."""

from __future__ import annotations

from dataclasses import dataclass, field


class Refused(Exception):
    """A rule says no. The message is Vietnamese and is shown to the user as it stands."""

    code = "refused"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class NotAllowed(Refused):
    """The actor lacks the right. Views answer 404 for objects, so that existence is not told."""

    code = "not_allowed"


@dataclass(frozen=True)
class Holding:
    """One appointment in force: a role at a unit.

    `reach` holds the ids of the units the role looks after (its own, those below it);
    None means the whole province.
    """

    role: str
    role_name: str
    unit_id: int
    unit_kind: str
    unit_name: str
    rights: frozenset[str]
    reach: frozenset[int] | None

    def covers(self, unit_id: int | None) -> bool:
        return self.reach is None or unit_id is None or unit_id in self.reach


@dataclass(frozen=True)
class Actor:
    """The person (or the system) on whose behalf something is read or written."""

    user_id: int | None
    name: str
    holdings: tuple[Holding, ...] = ()
    is_system: bool = False
    # Appointment through which the person works now, when they hold several.
    acting_index: int = 0
    own_unit_ids: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "own_unit_ids", frozenset(h.unit_id for h in self.holdings))

    @classmethod
    def system(cls) -> Actor:
        """Background work that nobody asked for by hand: reminders, snapshots."""
        return cls(user_id=None, name="Hệ thống", is_system=True)

    @property
    def is_authenticated(self) -> bool:
        return self.is_system or self.user_id is not None

    @property
    def acting(self) -> Holding | None:
        if not self.holdings:
            return None
        return self.holdings[min(self.acting_index, len(self.holdings) - 1)]

    @property
    def reach(self) -> frozenset[int] | None:
        """Ids of every unit the actor sees; None = the whole province."""
        if self.is_system or any(h.reach is None for h in self.holdings):
            return None
        return frozenset().union(*(h.reach or frozenset() for h in self.holdings))

    @property
    def rights(self) -> frozenset[str]:
        return frozenset().union(*(h.rights for h in self.holdings))

    def can(self, right: str, unit_id: int | None = None) -> bool:
        """Does some appointment give `right`, over `unit_id` where one is named?"""
        if self.is_system:
            return True
        return any(right in h.rights and h.covers(unit_id) for h in self.holdings)

    def reach_of(self, right: str) -> frozenset[int] | None:
        """Ids of the units over which the actor holds `right`; None = the whole province; empty = not at all."""
        if self.is_system:
            return None
        holdings = [h for h in self.holdings if right in h.rights]
        if any(h.reach is None for h in holdings):
            return None
        return frozenset().union(*(h.reach or frozenset() for h in holdings))

    def require(self, right: str, unit_id: int | None = None) -> None:
        """Raise NotAllowed unless `can(right, unit_id)`."""
        if not self.can(right, unit_id):
            raise NotAllowed("Anh/chị không có quyền thực hiện việc này.", right=right, unit_id=unit_id)

    def sees(self, unit_id: int | None) -> bool:
        reach = self.reach
        return reach is None or unit_id in reach


ANONYMOUS = Actor(user_id=None, name="")
