"""One pupil's record: all years in force, whoever issued them; what is added to it: paper put into figures, signed files of
another province, a change of civil status."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from functools import cached_property
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.files.actions import store_upload
from thongsuot.kit.pages.views import ActorPage, FormPage, PageLink
from thongsuot.kit.signing.types import Verdict
from thongsuot.kit.signing.words import VERDICTS
from thongsuot.modules.registry import queries as registry

from .. import actions, queries, tasks
from ..types import TranscriptFault, TranscriptKind, TranscriptState
from .forms import CivilForm, ForeignForm
from .words import FACT_WORDS, TONES

MOST_FILE, MOST_FILES = 2 * 1024 * 1024, 20
PREPARE = "transcripts.prepare"


class OnePupil(ActorPage):
    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.view")

    @cached_property
    def student(self) -> Any:
        found = registry.student(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    def trace(self, purpose: str) -> None:
        record_reading(by=self.actor, subject=self.student, purpose=purpose, ip=origin_of(self.request).ip)


class PupilPage(OnePupil):
    template_name = "transcripts/pupil.html"

    def get_title(self) -> Any:
        return _t("Học bạ của %(name)s") % {"name": self.student.full_name}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.trace(_t("Xem các học bạ của học sinh"))
        return render(request, self.template_name, self.frame())

    def extra_context(self) -> dict[str, Any]:
        one = self.student
        rows = queries.of_pupil(self.actor, one.pk)
        foreign = queries.foreign_of_pupil(self.actor, one.pk)
        return {
            "student": one,
            "rows": [
                (row, TONES[TranscriptState(row.state)], row.kind != TranscriptKind.YEAR) for row in rows
            ],
            "foreign": self._looked_at(foreign),
            "awaited": queries.awaited_by(self.actor, one.pk),
            "waiting": queries.waiting_hand_overs(self.actor).filter(student_id=one.pk),
            "may_recheck": self.actor.can(PREPARE, one.unit_id)
            and any(each.next_check_at is not None for each in foreign),
            "links": self._links(bool(rows or foreign)),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What could not be judged is looked at again now, in the background: an authority may take its seconds."""
        if not self.actor.can(PREPARE, self.student.unit_id):
            raise Http404
        job = tasks.start_rechecking(by=self.actor, student=self.student)
        return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))

    def _looked_at(self, rows: list[Any]) -> list[tuple[Any, list[Any]]]:
        """Each file with its looks, the newest first."""
        looks: list[Any] = queries.checks_of(rows)
        for each in looks:
            each.words = VERDICTS[Verdict(each.verdict)]
        return [(one, [each for each in looks if each.foreign_id == one.pk]) for one in rows]

    def _links(self, has_files: bool) -> list[PageLink]:
        args = [self.student.public_id]
        found = []
        if has_files:
            found.append(PageLink(_t("Tải gói tệp"), reverse("transcripts:bundle", args=args), "download"))
        if self.actor.can(PREPARE, self.student.unit_id):
            found += [
                PageLink(_t("Số hóa học bạ giấy"), reverse("transcripts:digitise", args=args), "file-import"),
                PageLink(_t("Nhận tệp tỉnh khác"), reverse("transcripts:take-in", args=args), "upload"),
                PageLink(_t("Thay đổi hộ tịch"), reverse("transcripts:civil-new", args=args), "id"),
            ]
        return found


