"""Học bạ số of last year at the schools of the demo's accounts: classes at every step, from not made to received by the Sở.
Written by the actions; other schools have none yet."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
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
MOST_CLASSES = {"tiny": 3, "small": 12, "province": 12}


def build(context: DemoContext) -> None:
    if Transcript.objects.exists():
        return
    years = SchoolYear.objects.filter(ends_on__lt=context.today).order_by("-starts_on")
    year = years.first()
    now = timezone.make_aware(datetime.combine(context.today, time(9)))
    names = [one.username for one in DEMO_ACCOUNTS]
    principals = Appointment.objects.filter(user__username__in=names, role="principal").order_by("unit_id")
    if year is None:
        return
    for held in principals.select_related("user", "unit"):
        principal = actor_for(held.user, today=context.today)
        _school(context, held.unit, principal, year, now)


def _school(context: DemoContext, unit: Any, principal: Actor, year: SchoolYear, now: datetime) -> None:
    classes = list(
        SchoolClass.objects.filter(unit=unit, school_year=year, grade__range=(1, 12))
        .select_related(
            "unit__school", "unit__administrative_unit__parent", "school_year", "homeroom_teacher__account"
        )
        .order_by("grade", "name")[: MOST_CLASSES[context.scale]]
    )
    made = 0
    with acting(SYSTEM, reason="Dữ liệu minh họa"):
        # The last class stays without: there is something to be made on the page.
        for one in classes[:-1] or classes:
            records = gradebook.class_records(SYSTEM, one)
            _supplement(context, one, records)
            found = actions.initialise_class(by=SYSTEM, school_class=one, records=records, now=now)
            made += found.made
        for place, one in enumerate(classes[:-1]):
            # Each third class is still with its teacher.
            # One class of the second third still waits for its subject teachers.
            if place != 2:
                _sign_subjects(context, one, principal, now)
            if place % 3 != 2:
                _sign(_teacher(one, context), "homeroom", one, now)
        for place, one in enumerate(classes[:-1]):
            if place % 3 == 0:
                _sign(principal, "leader", one, now)
                _sign(principal, "seal", one, now)
        actions.count_pupils(by=SYSTEM, school_year=year, now=now, unit_ids=[unit.pk])
        _register_seal(unit, now)
        issued = queries.sendable(principal, unit.pk)
        if issued:
            _send(principal, issued[: len(issued) // 2 or 1], now)
    context.say(f"  {unit.name}: {made} học bạ số")


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


def _sign(by: Actor | None, role: str, school_class: SchoolClass, now: datetime) -> None:
    """Somebody without an account or a certificate has not signed yet."""
    if by is None:
        return
    rows = queries.signable(by, role, school_class_id=school_class.pk, unit_id=school_class.unit_id)
    if not rows:
        return
    try:
        session = actions.open_session(by=by, role=role, transcript_ids=[one.pk for one in rows], now=now)
    except SigningRefused:
        return
    left = 1
    while left:
        _signed, left = actions.sign_portion(by=by, session=session, now=now)


def _sign_subjects(context: DemoContext, school_class: SchoolClass, principal: Actor, now: datetime) -> None:
    """Whoever is named for a subject and has an account and a certificate."""
    named = {
        staff
        for rows in Transcript.objects.filter(school_class=school_class).values_list("place_staff", flat=True)
        for staff in rows
    }
    accounts = Staff.objects.filter(pk__in=named, account__isnull=False).values_list("account_id", flat=True)
    users = get_user_model().objects.filter(pk__in=set(accounts))
    for user in users.order_by("pk"):
        by = principal if user.pk == principal.user_id else actor_for(user, today=context.today)
        lists = queries.part_lists(by, unit_id=school_class.unit_id, school_class_id=school_class.pk)
        parts = [(row.transcript.pk, row.place) for one in lists for row in one.rows]
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
