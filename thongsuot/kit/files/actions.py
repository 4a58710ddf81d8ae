"""Writes of the room: take a file in, let units know of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.files import blobs
from thongsuot.kit.files.contents import content_type_of
from thongsuot.kit.files.models import FileReader, StoredFile
from thongsuot.kit.files.names import clean_name
from thongsuot.kit.files.registry import kind_of, max_bytes
from thongsuot.kit.files.scanning import scan
from thongsuot.kit.files.types import FileEmpty, FileTooLarge, FileTypeRefused
from thongsuot.kit.postgres.isolation import act_as


def store_upload(*, by: Actor, upload: Any, owner_unit_id: int | None, kind: str) -> StoredFile:
    """Keep an upload (Django's UploadedFile or any File with `name` and `size`) for a unit.

    `kind` is one that a module registered (registry.register_access). What the file is, is decided by its
    bytes. Raises FileEmpty, FileTooLarge, FileTypeRefused, FileUnsafe, StoreUnavailable with a message for the
    user; NotAllowed when the unit is outside the actor's reach. The bytes go to the storage at once: a transaction
    that fails later leaves them there unused, which harms nobody.
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
    content_type = content_type_of(upload, upload.name)
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
    """Delete an upload to which nothing points any more: its row, and its bytes when no other upload has the same.

    Raises NotAllowed for anybody but the system, StoreUnavailable; ProtectedError while something points to it.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    with act_as(by):
        sha256 = file.sha256
        # Nobody stores the same bytes between the look for others and the end of this transaction.
        _hold(sha256, "pg_advisory_xact_lock")
        file.delete()
        if not StoredFile.objects.filter(sha256=sha256).exists():
            blobs.drop(sha256)


def _hold(sha256: str, lock: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {lock}(hashtextextended(%s, 0))", [sha256])
