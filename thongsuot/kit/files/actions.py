"""Writes of the room: take a file in, let units know of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.files import blobs
from thongsuot.kit.files.contents import content_type_of
from thongsuot.kit.files.models import FileReader, StoredFile
from thongsuot.kit.files.names import clean_name
from thongsuot.kit.files.registry import kind_of, max_bytes
from thongsuot.kit.files.scanning import scan
from thongsuot.kit.files.types import XML, Cleared, FileEmpty, FileTooLarge, FileTypeRefused
from thongsuot.kit.postgres.isolation import act_as


def store_upload(*, by: Actor, upload: Any, owner_unit_id: int | None, kind: str) -> StoredFile:
    """Keep an upload (Django's UploadedFile or any File with `name` and `size`) for a unit.

    `kind` is one that a module registered (registry.register_access). What the file is, is decided by its
    bytes. Raises FileEmpty, FileTooLarge, FileTypeRefused, FileUnsafe, StoreUnavailable with a message for the
    user; NotAllowed when the unit is outside the actor's reach. The bytes go to the storage at once: a transaction
    that fails later leaves them there unused, until `clear_unused`.
    """
    declared = kind_of(kind)
    if not by.is_authenticated or (owner_unit_id is not None and not by.sees(owner_unit_id)):
        raise NotAllowed(_("Anh/chị không được lưu tệp cho đơn vị này."))
    limit = max_bytes(declared)
    if not upload.size:
        raise FileEmpty(_("Tệp rỗng."))
    if upload.size > limit:
        raise FileTooLarge(
            _("Tệp lớn hơn mức cho phép (%(limit)s MB). Hãy nén ảnh trong tệp hoặc chia nhỏ.")
            % {"limit": limit // (1024 * 1024)}
        )
    content_type = content_type_of(upload, upload.name, takes_xml=XML in declared.content_types)
    if content_type not in declared.content_types:
        raise FileTypeRefused(_("Ở đây không nhận định dạng tệp này."))
    scan(upload)
    sha256, size = blobs.digest(upload)
    _hold(sha256, "pg_advisory_xact_lock_shared")
    blobs.put(upload, sha256, size)
    upload.seek(0)
    return StoredFile.objects.create(
        kind=kind,
        sha256=sha256,
        size=size,
        content_type=content_type,
        original_name=clean_name(upload.name, content_type),
        owner_unit_id=owner_unit_id,
        uploaded_by_id=by.user_id,
    )


def share(*, by: Actor, file: StoredFile, unit_ids: Iterable[int]) -> int:
    """Let units below or beside know of a file that the actor sees (an order sent to schools); returns how
    many.

    Knowing is not opening: each download still asks the module that attached the file.
    """
    if not by.is_system and not (by.sees(file.owner_unit_id) or file.uploaded_by_id == by.user_id):
        raise NotAllowed(_("Anh/chị không được chia sẻ tệp này."))
    # The receiving units lie outside the reach of the one who sends.
    with act_as(Actor.system()):
        rows = FileReader.objects.bulk_create(
            [FileReader(file=file, unit_id=unit) for unit in sorted(set(unit_ids))], ignore_conflicts=True
        )
    return len(rows)


@transaction.atomic
def discard(*, by: Actor, file: StoredFile) -> None:
    """Delete an upload to which nothing points any more: its row, and once that is committed its bytes, unless another
    upload has the same. A store that is down by then leaves them to the next `clear_unused`.

    Raises NotAllowed for anybody but the system; ProtectedError while something points to it.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    with act_as(by):
        sha256 = file.sha256
        file.delete()
    transaction.on_commit(partial(_drop_unless_used, sha256), robust=True)


def clear_unused(
    *, by: Actor, now: datetime, older_than: timedelta | None = None, dry_run: bool = False
) -> Cleared:
    """Delete bytes in the store to which no upload points: of transactions that failed after the bytes had been put
    there, of uploads deleted while the store was down.

    older_than: how long the bytes must have lain there (default: settings.FILES_UNUSED_KEPT_DAYS days), so that an
    upload whose transaction is still open keeps its own. Only names that this room gives are looked at. dry_run counts
    and deletes nothing. Raises NotAllowed for anybody but the system, StoreUnavailable.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    before = now - (timedelta(days=settings.FILES_UNUSED_KEPT_DAYS) if older_than is None else older_than)
    number = size = 0
    with act_as(by):
        for names in blobs.names_by_folder():
            used = set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True))
            for sha256 in sorted(names - used):
                found = blobs.size_if_older(sha256, before)
                if found is None or not (dry_run or _drop_unless_used(sha256)):
                    continue
                number, size = number + 1, size + found
    return Cleared(number, size)


def _drop_unless_used(sha256: str) -> bool:
    """Delete the bytes when no upload has them; False when one has, or is just being made with the same bytes."""
    with act_as(Actor.system()), connection.cursor() as cursor:
        # Of the session, not of the transaction: many are taken in one night, and each is given back at once.
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [sha256])
        if not cursor.fetchone()[0]:
            return False
        try:
            if StoredFile.objects.filter(sha256=sha256).exists():
                return False
            blobs.drop(sha256)
            return True
        finally:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [sha256])


def _hold(sha256: str, lock: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {lock}(hashtextextended(%s, 0))", [sha256])
