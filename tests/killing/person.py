"""Somebody at a browser, over real HTTP, who tries again when the server does not answer."""

from __future__ import annotations

import re
import time
from typing import Any

import requests

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Person:
    """troubles: what a page answered, or that nothing did, while something was down."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url, self._said = url, {"login": username, "password": password}
        self._session = requests.Session()
        self.troubles: list[str] = []

    def sign_in(self) -> None:
        page = self.read("/tai-khoan/login/")
        answer = self.send("/tai-khoan/login/", {**self._said}, of=page)
        assert answer is not None
        assert "/login/" not in answer.url, "signing in was refused"

    def cookies(self) -> list[dict[str, Any]]:
        return [{"name": one.name, "value": one.value, "url": self._url} for one in self._session.cookies]

    def read(self, path: str, *, seconds: float = 240) -> str:
        """The page, asked for until it comes."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            found = self.look(path)
            if found is not None:
                return found
            time.sleep(0.3)
        raise AssertionError(f"{path} did not come: {self.troubles[-3:]}")

    def look(self, path: str, **headers: str) -> str | None:
        """The page, or None when there was none to be had."""
        try:
            answer = self._session.get(self._url + path, timeout=30, headers=headers)
        except requests.RequestException as error:
            self.troubles.append(type(error).__name__)
            return None
        if answer.status_code >= 500:
            self.troubles.append(f"{answer.status_code} {words(answer.text)[:120]}")
            return None
        answer.raise_for_status()
        return answer.text

    def fetch(self, path: str) -> bytes:
        answer = self._session.get(self._url + path, timeout=120)
        answer.raise_for_status()
        return answer.content

    def send(self, path: str, fields: dict[str, Any], *, of: str) -> requests.Response | None:
        """What the form of the page `of` sends; None when no answer came."""
        token = TOKEN.search(of)
        assert token is not None
        fields["csrfmiddlewaretoken"] = token[1]
        try:
            answer = self._session.post(
                self._url + path, data=fields, timeout=60, headers={"Referer": self._url + path}
            )
        except requests.RequestException as error:
            self.troubles.append(type(error).__name__)
            return None
        if answer.status_code >= 500:
            self.troubles.append(f"{answer.status_code} {words(answer.text)[:120]}")
            return None
        return answer


def words(page: str) -> str:
    """A page as it reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
