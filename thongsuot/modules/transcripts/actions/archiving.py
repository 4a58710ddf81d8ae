"""The issued transcripts of a school's year as one file: PDF and XML of each, and a list. Written in parts that are kept: after
a kill the parts that are whole are not made again. Never more than a part in memory, and that on disk."""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.exports.actions import READY
from thongsuot.kit.exports.models import Export
from thongsuot.kit.jobs.types import JobState
from thongsuot.kit.notify.actions import notify
from thongsuot.kit.postgres.isolation import act_as

from ..domain.document import file_bytes
from ..domain.steps import OUT
from ..models import Transcript
from ..permissions import can_prepare
from ..queries.files import parts_of, xml_of
from ..queries.printing import pdf_of
from ..types import TranscriptFault

# A PDF takes some 50 ms and 100 kB: a part is two seconds of work.
IN_A_PART = 40
FOLDER = "exports/parts"


@dataclass(frozen=True)
class Part:
    """Keys of its transcripts, in order; its name changes with what they are."""

    name: str
    keys: Sequence[int]


@transaction.atomic
def ask_for_archive(*, by: Actor, unit: Any, school_year: Any, start: Callable[[Export], Any]) -> Export:
    """Have the file made; asked for twice while it is made, it is one. `start` gives the job for it.

    Raises NotAllowed, TranscriptFault (nothing is issued yet).
    """
    if not can_prepare(by, unit.pk) or by.user_id is None:
        raise NotAllowed(_("Chỉ nhà trường tải được học bạ cả trường."))
    number = _issued(unit.pk, school_year.pk).count()
    if not number:
        raise TranscriptFault(_("Chưa có học bạ nào được phát hành trong năm học này."))
    asked = {
        "path": reverse("transcripts:class-list"),
        "query": f"truong={unit.pk}&nam={school_year.name}",
        "kind": "zip",
    }
    under_way = Export.objects.filter(
        user_id=by.user_id, job__state__in=[JobState.WAITING, JobState.RUNNING], **asked
    ).first()
    if under_way is not None:
        return under_way
    made = Export.objects.create(
        user_id=by.user_id,
        title=_("Học bạ năm học %(year)s") % {"year": school_year.name},
        name=f"hoc-ba-{school_year.name}.zip",
        rows=number,
        language=get_language() or settings.LANGUAGE_CODE,
        **asked,
    )
    made.job = start(made)
    made.save(update_fields=["job"])
    return made


def _issued(unit_id: int, school_year_id: int) -> Any:
    return Transcript.objects.filter(unit_id=unit_id, school_year_id=school_year_id, state__in=sorted(OUT))


def parts_of_archive(*, by: Actor, export_id: int, unit_id: int, school_year_id: int) -> list[Part]:
    """What the file is to hold now, in parts. Raises NotAllowed."""
    if not can_prepare(by, unit_id):
        raise NotAllowed(_("Chỉ nhà trường tải được học bạ cả trường."))
    rows = list(
        _issued(unit_id, school_year_id)
        .order_by("class_name", "sort_key", "pk")
        .values_list("pk", "uuid", "file_digest")
    )
    public_id = Export.objects.values_list("public_id", flat=True).get(pk=export_id)
    found = []
    for start in range(0, len(rows), IN_A_PART):
        some = rows[start : start + IN_A_PART]
        said = sha256(b"".join(uuid.bytes + bytes(digest) for _pk, uuid, digest in some)).hexdigest()[:24]
        found.append(Part(f"{FOLDER}/{public_id}/{said}.zip", [pk for pk, _uuid, _digest in some]))
    return found


def write_part(*, by: Actor, part: Part) -> bool:
    """Make a part unless it is there whole; whether it was made. No transaction is open while files are set."""
    if _is_whole(part):
        return False
    with act_as(by):
        rows = list(
            Transcript.objects.filter(pk__in=part.keys)
            .select_related("unit", "holder", "school_year")
            .order_by("class_name", "sort_key", "pk")
        )
        read = parts_of(rows)
    with tempfile.TemporaryFile() as draft:
        with zipfile.ZipFile(draft, "w") as archive:
            for row in rows:
                xml = _whole_file(row, file_bytes(xml_of(row, read[row.pk])))
                # PDF is packed already.
                archive.writestr(f"{row.uuid}.pdf", pdf_of(row, xml))
                archive.writestr(f"{row.uuid}.xml", xml, zipfile.ZIP_DEFLATED)
            archive.writestr("muc-luc.csv", _lines(rows))
        draft.seek(0)
        default_storage.delete(part.name)
        default_storage.save(part.name, File(draft))
    return True


