"""Why a result is what it is, step by step. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..types import Why


@dataclass(frozen=True)
class Reason:
    """One step that led to a result. about: subject code or ""; said: what the words of the reason need."""

    why: Why
    about: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
