"""Reads of the room."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files import blobs
from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.files.registry import may_open
from thongsuot.kit.files.types import FileGone, FileInfo
from thongsuot.kit.postgres.isolation import act_as


def openable(actor: Actor, public_id: uuid.UUID) -> StoredFile:
    """The file, if the module that attached it lets the actor open it; else Http404, whether it exists or
    not.
    """
    # Found as the system: an order's file belongs to the department, and schools are to read it.
    with act_as(Actor.system()):
        found = StoredFile.objects.filter(public_id=public_id).first()
    if found is None or not actor.is_authenticated or not may_open(actor, found):
        raise Http404
    return found


def content_of(file: StoredFile) -> bytes:
    """All bytes of a file that the caller may read. Raises FileGone, StoreUnavailable."""
    try:
        stored = blobs.opened(file.sha256)
    except FileNotFoundError as error:
        raise FileGone(_("Tệp gốc không còn trong kho.")) from error
    with stored:
        found: bytes = stored.read()
    return found


def describe(file_ids: Iterable[int | None]) -> dict[int, FileInfo]:
    """Name and size of files by id. For ids that came from rows which the actor may see: who sees the row
    that attaches a file may know its name, whoever owns it."""
    wanted = {pk for pk in file_ids if pk is not None}
    if not wanted:
        return {}
    with act_as(Actor.system()):
        return {row.pk: info_of(row) for row in StoredFile.objects.filter(pk__in=wanted)}


def info_of(file: StoredFile) -> FileInfo:
    return FileInfo(
        id=file.pk,
        public_id=file.public_id,
        name=file.original_name,
        size=file.size,
        content_type=file.content_type,
        url=reverse("files:download", args=[file.public_id]),
    )


def damaged() -> Iterator[tuple[str, str, int]]:
    """(sha256, "missing" | "corrupt", number of uploads) for each stored content that is not what it was."""
    hashes = StoredFile.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
    for sha256 in hashes.iterator(chunk_size=2000):
        found = blobs.digest_of_stored(sha256)
        if found != sha256:
            uploads = StoredFile.objects.filter(sha256=sha256).count()
            yield sha256, "missing" if found is None else "corrupt", uploads
