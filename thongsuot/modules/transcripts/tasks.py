"""Background work of transcripts. Long work goes in steps: each is a transaction of its own, and after kill -9 a job begins
again and finds what is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import Cancelled, JobResult
from thongsuot.kit.outside.service import Declined, Service, Unreachable
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.signing.types import KeyUnavailable
from thongsuot.kit.signing.words import KEY_FAULTS
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.gradebook import queries as gradebook
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries as registry

from . import actions, queries

SYSTEM = Actor.system()
# Days after the end of a year through which its pupils are counted again for the board.
COUNTED_FOR = 400


@job_task(name="transcripts.build", in_steps=True)
def build(*, by: Actor, progress: Progress, class_ids: list[int]) -> JobResult:
    """Transcripts of classes, a class a step."""
    made = kept = unready = 0
    progress.set(0, total=len(class_ids))
    for class_id in class_ids:
        with act_as(by), acting(by, reason=_("Lập học bạ")):
            school_class = (
                registry.classes(by)
                .select_related("unit__school", "unit__administrative_unit__parent", "school_year")
                .get(pk=class_id)
            )
            records = gradebook.class_records(by, school_class)
            found = actions.initialise_class(
                by=by, school_class=school_class, records=records, now=timezone.now()
            )
        made, kept = made + found.made, kept + found.kept
        unready += len(found.unready)
        progress.step()
    # Taken up again after a break, what it had made before is among the kept.
    said = _("Các lớp có %(all)d học bạ (%(made)d vừa lập); %(unready)d học sinh chưa đủ dữ liệu")
    return JobResult(
        url=reverse("transcripts:class-list"),
        message=said % {"all": made + kept, "made": made, "unready": unready},
    )


def start_building(*, by: Actor, unit: Any, class_ids: Sequence[int]) -> Any:
    title = _("Lập học bạ của %(count)d lớp") % {"count": len(class_ids)}
    return start_job(by=by, task=build, title=title, unit_id=unit.pk, class_ids=list(class_ids))


@job_task(name="transcripts.sign", in_steps=True)
def sign(*, by: Actor, progress: Progress, session_id: int) -> JobResult:
    """A list that somebody has authorised, a portion a step."""
    with act_as(by):
        session = queries.session_by_id(session_id)
    progress.set(session.worked, total=session.size)
    left = session.size - session.worked
    while left > 0:
        try:
            left, at_desk = _next_portion(by, session)
        except Refused as fault:
            _stop(by, session, fault.message)
            raise
        try:
            progress.set(session.size - left)
        except Cancelled:
            if left:
                _stop(by, session, _("Người ký đã dừng; những học bạ đã ký được giữ."))
            raise
        if at_desk:
            # Begun again by the answer from there.
            said = _("Chờ ký tại bàn bằng USB token")
            return JobResult(url=reverse("transcripts:session", args=[session.public_id]), message=said)
    return JobResult(
        url=reverse("transcripts:session", args=[session.public_id]),
        message=_("Đã ký %(count)d học bạ") % {"count": session.size},
    )


def _next_portion(by: Actor, session: Any) -> tuple[int, bool]:
    """(how many are left, whether they wait for the signer's token). A provider of remote signing is asked between two
    transactions, with the same moment in both."""
    now = timezone.now()

    def portion() -> tuple[int, bool]:
        with act_as(by), acting(by, reason=_("Ký học bạ")):
            signed, left = actions.sign_portion(by=by, session=session, now=now)
            return left, not signed and left > 0 and queries.at_desk(by, session) is not None

    try:
        return documents.outside_transactions(portion)
    except KeyUnavailable as fault:
        raise Refused(str(KEY_FAULTS[fault.code])) from fault


def _stop(by: Actor, session: Any, reason: str) -> None:
    with act_as(by), acting(by):
        actions.stop_session(by=by, session=session, reason=reason, now=timezone.now())


def start_signing(*, by: Actor, session: Any) -> Any:
    """The job that signs an open session; the one that is at it already where there is one."""
    job = queries.signing_job(session)
    if job is not None and not job.is_finished:
        return job
    title = _("Ký %(count)d học bạ: %(role)s") % {
        "count": session.size,
        "role": session.get_role_display(),
    }
    return start_job(by=by, task=sign, title=title, unit_id=session.unit_id, session_id=session.pk)


@job_task(name="transcripts.archive", in_steps=True)
def archive(
    *, by: Actor, progress: Progress, export_id: int, school_id: int, school_year_id: int
) -> JobResult:
    """PDF and XML of a school's year in one file, a part a step."""
    with act_as(by):
        parts = actions.parts_of_archive(
            by=by, export_id=export_id, unit_id=school_id, school_year_id=school_year_id
        )
    done, total = 0, sum(len(part.keys) for part in parts)
    progress.set(0, total=total, message=_("Đang lập bản PDF của từng học bạ"))
    try:
        for part in parts:
            actions.write_part(by=by, part=part)
            done += len(part.keys)
            progress.set(done)
    except Cancelled:
        actions.clear_parts(by=by, export_id=export_id, parts=parts)
        raise
    url = actions.join_archive(by=by, export_id=export_id, parts=parts)
    return JobResult(
        url=url,
        message=_("Tệp có %(count)d học bạ, mỗi học bạ một bản PDF và một bản XML") % {"count": total},
    )


@periodic_task(cron="50 19 * * *", name="transcripts.clear_parts")  # 02:50
def clear_parts(*, by: Actor, today: date) -> None:
    actions.clear_old_parts(by=by, before=timezone.now() - timedelta(days=2))


def start_archive(*, by: Actor, unit: Any, school_year: Any) -> Any:
    """The job that makes the file. Raises NotAllowed, TranscriptFault."""

    def start(export: Any) -> Any:
        return start_job(
            by=by, task=archive, title=_("Tải học bạ cả trường: %(year)s") % {"year": school_year.name},
            unit_id=unit.pk, school_id=unit.pk, export_id=export.pk, school_year_id=school_year.pk,
        )  # fmt: skip

    return actions.ask_for_archive(by=by, unit=unit, school_year=school_year, start=start).job


@job_task(name="transcripts.send", in_steps=True)
def send(*, by: Actor, progress: Progress, dispatch_ids: list[int]) -> JobResult:
    """Batches on their way to the Sở: handed in, worked on where the gateway is ours, answers fetched."""
    accepted = refused = at_desk = 0
    progress.set(0, total=len(dispatch_ids))
    for dispatch_id in dispatch_ids:
        dispatch = advance(by, dispatch_id)
        accepted, refused = accepted + dispatch.accepted, refused + dispatch.refused
        with act_as(by):
            at_desk += documents.desk_signing_for(by, dispatch.public_id) is not None
        progress.step()
    if at_desk:
        said = _("Chưa gửi: chờ ký %(n)d lần gửi bằng USB token, ở trang Ký tại bàn") % {"n": at_desk}
        return JobResult(url=reverse("documents:desk"), message=said)
    said = _("Sở tiếp nhận %(accepted)d học bạ, từ chối %(refused)d")
    return JobResult(
        url=reverse("transcripts:class-list"), message=said % {"accepted": accepted, "refused": refused}
    )


def advance(by: Actor, dispatch_id: int) -> Any:
    """The next steps of a dispatch, as far as they lead now."""
    with act_as(by):
        dispatch = queries.dispatch_by_id(dispatch_id)
    way = _gateway()
    if dispatch.acknowledged_at is None and dispatch.next_try_at is not None:
        dispatch = actions.hand_over(by=by, dispatch=dispatch, gateway=way, now=timezone.now())
        work_waiting()
    if dispatch.acknowledged_at is not None and dispatch.next_try_at is not None:
        dispatch = actions.hand_over(by=by, dispatch=dispatch, gateway=way, now=timezone.now())
    return dispatch


def start_sending(*, by: Actor, dispatches: Sequence[Any]) -> Any:
    ids = [one.pk for one in dispatches]
    title = _("Gửi học bạ lên Sở: %(count)d lần gửi") % {"count": len(ids)}
    return start_job(by=by, task=send, title=title, unit_id=dispatches[0].unit_id, dispatch_ids=ids)


@job_task(name="transcripts.work", in_steps=True)
def work(*, by: Actor, progress: Progress) -> None:
    """Transactions that the gateway has taken in."""
    work_waiting()


def start_working() -> Any:
    with act_as(SYSTEM):
        return start_job(by=SYSTEM, task=work, title=_("Xử lý giao dịch của cổng học bạ"))


def work_waiting() -> int:
    """Each in a transaction of its own; how many were done. One that cannot be worked on keeps none behind it back."""
    with act_as(SYSTEM):
        waiting = queries.waiting_messages()
    failed: Exception | None = None
    for message_id in waiting:
        try:
            actions.ask_about_senders(by=SYSTEM, message_id=message_id, now=timezone.now())
            with act_as(SYSTEM), acting(SYSTEM, reason=_("Cổng tiếp nhận học bạ")):
                actions.work_message(by=SYSTEM, message_id=message_id, now=timezone.now())
        except (OperationalError, InterfaceError):
            # The database is away: for the others too.
            raise
        except Exception as fault:
            failed = fault
    if failed is not None:
        raise failed
    return len(waiting)


@periodic_task(cron="* * * * *", name="transcripts.due")
def due(*, by: Actor, today: date) -> None:
    """What was left behind by a kill or a gateway that did not answer; not what a job is at already."""
    if queries.waiting_messages() and not queries.is_under_way(work.name):
        start_working()
    for dispatch in queries.due_dispatches(timezone.now()):
        if dispatch.made_by is None or _is_at(dispatch.pk):
            continue
        start_job(
            by=by, task=resume, title=_("Gửi học bạ lên Sở"), unit_id=dispatch.unit_id,
            dispatch_id=dispatch.pk,
        )  # fmt: skip


def _is_at(dispatch_id: int) -> bool:
    """Two who hand in one dispatch at once would sign it twice, and the second would be refused."""
    return queries.is_under_way(resume.name, dispatch_id=dispatch_id) or queries.is_under_way(
        send.name, dispatch_ids__contains=[dispatch_id]
    )


@job_task(name="transcripts.resume", in_steps=True)
def resume(*, by: Actor, progress: Progress, dispatch_id: int) -> None:
    """A dispatch whose time has come, as the one who sent it."""
    with act_as(SYSTEM):
        sender = queries.sender_of(dispatch_id)
    if sender is not None:
        advance(sender, dispatch_id)


@job_task(name="transcripts.report", in_steps=True)
def report(*, by: Actor, progress: Progress) -> None:
    """Originals up to the ministry's store, and what it answers to recalls. An unreachable store is tried again by the
    next tick."""
    store = _ministry_store()
    if store is None:
        return
    try:
        actions.report_originals(by=SYSTEM, store=store, now=timezone.now())
        actions.ask_ministry(by=SYSTEM, store=store, now=timezone.now())
    except Unreachable as fault:
        raise Refused(_("Chưa liên lạc được với kho học bạ của Bộ; hệ thống sẽ thử lại.")) from fault
    except Declined as fault:
        said = _("Kho học bạ của Bộ không nhận lời gọi (%(said)s): xem lại địa chỉ, khoá.")
        raise Refused(said % {"said": fault}) from fault


@periodic_task(cron="20 * * * *", name="transcripts.report_due")
def report_due(*, by: Actor, today: date) -> None:
    start_reporting(by=by)


def start_reporting(*, by: Actor) -> None:
    if _ministry_store() is not None:
        start_job(by=by, task=report, title=_("Báo cáo học bạ lên kho của Bộ"))


@periodic_task(cron="30 0 * * 1-6", name="transcripts.report_reminders")  # 07:30
def report_reminders(*, by: Actor, today: date) -> None:
    """Errors that families have reported: what is due soon, what is late."""
    actions.remind_of_reports(by=by, today=today, now=timezone.now())


@periodic_task(cron="20 18 * * *", name="transcripts.hand_over_left_behind")  # 01:20
def hand_over_left_behind(*, by: Actor, today: date) -> None:
    """Records whose pupil has come to another school by a way that did not say so."""
    actions.hand_over_left_behind(by=by, now=timezone.now())


@job_task(name="transcripts.recheck", in_steps=True)
def recheck(*, by: Actor, progress: Progress, student_id: int | None = None) -> JobResult:
    """Files of other provinces that could not be judged, again; of one pupil when somebody asks for it."""
    found = actions.recheck_foreign(by=by, student_id=student_id, now=timezone.now())
    said = _(
        "Kiểm tra lại %(looked)d học bạ từ tỉnh khác: %(valid)d hợp lệ, %(invalid)d không hợp lệ, %(rest)d chưa rõ"
    )
    rest = found.looked - found.valid - found.invalid
    message = said % {"looked": found.looked, "valid": found.valid, "invalid": found.invalid, "rest": rest}
    return JobResult(url=reverse("transcripts:foreign-list"), message=message)


def start_rechecking(*, by: Actor, student: Any) -> Any:
    title = _("Kiểm tra lại học bạ từ tỉnh khác")
    return start_job(by=by, task=recheck, title=title, unit_id=student.unit_id, student_id=student.pk)


@periodic_task(cron="35 * * * *", name="transcripts.recheck_due")
def recheck_due(*, by: Actor, today: date) -> None:
    if queries.foreign_due(timezone.now()) and not queries.is_under_way(recheck.name):
        start_job(by=by, task=recheck, title=_("Kiểm tra lại học bạ từ tỉnh khác"))


@periodic_task(cron="50 0 * * *", name="transcripts.await_results")  # 07:50
def await_results(*, by: Actor, today: date) -> None:
    """Pupils who left during the year and whose result to date is not made: whose turn it is learns of it."""
    actions.await_results(by=by, today=today, now=timezone.now())


@periodic_task(cron="40 19 * * *", name="transcripts.check_originals")  # 02:40
def check_originals(*, by: Actor, today: date) -> None:
    """Are the kept originals whole; those looked at longest ago."""
    actions.check_originals(by=by, now=timezone.now())


@job_task(name="transcripts.stamp", in_steps=True)
def stamp(*, by: Actor, progress: Progress) -> JobResult:
    """Time stamps over originals that have none, or whose last one ends. What an authority that does not answer left
    open is done by the next tick."""
    found = actions.stamp_originals(by=SYSTEM, now=timezone.now())
    if found.fault:
        raise Refused(found.fault)
    return JobResult(
        url=reverse("transcripts:keeping"),
        message=_("Đã đóng dấu thời gian cho %(count)d bản gốc") % {"count": found.done},
    )


@periodic_task(cron="10 17-22 * * *", name="transcripts.stamp_due")  # 00:10 to 05:10, what is left each hour
def stamp_due(*, by: Actor, today: date) -> None:
    if settings.TIMESTAMP_URL:
        start_job(by=by, task=stamp, title=_("Dấu thời gian của bản gốc học bạ"))


def _gateway() -> Any:
    """The gateway that this installation's schools hand in to: its own, or another one over HTTP."""
    if not settings.TRANSCRIPT_GATEWAY_URL:
        return actions.OwnGateway()
    return actions.HttpGateway(
        settings.TRANSCRIPT_GATEWAY_URL,
        user_name=settings.TRANSCRIPT_GATEWAY_USER,
        token=settings.TRANSCRIPT_GATEWAY_TOKEN,
    )


def _ministry_store() -> Service | None:
    """The ministry's store as it is set; None where nothing is reported."""
    if not settings.TRANSCRIPT_STORE_URL:
        return None
    return Service("ministry store", settings.TRANSCRIPT_STORE_URL, settings.TRANSCRIPT_STORE_TOKEN)


@periodic_task(cron="25 * * * *", name="transcripts.count_pupils")
def count_pupils(*, by: Actor, today: date) -> None:
    """What the board counts against: pupils of the years whose transcripts are being made."""
    for year in organization.school_years():
        if year.starts_on <= today and (today - year.ends_on).days < COUNTED_FOR:
            actions.count_pupils(by=by, school_year=year, now=timezone.now())


@periodic_task(cron="20 23 * * *", name="transcripts.remind")  # 06:20, before the digest goes out
def remind(*, by: Actor, today: date) -> None:
    actions.send_reminders(by=by, today=today, now=timezone.now())
