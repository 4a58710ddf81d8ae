"""Lists that were sent in, and what is answered of them."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import unicodedata
import uuid
from dataclasses import dataclass, field
from typing import Any

MOST_PEOPLE = 1000
FIELDS = ("full_name", "birth_date", "gender")
NEEDED = ("reference", "personal_id", *FIELDS)


class BadList(ValueError):
    """A list that the contract does not allow; the message is its `code`."""


@dataclass
class Batch:
    people: list[dict[str, Any]]
    at: float
    print_: str
    # In training: how many are answered for now.
    limit: int | None = None


@dataclass
class Desk:
    """Keeps lists in memory: a restart forgets them, as the contract says may happen."""

    people: dict[str, list[dict[str, Any]]]
    delay: float = 0.0
    batches: dict[str, Batch] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    received: int = 0

    def submit(self, key: str, people: Any, *, half: bool) -> tuple[str, int, bool]:
        """(number of the list, how many were taken, whether it is new). The same key is the same list. Raises BadList."""
        checked = _checked(people)
        with self.lock:
            if key in self.keys:
                known = self.keys[key]
                return known, len(self.batches[known].people), False
            number = uuid.uuid4().hex
            mark = hashlib.sha256(json.dumps(checked, sort_keys=True).encode()).hexdigest()
            limit = len(checked) // 2 if half else None
            self.batches[number] = Batch(checked, time.monotonic(), mark, limit)
            self.keys[key] = number
            self.received += len(checked)
            return number, len(checked), True

    def results(self, number: str, offset: int, limit: int, *, half: bool) -> dict[str, Any] | None:
        """One page of answers; None for a list that is not known."""
        with self.lock:
            batch = self.batches.get(number)
        if batch is None:
            return None
        ready = time.monotonic() - batch.at >= self.delay
        most = len(batch.people) // 2 if half else len(batch.people)
        answers = [
            self._answer(person) if ready and place < most else _pending(person)
            for place, person in enumerate(batch.people)
        ]
        answered = sum(one["status"] != "pending" for one in answers)
        end = offset + limit
        return {
            "batch": number,
            "size": len(answers),
            "answered": answered,
            "complete": answered == len(answers),
            "results": answers[offset:end],
            "next_offset": end if end < len(answers) else None,
        }

    def _answer(self, person: dict[str, Any]) -> dict[str, Any]:
        found = self.people.get(person["personal_id"], [])
        states = {one.get("state", "") for one in found}
        if not found or "missing" in states:
            return _said(person, "not_found")
        if "cancelled" in states:
            return _said(person, "id_cancelled")
        if len(found) > 1 or "shared" in states:
            return _said(person, "id_shared")
        differing = [name for name in FIELDS if not _agrees(name, person[name], found[0][name])]
        return _said(person, "mismatched", differing) if differing else _said(person, "matched")


def _said(person: dict[str, Any], status: str, differing: list[str] | None = None) -> dict[str, Any]:
    return {"reference": person["reference"], "status": status, "differing": differing or []}


def _pending(person: dict[str, Any]) -> dict[str, Any]:
    return _said(person, "pending")


def _agrees(name: str, theirs: str, ours: str) -> bool:
    if name == "full_name":
        return _plain(theirs) == _plain(ours)
    if name == "birth_date" and len(theirs) == 4:
        return theirs == ours[:4]
    return theirs == ours


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _checked(people: Any) -> list[dict[str, Any]]:
    if not isinstance(people, list) or not people:
        raise BadList("empty")
    if len(people) > MOST_PEOPLE:
        raise BadList("too_many")
    for person in people:
        if not isinstance(person, dict) or not all(isinstance(person.get(n), str) for n in NEEDED):
            raise BadList("bad_person")
    if len({person["reference"] for person in people}) != len(people):
        raise BadList("reference_twice")
    return people
