"""What the system does by itself with certificates: the ended ones marked, their holders reminded before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization

from ..domain.expiry import STEPS, reminder_step
from ..models import SignerCertificate
from ..permissions import REGISTER
from ..queries.certificates import expiring
from ..types import CertificateState

REMINDER = "documents.certificate_expiring"


@transaction.atomic
def expire_certificates(*, by: Actor, now: datetime) -> int:
    """Mark those whose time is over; returns how many. Raises NotAllowed."""
    _only_system(by)
    running = (CertificateState.REGISTERED, CertificateState.APPROVED)
    rows = SignerCertificate.objects.filter(state__in=running, valid_to__lt=now)
    return rows.update(state=CertificateState.EXPIRED)


@transaction.atomic
def send_expiry_reminders(*, by: Actor, now: datetime) -> int:
    """Tell holders, and their school's office, 60, 30, 7 and 1 days before a certificate ends: once each, and not when
    its successor is in use. Returns the number of people told. Raises NotAllowed.
    """
    _only_system(by)
    due: list[tuple[SignerCertificate, int]] = []
    for row in expiring(by, now=now, days=STEPS[0]).select_for_update(of=("self",)):
        step = reminder_step((row.valid_to - now) // timedelta(days=1))
        if step is not None and (row.reminded_step is None or step < row.reminded_step):
            row.reminded_step = step
            due.append((row, step))
    SignerCertificate.objects.bulk_update([row for row, _step in due], ["reminded_step"], batch_size=500)
    holders = sum(_tell_holder(by, row) for row, _step in due)
    return holders + _tell_offices(by, [row for row, _step in due], now)


def _only_system(by: Actor) -> None:
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống tự làm."))


def _tell_holder(by: Actor, row: SignerCertificate) -> int:
    if not row.holder_account_id:
        return 0
    day = timezone.localtime(row.valid_to).strftime("%d/%m/%Y")
    return notify(
        recipients=[row.holder_account_id],
        kind=REMINDER,
        title=_("Chứng thư số của thầy/cô hết hạn ngày %(day)s") % {"day": day},
        body=_("Hãy gia hạn với nhà cung cấp rồi đăng ký chứng thư mới để việc ký không bị gián đoạn."),
        url=reverse("documents:certificate-detail", args=[row.public_id]),
        by=by,
    )


def _tell_offices(by: Actor, rows: Iterable[SignerCertificate], now: datetime) -> int:
    """One message a school, however many of its certificates end."""
    numbers: dict[int, int] = {}
    for row in rows:
        numbers[row.unit_id] = numbers.get(row.unit_id, 0) + 1
    desks = organization.desk_users(REGISTER, list(numbers), today=timezone.localdate(now))
    return sum(
        notify(
            recipients=desks.get(unit_id, ()),
            kind=REMINDER,
            title=_("%(n)d chứng thư số của trường sắp hết hạn") % {"n": number},
            url=reverse("documents:certificate-list") + "?soon=true",
            by=by,
        )
        for unit_id, number in numbers.items()
    )
