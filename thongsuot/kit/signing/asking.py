"""Authorities asked ahead: before a transaction of the database begins, in which nobody waits for the network."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from .canonical import DSIG
from .certificates import identity_of
from .key_info import certificates_of
from .trust import TrustStore


def ask_about(root: etree._Element, *, trust: TrustStore, now: datetime) -> int:
    """Ask about each certificate that signs anything in a tree, once however often it signs; returns how many there are.
    Never raises for what a file may be: the check says it."""
    seen: set[tuple[bytes, ...]] = set()
    for key_info in root.iter(f"{{{DSIG}}}KeyInfo"):
        ders = tuple(certificates_of(key_info))
        if not ders or ders in seen:
            continue
        seen.add(ders)
        try:
            signer = identity_of(ders[0])
        except ValueError:
            continue
        trust.ask(signer, ders[1:], now)
    return len(seen)
