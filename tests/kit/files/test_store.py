import errno
import io
import os
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connections
from django.http import Http404
from django.utils import timezone

from tests.kit.files import specimens as s
from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import ANONYMOUS, Actor, NotAllowed
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.files import queries, registry
from thongsuot.kit.files.actions import clear_unused, share, store_upload
from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.files.types import PDF, Cleared, FileEmpty, FileTooLarge, FileTypeRefused, StoreUnavailable
from thongsuot.kit.postgres.isolation import act_as

pytestmark = pytest.mark.django_db
KIND = "tests.paper"


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    """Readers of unit 1 and those named in the test may open."""
    monkeypatch.setattr(registry, "_kinds", {})
    registry.register_access(KIND, lambda actor, file: actor.can("tests.read"))


def stored(by, content=s.PDF, name="Kế hoạch.pdf", unit=1) -> StoredFile:
    with act_as(by):
        return store_upload(by=by, upload=s.upload(content, name), owner_unit_id=unit, kind=KIND)


def test_an_upload_is_kept_under_its_hash_once():
    by = actor_of(make_user())
    first, second = stored(by), stored(by, name="Bản sao.pdf")
    assert (first.sha256, first.content_type, first.size) == (second.sha256, PDF, len(s.PDF))
    assert first.public_id != second.public_id
    folder, _dirs = default_storage.listdir(first.sha256[:2]), None
    assert folder[1] == [first.sha256]
    with default_storage.open(first.storage_name) as file:
        assert file.read() == s.PDF


def test_refusals(settings):
    by = actor_of(make_user())
    with pytest.raises(FileEmpty):
        stored(by, b"")
    with pytest.raises(NotAllowed):
        stored(by, unit=2)
    with pytest.raises(NotAllowed):
        stored(ANONYMOUS)
    with pytest.raises(LookupError):
        store_upload(by=by, upload=s.upload(s.PDF, "a.pdf"), owner_unit_id=1, kind="nobody's")
    settings.FILES_MAX_BYTES = 10
    with pytest.raises(FileTooLarge):
        stored(by)
    registry.register_access(
        KIND, lambda actor, file: True, content_types=frozenset({"image/png"}), max_bytes=999
    )
    with pytest.raises(FileTypeRefused):
        stored(by)
    assert not StoredFile.objects.exists()


def test_rows_are_isolated_by_unit_and_by_sharing():
    owner = actor_of(make_user(), reach={1, 2})
    stranger = actor_of(make_user(), reach={3})
    file = stored(owner)
    with act_as(stranger):
        assert list(StoredFile.objects.all()) == []
        # Who may see the row that attaches the file is told its name all the same.
        assert queries.describe([file.pk, None])[file.pk].name == "Kế hoạch.pdf"
        with pytest.raises(NotAllowed):
            share(by=stranger, file=file, unit_ids=[3])
    with act_as(owner):
        share(by=owner, file=file, unit_ids=[3, 3, 4])
        share(by=owner, file=file, unit_ids=[3])
    with act_as(stranger):
        assert list(StoredFile.objects.all()) == [file]


def test_the_module_that_attached_it_decides_who_opens():
    owner = actor_of(make_user(), reach={1})
    reader = actor_of(make_user(), "tests.read", reach={3})
    file = stored(owner)
    with act_as(reader):
        assert queries.openable(reader, file.public_id) == file
    for actor in (owner, ANONYMOUS):
        with pytest.raises(Http404):
            queries.openable(actor, file.public_id)
    with pytest.raises(Http404):
        queries.openable(reader, uuid.uuid4())
    registry._kinds.clear()
    with pytest.raises(Http404):
        queries.openable(reader, file.public_id)


def test_download_has_safe_headers_and_leaves_a_trace(client, settings):
    settings.ACTOR_RESOLVER = "tests.kit.files.test_store.resolve_reader"
    user = make_user()
    file = stored(actor_of(make_user()), name="Kế hoạch Đức Phổ.pdf")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    response = client.get(f"/tep/{file.public_id}/")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == s.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        'attachment; filename="Ke hoach Duc Pho.pdf"; '
        "filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch%20%C4%90%E1%BB%A9c%20Ph%E1%BB%95.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    response = client.get(f"/tep/{file.public_id}/?xem")
    assert response["Content-Disposition"].startswith("inline;")
    assert b"".join(response.streaming_content) == s.PDF
    assert (
        list(ReadingLog.objects.values_list("user", "subject_table", "subject_pk", "purpose"))
        == [(user.pk, "files_storedfile", str(file.pk), "Tải tệp")] * 2
    )
    registry.register_access(KIND, lambda actor, file: False)
    assert client.get(f"/tep/{file.public_id}/").status_code == 404
    client.logout()
    assert client.get(f"/tep/{file.public_id}/").status_code == 302


