"""The front door of whoever looks after the system: what needs a hand today, and the rooms of the work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts import queries as accounts
from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.kit.audit import queries as audit
from thongsuot.kit.audit.types import SignInEvent
from thongsuot.kit.jobs import queries as jobs
from thongsuot.kit.jobs.types import JobState
from thongsuot.portals import blocks

FAILED_SIGN_INS = timedelta(hours=24)
FAILED_JOBS = timedelta(days=7)


def page(actor: Actor, holding: Holding, now: datetime) -> blocks.HomePage:
    cards = [*_people(actor), *_sign_ins(actor, now), *_jobs(actor, now)]
    return blocks.HomePage(
        subtitle=blocks.subtitle(holding),
        cards=cards,
        hint=_("Mở trình đơn để quản lý tài khoản, phân công, danh mục và nhật ký."),
        shows_work=False,
    )


def _people(actor: Actor) -> list[blocks.Card]:
    if not actor.can("accounts.manage"):
        return []
    url, card = reverse("account-list"), blocks.Card
    locked = accounts.accounts(actor, state="locked").count()
    return [
        card(_("Tài khoản"), accounts.accounts(actor, state="active").count(), f"{url}?state=active", "info", "users"),
        card(_("Đang bị tạm khoá"), locked, f"{url}?state=locked", "bad" if locked else "ok", "lock"),
        card(_("Chưa đổi mật khẩu lần đầu"), accounts.accounts(actor, state="new").count(), f"{url}?state=new", "quiet", "key"),
    ]  # fmt: skip


def _sign_ins(actor: Actor, now: datetime) -> list[blocks.Card]:
    if not actor.can("audit.read"):
        return []
    failed = audit.sign_ins(actor).filter(event=SignInEvent.FAILED, at__gte=now - FAILED_SIGN_INS).count()
    url = f"{reverse('audit:sign-ins')}?event={SignInEvent.FAILED.value}"
    return [blocks.Card(_("Đăng nhập sai trong 24 giờ"), failed, url, "warn" if failed else "ok", "login")]


def _jobs(actor: Actor, now: datetime) -> list[blocks.Card]:
    failed = jobs.jobs_of(actor).filter(state=JobState.FAILED, finished_at__gte=now - FAILED_JOBS).count()
    url = f"{reverse('jobs:list')}?state={JobState.FAILED.value}"
    return [blocks.Card(_("Việc nền hỏng trong 7 ngày"), failed, url, "bad" if failed else "ok", "loader")]
