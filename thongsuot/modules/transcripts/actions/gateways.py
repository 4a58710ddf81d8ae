"""The two ways to the gateway: within this installation, and over HTTP to another one."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.outside.service import Declined, Service
from thongsuot.kit.postgres.isolation import act_as

from ..models import Dispatch
from ..queries.answers import Answer, answer_of
from ..types import MessageState, Transaction
from .receiving import receive


class OwnGateway:
    """Schools and Sở in one installation: the same taking in and working as for messages that come over HTTP."""

    def submit(self, *, by: Actor, dispatch: Dispatch, content: str, first_year: int, now: datetime) -> None:
        with act_as(by), acting(by):
            receive(
                by=by,
                unit=dispatch.unit,
                message_id=str(dispatch.public_id),
                type=Transaction.SUBMIT,
                first_year=first_year,
                content=content,
                now=now,
            )

    def result(self, *, by: Actor, dispatch: Dispatch, first_year: int, now: datetime) -> Answer | None:
        with act_as(by):
            return answer_of(by, dispatch.unit, str(dispatch.public_id), Transaction.SUBMIT)


class HttpGateway:
    """The specification's authenticationRequest over HTTP (docs/transcript-gateway.md)."""

    def __init__(self, url: str, *, user_name: str, token: str) -> None:
        self._service = Service("transcript gateway", url, token)
        self._user_name, self._token = user_name, token

    def submit(self, *, by: Actor, dispatch: Dispatch, content: str, first_year: int, now: datetime) -> None:
        self._call(
            dispatch, str(dispatch.public_id), Transaction.SUBMIT, "submit", first_year, content=content
        )

    def result(self, *, by: Actor, dispatch: Dispatch, first_year: int, now: datetime) -> Answer | None:
        body = self._call(
            dispatch,
            f"{dispatch.public_id}-kq",
            Transaction.SUBMIT_RESULT,
            "submit_result",
            first_year,
            asked=str(dispatch.public_id),
        )
        if body.get("ResponseCode") == "KHONG_CO":
            return None
        return Answer(
            body.get("State", MessageState.WAITING), body.get("Fault", ""), tuple(body.get("items", ()))
        )

    def _call(
        self, dispatch: Dispatch, message_id: str, type: int, function: str, first_year: int, **more: Any
    ) -> dict[str, Any]:
        unit = dispatch.unit
        said = {
            "token": self._token,
            "user_name": self._user_name,
            "password": sha256(self._token.encode()).hexdigest(),
            "ma_don_vi": unit.school.ministry_code or unit.code,
            "nam_hoc": first_year,
            "messageid": message_id,
            "type": type,
            "function": function,
            **more,
        }
        # Handing in twice is one transaction to the other side: the messageid is its key.
        answer = self._service.call("POST", "/api/hoc-ba/giao-dich", json=said, idempotency_key=message_id)
        body: dict[str, Any] = answer.body
        if body.get("Error"):
            raise Declined(answer.status, str(body.get("ErrorDescription", ""))[:200])
        return body
