"""Teachers of the schools that the demo's accounts open: all of them sign in, and have the assignments of last year, so
that its transcripts name them and they sign what is theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.contrib.auth import get_user_model

from thongsuot.config.demo.context import EMAIL_DOMAIN, DemoContext
from thongsuot.config.demo.organization import PREFIX
from thongsuot.kit.sealing.sealing import unseal_many
from thongsuot.modules.organization.domain.demo import DEMO_ACCOUNTS
from thongsuot.modules.organization.models import Appointment, SchoolYear, Unit
from thongsuot.modules.organization.types import RoleCode
from thongsuot.modules.registry.models import Employment, SchoolClass, Staff, TeachingAssignment
from thongsuot.modules.transcripts.domain.values import PERSONAL_ID

# A subject without posts of its own, taught by whoever teaches the other: (subject, the other, lessons a week).
BESIDE = ("Nội dung giáo dục của địa phương", "Lịch sử và Địa lí", Decimal(1))
FIRST_SECONDARY = 6


def shown_schools() -> list[Unit]:
    """Schools whose principal is an account of the sign-in page."""
    names = [one.username for one in DEMO_ACCOUNTS]
    held = Appointment.objects.filter(user__username__in=names, role=RoleCode.PRINCIPAL, unit__kind="school")
    return [one.unit for one in held.select_related("unit").order_by("unit_id")]


def last_year(context: DemoContext) -> SchoolYear | None:
    """The school year that ended before the day of the demo."""
    return SchoolYear.objects.filter(ends_on__lt=context.today).order_by("-starts_on").first()


def build(context: DemoContext) -> None:
    year = last_year(context)
    for unit in shown_schools():
        _accounts(unit)
        there = TeachingAssignment.objects.filter(school_class__school_year=year, unit=unit)
        if year is not None and not there.exists():
            TeachingAssignment.objects.bulk_create(_taught(unit, year))


def who_signs(context: DemoContext) -> set[int]:
    """Staff of the shown schools whom last year's transcripts name: each has a certificate that holds."""
    year, units = last_year(context), shown_schools()
    taught = TeachingAssignment.objects.filter(school_class__school_year=year, unit__in=units)
    led = SchoolClass.objects.filter(school_year=year, unit__in=units, homeroom_teacher__isnull=False)
    return {
        *taught.values_list("staff_id", flat=True),
        *led.values_list("homeroom_teacher_id", flat=True),
        *Staff.objects.filter(
            account__in=Appointment.objects.filter(unit__in=units, role=RoleCode.PRINCIPAL).values("user")
        ).values_list("pk", flat=True),
    }


def _working(unit: Unit) -> Any:
    return Employment.objects.filter(unit=unit, group="teacher", status="working", valid_to__isnull=True)


def _accounts(unit: Unit) -> None:
    """For those who have none; the same password as everybody's, one hash."""
    model = get_user_model()
    without = list(
        Staff.objects.filter(pk__in=_working(unit).values("staff_id"), account__isnull=True).order_by("pk")
    )
    there = Appointment.objects.filter(unit=unit, role=RoleCode.TEACHER)
    like: Any = there.select_related("user").order_by("pk").first()
    if not without or like is None:
        return
    short = unit.code.removeprefix(PREFIX).replace(".", "-").lower()
    names = [f"gv{number}.{short}" for number in range(there.count() + 1, there.count() + 1 + len(without))]
    users = model.objects.bulk_create(
        [
            model(
                username=name,
                full_name=member.full_name,
                email=f"{name}@{EMAIL_DOMAIN}",
                password=like.user.password,
                password_changed_at=like.user.password_changed_at,
            )
            for name, member in zip(names, without, strict=True)
        ]
    )
    Appointment.objects.bulk_create(
        Appointment(
            user=user, role=RoleCode.TEACHER, unit=unit, title=like.title, valid_from=date(2020, 8, 15)
        )
        for user in users
    )
    for member, user in zip(without, users, strict=True):
        member.account_id = user.pk
    Staff.objects.bulk_update(without, ["account"])


def _taught(unit: Unit, year: SchoolYear) -> list[TeachingAssignment]:
    """As this year, by those who were there already: what homeroom teachers teach by them, the rest in turn."""
    able, plans = _this_year(unit, year)
    classes = SchoolClass.objects.filter(unit=unit, school_year=year, grade__range=(1, 12))
    rows = []
    for one in classes.order_by("grade", "name"):
        plan = dict(plans[one.grade])
        subject, like, number = BESIDE
        if like in plan and (one.grade or 0) >= FIRST_SECONDARY:
            plan.setdefault(subject, (number, False))
            able.setdefault(subject, able[like])
        for name, (lessons, is_own) in sorted(plan.items()):
            staff = one.homeroom_teacher_id if is_own else next(able[name], None)
            if staff is not None:
                rows.append(
                    TeachingAssignment(
                        staff_id=staff, school_class=one, unit=unit, subject=name, lessons_per_week=lessons,
                        valid_from=year.starts_on, valid_to=year.ends_on,
                    )
                )  # fmt: skip
    return rows


Plan = dict[str, tuple[Decimal, bool]]


def _this_year(unit: Unit, year: SchoolYear) -> tuple[dict[str, Iterator[int]], dict[int | None, Plan]]:
    """({subject: its teachers in turn}, {grade: {subject: (lessons a week, do homeroom teachers have it)}})"""
    since = _working(unit).filter(valid_from__lte=year.starts_on).values("staff_id")
    staff = list(Staff.objects.filter(pk__in=since))
    # A transcript names its teachers with their numbers: who has none that can be written is not put into one.
    numbers = unseal_many(one.personal_id_sealed for one in staff)
    fit = {one.pk for one, number in zip(staff, numbers, strict=True) if PERSONAL_ID.fullmatch(number)}
    found: dict[str, dict[int, None]] = defaultdict(dict)
    plans: dict[int | None, Plan] = defaultdict(dict)
    rows = TeachingAssignment.objects.filter(unit=unit, valid_to__isnull=True).order_by("pk")
    columns = ("subject", "staff_id", "school_class__grade", "school_class__homeroom_teacher_id")
    for subject, teacher, grade, homeroom, lessons in rows.values_list(*columns, "lessons_per_week"):
        is_own = (grade or 0) < FIRST_SECONDARY and teacher == homeroom
        before = plans[grade].get(subject, (lessons, False))
        plans[grade][subject] = (before[0], before[1] or is_own)
        found[subject]
        if teacher in fit:
            found[subject][teacher] = None
    return {subject: cycle(teachers) for subject, teachers in found.items()}, plans
