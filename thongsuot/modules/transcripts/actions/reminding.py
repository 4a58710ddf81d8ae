"""Reminders to whoever is to act: one message a person a day however much waits, none twice; late work is told upwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization

from ..domain.deadlines import Deadlines, reminder_step
from ..models import SchoolStanding, Transcript
from ..permissions import GATEWAY, PREPARE, SIGN_LEADER, SIGN_SEAL
from ..queries.layouts import LEVELS, deadlines
from ..types import TranscriptState

REMINDER = "transcripts.reminder"
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('transcripts.reminders'))"
# Accounts of the teachers whose rows wait, and how many rows: one pass over what waits, whatever was signed left out.
OF_SUBJECTS = """
    select staff.account_id, count(*)
    from transcripts_transcript t
    cross join lateral unnest(t.places, t.place_staff) as part (place, staff_id)
    join registry_staff staff on staff.id = part.staff_id and staff.account_id is not null
    where t.school_year_id = %(year)s and t.state = 'initialised' and t.places_left > 0
      and t.is_supplementary = %(summer)s and t.level = any(%(levels)s)
      and not exists (select 1 from transcripts_objection o where o.transcript_id = t.id and o.settled_at is null)
      and not exists (select 1 from transcripts_transcriptsignature s
        where s.transcript_id = t.id and s.role = 'subject' and s.place = part.place)
    group by staff.account_id
"""
NOTE = """
    insert into transcripts_transcriptreminder (user_id, kind, due_on, step, sent_at)
    select person, %(kind)s, %(due)s, %(step)s, %(now)s from unnest(%(people)s::bigint[]) as person
    order by person on conflict do nothing returning user_id
"""
# Work at a school that its office, its principal or whoever keeps its seal does: (right, columns of the standing).
AT_SCHOOL = (
    (SIGN_LEADER, ("at_leader",)),
    (SIGN_SEAL, ("at_seal",)),
    (PREPARE, ("at_mending", "at_sending", "lacking")),
)


@transaction.atomic
def send_reminders(*, by: Actor, today: date, now: datetime) -> int:
    """Remind everybody whom transcripts of an ended year wait for, on the days that deadlines.json gives. Returns how many
    people were told. Raises NotAllowed: the system's work."""
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    told = 0
    found = deadlines()
    for year in organization.school_years():
        if year.ends_on > today:
            continue
        for code, summer in (("year_locked", False), ("supplementary", True)):
            for due, levels in found.days(code, year.starts_on.year, LEVELS).items():
                step = reminder_step(due, today, found.reminding)
                if step is None:
                    continue
                # Schools by the last day of their levels, as the board has it.
                rows = [] if summer else [one for one in _standings(year) if _is_of(one, due, found)]
                work = _work(year, rows, levels, summer=summer, today=today)
                told += _tell(by, "work", work, due, step, today, now)
                late = (today - due).days
                if not summer and late > 0:
                    told += _tell_upwards(by, rows, due, step, late, found.reminding, today, now)
    return told


def _is_of(row: Any, due: date, found: Deadlines) -> bool:
    own = [level for level in row.levels if level in LEVELS]
    return found.last_day_of("year_locked", row.school_year.starts_on.year, own) == due


def _work(year: Any, rows: Sequence[Any], levels: list[str], *, summer: bool, today: date) -> Counter[int]:
    """{account: how many signatures or transcripts wait for it}; rows: what stands of the schools, levels: of transcripts."""
    found: Counter[int] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(OF_SUBJECTS, {"year": year.pk, "summer": summer, "levels": levels})
        found.update(dict(cursor.fetchall()))
    led = Transcript.objects.filter(
        school_year=year,
        state=TranscriptState.INITIALISED,
        places_left=0,
        is_supplementary=summer,
        level__in=levels,
        school_class__homeroom_teacher__account__isnull=False,
    ).exclude(objections__settled_at__isnull=True, objections__isnull=False)
    account = "school_class__homeroom_teacher__account_id"
    found.update(dict(led.order_by().values_list(account).annotate(Count("pk"))))
    found.update(_at_schools(rows, today))
    return found


