"""Calls to programs of others over HTTP: one place that knows of time limits, second tries and what may be said in a log.

    service = Service("population", url, token, timeout=20)
    answer = service.call("POST", "/v1/batches", json={...}, idempotency_key=str(batch.public_id))

A call ends in an Answer, in Unreachable (worth another try later: no connection, too slow, 429, 5xx) or in Declined
(the other side understood and said no: trying again changes nothing). Within one call there are a few quick tries;
whoever calls keeps the state that makes a later one possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from json import loads
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError
from urllib3.util.retry import Retry

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
# An answer is read to its end only up to here: a wrong address may serve anything.
MOST_BYTES = 32 * 1024 * 1024


class Unreachable(Exception):
    """No usable answer now. `wait`: seconds that the other side asked to wait (0: did not say)."""

    def __init__(self, reason: str, *, wait: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.wait = reason, wait


class Declined(Exception):
    """The other side refused the call: `status` of HTTP, `code` as it named its reason, `body` the JSON of its answer."""

    def __init__(self, status: int, code: str = "", body: Any = None) -> None:
        super().__init__(f"{status} {code}".strip())
        self.status, self.code, self.body = status, code, body


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    # Seconds until asking again is of use, as the other side said it; 0 when it did not.
    wait: int = 0


class Service:
    """A program of others. Quick tries wait 0.5, 1, 2 ... seconds; redirects are not followed, as the token would be.

    Calls with `idempotency_key` and reading calls are tried again; any other call is sent once.
    """

    def __init__(self, name: str, url: str, token: str, *, timeout: float = 20, tries: int = 3) -> None:
        self.name, self._url, self._token, self._timeout = name, url.rstrip("/"), token, timeout
        self._patient, self._once = _session(tries), _session(1)

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        idempotency_key: str = "",
    ) -> Answer:
        """Raises Unreachable, Declined."""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        session = self._patient if method == "GET" or idempotency_key else self._once
        try:
            with session.request(
                method,
                self._url + path,
                json=json,
                params=params,
                headers=headers,
                timeout=(min(self._timeout, 5), self._timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                return self._read(response)
        except requests.RequestException as error:
            # Without the error's own words: the address may hold what is nobody's business.
            raise Unreachable("timeout" if _was_slow(error) else "no_connection") from error

    def _read(self, response: requests.Response) -> Answer:
        wait = _seconds(response.headers.get("Retry-After", ""))
        if response.status_code in AGAIN:
            raise Unreachable(f"http_{response.status_code}", wait=wait)
        body = self._body(response)
        if response.status_code >= 300:
            code = body.get("code", "") if isinstance(body, dict) else ""
            raise Declined(response.status_code, str(code)[:60], body)
        if body is None:
            raise Unreachable("not_json")
        return Answer(response.status_code, body, wait)

    def _body(self, response: requests.Response) -> Any:
        content = bytearray()
        for piece in response.iter_content(65536):
            content += piece
            if len(content) > MOST_BYTES:
                raise Unreachable("too_large")
        try:
            return loads(content.decode("utf-8"))
        except ValueError:
            return None


def _was_slow(error: requests.RequestException) -> bool:
    """Once the quick tries are used up, requests hides the last fault inside another one."""
    inner = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.Timeout) or isinstance(inner, ReadTimeoutError)


def _session(tries: int) -> requests.Session:
    retry = Retry(
        total=tries - 1,
        backoff_factor=0.5,
        status_forcelist=AGAIN,
        allowed_methods=None,
        raise_on_status=False,
        # A long wait belongs into the queue, not into a worker.
        respect_retry_after_header=False,
    )
    session = requests.Session()
    # What the environment says of proxies and .netrc is not for our tokens.
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _seconds(text: str) -> int:
    return min(int(text), 86_400) if text.isdecimal() and len(text) < 8 else 0