class BundlePage(OnePupil):
    """Signed files for a school of another province."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.trace(_t("Tải gói tệp học bạ"))
        rows = [row for row in queries.of_pupil(self.actor, self.student.pk) if row.issued_at]
        others = queries.foreign_of_pupil(self.actor, self.student.pk)
        if not rows and not others:
            raise Http404
        answer = HttpResponse(queries.bundle(rows, others), content_type="application/zip")
        answer["Content-Disposition"] = 'attachment; filename="hoc-ba-so.zip"'
        answer["Cache-Control"] = "no-store"
        return answer


class PupilForm(OnePupil, FormPage):
    def allowed(self, actor: Actor) -> bool:
        return actor.can(PREPARE, self.student.unit_id)

    def get_thing(self) -> Any:
        return self.student

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        one = self.student
        return [*super().breadcrumbs(), (one.full_name, reverse("transcripts:pupil", args=[one.public_id]))]

    def success(self, result: Any) -> str:
        return reverse("transcripts:pupil", args=[self.student.public_id])

    def stored(self, by: Actor, upload: Any) -> Any:
        unit_id = self.student.unit_id
        return store_upload(by=by, upload=upload, owner_unit_id=unit_id, kind="transcripts.recall")


class TakeInPage(PupilForm):
    title = _("Nhận học bạ số từ tỉnh khác")
    form_class = ForeignForm
    submit_label = _("Kiểm tra và nhận")
    success_message = ""

    @staticmethod
    def before_transaction(request: HttpRequest) -> None:
        """Authorities are asked about the certificates of the file while nothing of the database waits."""
        upload = request.FILES.get("file")
        if upload is None or not request.user.is_authenticated:
            return
        # What is wrong with the file is said by the form.
        with suppress(TranscriptFault):
            queries.ask_authorities(_xml_files(upload), timezone.now())
        upload.seek(0)

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        files = _xml_files(data["file"])
        taken = [actions.take_in_foreign(by=by, student=thing, data=one, now=timezone.now()) for one in files]
        sound = sum(one.verdict == "valid" for one in taken)
        said = _t("Đã nhận %(n)d học bạ: %(sound)d hợp lệ, %(rest)d chưa kết luận được về chứng thư số.")
        messages.success(self.request, said % {"n": len(taken), "sound": sound, "rest": len(taken) - sound})
        return taken


def _xml_files(upload: Any) -> list[bytes]:
    """The XML of an upload, or those of a .zip. Raises TranscriptFault (too large, no zip, nothing in it)."""
    if not upload.name.lower().endswith(".zip"):
        data = upload.read(MOST_FILE + 1)
        if len(data) > MOST_FILE:
            raise TranscriptFault(_t("Tệp quá lớn."), field="file")
        return [data]
    try:
        with zipfile.ZipFile(BytesIO(upload.read(MOST_FILE * 5))) as packed:
            listed = [one for one in packed.infolist() if one.filename.lower().endswith(".xml")]
            if not 0 < len(listed) <= MOST_FILES or any(one.file_size > MOST_FILE for one in listed):
                raise TranscriptFault(
                    _t("Tệp ZIP cần có từ 1 đến %(most)d tệp XML, mỗi tệp không quá 2 MB.")
                    % {"most": MOST_FILES},
                    field="file",
                )
            # Not beyond what the list promises: a bomb lies about its size.
            return [packed.open(one).read(MOST_FILE) for one in listed]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise TranscriptFault(_t("Không mở được tệp ZIP."), field="file") from error


class ForeignFile(OnePupil):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = queries.foreign(self.actor, kwargs["uuid"])
        if row is None or row.student_id != self.student.pk:
            raise Http404
        self.trace(_t("Tải tệp học bạ"))
        answer = HttpResponse(queries.foreign_file(row), content_type="application/xml")
        answer["Content-Disposition"] = f'attachment; filename="hoc-ba-{row.uuid}.xml"'
        answer["Cache-Control"] = "no-store"
        return answer


class CivilNewPage(PupilForm):
    title = _("Thay đổi hộ tịch theo quyết định")
    form_class = CivilForm
    submit_label = _("Ghi thay đổi, lập lại học bạ")
    success_message = _("Đã ghi thay đổi. Bản thay thế cần được ký lại.")

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"full_name": thing.full_name, "birth_date": thing.birth_date, "gender": thing.gender}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        stored = self.stored(by, data["file"])
        changes = {name: data[name] for name in ("full_name", "birth_date", "gender", "personal_id")}
        return actions.change_civil_status(
            by=by,
            student=thing,
            changes=changes,
            decision_number=data["decision_number"],
            decided_on=data["decided_on"],
            decided_by=data["decided_by"],
            file_id=stored.pk,
            now=timezone.now(),
        )

    def success(self, result: Any) -> str:
        return reverse("transcripts:civil-change", args=[result.public_id])


class CivilChangePage(ActorPage):
    """What a decision changed, and how far each transcript has come; POST: go on with what waits."""

    title = _("Thay đổi hộ tịch")
    template_name = "transcripts/civil_change.html"

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.view")

    @cached_property
    def change(self) -> Any:
        found = queries.civil_change(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        one = self.change
        record_reading(
            by=self.actor, subject=one, purpose=_t("Xem thay đổi hộ tịch"), ip=origin_of(request).ip
        )
        items = queries.civil_items(one)
        context = {
            "change": one,
            "facts": [
                (FACT_WORDS[name], _shown(name, old), _shown(name, new))
                for name, old, new in queries.changed_facts(one)
            ],
            "items": items,
            "file_url": reverse("files:download", args=[one.file.public_id]),
            "may_go_on": self.actor.can(PREPARE, one.unit_id)
            and any(item.replacement_id is None and not _waits(item) for item in items),
        }
        return render(request, self.template_name, {**self.frame(), **context})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actions.carry_out_change(by=self.actor, change=self.change, now=timezone.now())
        return HttpResponseRedirect(reverse("transcripts:civil-change", args=[self.change.public_id]))


def _waits(item: Any) -> bool:
    """Others have to decide first."""
    return item.recall is not None and item.recall.decided_at is None


def _shown(name: str, value: str) -> str:
    if name == "birth_date" and value:
        return f"{value[8:10]}/{value[5:7]}/{value[:4]}"
    if name == "gender":
        return {"male": _t("Nam"), "female": _t("Nữ")}.get(value, value)
    return value
