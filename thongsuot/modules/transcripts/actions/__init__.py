"""Writes of the module."""

from .building import Built, discard, initialise_class
from .signing import open_session, sign_portion, stop_session

__all__ = ["Built", "discard", "initialise_class", "open_session", "sign_portion", "stop_session"]