def _standings(year: Any) -> list[Any]:
    rows = SchoolStanding.objects.filter(school_year=year).select_related("unit__school", "school_year")
    return list(
        rows.annotate(
            lacking=F("pupils") - F("at_subject") - F("at_homeroom") - F("at_leader") - F("at_seal")
            - F("at_mending") - F("at_sending") - F("at_department") - F("received")
        )
    )  # fmt: skip


def _at_schools(rows: Sequence[Any], today: date) -> Counter[int]:
    found: Counter[int] = Counter()
    for right, columns in AT_SCHOOL:
        waiting = {row.unit_id: sum(max(0, getattr(row, name)) for name in columns) for row in rows}
        desks = organization.desk_users(right, [unit for unit, n in waiting.items() if n], today=today)
        for unit_id, people in desks.items():
            for person in people:
                found[person] += waiting[unit_id]
    return found


def _tell(by: Actor, kind: str, work: Counter[int], due: date, step: int, today: date, now: datetime) -> int:
    """Each whom this step has not reached yet; a statement for each different number."""
    with connection.cursor() as cursor:
        said: dict[str, Any] = {"kind": kind, "due": due, "step": step, "now": now, "people": sorted(work)}
        cursor.execute(NOTE, said)
        new = {row[0] for row in cursor.fetchall()}
    by_number: dict[int, list[int]] = {}
    for person in new:
        by_number.setdefault(work[person], []).append(person)
    words = (
        _("Học bạ số: %(n)d việc chờ anh/chị, hạn %(day)s")
        if due >= today
        else _("Học bạ số: %(n)d việc chờ anh/chị đã quá hạn %(day)s")
    )
    for number, people in sorted(by_number.items()):
        title = words % {"n": number, "day": f"{due:%d/%m/%Y}"}
        notify(recipients=people, kind=REMINDER, title=title, url=reverse("transcripts:mine"), by=by)
    return len(new)


def _tell_upwards(
    by: Actor, rows: Sequence[Any], due: date, step: int, late: int, rule: Any, today: date, now: datetime
) -> int:
    """The principal of a school whose teachers are late; later the department, of how many schools there are."""
    teachers = {row.unit_id: row.at_subject + row.at_homeroom for row in rows}
    told = 0
    if late >= rule.leader_after:
        behind = [unit for unit, number in teachers.items() if number]
        desks = organization.desk_users(SIGN_LEADER, behind, today=today)
        people = Counter({one: teachers[unit] for unit, users in desks.items() for one in users})
        words = _("Quá hạn %(day)s: %(n)d học bạ của trường còn chờ giáo viên ký")
        told += _tell_of_others(by, "leader", people, words, due, step, now, "transcripts:class-list")
    if late >= rule.department_after:
        number = sum(
            row.pupils > row.received or bool(row.at_subject + row.at_homeroom + row.at_leader)
            for row in rows
        )
        users = organization.department_users(GATEWAY, today=today)
        people = Counter(dict.fromkeys(users, number)) if number else Counter()
        words = _("Quá hạn %(day)s: %(n)d trường chưa ký, gửi đủ học bạ")
        told += _tell_of_others(by, "department", people, words, due, step, now, "transcripts:board")
    return told


def _tell_of_others(
    by: Actor, kind: str, people: Counter[int], words: str, due: date, step: int, now: datetime, page: str
) -> int:
    with connection.cursor() as cursor:
        said: dict[str, Any] = {"kind": kind, "due": due, "step": step, "now": now, "people": sorted(people)}
        cursor.execute(NOTE, said)
        new = [row[0] for row in cursor.fetchall()]
    for person in new:
        title = words % {"n": people[person], "day": f"{due:%d/%m/%Y}"}
        notify(recipients=[person], kind=REMINDER, title=title, url=reverse(page), by=by)
    return len(new)
