"""Học bạ số of last year at the schools of the demo's accounts: classes at every step, from not made to received by the Sở.
Written by the actions; other schools have none yet."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from thongsuot.config.demo import handing
from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.teachers import last_year
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.gradebook import queries as gradebook
from thongsuot.modules.organization.domain.demo import DEMO_ACCOUNTS
from thongsuot.modules.organization.models import Appointment, SchoolYear
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.registry.models import SchoolClass, Staff
from thongsuot.modules.transcripts import actions, queries
from thongsuot.modules.transcripts.models import GatewayCertificate, GatewayMessage, Supplement, Transcript
from thongsuot.modules.transcripts.types import SigningRefused

SYSTEM = Actor.system()
REMARKS = {
    "qualities_remark": "Ngoan, lễ phép, biết giúp đỡ bạn.",
    "general_remark": "Tự giác, hợp tác tốt trong nhóm.",
    "specific_remark": "Đọc, tính toán tốt; cần mạnh dạn hơn khi trình bày.",
    "homeroom_remark": "Chăm học, có tiến bộ rõ trong năm.",
}
REFUSED = "Nhận xét của chủ nhiệm chưa nêu việc em nghỉ học dài ngày ở học kỳ I."
MOST_CLASSES = {"tiny": 8, "small": 40, "province": 40}
# Where the last classes of a school stand, the last one first; all others are with the Sở, and so are those of the last
# grade but one class: their pupils sit at the next school, which takes their transcripts over (handing.py). "rows": its subject teachers
# have not all signed; "refused": sent before the Sở knew the school's certificate.
STANDS = ("build", "homeroom", "rows", "leader", "seal", "refused", "send")
SIGNED_BY = {"build": 0, "rows": 0, "homeroom": 1, "leader": 2, "seal": 3}
FIRST_SECONDARY = 6


def build(context: DemoContext) -> None:
    if Transcript.objects.exists():
        return
    year = last_year(context)
    now = _last_nine(context.today)
    names = [one.username for one in DEMO_ACCOUNTS]
    principals = Appointment.objects.filter(user__username__in=names, role="principal").order_by("unit_id")
    if year is None:
        return
    for held in principals.select_related("user", "unit"):
        principal = actor_for(held.user, today=context.today)
        _school(context, held.unit, principal, year, now)
    for held in principals:
        handing.hand_over(context, held.unit, now)
    # The other schools have made none yet: they are what the department's board is looked at for.
    actions.count_pupils(by=SYSTEM, school_year=year, now=now)


def _last_nine(today: date) -> datetime:
    """Nine in the morning of the day; of the day before while that is still to come: what is signed in the future is not
    valid."""
    nine = timezone.make_aware(datetime.combine(today, time(9)))
    is_to_come = today == timezone.localdate() and nine > timezone.now()
    return nine - timedelta(days=1) if is_to_come else nine


def _school(context: DemoContext, unit: Any, principal: Actor, year: SchoolYear, now: datetime) -> None:
    classes = list(
        SchoolClass.objects.filter(unit=unit, school_year=year, grade__range=(1, 12))
        .select_related(
            "unit__school", "unit__administrative_unit__parent", "school_year", "homeroom_teacher__account"
        )
        .order_by("grade", "name")[: MOST_CLASSES[context.scale]]
    )
    stands = _stands(classes)
    made = 0
    with acting(SYSTEM, reason="Dữ liệu minh họa"):
        for one in classes:
            if stands[one.pk] == "build":
                # There is something to be made on the page.
                continue
            records = gradebook.class_records(SYSTEM, one)
            _supplement(context, one, records)
            found = actions.initialise_class(by=SYSTEM, school_class=one, records=records, now=now)
            made += found.made
        _sign_all(context, classes, stands, principal, now)
        _send_all(unit, classes, stands, principal, now)
    context.say(f"  {unit.name}: {made} học bạ số")


def _stands(classes: list[SchoolClass]) -> dict[int, str]:
    """{class: the step that it waits for, "" when it is done}. Who has no subject teachers' signatures waits for none."""
    steps = [
        one for one in STANDS if one != "rows" or (classes and (classes[-1].grade or 0) >= FIRST_SECONDARY)
    ]
    gone = [one for one in classes if one.grade == classes[-1].grade][:-1]
    if len(classes) <= len(steps) + len(gone):
        gone = []
    # A small school shows the first few steps, and one class at least that is done.
    waiting = [one.pk for one in reversed(classes[1:]) if one not in gone]
    last = dict(zip(waiting, steps, strict=False))
    return {one.pk: last.get(one.pk, "") for one in classes}


def _sign_all(
    context: DemoContext, classes: list[SchoolClass], stands: dict[int, str], principal: Actor, now: datetime
) -> None:
    """One authorisation covers what somebody has to sign in all classes, as on the page."""
    unit_id = classes[0].unit_id

    def at(role: str) -> set[int]:
        return {one.pk for one in classes if SIGNED_BY.get(stands[one.pk], 4) >= SIGNED_BY[role]}

    _sign_subjects(context, unit_id, {pk for pk, step in stands.items() if step == "rows"}, principal, now)
    for one in classes:
        if one.pk in at("leader"):
            _sign(_teacher(one, context), "homeroom", unit_id, {one.pk}, now)
        if stands[one.pk] == "leader":
            _refuse(principal, one, now)
    _sign(principal, "leader", unit_id, at("seal"), now)
    _sign(principal, "seal", unit_id, {pk for pk in at("seal") if stands[pk] != "seal"}, now)


