"""The two ways to the gateway: within this installation, and over HTTP to another one. A dispatch is handed in by the
transaction of its type (1, 3, 5) and asked about by the one that follows it (2, 4, 6)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.outside.service import Declined, Service, Unreachable
from thongsuot.kit.postgres.isolation import act_as

from ..models import Dispatch
from ..queries.answers import Answer, answer_of
from ..queries.layouts import exchange
from ..types import MessageState, Transaction
from .receiving import receive

ADDRESS = "/api/hoc-ba/giao-dich"
ASKED_BY = {
    Transaction.SUBMIT: Transaction.SUBMIT_RESULT,
    Transaction.REGISTER_CERTIFICATE: Transaction.CERTIFICATE_RESULT,
    Transaction.RECALL: Transaction.RECALL_RESULT,
}


class OwnGateway:
    """Schools and Sở in one installation: the same taking in and working as for messages that come over HTTP."""

    def submit(self, *, by: Actor, dispatch: Dispatch, content: str, first_year: int, now: datetime) -> None:
        with act_as(by), acting(by):
            receive(
                by=by,
                unit=dispatch.unit,
                message_id=str(dispatch.public_id),
                type=dispatch.type,
                first_year=first_year,
                content=content,
                now=now,
            )

    def result(self, *, by: Actor, dispatch: Dispatch, first_year: int, now: datetime) -> Answer | None:
        with act_as(by):
            return answer_of(by, dispatch.unit, str(dispatch.public_id), Transaction(dispatch.type))


class HttpGateway:
    """The specification's authenticationRequest over HTTP (docs/transcript-gateway.md)."""

    def __init__(self, url: str, *, user_name: str, token: str, tries: int = 3) -> None:
        self._service = Service("transcript gateway", url, token, tries=tries)
        self._user_name, self._token = user_name, token

    def submit(self, *, by: Actor, dispatch: Dispatch, content: str, first_year: int, now: datetime) -> None:
        """Raises Unreachable, Declined (with the gateway's own words)."""
        self._call(dispatch, str(dispatch.public_id), Transaction(dispatch.type), first_year, content=content)

    def result(self, *, by: Actor, dispatch: Dispatch, first_year: int, now: datetime) -> Answer | None:
        """The answer as it stands; None for a transaction that the gateway does not know. Raises as `submit`."""
        asked = str(dispatch.public_id)
        type = ASKED_BY[Transaction(dispatch.type)]
        body = self._call(dispatch, f"{asked}-kq", type, first_year, asked=asked)
        if body.get("ResponseCode") == "KHONG_CO":
            return None
        state, items = body.get("State", MessageState.WAITING), body.get("items") or ()
        if state not in MessageState.values or not all(isinstance(one, dict) for one in items):
            raise Unreachable("not_the_contract")
        return Answer(state, str(body.get("Fault") or ""), tuple(items))

    def _call(
        self, dispatch: Dispatch, message_id: str, type: Transaction, first_year: int, **more: Any
    ) -> dict[str, Any]:
        unit = dispatch.unit
        functions = {one["type"]: one["function"] for one in exchange().transactions}
        said = {
            "token": self._token,
            "user_name": self._user_name,
            "password": sha256(self._token.encode()).hexdigest(),
            "ma_don_vi": unit.school.ministry_code or unit.code,
            "nam_hoc": first_year,
            "messageid": message_id,
            "type": type.value,
            "function": functions[type],
            **more,
        }
        # Handing in twice is one transaction to the other side: the messageid is its key.
        try:
            answer = self._service.call("POST", ADDRESS, json=said, idempotency_key=message_id)
        except Declined as fault:
            words = fault.body.get("ErrorDescription") if isinstance(fault.body, dict) else ""
            raise Declined(fault.status, str(words or fault.code)[:200]) from fault
        if not isinstance(answer.body, dict):
            raise Unreachable("not_the_contract")
        body: dict[str, Any] = answer.body
        if body.get("Error"):
            raise Declined(answer.status, str(body.get("ErrorDescription", ""))[:200])
        return body
