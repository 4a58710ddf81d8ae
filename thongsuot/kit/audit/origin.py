"""Where a request came from."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Origin:
    ip: str | None = None
    port: int | None = None
    user_agent: str = ""


def origin_of(request: HttpRequest | None) -> Origin:
    """Address, source port and browser of the one who asked.

    Behind our own proxy (TS_BEHIND_PROXY) the last entry of X-Forwarded-For is what the proxy itself saw, and
    X-Forwarded-Client-Port is where it puts the port (docs/running.md); without one these headers are
    anybody's claim and are not read.
    """
    if request is None:
        return Origin()
    meta = request.META
    address, port = meta.get("REMOTE_ADDR", ""), meta.get("REMOTE_PORT", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = meta.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
        address = forwarded or address
        port = meta.get("HTTP_X_FORWARDED_CLIENT_PORT", "") if forwarded else port
    return Origin(
        _valid(address), int(port) if str(port).isdigit() else None, meta.get("HTTP_USER_AGENT", "")[:300]
    )


def _valid(address: str) -> str | None:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
