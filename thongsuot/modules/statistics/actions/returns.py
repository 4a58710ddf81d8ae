"""A return on its way: confirmed, taken in, sent back, signed off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.postgres.isolation import act_as

from ..domain.form_checks import FindingKind
from ..domain.return_steps import next_return_state
from ..models import ReportingPeriod, Return, ReturnLog, ReturnVersion
from ..permissions import can_confirm, can_review, can_sign_off
from ..types import PeriodState, ReturnState
from .closing import _close_if_signed
from .return_telling import _tell_above, _tell_unit


class ReturnStep(Refused):
    """The return is not in a state that allows this step."""

    code = "return_step"


class ReturnIncomplete(Refused):
    """Something is missing: a reason, or what units below owe."""

    code = "return_incomplete"


@transaction.atomic
def confirm_return(
    *,
    by: Actor,
    one: Return,
    now: datetime,
    reasons: Mapping[str, str] | None = None,
    seen_version: int | None = None,
) -> Return:
    """The unit says that the figures are right, and why those that changed much did.

    reasons: {key of a finding: text}. A commune can do so when all its schools' returns are in; it forwards them
    with its own. seen_version: the version that was looked at, where the caller can tell; another one is not
    confirmed unseen. Raises NotAllowed, ReturnStep, ReturnIncomplete.
    """
    if not can_confirm(by, one):
        raise NotAllowed(_("Chỉ đơn vị báo cáo mới xác nhận được số liệu của mình."))
    row = _step(one, "confirm")
    _require_version(row, seen_version)
    if row.to_unit_id is None:
        raise ReturnStep(_("Sở duyệt biểu của toàn tỉnh, không gửi đi đâu nữa."))
    version = _current(row)
    _explain(version, reasons or {})
    _require_below(row, (ReturnState.ACCEPTED, ReturnState.SIGNED_OFF))
    row.confirmed_at, row.note = now, ""
    _keep(row, by, "confirm", now)
    with act_as(Actor.system()):
        _tell_above(by=by, one=row, now=now)
    return row


@transaction.atomic
def accept_return(*, by: Actor, one: Return, now: datetime) -> Return:
    """The commune takes a school's return in. Raises NotAllowed, ReturnStep."""
    if not can_review(by, one):
        raise NotAllowed(_("Chỉ nơi nhận báo cáo mới duyệt được."))
    if one.to_unit is not None and one.to_unit.kind == "department":
        raise ReturnStep(_("Báo cáo gửi thẳng Sở thì Sở duyệt."))
    row = _step(one, "accept")
    _keep(row, by, "accept", now)
    with act_as(Actor.system()):
        _tell_unit(by=by, one=row, said=_("Xã đã nhận biểu %(form)s của %(unit)s"), now=now)
    return row


@transaction.atomic
def send_back(*, by: Actor, one: Return, reason: str, now: datetime) -> Return:
    """Send a return back with a reason. Raises NotAllowed, ReturnIncomplete (no reason), ReturnStep."""
    if not can_review(by, one):
        raise NotAllowed(_("Chỉ nơi nhận báo cáo mới trả lại được."))
    if not reason.strip():
        raise ReturnIncomplete(_("Cần ghi lý do trả lại."), field="reason")
    row = _step(one, "return")
    _require_not_forwarded(row)
    row.note, row.confirmed_at = reason.strip(), None
    _keep(row, by, "return", now, detail=row.note)
    with act_as(Actor.system()):
        _tell_unit(by=by, one=row, said=_("Biểu %(form)s của %(unit)s bị trả lại"), now=now)
    return row


@transaction.atomic
def sign_off(*, by: Actor, one: Return, now: datetime, seen_version: int | None = None) -> Return:
    """The department signs a return off, with those gathered in it; from then on no version of them changes. With the last
    return of a period the period is closed.

    Its own return of the whole province can be signed off when all those below it are. seen_version: as with
    confirm_return. Raises NotAllowed, ReturnStep, ReturnIncomplete.
    """
    if not can_sign_off(by, one):
        raise NotAllowed(_("Chỉ Sở mới duyệt được báo cáo."))
    is_own = one.to_unit_id is None
    row = _step(one, "sign_off_own" if is_own else "sign_off")
    _require_version(row, seen_version)
    if is_own:
        _explain(_current(row), {})
        _require_below(row, (ReturnState.SIGNED_OFF,))
    with act_as(Actor.system()):
        _seal(row, by, now)
        _keep(row, by, "sign_off", now)
        below = Return.objects.filter(
            period_id=row.period_id,
            form_code=row.form_code,
            to_unit_id=row.unit_id,
            state=ReturnState.ACCEPTED,
        )
        for child in below.select_for_update(of=("self",)).order_by("pk"):
            _seal(child, by, now)
            child.state = ReturnState.SIGNED_OFF
            _keep(child, by, "sign_off", now)
        _tell_unit(by=by, one=row, said=_("Sở đã duyệt biểu %(form)s của %(unit)s"), now=now)
        _close_if_signed(row.period, now)
    return row