def _refuse(principal: Actor, school_class: SchoolClass, now: datetime) -> None:
    """The principal has looked at one of the class and not signed it."""
    rows = queries.signable(
        principal, "leader", school_class_id=school_class.pk, unit_id=school_class.unit_id
    )
    for row in rows[:1]:
        actions.refuse_to_sign(
            by=principal, transcript=row, role="leader", part="summary", reason=REFUSED, now=now
        )


def _send_all(
    unit: Any, classes: list[SchoolClass], stands: dict[int, str], principal: Actor, now: datetime
) -> None:
    for step in ("refused", ""):
        if step == "":
            _register_seal(unit, now)
        chosen = [one.pk for one in classes if stands[one.pk] == step]
        issued = queries.sendable(principal, unit.pk, chosen) if chosen else []
        if issued:
            _send(principal, issued, now)


def _teacher(school_class: SchoolClass, context: DemoContext) -> Actor | None:
    teacher = school_class.homeroom_teacher
    user = (
        get_user_model().objects.filter(pk=teacher.account_id).first()
        if teacher and teacher.account_id
        else None
    )
    return actor_for(user, today=context.today) if user else None


def _supplement(context: DemoContext, school_class: SchoolClass, records: list[Any]) -> None:
    Supplement.objects.bulk_create(
        [
            Supplement(
                student_id=one.student_id,
                unit_id=school_class.unit_id,
                school_year_id=school_class.school_year_id,
                register_number=f"{one.student_id % 10000:04d}",
                weight=18 + 3 * one.grade + context.random("weight", one.student_id).randint(-4, 9),
                height=108 + 5 * one.grade + context.random("height", one.student_id).randint(-6, 8),
                **REMARKS,
            )
            for one in records
        ],
        ignore_conflicts=True,
    )


def _sign(by: Actor | None, role: str, unit_id: int, class_ids: set[int], now: datetime) -> None:
    """Somebody without an account or a certificate has not signed yet."""
    if by is None:
        return
    rows = [one for one in queries.signable(by, role, unit_id=unit_id) if one.school_class_id in class_ids]
    if not rows:
        return
    try:
        session = actions.open_session(by=by, role=role, transcript_ids=[one.pk for one in rows], now=now)
    except SigningRefused:
        return
    left = 1
    while left:
        _signed, left = actions.sign_portion(by=by, session=session, now=now)


def _sign_subjects(
    context: DemoContext, unit_id: int, waiting: set[int], principal: Actor, now: datetime
) -> None:
    """Whoever is named for a subject and has an account and a certificate. In the classes of `waiting` the last of them has
    not signed."""
    named: dict[int, set[int]] = defaultdict(set)
    rows = Transcript.objects.filter(unit_id=unit_id).values_list("school_class_id", "place_staff")
    for class_id, staff in rows:
        named[class_id].update(staff)
    accounts: dict[int, int] = dict(
        Staff.objects.filter(pk__in=set().union(*named.values()), account__isnull=False).values_list(
            "account_id", "pk"
        )
    )
    people = list(get_user_model().objects.filter(pk__in=accounts).order_by("pk"))
    for user in people:
        by = principal if user.pk == principal.user_id else actor_for(user, today=context.today)
        put_off = {
            class_id
            for class_id in waiting
            if user.pk == max((pk for pk, staff in accounts.items() if staff in named[class_id]), default=0)
        }
        lists = queries.part_lists(by, unit_id=unit_id)
        parts = [
            (row.transcript.pk, row.place)
            for one in lists
            for row in one.rows
            if row.transcript.school_class_id not in put_off
        ]
        if not parts:
            continue
        try:
            session = actions.open_part_session(by=by, parts=parts, now=now)
        except SigningRefused:
            continue
        left = 1
        while left:
            _signed, left = actions.sign_portion(by=by, session=session, now=now)


def _register_seal(unit: Any, now: datetime) -> None:
    """The school's certificate as the gateway knows it, approved."""
    seal = documents.certificate_for(unit=unit, at=now)
    if seal is None:
        return
    message = GatewayMessage.objects.create(
        unit=unit, message_id=f"chung-thu-{seal.pk}", type=3, first_year=now.year - 1, content_sealed=b"-",
        content_digest=b"-", state="done", received_at=now, worked_at=now,
    )  # fmt: skip
    GatewayCertificate.objects.create(
        unit=unit, serial=seal.serial.replace(":", "").upper().lstrip("0"), valid_from=seal.valid_from.date(),
        signature_kind="USB_TOKEN", provider="BAN_CO_YEU", state="approved", message=message, decided_at=now,
    )  # fmt: skip


def _send(by: Actor, ids: list[int], now: datetime) -> None:
    way = actions.OwnGateway()
    for dispatch in actions.send(by=by, transcript_ids=ids, now=now):
        handed = actions.hand_over(by=by, dispatch=dispatch, gateway=way, now=now)
        for message_id in queries.waiting_messages():
            actions.work_message(by=SYSTEM, message_id=message_id, now=now)
        actions.hand_over(by=by, dispatch=handed, gateway=way, now=now)
