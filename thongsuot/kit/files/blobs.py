"""Bytes under their own hash, in whatever storage the settings name."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from thongsuot.kit.files.types import StoreUnavailable

CHUNK = 1024 * 1024
_FOLDER, _NAME = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{64}")
logger = logging.getLogger(__name__)


def storage_name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def digest(file: Any) -> tuple[str, int]:
    """(sha256, size) of a file, read in pieces from its start."""
    file.seek(0)
    return _digest(file)


def put(file: BinaryIO, sha256: str, size: int) -> None:
    """Store the bytes unless they are there whole. Two uploads of the same bytes at once leave one copy.

    Raises StoreUnavailable: the store is down, full or refuses us; nothing of the file is left in it.
    """
    name = storage_name(sha256)
    with _store(_("Kho tệp đang không dùng được nên tệp chưa được lưu. Hãy gửi lại sau ít phút.")):
        there = _size(name)
        if there == size:
            return
        if there is not None:
            # What a full disk or a crash left half-written.
            default_storage.delete(name)
        file.seek(0)
        try:
            saved = default_storage.save(name, File(file, name=name))
        except BaseException:
            _drop_part(name, size)
            raise
        if saved != name:
            # Another upload was faster and the storage chose a free name for ours.
            default_storage.delete(saved)


def opened(sha256: str) -> Any:
    """The stored bytes as a file at its start, fetched so far that reading it cannot fail half-way over a
    network. Raises FileNotFoundError, StoreUnavailable.
    """
    with _store(_("Kho tệp đang không dùng được. Hãy thử lại sau ít phút.")):
        stored = default_storage.open(storage_name(sha256), "rb")
        stored.seek(0)
    return stored


def drop(sha256: str) -> None:
    """Delete the bytes; nothing happens where they have gone. Raises StoreUnavailable."""
    with _store(_("Kho tệp đang không dùng được. Hãy thử lại sau ít phút.")):
        default_storage.delete(storage_name(sha256))


def names_by_folder() -> Iterator[set[str]]:
    """What lies in the store under a name of this room, folder by folder. Raises StoreUnavailable."""
    with _store(_("Kho tệp đang không dùng được. Hãy thử lại sau ít phút.")):
        try:
            folders = sorted(name for name in default_storage.listdir("")[0] if _FOLDER.fullmatch(name))
        except FileNotFoundError:
            # Nothing was ever stored.
            folders = []
        for folder in folders:
            names = {
                name
                for name in default_storage.listdir(folder)[1]
                if _NAME.fullmatch(name) and name.startswith(folder)
            }
            if names:
                yield names


def size_if_older(sha256: str, before: datetime) -> int | None:
    """Bytes of a content that was put there before this moment; None for a younger one or one that has gone.
    Raises StoreUnavailable."""
    name = storage_name(sha256)
    with _store(_("Kho tệp đang không dùng được. Hãy thử lại sau ít phút.")):
        try:
            return (
                int(default_storage.size(name)) if default_storage.get_modified_time(name) < before else None
            )
        except FileNotFoundError:
            return None


def digest_of_stored(sha256: str) -> str | None:
    """The hash of what is really stored under `sha256`; None when nothing is. Raises StoreUnavailable."""
    try:
        stored = opened(sha256)
    except FileNotFoundError:
        return None
    with stored:
        return _digest(stored)[0]


def _size(name: str) -> int | None:
    try:
        return int(default_storage.size(name))
    except FileNotFoundError:
        return None


def _drop_part(name: str, size: int) -> None:
    with contextlib.suppress(*_faults()):
        if _size(name) not in (None, size):
            default_storage.delete(name)


@contextlib.contextmanager
def _store(message: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except _faults() as error:
        logger.exception("the file store cannot be used")
        raise StoreUnavailable(message) from error


def _faults() -> tuple[type[Exception], ...]:
    """What a store can fail with; boto's own only where an S3 store has loaded it."""
    if "botocore.exceptions" not in sys.modules:
        return (OSError,)
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return (OSError, Boto3Error, BotoCoreError, ClientError)


def _digest(file: Any) -> tuple[str, int]:
    found, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        found.update(chunk)
        size += len(chunk)
    return found.hexdigest(), size
