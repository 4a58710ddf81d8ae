"""The store on an S3-compatible server: a real one (moto's) answers over HTTP."""

import io
import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import boto3
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.kit.files import specimens as s
from tests.kit.files.test_store import resolve_reader
from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files import blobs, queries, registry, stores
from thongsuot.kit.files.actions import clear_unused, store_upload
from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.files.types import FileGone, FileTooLarge, FileTypeRefused, StoreUnavailable
from thongsuot.kit.postgres.isolation import act_as

moto_server = pytest.importorskip("moto.server", reason="development requirements")
pytestmark = pytest.mark.django_db
KIND, KEYS = "tests.paper", ("the access key", "the secret key")
READER = "tests.kit.files.test_store.resolve_reader"
assert resolve_reader


@pytest.fixture(scope="module")
def endpoint():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def nowhere():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})
    registry.register_access(KIND, lambda actor, file: actor.can("tests.read"))


@pytest.fixture
def use(settings):
    """use(endpoint): files go to the bucket of that server from now on, as the settings would have it."""

    def go(where, bucket="thongsuot"):
        options = stores.s3_options(
            bucket=bucket, endpoint=where, access_key=KEYS[0], secret_key=KEYS[1], addressing="path"
        )
        backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": backend}

    return go


@pytest.fixture
def bucket(endpoint, use):
    """An empty bucket, in use."""
    session = boto3.resource(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEYS[0],
        aws_secret_access_key=KEYS[1],
    )
    found = session.Bucket("thongsuot")
    found.create()
    found.object_versions.delete()
    use(endpoint)
    return found


def stored(by, content=s.PDF, name="Kế hoạch.pdf", unit=1):
    with act_as(by):
        return store_upload(by=by, upload=s.upload(content, name), owner_unit_id=unit, kind=KIND)


def keys(bucket):
    return {found.key: found.size for found in bucket.objects.all()}


def test_an_upload_is_kept_once_under_its_hash(bucket):
    by = actor_of(make_user())
    first, second = stored(by), stored(by, name="Bản sao.pdf")
    assert keys(bucket) == {first.storage_name: len(s.PDF)}
    assert second.storage_name == first.storage_name
    assert bucket.Object(first.storage_name).get()["Body"].read() == s.PDF
    assert queries.content_of(second) == s.PDF


def test_what_is_refused_never_reaches_the_bucket(bucket, settings):
    by = actor_of(make_user())
    with pytest.raises(FileTypeRefused):
        stored(by, b"PK\x03\x04 broken", "a.docx")
    settings.FILES_MAX_BYTES = 10
    with pytest.raises(FileTooLarge):
        stored(by)
    assert (keys(bucket), StoredFile.objects.count()) == ({}, 0)


def test_a_large_file_goes_in_parts_and_comes_back(bucket):
    content = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4096 * 9
    by = actor_of(make_user())
    file = stored(by, content, "anh.png")
    assert keys(bucket) == {file.storage_name: len(content)}
    assert "-" in bucket.Object(file.storage_name).e_tag
    assert queries.content_of(file) == content


def test_the_same_bytes_at_once_leave_one_copy(bucket):
    sha256, size = blobs.digest(io.BytesIO(s.PDF))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _number: blobs.put(io.BytesIO(s.PDF), sha256, size), range(16)))
    assert keys(bucket) == {blobs.storage_name(sha256): size}


def test_a_download_goes_through_the_application(client, bucket, settings):
    settings.ACTOR_RESOLVER = READER
    client.force_login(make_user(), backend=settings.AUTHENTICATION_BACKENDS[0])
    file = stored(actor_of(make_user()))
    answer = client.get(f"/tep/{file.public_id}/")
    assert b"".join(answer.streaming_content) == s.PDF
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(s.PDF)))
    assert answer["Cache-Control"] == "private, no-store"
    assert "Location" not in answer
    registry.register_access(KIND, lambda actor, file: False)
    assert client.get(f"/tep/{file.public_id}/").status_code == 404
    client.logout()
    assert client.get(f"/tep/{file.public_id}/").status_code == 302


