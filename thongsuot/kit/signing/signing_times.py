"""The signing time that a signature claims: as SignatureProperty (transcripts) or in XAdES signed properties."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from .canonical import DSIG
from .reading import local_name

_D = f"{{{DSIG}}}"
_PLACES = ("SignatureProperty", "SignedSignatureProperties")


def signing_times(signature: etree._Element) -> list[tuple[etree._Element, datetime | None]]:
    """(element, aware time) of each SigningTime; None for one that cannot be read or has no time zone."""
    found = []
    for holder in signature.iterchildren(_D + "Object"):
        for element in holder.iter("{*}SigningTime"):
            parent = element.getparent()
            if parent is not None and local_name(parent) in _PLACES:
                found.append((element, time_of(element.text or "")))
    return found


def time_of(text: str) -> datetime | None:
    """An aware time; None for anything else."""
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return when if when.tzinfo else None
