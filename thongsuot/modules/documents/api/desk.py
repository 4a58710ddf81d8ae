"""Where the program beside the token calls (docs/desk-signing.md). Its code, then its ticket, say who it is.

POST /api/ky-tai-ban/nhan   {"code"}                       -> what is to be signed, and the ticket
POST /api/ky-tai-ban/tra    {"ticket", "signatures"}       -> taken
                            {"ticket", "refused": "why"}   -> taken
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from json import loads
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as

from .. import actions
from ..types import DeskFault

# 5,000 RSA signatures of 4096 bits in base64.
MOST_BODY = 4 * 1024 * 1024
SYSTEM = Actor.system()


def _door(work: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[HttpRequest], JsonResponse]:
    """JSON in and out; what is wrong is told in Vietnamese under "fault"."""

    def view(request: HttpRequest) -> JsonResponse:
        if not ratelimit.consume(request, action="desk_signing"):
            return _fault(_("Gọi quá nhiều lần. Hãy thử lại sau."), 429)
        raw = request.read(MOST_BODY + 1)
        if len(raw) > MOST_BODY:
            return _fault(_("Quá lớn."), 413)
        try:
            said = loads(raw)
            if not isinstance(said, dict):
                raise ValueError
        except ValueError:
            return _fault(_("Yêu cầu không phải JSON."), 400)
        try:
            with act_as(SYSTEM), acting(SYSTEM, reason=_("Ký tại bàn")):
                return JsonResponse(work(said))
        except Refused as refusal:
            return _fault(refusal.message, 422)

    return csrf_exempt(require_POST(login_not_required(view)))


def _fault(said: str, status: int) -> JsonResponse:
    return JsonResponse({"fault": said}, status=status)


def _take(said: dict[str, Any]) -> dict[str, Any]:
    taken = actions.take_desk_signing(by=SYSTEM, code=str(said.get("code", "")), now=timezone.now())
    row, certificate = taken.signing, taken.certificate
    return {
        "ticket": taken.ticket,
        "title": row.title,
        "unit": certificate.unit.name,
        "holder": certificate.holder,
        "certificate": b64encode(bytes(certificate.der)).decode(),
        "ends_at": timezone.localtime(row.ends_at).isoformat(),
        "messages": [b64encode(bytes(one)).decode() for one in row.messages],
    }


def _answer(said: dict[str, Any]) -> dict[str, Any]:
    refusal, values = said.get("refused"), said.get("signatures", [])
    try:
        if not isinstance(values, list):
            raise ValueError
        signatures = [b64decode(one, validate=True) for one in values]
    except (ValueError, TypeError, binascii.Error):
        raise DeskFault(_("Chữ ký không ở dạng base64.")) from None
    row = actions.answer_desk_signing(
        by=SYSTEM,
        ticket=str(said.get("ticket", "")),
        signatures=signatures,
        refusal=str(refusal or ""),
        now=timezone.now(),
    )
    return {"state": str(row.state), "number": row.number}


take = _door(_take)
answer = _door(_answer)