def resolve_reader(user, *, acting_index=0) -> Actor:
    return actor_of(user, "tests.read", reach={9})


def test_verify_store_finds_what_is_missing_or_changed(capsys):
    by = actor_of(make_user())
    good, gone, changed = stored(by), stored(by, s.PNG, "a.png"), stored(by, s.DOCX, "b.docx")
    stored(by, s.DOCX, "c.docx")
    call_command("verify_store")
    assert capsys.readouterr().out == "Kho tệp nguyên vẹn.\n"
    default_storage.delete(gone.storage_name)
    with open(default_storage.path(changed.storage_name), "wb") as out:
        out.write(b"other")
    with pytest.raises(CommandError, match="2 nội dung"):
        call_command("verify_store")
    lines = sorted(capsys.readouterr().out.splitlines())
    assert lines == sorted(
        [f"thiếu\t{gone.sha256}\t1 lượt tải lên", f"hỏng\t{changed.sha256}\t2 lượt tải lên"]
    )
    assert good.sha256 not in "".join(lines)


def test_what_a_full_disk_left_half_written_is_written_anew():
    by = actor_of(make_user())
    file = stored(by)
    with open(default_storage.path(file.storage_name), "wb") as half:
        half.write(s.PDF[:10])
    stored(by)
    assert queries.content_of(file) == s.PDF


def test_a_full_disk_is_a_message_and_leaves_nothing(monkeypatch):
    true = File.chunks

    def full(self, chunk_size=None):
        yield next(true(self, chunk_size))[:10]
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(File, "chunks", full)
    with pytest.raises(StoreUnavailable, match="chưa được lưu"):
        stored(actor_of(make_user()))
    assert not StoredFile.objects.exists()
    kept = [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    assert kept == []


# -- unused bytes ---------------------------------------------------------------------------------
def lies_since(name, days):
    moment = time.time() - days * 86400
    os.utime(default_storage.path(name), (moment, moment))


def test_bytes_without_an_upload_are_cleared_when_old_enough(capsys):
    by = actor_of(make_user())
    kept, lost, young = stored(by), stored(by, s.PNG, "a.png"), stored(by, s.DOCX, "b.docx")
    strange = default_storage.save("exports/danh-sach.csv", File(io.BytesIO(b"x"), name="x"))
    default_storage.save(f"{lost.sha256[:2]}/ghi-chu.txt", File(io.BytesIO(b"x"), name="x"))
    for file in (kept, lost):
        lies_since(file.storage_name, 3)
    lies_since(strange, 300)
    # As after a transaction that failed when the bytes had been put there.
    StoredFile.objects.filter(pk__in=[lost.pk, young.pk]).delete()
    call_command("clear_unused_files", "--dry-run")
    assert capsys.readouterr().out == f"Sẽ xóa 1 nội dung, {len(s.PNG) / 1024 / 1024:.1f} MB.\n"
    assert default_storage.exists(lost.storage_name)
    with pytest.raises(NotAllowed):
        clear_unused(by=by, now=timezone.now())
    with pytest.raises(CommandError, match="từ 1 ngày"):
        call_command("clear_unused_files", "--older-than", "0")
    assert clear_unused(by=Actor.system(), now=timezone.now()) == Cleared(1, len(s.PNG))
    assert not default_storage.exists(lost.storage_name)
    for name in (kept.storage_name, young.storage_name, strange, f"{lost.sha256[:2]}/ghi-chu.txt"):
        assert default_storage.exists(name), name
    call_command("clear_unused_files", "--older-than", "1")
    assert capsys.readouterr().out == "Đã xóa 0 nội dung, 0.0 MB.\n"
    assert clear_unused(by=Actor.system(), now=timezone.now() + timedelta(days=3)).contents == 1


def test_a_store_in_which_nothing_lies_yet():
    assert clear_unused(by=Actor.system(), now=timezone.now()) == Cleared(0, 0)


@pytest.mark.django_db(transaction=True)
def test_bytes_of_an_upload_that_is_being_made_stay():
    """They are old, since another upload had left them; the new upload's transaction is open."""
    by = actor_of(make_user())
    old = stored(by)
    lies_since(old.storage_name, 3)
    StoredFile.objects.all().delete()
    uploaded, cleared = threading.Event(), threading.Event()

    def upload():
        try:
            with act_as(by):
                store_upload(by=by, upload=s.upload(s.PDF, "a.pdf"), owner_unit_id=1, kind=KIND)
                uploaded.set()
                assert cleared.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=upload)
    thread.start()
    assert uploaded.wait(20)
    assert clear_unused(by=Actor.system(), now=timezone.now()) == Cleared(0, 0)
    cleared.set()
    thread.join()
    assert queries.content_of(StoredFile.objects.get()) == s.PDF
    assert clear_unused(by=Actor.system(), now=timezone.now()) == Cleared(0, 0)
