"""When a time stamp is to be renewed: before the authority's certificate ends, before an algorithm under it does, and after
some years at the latest (data/transcripts/keeping.json). Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from .profile import Confidence, Plain


class Algorithm(Plain):
    """name: a digest ("sha256") or a kind of key with its size ("rsa-2048"); until: the last day it is relied upon."""

    name: str
    until: date
    confidence: Confidence


class Keeping(Plain):
    legal_source: str
    note: str = ""
    renew_days_before: int
    longest_days: int
    confidence: Confidence
    algorithms: tuple[Algorithm, ...]

    def renew_by(self, *, stamped_on: date, valid_until: date, algorithms: Collection[str]) -> date:
        """The day by which a stamp of `stamped_on` needs the next one."""
        ends = [one.until for one in self.algorithms if one.name in algorithms]
        end = min([valid_until, *ends]) - timedelta(days=self.renew_days_before)
        # A stamp given in the last months of a certificate is not renewed night after night.
        earliest = stamped_on + timedelta(days=30)
        return max(min(end, stamped_on + timedelta(days=self.longest_days)), earliest)