def _whole_file(row: Transcript, found: bytes) -> bytes:
    if sha256(found).digest() != bytes(row.file_digest or b""):
        raise TranscriptFault(_("Học bạ %(uuid)s không còn đúng như khi phát hành.") % {"uuid": row.uuid})
    return found


def _lines(rows: Sequence[Transcript]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(
        [row.class_name, row.student_name, str(row.uuid), row.get_state_display()] for row in rows
    )
    return out.getvalue()


def _is_whole(part: Part) -> bool:
    """A file that a kill left half-written has no list at its end."""
    try:
        with default_storage.open(part.name, "rb") as stored, zipfile.ZipFile(stored) as archive:
            return len(archive.namelist()) == 2 * len(part.keys) + 1
    except (FileNotFoundError, zipfile.BadZipFile):
        return False


def join_archive(*, by: Actor, export_id: int, parts: Sequence[Part]) -> str:
    """The parts as one file, kept for the one who asked, who is told; its address. Done twice, it is there once."""
    if by.user_id is None:
        raise NotAllowed(_("Hãy đăng nhập."))
    with act_as(by):
        export = Export.objects.get(pk=export_id, user_id=by.user_id)
    with tempfile.TemporaryFile() as whole:
        with zipfile.ZipFile(whole, "w") as out:
            listed = [_head()]
            for part in parts:
                with _opened(part) as archive:
                    listed.append(archive.read("muc-luc.csv").decode())
                    for entry in archive.infolist():
                        if entry.filename != "muc-luc.csv":
                            with archive.open(entry) as source, out.open(_like(entry), "w") as target:
                                shutil.copyfileobj(source, target, 1 << 20)
            out.writestr("muc-luc.csv", "\ufeff" + "".join(listed), zipfile.ZIP_DEFLATED)
        whole.seek(0)
        name = f"exports/{export.public_id}.zip"
        default_storage.delete(name)
        saved = default_storage.save(name, File(whole))
    url = reverse("exports:download", args=[export.public_id])
    with act_as(by):
        export.stored_as, export.rows = saved, sum(len(part.keys) for part in parts)
        export.save(update_fields=["stored_as", "rows"])
        notify(
            recipients=[export.user_id],
            kind=READY,
            title=_("Tệp đã lập xong: %(title)s") % {"title": export.title},
            body=_("%(rows)d học bạ. Tệp được giữ %(days)d ngày.")
            % {"rows": export.rows, "days": settings.EXPORT_KEPT_DAYS},
            url=url,
        )
    _delete(parts)
    return url


def clear_parts(*, by: Actor, export_id: int, parts: Sequence[Part]) -> None:
    """Throw away what a file given up has left. Raises NotAllowed where somebody else asked for the file."""
    with act_as(by):
        own = by.user_id is not None and Export.objects.filter(pk=export_id, user_id=by.user_id).exists()
        if not own:
            raise NotAllowed(_("Chỉ nhà trường tải được học bạ cả trường."))
    _delete(parts)


def _delete(parts: Sequence[Part]) -> None:
    for part in parts:
        default_storage.delete(part.name)


def clear_old_parts(*, by: Actor, before: datetime) -> int:
    """Parts of files that were never finished; how many were thrown away. For the system alone. Raises NotAllowed."""
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    found = 0
    with contextlib.suppress(FileNotFoundError):
        for folder in default_storage.listdir(FOLDER)[0]:
            for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
                part = f"{FOLDER}/{folder}/{name}"
                if default_storage.get_modified_time(part) < before:
                    default_storage.delete(part)
                    found += 1
    return found


@contextmanager
def _opened(part: Part) -> Iterator[zipfile.ZipFile]:
    with default_storage.open(part.name, "rb") as stored, zipfile.ZipFile(stored) as archive:
        yield archive


def _like(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(entry.filename, entry.date_time)
    made.compress_type, made.file_size = entry.compress_type, entry.file_size
    return made


def _head() -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_("Lớp"), _("Họ và tên"), _("Tên tệp (mã tra cứu)"), _("Trạng thái")])
    return out.getvalue()
