"""Bytes under their own hash, in whatever storage the settings name."""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage

CHUNK = 1024 * 1024


def storage_name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def digest(file: Any) -> tuple[str, int]:
    """(sha256, size) of a file, read in pieces from its start."""
    file.seek(0)
    return _digest(file)


def put(file: BinaryIO, sha256: str) -> None:
    """Store the bytes unless they are there. Two uploads of the same bytes at once leave one copy."""
    name = storage_name(sha256)
    if default_storage.exists(name):
        return
    file.seek(0)
    saved = default_storage.save(name, File(file, name=name))
    if saved != name:
        # Another upload was faster and the storage chose a free name for ours.
        default_storage.delete(saved)


def digest_of_stored(sha256: str) -> str | None:
    """The hash of what is really stored under `sha256`; None when nothing is."""
    name = storage_name(sha256)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name, "rb") as stored:
        return _digest(stored)[0]


def _digest(file: Any) -> tuple[str, int]:
    found, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        found.update(chunk)
        size += len(chunk)
    return found.hexdigest(), size
