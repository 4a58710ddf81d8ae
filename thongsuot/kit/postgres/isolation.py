"""The front door of isolation: what models declare, and how code acts as somebody."""

from thongsuot.kit.postgres.declarations import Anyone, ByParent, ByUnit, ByUnits, ByUser, Isolation
from thongsuot.kit.postgres.scope import Acting, act_as, without_actor

__all__ = [
    "Acting",
    "Anyone",
    "ByParent",
    "ByUnit",
    "ByUnits",
    "ByUser",
    "Isolation",
    "act_as",
    "without_actor",
]