def _step(one: Return, verb: str) -> Return:
    """The row, locked, in the state after `verb`. Raises ReturnStep: somebody else was quicker, the period is closed."""
    row = (
        Return.objects.select_for_update(of=("self",))
        .select_related("unit", "to_unit", "period")
        .get(pk=one.pk)
    )
    # Asked anew once the row is locked: the period may have been closed while this waited for it.
    if ReportingPeriod.objects.filter(pk=row.period_id, state=PeriodState.CLOSED).exists():
        raise ReturnStep(_("Kỳ báo cáo này đã khóa. Cần làm gì thêm thì đề nghị Sở mở lại kỳ."))
    after = next_return_state(row.state, verb)
    if after is None:
        said = _("Báo cáo đang ở trạng thái “%(state)s” nên không làm được việc này.")
        raise ReturnStep(said % {"state": row.get_state_display()})
    row.state = after
    return row


def _require_version(row: Return, seen: int | None) -> None:
    if seen is not None and seen != row.version:
        raise ReturnStep(
            _("Biểu đã có bản %(now)d, không còn là bản %(seen)d. Hãy xem lại số liệu trước.")
            % {"now": row.version, "seen": seen},
            version=row.version,
        )


def _current(row: Return) -> ReturnVersion:
    return ReturnVersion.objects.get(owner=row, number=row.version)


def _keep(row: Return, by: Actor, verb: str, now: datetime, detail: str = "") -> None:
    row.save(update_fields=["state", "version", "confirmed_at", "note"])
    ReturnLog.objects.create(
        owner=row, verb=verb, version=row.version, detail=detail, by_id=by.user_id, at=now
    )


def _seal(row: Return, by: Actor, now: datetime) -> None:
    version = ReturnVersion.objects.filter(owner=row, number=row.version, signed_off_at__isnull=True)
    version.update(signed_off_at=now, signed_off_by_id=by.user_id)


def _explain(version: ReturnVersion, reasons: Mapping[str, str]) -> None:
    """Keep the reasons given; refuse while something must be mended or explained."""
    known = {one["key"]: one for one in version.findings}
    given = {key: text.strip() for key, text in reasons.items() if key in known and text.strip()}
    if given:
        version.reasons = {**version.reasons, **given}
        version.save(update_fields=["reasons"])
    faults = [one for one in version.findings if one["kind"] == FindingKind.FAULT]
    if faults:
        said = _("Còn %(n)d chỗ số liệu không khớp nhau. Hãy sửa hồ sơ rồi đính chính biểu này.")
        raise ReturnIncomplete(said % {"n": len(faults)})
    missing = [
        key for key, one in known.items() if one["kind"] == FindingKind.REASON and key not in version.reasons
    ]
    if missing:
        said = _("Còn %(n)d số liệu thay đổi nhiều so với năm trước chưa nêu lý do.")
        raise ReturnIncomplete(said % {"n": len(missing)}, missing=missing)


def _require_below(row: Return, states: tuple[str, ...]) -> None:
    below = Return.objects.filter(
        period_id=row.period_id, form_code=row.form_code, to_unit_id=row.unit_id
    ).exclude(state__in=states)
    names = list(below.order_by("unit__sort_key", "pk").values_list("unit__name", flat=True)[:6])
    if names:
        shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        raise ReturnIncomplete(_("Chưa xong báo cáo của: %(names)s.") % {"names": shown})


def _require_not_forwarded(row: Return) -> None:
    """What the commune has sent on lies with the department: it has to come back first."""
    sent = Return.objects.filter(
        period_id=row.period_id,
        form_code=row.form_code,
        unit=row.to_unit,
        state__in=(ReturnState.CONFIRMED, ReturnState.SIGNED_OFF),
        to_unit__isnull=False,
    )
    if sent.exists():
        raise ReturnStep(_("Báo cáo tổng hợp đã gửi Sở; cần Sở trả lại trước."))
