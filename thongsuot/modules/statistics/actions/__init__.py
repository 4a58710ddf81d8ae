"""Writes of statistics: the door for other modules."""

from .warming import prove, refresh

__all__ = ["prove", "refresh"]