def test_no_page_ever_speaks_of_the_bucket(bucket):
    """Whoever adds a link to the store itself finds out here: the address that we give is ours."""
    info = queries.info_of(stored(actor_of(make_user())))
    assert info.url == f"/tep/{info.public_id}/"
    grants = bucket.Object(queries.StoredFile.objects.get().storage_name).Acl().grants
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]


def test_nothing_is_deleted_and_a_half_written_content_is_mended(bucket):
    file = stored(actor_of(make_user()))
    bucket.put_object(Key=file.storage_name, Body=s.PDF[:10])
    stored(actor_of(make_user()))
    assert queries.content_of(file) == s.PDF
    # The row goes (its unit was merged, say); the bytes stay for whoever else has them.
    with act_as(actor_of(make_user())):
        StoredFile.objects.all()._raw_delete("default")
    assert keys(bucket) == {file.storage_name: len(s.PDF)}


def test_a_bucket_under_retention_takes_the_same_bytes_again(endpoint, bucket):
    bucket.Versioning().enable()
    file = stored(actor_of(make_user()))
    stored(actor_of(make_user()))
    versions = list(bucket.object_versions.filter(Prefix=file.storage_name))
    assert len(versions) == 1


def test_verify_store_reads_the_bucket(bucket, capsys):
    by = actor_of(make_user())
    stored(by)
    gone, changed = stored(by, s.PNG, "a.png"), stored(by, s.DOCX, "b.docx")
    bucket.Object(gone.storage_name).delete()
    bucket.put_object(Key=changed.storage_name, Body=b"other")
    with pytest.raises(CommandError, match="2 nội dung"):
        call_command("verify_store")
    assert sorted(line.split("\t")[0] for line in capsys.readouterr().out.splitlines()) == ["hỏng", "thiếu"]
    with pytest.raises(FileGone):
        queries.content_of(gone)


def test_a_server_that_is_down_says_so_soon_and_keeps_nothing(client, bucket, use, nowhere, settings):
    by = actor_of(make_user())
    file = stored(by)
    use(nowhere)
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match="chưa được lưu"):
        stored(by, s.PNG, "a.png")
    with pytest.raises(StoreUnavailable):
        queries.content_of(file)
    assert time.monotonic() - began < 10
    assert StoredFile.objects.count() == 1
    settings.ACTOR_RESOLVER = READER
    client.force_login(make_user(), backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.get(f"/tep/{file.public_id}/")
    assert answer.status_code == 503
    assert "Kho tệp đang không dùng được" in answer.content.decode()


def test_verify_store_does_not_call_files_missing_when_the_server_is_down(bucket, use, nowhere):
    stored(actor_of(make_user()))
    use(nowhere)
    with pytest.raises(CommandError, match="không dùng được"):
        call_command("verify_store")


def test_unused_bytes_are_cleared_from_a_bucket(bucket):
    by = actor_of(make_user())
    kept, lost = stored(by), stored(by, s.PNG, "a.png")
    StoredFile.objects.filter(pk=lost.pk).delete()
    assert clear_unused(by=Actor.system(), now=timezone.now()).contents == 0
    assert clear_unused(by=Actor.system(), now=timezone.now() + timedelta(days=3)).contents == 1
    assert list(keys(bucket)) == [kept.storage_name]


def test_a_server_that_fails_half_way_leaves_nothing(bucket, monkeypatch):
    """The first part arrives, the second does not."""
    by = actor_of(make_user())
    client = default_storage.connection.meta.client
    content = b"\x89PNG\r\n\x1a\n" + b"\0" * (9 * 1024 * 1024)
    parts = []

    def fail(params, **kwargs):
        parts.append(kwargs)
        if len(parts) > 1:
            raise ConnectionResetError("the line broke")

    client.meta.events.register("before-call.s3.UploadPart", fail)
    with pytest.raises(StoreUnavailable):
        stored(by, content, "anh.png")
    assert len(parts) > 1
    assert (keys(bucket), StoredFile.objects.count()) == ({}, 0)
    assert list(bucket.multipart_uploads.all()) == []
    client.meta.events.unregister("before-call.s3.UploadPart", fail)
    assert stored(by, content, "anh.png").size == len(content)


def test_a_bucket_that_does_not_exist_is_a_message(bucket, endpoint, use):
    use(endpoint, bucket="khong-co")
    with pytest.raises(StoreUnavailable):
        stored(actor_of(make_user()))
